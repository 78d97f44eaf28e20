"""Two rows of one book become one: what the books room keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from books.copy_models import columns_of
from books.models import Book, BookLine, Cover, MoveInLine, Request, SeriesPlace, ShelfCopy
from books.states import COPY_HOLDS_THE_BOOK, Wish
from books.volumes import Volume
from books.wishes import set_wish
from tame.lib.words import main_title, same_title, title_words

FILLED = (  # where the one that stays has none
    "subtitle", "year", "language", "asin", "isbn", "expected_seconds", "published_on", "profile",
    "library", "publisher", "description", "cover_url", "link",
)  # fmt: skip
MOST_ALIKE = 20


@dataclass(frozen=True)
class Moved:
    """Rows of one kind: how many go over, and how many are left out because the other has such."""

    what: str
    rows: Sequence[Model]
    left: int = 0


@dataclass(frozen=True)
class Kind:
    """Rows that point to a book. `same`: what there may be only one of for a book."""

    what: str
    model: type[Model]
    same: Callable[[Any], Any] | None = None


KINDS = (
    Kind("places in series", SeriesPlace, lambda row: row.series_id),
    Kind("requests", Request, lambda row: row.person_id),
    Kind("copies", ShelfCopy),
    Kind("lines of a move", MoveInLine),
    Kind("volumes", Volume),
    Kind("covers", Cover, lambda row: True),
    Kind("lines of its story", BookLine),
)


def moved(kinds: Sequence[Kind], keep: Book, gone: Book) -> list[Moved]:
    """What would go over; a query or two for each kind."""
    return [of_kind(kind, keep, gone) for kind in kinds]


def of_kind(kind: Kind, keep: Book, gone: Book) -> Moved:
    rows = list(kind.model._default_manager.filter(book=gone).order_by("pk"))
    if kind.same is None or not rows:
        return Moved(kind.what, rows)
    there = {kind.same(row) for row in kind.model._default_manager.filter(book=keep)}
    over = [row for row in rows if kind.same(row) not in there]
    return Moved(kind.what, over, len(rows) - len(over))


def people(keep: Book, gone: Book) -> Moved:
    """Of a role that the other has nobody for: two spellings of an author are not two authors."""
    roles = set(keep.credits.values_list("role", flat=True))
    rows = list(gone.credits.all())
    over = [row for row in rows if row.role not in roles]
    return Moved("people", over, len(rows) - len(over))


def write_rows(kinds: Sequence[Moved], keep: Book) -> None:
    for one in kinds:
        for row in one.rows:
            type(row)._default_manager.filter(pk=row.pk).update(book=keep)


# --- The row itself -------------------------------------------------------------------------------


def filled(keep: Book, gone: Book) -> dict[str, Any]:
    """The columns that the one that stays has empty and the other does not."""
    return {
        name: getattr(gone, name)
        for name in FILLED
        if getattr(gone, name) and not getattr(keep, name)
    }


def write_columns(keep: Book, gone: Book, columns: dict[str, Any], actor: str) -> None:
    """After the other is gone: a number belongs to one book."""
    sources = {name: gone.sources[name] for name in columns if name in gone.sources}
    set_wish(
        Book.objects.filter(pk=keep.pk),
        wish_of(keep, gone),
        f"“{gone}” was merged into it, and was {gone.get_wish_display()}.",
        actor=actor,
        **columns,
        sources=sources | keep.sources,
        priority=max(keep.priority, gone.priority),
        **columns_of(keep.pk),
        next_describe_at=timezone.now(),
    )


def wish_of(keep: Book, gone: Book) -> str:
    """Whoever wants it of either, wants it."""
    wishes = {keep.wish, gone.wish}
    return next(str(wish) for wish in (Wish.WANTED, Wish.ASKED, Wish.PARKED) if wish in wishes)


def obstacles(keep: Book, gone: Book) -> list[str]:
    """What a constraint would break, in sentences."""
    if keep.pk == gone.pk:
        return ["A book cannot be merged with itself: choose another one."]
    held = ShelfCopy.objects.filter(state__in=COPY_HOLDS_THE_BOOK).select_related("library")
    mine = {copy.library_id for copy in held.filter(book=keep)}
    both = [copy for copy in held.filter(book=gone) if copy.library_id in mine]
    found = [
        f"Both have a copy in {copy.library}: take one of them off the shelf first."
        for copy in both[:1]
    ]
    copies = ShelfCopy.objects.filter(book__in=(keep, gone))
    if copies.filter(leased_until__gt=timezone.now()).exists():
        found.append("A copy of one is being worked on right now: merge them when that has ended.")
    return found


def alike(book: Book) -> list[Book]:
    """Others that are called like it, whoever wrote them."""
    longest = max(title_words(main_title(book.title)), key=len, default="")
    others = Book.objects.filter(title__icontains=longest).exclude(pk=book.pk)
    named = [
        other.pk for other in others.only("pk", "title") if same_title(book.title, other.title)
    ]
    found = Book.objects.filter(pk__in=named[:MOST_ALIKE])
    return list(found.prefetch_related("credits__author"))
