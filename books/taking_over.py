"""What is taken over of what was said of a book, and from whom.

Each value remembers its source and its time. What a person wrote is never changed; what a source
wrote is changed by a more trustworthy one only.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from books.bells import DECIDE, SEARCH
from books.filling import as_written, value_of, write
from books.gathering import Asked, known_of
from books.models import Book
from books.origins import FIELDS, FREE, LINK, SOURCE_NAMES, is_locked, note, shown, source_of
from books.values import TRUST, Value, best
from tame.lib import bell
from tame.lib.errors import LostRaceError

JUDGED = {"title", "authors", "subtitle", "language", "expected_seconds", "narrators", "series"}


@dataclass(frozen=True)
class Change:
    field: str
    old: Any
    new: Any
    source: str

    @property
    def sentence(self) -> str:
        said = f"“{shown(self.new)}” from {SOURCE_NAMES[self.source]}"
        return f"{FIELDS[self.field]}: {said}" + (f", was “{shown(self.old)}”" if self.old else "")


def take_over(book: Book, asked: Asked) -> list[Change]:
    """Write what is sure. Raises LostRaceError when the book is gone."""
    with transaction.atomic():
        row = Book.objects.select_for_update().filter(pk=book.pk).first()
        if row is None:
            raise LostRaceError("The book was deleted meanwhile.")
        changes = []
        confirm(row, asked)
        for change, value in plan(row, asked):
            if write(row, change.field, value):
                note(row, change.field, value.source)
                changes.append(change)
        Book.objects.filter(pk=row.pk).update(sources=row.sources)
    book.refresh_from_db()
    follow_up(book, {change.field for change in changes})
    return changes


def confirm(book: Book, asked: Asked) -> None:
    """What was guessed from a link, and a source says as well, is the source's."""
    for name, value in best(known_of(book), asked.found, asked.exact).items():
        if source_of(book, name) == LINK and value.value == value_of(book, name):
            note(book, name, value.source)


def follow_up(book: Book, changed: Set[str]) -> None:
    """What waits for these values. What is called otherwise now is searched anew."""
    if {"title", "authors"} & changed:
        Book.objects.filter(pk=book.pk).update(next_search_at=timezone.now())
        bell.ring(SEARCH)
    if JUDGED & changed:
        bell.ring(DECIDE)


def plan(book: Book, asked: Asked) -> list[tuple[Change, Value]]:
    """What would be written, and what it takes the place of."""
    planned = []
    for name, value in best(known_of(book), asked.found, asked.exact).items():
        old = value_of(book, name)
        new = as_written(name, old, value.value)
        if new != old and may_replace(book, name, old, value):
            planned.append((Change(name, old, new, value.source), Value(new, value.source)))
    return planned


def may_replace(book: Book, name: str, old: Any, value: Value) -> bool:
    """What is empty; what a less trustworthy source wrote. Never what a person locked, or wrote
    before TAME kept sources."""
    if is_locked(book, name):
        return False
    if not old:
        return True
    source = source_of(book, name)
    if source in FREE:
        return True
    order = TRUST[name]
    if source not in order or value.source not in order:
        return False
    return order.index(value.source) < order.index(source) or source == value.source
