"""Want a book: the first step of its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from books import typed
from books.bells import DECIDE, DESCRIBE, SEARCH
from books.crediting import called, credit
from books.models import Author, Book, Credit
from books.states import CopyState, Wish
from books.wishes import SOMEBODY, begin, set_wish
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError
from tame.lib.moments import day
from tame.lib.words import normalise

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # before every book that is merely due


def want(
    title: str,
    authors: list[str],
    *,
    actor: str = SOMEBODY,
    priority: int = 0,
    asin: str = "",
    isbn: str = "",
) -> tuple[Book, bool]:
    """The wanted book of this title and author, and whether it is new; one that was parked or
    asked for is wanted from now on. Raises BadInputError when one of them makes no sense, or when
    the ASIN or ISBN is another book's."""
    title, authors = typed.title(title), typed.names(authors)
    asin, isbn = typed.asin(asin), typed.isbn(isbn)
    if known := find(title, authors):
        want_this(known, actor=actor)
        return known, False
    book = Book(title=title, priority=priority, asin=asin, isbn=isbn)
    return add(book, authors, actor=actor), True


def add(book: Book, authors: Sequence[str], *, actor: str, why: str = "") -> Book:
    """This new book of theirs, stored: it is searched, and looked up. `why`: else its story says
    that the actor wants it. Raises BadInputError when its ASIN or ISBN is another book's."""
    try:
        with transaction.atomic():
            begin(book, why or wants(actor), actor=actor)
            credit(book, Credit.Role.AUTHOR, authors)
    except IntegrityError as error:
        raise BadInputError("Another book has this ASIN or ISBN already.") from error
    bell.ring(SEARCH)
    bell.ring(DESCRIBE)
    return book


def find(title: str, authors: Iterable[str], among: Iterable[int] | None = None) -> Book | None:
    """The book of that title by one of these authors, under any of their names. Looks only at
    what these authors wrote, or at books of nobody when none is given. `among`: the numbers of
    the only books that it can be."""
    names = [name for name in authors if normalise(name)]
    people = called(Author, names).values()
    books = Book.objects.filter(Q(people__in=people) if names else Q(people=None))
    if among is not None:
        books = books.filter(pk__in=among)
    same, known = normalise(title), books.values_list("pk", "title")
    found = [pk for pk, written in known if normalise(written) == same]
    return Book.objects.filter(pk__in=found).first()


def by_number(asin: str, isbn: str, link: str = "") -> Book | None:
    """The book that has one of these, as far as they are given."""
    same = Q(pk=None)
    for name, value in {"asin": asin, "isbn": isbn, "link": link}.items():
        same |= Q(**{name: value}) if value else Q(pk=None)
    return Book.objects.filter(same).order_by("pk").first()


def wants(actor: str) -> str:
    return f"{actor} wants it."


def want_this(book: Book, *, actor: str = SOMEBODY, why: str = "") -> str:
    """A person's word for a book that was asked for or parked, or whose copy is missing."""
    give_up_missing(book, actor=actor)
    set_wish(one(book), Wish.WANTED, why or wants(actor), actor=actor)
    bell.ring(SEARCH)
    bell.ring(DECIDE)  # while nobody waited for it nothing was judged
    return f"“{book}” is wanted."


def give_up_missing(book: Book, *, actor: str) -> None:
    """Its place is free for another copy."""
    for copy in book.copies.filter(state=CopyState.MISSING):
        copy.move_to(CopyState.GONE, f"{actor} wants the book again.", actor=actor)


def one(book: Book) -> QuerySet[Book]:
    return Book.objects.filter(pk=book.pk)


def park(book: Book, *, actor: str = SOMEBODY) -> str:
    """Search for it no more; what is already coming still comes."""
    set_wish(one(book), Wish.PARKED, f"{actor} parked it.", actor=actor)
    return f"“{book}” is parked: it is not searched until you want it again."


def search_soon(book: Book, *, actor: str) -> str:
    """Have the book searched next, before those that are merely due; joins a search that is open.

    Raises ObstacleError when there is nothing to search for.
    """
    if book.missing:
        raise ObstacleError(f"The copy of “{book}” is missing. Press Want to have it again.")
    if book.on_shelf:
        raise ObstacleError(f"“{book}” is on the shelf already.")
    if book.coming:
        raise ObstacleError(f"“{book}” is already coming. Cancel its download to search again.")
    if not book.is_out and book.published_on:
        raise ObstacleError(
            f"“{book}” is out on {day(book.published_on)}: it is searched from then on. If that "
            "day is wrong, correct it on the book's page."
        )
    is_open = book.searched.filter(finished_at=None).exists()
    due = {} if is_open else {"next_search_at": AT_ONCE, "search_asked_by": actor}
    set_wish(one(book), Wish.WANTED, f"{actor} had it searched.", actor=actor, **due)
    bell.ring(SEARCH)
    if book.wish != Wish.WANTED:
        bell.ring(DECIDE)
    if is_open:
        return f"“{book}” is being searched already: the answers appear on its page."
    return f"“{book}” is searched at once: the answers appear on its page."
