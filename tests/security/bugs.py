"""Tasks with bugs, whose errors and log lines quote what they were doing."""

from __future__ import annotations

import logging
from urllib.parse import quote

import requests

from tests.security.markers import Secrets

log = logging.getLogger("tame.bugs")


def mistakes(url: str, s: Secrets) -> str:
    return (
        f"{url}dl/?apikey={quote(s.key, safe='')}&passkey={s.said}#magnet:?xt=urn:btih:{'a' * 40}"
        f"&tr={quote(f'http://t/{s.magnet}/announce', safe='')}"
    )


def ask_by_mistake(url: str, s: Secrets) -> None:
    """As code with a bug would: nobody catches what the library raises, with its address."""
    requests.get(mistakes(url, s).replace("http://", "http://127.0.0.1:1/"), timeout=1)


def log_and_fail(url: str, s: Secrets) -> None:
    log.warning("asked %s with %s", mistakes(url, s), {"X-Api-Key": s.other_key})
    try:
        ask_by_mistake(url, s)
    except requests.RequestException:
        log.exception("it failed")
        log.info("stack", stack_info=True)
        raise
    raise ValueError(f"Authorization: Bearer {s.api_key}; Cookie: pass={s.cookie}")
