"""Which copy of a book a better one may replace."""

from __future__ import annotations

from books.models import Book, ShelfCopy
from books.states import COPY_ON_SHELF


def replaceable(book: Book) -> ShelfCopy | None:
    """Only what TAME has placed itself: what a person put there stays as it is."""
    rows = ShelfCopy.objects.filter(book=book, state__in=COPY_ON_SHELF, origin="import")
    return rows.select_related("library").order_by("-pk").first()
