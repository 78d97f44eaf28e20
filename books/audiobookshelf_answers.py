"""What an Audiobookshelf says, as values that were checked at the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Series = tuple[tuple[str, str], ...]  # names and positions; the position may be empty


@dataclass(frozen=True)
class Account:
    """Whose key it is, what it may do, and what the server does with metadata."""

    name: str
    kind: str
    may_update: bool
    may_upload: bool
    may_delete: bool
    version: str
    keeps_metadata_with_books: bool

    @property
    def is_admin(self) -> bool:
        return self.kind in ("admin", "root")


@dataclass(frozen=True)
class ShelfLibrary:
    """`folders`: as Audiobookshelf sees them. `is_watched`: it finds new files by itself.
    `last_scan`: the end of the last one."""

    id: str
    name: str
    folders: tuple[str, ...]
    holds_books: bool
    is_watched: bool
    last_scan: datetime | None = None


@dataclass(frozen=True)
class Details:
    """What is known of a book; empty where nothing is. `year` as the server writes it."""

    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    narrators: tuple[str, ...] = ()
    series: Series = ()
    year: str = ""
    publisher: str = ""
    description: str = ""
    language: str = ""
    asin: str = ""
    isbn: str = ""


@dataclass(frozen=True)
class ListedBook:
    """A line of a library's list. `path` as Audiobookshelf sees it; authors, narrators and series
    as it joins them for its pages; size in bytes."""

    id: str
    path: str
    folder: str
    is_missing: bool
    added_at: datetime
    updated_at: datetime
    tags: tuple[str, ...]
    title: str
    authors: str
    narrators: str
    series: str
    year: str
    asin: str
    isbn: str
    seconds: float
    size: int


@dataclass(frozen=True)
class ShelfFile:
    """`name` below the book's folder; `number` identifies it for `order_tracks`."""

    number: str
    name: str
    size: int


@dataclass(frozen=True)
class ShelfBook:
    """One book with all that is known of it."""

    id: str
    path: str
    is_missing: bool
    is_invalid: bool
    added_at: datetime
    updated_at: datetime
    tags: tuple[str, ...]
    details: Details
    tracks: tuple[ShelfFile, ...] = field(repr=False)
    files: tuple[ShelfFile, ...] = field(repr=False)


@dataclass(frozen=True)
class Written:
    """What became of what was written. `details`: of the book as the server has it since, where its
    answer tells. Falsy when nothing changed."""

    is_changed: bool
    details: Details | None = None

    def __bool__(self) -> bool:
        return self.is_changed


@dataclass(frozen=True)
class OnlineBook:
    """What one of the services that it asks has, in that service's words and shapes."""

    title: object = ""
    subtitle: object = ""
    authors: object = ""
    narrators: object = ""
    series: tuple[tuple[object, object], ...] = ()
    year: object = ""
    language: object = ""
    asin: object = ""
    isbn: object = ""
    minutes: object = None
    publisher: object = ""
    description: object = ""
    cover: object = ""
