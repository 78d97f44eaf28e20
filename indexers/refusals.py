"""What an indexer or a site says in place of a torrent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexers.complaints import error_in, number_of, quoted, words_in
from indexers.markup import form_of

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
    code, text = "", ""
    if len(body) <= LIMIT and form == "xml":
        code, text = error_in(body) or ("", "")
    elif len(body) <= LIMIT and form == "json":
        text = words_in(body)
    quote = f" and says {quoted(text, secrets)}" if text.strip() else ""
    return Refusal(form, number_of(code), quote)
