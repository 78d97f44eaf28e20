"""What a source tells of one book: frozen, cleaned at the door, believed by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from books.metadata.cleaning import read_title
from books.moving_models import Status
from tame.lib.errors import BadInputError
from tame.lib.words import normalise

MOST_LINES = 50_000


@dataclass(frozen=True)
class FoundFile:
    """`path` below the book's folder. Size in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class Found:
    """`key`: its identity at the source. `folder`: whole path, where its files were seen; `files`
    are all below it. `elsewhere`: where the source says they are, when they were not seen."""

    key: str
    title: str
    status: Status
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    series: str = ""
    position: str = ""
    narrators: tuple[str, ...] = ()
    year: int | None = None
    language: str = ""
    asin: str = ""
    isbn: str = ""
    folder: str = ""
    files: tuple[FoundFile, ...] = ()
    format: str = ""
    seconds: int | None = None
    bitrate: int | None = None
    shelf_id: str = ""
    elsewhere: str = ""
    action: str = ""
    doubt: str = ""  # why no more than a person can tell which book it is
    notes: tuple[str, ...] = ()


# --- Values as sources write them -----------------------------------------------------------------


def text_of(value: object, most: int = 500) -> str:
    """One line of text; empty for what is none."""
    if value is None or isinstance(value, bytes):
        return ""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return " ".join(text.split())[:most].rstrip()


def titled(text: str) -> dict[str, Any]:
    """Title, subtitle, series and position as they stand in one text."""
    read = read_title(text)
    series, position = read.series[0] if read.series else ("", "")
    return {
        "title": read.title, "subtitle": read.subtitle, "series": series, "position": position,
    }  # fmt: skip


def unique(found: Iterable[Found]) -> list[Found]:
    """Those with a title, of one key the first. Raises BadInputError for far too many."""
    lines: dict[str, Found] = {}
    for one in found:
        if normalise(one.title):
            lines.setdefault(one.key, one)
        if len(lines) > MOST_LINES:
            raise BadInputError(f"It has more than {MOST_LINES} books: that cannot be looked over.")
    return list(lines.values())
