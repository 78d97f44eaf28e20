"""The import behind a book: which of them a person means on the book's page."""

from __future__ import annotations

from django.utils import timezone

from books.models import Book
from books.states import COPY_HOLDS_THE_BOOK, CopyState
from downloads.models import Import
from downloads.states import ImportState
from downloads.undo import ON_SHELF, redo, undo
from tame.lib.errors import BadInputError


def on_shelf(book: Book) -> Import | None:
    """The last that put a copy into a library where it still is."""
    rows = Import.objects.filter(book=book, state__in=ON_SHELF, copy__state__in=COPY_HOLDS_THE_BOOK)
    return rows.select_related("copy__library__server", "download__client").order_by("-pk").first()


def in_trash(book: Book) -> Import | None:
    """The last that was undone and can be put back."""
    rows = Import.objects.filter(book=book, copy__state=CopyState.TRASHED)
    undone = rows.filter(state=ImportState.UNDONE, copy__trash_until__gt=timezone.now())
    return undone.select_related("copy__library", "book").order_by("-pk").first()


def take_off_shelf(book: Book, *, actor: str, then: str) -> str:
    row = on_shelf(book)
    if row is None:
        raise BadInputError(f"TAME has put no copy of “{book}” on the shelf.")
    return undo(row, actor=actor, then=then)


def put_on_shelf(book: Book, *, actor: str) -> str:
    row = in_trash(book)
    if row is None:
        raise BadInputError(f"No copy of “{book}” is in the trash.")
    return redo(row, actor=actor)
