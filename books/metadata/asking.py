"""Ask a source for one JSON document."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

from tame.lib.allowed import Allowed, origin_of
from tame.lib.call_errors import CallError
from tame.lib.errors import ServiceDownError
from tame.lib.http import Answer, get

CAP = 4 * 2**20
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 3
NOTHING = {404, 410}  # as LibriVox says "no result"
LATER = "TAME asks again later; nothing waits for it."


def ask_json(name: str, url: str, *, timeout: tuple[float, float]) -> Any:
    """None where the source has nothing. Raises ServiceDownError. Redirects stay at its address,
    which a person gave and which may be a private one."""
    try:
        allowed = Allowed(origin_of(url), public=True)
    except CallError as error:
        raise ServiceDownError(f"The address of {name} cannot be used: {error.reason}.") from error
    for _ in range(MOST_REDIRECTS + 1):
        answer = _call(name, url, allowed, timeout)
        if answer.status not in REDIRECTS:
            return read(name, answer)
        url = _target(name, answer)
    raise ServiceDownError(f"{name} redirects in a circle. {LATER}")


def _call(name: str, url: str, allowed: Allowed, timeout: tuple[float, float]) -> Answer:
    headers = {"Accept": "application/json"}
    try:
        return get(url, allowed=allowed, timeout=timeout, cap=CAP, headers=headers)
    except CallError as error:
        raise ServiceDownError(f"{name} gave no answer: {error.reason}. {LATER}") from error


def _target(name: str, answer: Answer) -> str:
    try:
        target = urljoin(answer.url, answer.headers.get("Location", ""))
        is_same = origin_of(target) == origin_of(answer.url)
    except (ValueError, CallError):
        is_same = False
    if not is_same:
        raise ServiceDownError(f"{name} redirects to another address. Correct its address here.")
    return target


def read(name: str, answer: Answer) -> Any:
    if answer.status in NOTHING:
        return None
    if answer.status == 429:
        sentence = f"{name} was asked too often. {LATER}"
        raise ServiceDownError(sentence, retry_after=answer.retry_after or 60)
    if answer.status != 200:
        sentence = f"{name} failed (HTTP {answer.status}). {LATER}"
        raise ServiceDownError(sentence, retry_after=answer.retry_after)
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        what = "a web page" if answer.body.lstrip()[:1] == b"<" else "something that is no JSON"
        raise ServiceDownError(f"{name} answered with {what}. {LATER}") from error


# --- What came, of whatever shape -----------------------------------------------------------------


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of an object in its place, as PHP writes it at times."""
    values = value.values() if isinstance(value, dict) else value
    return [one for one in values if isinstance(one, dict)] if _is_many(values) else []


def _is_many(values: Any) -> bool:
    return isinstance(values, list) or type(values).__name__ == "dict_values"


def text(value: Any) -> str:
    """Of a string, a number, or an object with a `value`, as Open Library writes descriptions."""
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


def web(value: Any) -> str:
    """An address that a page may link to."""
    said = text(value)
    return said if said.lower().startswith(("https://", "http://")) and " " not in said else ""


def texts(value: Any) -> list[str]:
    """Of a list of strings or of objects with a `name`."""
    many = value if isinstance(value, list) else [value]
    found = [text(one.get("name") if isinstance(one, dict) else one) for one in many]
    return [one for one in found if one]


def whole(value: Any) -> int | None:
    """A number above zero, also as a string."""
    said = text(value)
    number = int(said) if said.isdecimal() and len(said) < 10 else 0
    return number or None
