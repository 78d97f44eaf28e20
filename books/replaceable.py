"""Which copy of a book a better one may replace."""

from __future__ import annotations

from books.models import Book, ShelfCopy
from books.states import Origin


def replaceable(book: Book) -> ShelfCopy | None:
    """Only what TAME has placed itself: what a person put there stays as it is."""
    rows = ShelfCopy.on_shelf(book).filter(origin=Origin.IMPORT)
    return rows.select_related("library").order_by("-pk").first()
