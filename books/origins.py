"""Where each value of a book comes from, and which a person has locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from books.bells import DESCRIBE
from books.details import in_words
from books.metadata.tags import KIND as TAGS
from books.models import Book
from books.sources import Kind
from tame.lib import bell
from tame.lib.errors import BadInputError

PERSON, LINK, OPEN = "person", "link", "open"  # open: a person's, given free
VOLUMES = "volumes"
FREE = (LINK, OPEN, VOLUMES)  # any source may write over these
SOURCE_NAMES = {
    PERSON: "a person", LINK: "the link", OPEN: "a person, unlocked", TAGS: "its files",
    VOLUMES: "the list of its series or author",
} | dict(Kind.choices)  # fmt: skip
FIELDS = {
    "title": "title", "authors": "authors", "subtitle": "subtitle", "year": "year",
    "published_on": "published on", "language": "language", "asin": "ASIN", "isbn": "ISBN",
    "expected_seconds": "expected duration", "narrators": "narrators", "series": "series",
    "description": "description", "publisher": "publisher", "cover_url": "cover",
}  # fmt: skip
ASKED_BY = {"title", "authors", "asin", "isbn"}


@dataclass(frozen=True)
class Origin:
    """Of one value, as the book's page shows it."""

    field: str
    name: str
    source: str
    at: datetime | None
    is_locked: bool


def origins(book: Book) -> list[Origin]:
    """Of what was noted; no query."""
    known = [name for name in FIELDS if name in book.sources]
    return [
        Origin(
            name,
            FIELDS[name],
            SOURCE_NAMES.get(source_of(book, name), source_of(book, name)),
            parse_datetime(str(book.sources[name].get("at", ""))),
            is_locked(book, name),
        )
        for name in known
    ]


def source_of(book: Book, name: str) -> str:
    """Empty where it was never noted: then a person wrote it, or nobody."""
    return str(book.sources.get(name, {}).get("source", ""))


def is_locked(book: Book, name: str) -> bool:
    return bool(book.sources.get(name, {}).get("locked"))


def note(book: Book, name: str, source: str, *, locked: bool = False) -> None:
    """On the row that is held; saved by whoever holds it."""
    said = {"source": source, "at": timezone.now().isoformat(), "locked": locked}
    book.sources = {**book.sources, name: said}


def note_person(book: Book, names: Iterable[str]) -> None:
    """A person wrote these: they are locked. Saves."""
    fields = [name for name in names if name in FIELDS]
    if not fields:
        return
    with transaction.atomic():
        row = Book.objects.select_for_update().get(pk=book.pk)
        for name in fields:
            note(row, name, PERSON, locked=True)
        Book.objects.filter(pk=row.pk).update(sources=row.sources)
    book.sources = row.sources
    if ASKED_BY & set(fields):
        Book.objects.filter(pk=book.pk).update(next_describe_at=timezone.now(), describes=0)
        bell.ring(DESCRIBE)


def lock(book: Book, name: str) -> str:
    return set_lock(book, name, locked=True)


def unlock(book: Book, name: str) -> str:
    return set_lock(book, name, locked=False)


def set_lock(book: Book, name: str, *, locked: bool) -> str:
    """Raises BadInputError for what is no field."""
    if name not in FIELDS:
        raise BadInputError(f"There is no value “{name}”. There are: {', '.join(FIELDS)}.")
    with transaction.atomic():
        row = Book.objects.select_for_update().get(pk=book.pk)
        source = source_of(row, name) or PERSON
        note(row, name, OPEN if source == PERSON and not locked else source, locked=locked)
        Book.objects.filter(pk=row.pk).update(sources=row.sources)
    book.sources = row.sources
    if locked:
        return f"The {FIELDS[name]} of “{book}” stays as it is."
    return f"The {FIELDS[name]} of “{book}” may be written by a source."


def shown(value: Any) -> str:
    if isinstance(value, tuple):
        return in_words(value)
    text = str(value)
    return text if len(text) < 100 else f"{text[:99]}…"
