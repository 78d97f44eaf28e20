"""Search wanted books. A search belongs to its book: whoever asks while one is open joins it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import QuerySet

from books.models import Book
from indexers.models import Indexer, Query, Search
from indexers.open_searches import close_left_open
from indexers.round import Pass
from tame.lib.lease import free


def search_book(book: Book, *, asked_by: str) -> Search:
    """Ask every usable indexer for the book. A second call joins the open search."""
    return search_books([book], asked_by=asked_by)[0]


def search_due(keep_going: Callable[[], bool]) -> list[Search]:
    """Search the books that are wanted and due, at most `settings.BOOKS_PER_PASS`."""
    close_left_open()
    if not Indexer.usable().exists():
        return []
    return search_books(due()[: settings.BOOKS_PER_PASS], keep_going=keep_going)


def due() -> QuerySet[Book]:
    """Due books whose search nobody is at."""
    return Book.searchable().filter(free())


def is_any_due() -> bool:
    """Whether a search would ask somebody right now."""
    return Indexer.usable().exists() and due().exists()


def search_books(
    books: Iterable[Book],
    *,
    asked_by: str = "",
    keep_going: Callable[[], bool] = lambda: True,
    told: Callable[[Query], None] = lambda query: None,
) -> list[Search]:
    """One pass over the books. `told` hears of every query that ended; when `keep_going` says no,
    the books not yet asked for stay due. `asked_by`: else whoever pressed Search on the book."""
    round_ = Pass(Indexer.objects.all(), keep_going, told)
    for book in books:
        round_.add(book, asked_by or book.search_asked_by)
    round_.run()
    return round_.searches
