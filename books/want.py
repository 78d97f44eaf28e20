"""Want a book: the first step of its way."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from books.models import Book
from books.states import Wish
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError
from tame.lib.words import normalise

SEARCH = "indexers.tasks.search"
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # before every book that is merely due


def want(
    title: str, authors: list[str], *, priority: int = 0, asin: str = "", isbn: str = ""
) -> tuple[Book, bool]:
    """The wanted book of this title and author, and whether it is new. A parked one is wanted
    again. Raises BadInputError without a title, or when the ASIN or ISBN is another book's."""
    title = " ".join(title.split())
    if not normalise(title):
        raise BadInputError("A book needs a title.")
    if known := find(title, authors):
        want_again(known)
        return known, False
    try:
        with transaction.atomic():
            book = Book.objects.create(title=title, priority=priority, asin=asin, isbn=isbn)
            book.set_authors(authors)
    except IntegrityError as error:
        raise BadInputError("Another book has this ASIN or ISBN already.") from error
    bell.ring(SEARCH)
    return book, True


def find(title: str, authors: list[str]) -> Book | None:
    """The book of that title by one of these authors, compared without case and accents."""
    names = {normalise(name) for name in authors}
    for book in Book.objects.filter(title__iexact=title).prefetch_related("credits__author"):
        known = {credit.author.normalised for credit in book.credits.all()}
        if known & names or not (known or names):
            return book
    return None


def want_again(book: Book) -> None:
    Book.objects.filter(pk=book.pk, wish=Wish.PARKED).update(wish=Wish.WANTED)
    bell.ring(SEARCH)


def want_this(book: Book) -> str:
    """A person's word for a book that was asked for or parked."""
    Book.objects.filter(pk=book.pk).update(wish=Wish.WANTED)
    bell.ring(SEARCH)
    return f"“{book}” is wanted."


def park(book: Book) -> str:
    """Search for it no more; what is already coming still comes."""
    Book.objects.filter(pk=book.pk).update(wish=Wish.PARKED)
    return f"“{book}” is parked: it is not searched until you want it again."


def search_soon(book: Book, *, actor: str) -> str:
    """Have the book searched next, before those that are merely due; joins a search that is open.

    Raises ObstacleError when there is nothing to search for.
    """
    if book.on_shelf:
        raise ObstacleError(f"“{book}” is on the shelf already.")
    if book.coming:
        raise ObstacleError(f"“{book}” is already coming. Cancel its download to search again.")
    is_open = book.searched.filter(finished_at=None).exists()
    due = {} if is_open else {"next_search_at": AT_ONCE, "search_asked_by": actor}
    Book.objects.filter(pk=book.pk).update(wish=Wish.WANTED, **due)
    bell.ring(SEARCH)
    if is_open:
        return f"“{book}” is being searched already: the answers appear on its page."
    return f"“{book}” is searched at once: the answers appear on its page."
