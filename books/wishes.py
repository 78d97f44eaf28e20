"""What is wished of a book has one writer: the column and the line that says who and why, together.

So has the line for a word about a book's releases, which no other row tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from books.models import Book, BookLine

SOMEBODY = "a person"  # where nobody said who


def begin(book: Book, why: str, *, actor: str) -> Book:
    """Store this new book, with the first line of its story."""
    with transaction.atomic():
        book.save(force_insert=True)
        tell([book.pk], why, actor=actor)
    return book


def set_wish(
    books: QuerySet[Book], wish: str, why: str, *, actor: str = SOMEBODY, **columns: Any
) -> None:
    """Of all of them, in so many queries whatever their number. A line for each of which another
    thing was wished. `columns` are written with it."""
    with transaction.atomic():
        others = books.exclude(wish=wish).order_by("pk").select_for_update()
        changed = list(others.values_list("pk", flat=True))
        books.update(wish=wish, **columns)
        tell(changed, why, actor=actor)


def tell(books: Iterable[int], sentence: str, *, actor: str) -> None:
    """A line in the story of each."""
    BookLine.objects.bulk_create(
        BookLine(book_id=book, actor=actor, sentence=sentence) for book in books
    )
