"""What an indexer or a site says in place of a torrent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from indexers.complaints import quoted
from indexers.markup import UnreadableError, form_of, read_tree

LIMIT = 64 * 1024  # a longer answer explains nothing


@dataclass(frozen=True)
class Refusal:
    """`form`: empty, html, xml, json or other. `code`: Torznab's, 0 when there is none.

    `quote`: for the middle of a sentence, nothing or ` and says "..."`, without secrets.
    """

    form: str
    code: int = 0
    quote: str = ""


def read_refusal(body: bytes, secrets: Iterable[str] = ()) -> Refusal:
    form = form_of(body)
    code, text = 0, ""
    if len(body) <= LIMIT and form == "xml":
        code, text = _error_document(body)
    elif len(body) <= LIMIT and form == "json":
        text = _json_message(body)
    return Refusal(form, code, f" and says {quoted(text, secrets)}" if text.strip() else "")


def _error_document(body: bytes) -> tuple[int, str]:
    try:
        root = read_tree(body)
    except UnreadableError:
        return 0, ""
    if root.tag != "error":
        return 0, ""
    code = root.get("code", "")
    known = code.isascii() and code.isdecimal() and len(code) < 6
    return int(code) if known else 0, root.get("description", "")


def _json_message(body: bytes) -> str:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict):
        return ""
    said = (found.get(name) for name in ("error", "message"))
    return next((text for text in said if isinstance(text, str)), "")
