"""Who wished what of a book, and why: its story says it, whoever wrote the wish."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from books.models import Book, BookLine, MoveIn, MoveInLine
from books.moving_in.storing import store_line
from books.moving_models import Action
from books.states import Wish
from books.want import park, search_soon, want, want_this
from books.wishes import set_wish
from downloads.merging import merge
from tame.story import story
from tests.commanding import done
from tests.factory import make_book
from tests.people import browser, button_of, filled_in, page_of

pytestmark = pytest.mark.django_db


def told(book: Book) -> list[tuple[str, str]]:
    return [(line.who, line.sentence) for line in story(book)][1:]


def wish_of(book: Book) -> str:
    return Book.objects.get(pk=book.pk).wish


def test_it_is_said_who_wanted_and_who_parked_it() -> None:
    book, _ = want("Cranford", ["Elizabeth Gaskell"], actor="ann")
    park(book, actor="bob")
    want_this(book, actor="ann")
    park(book, actor="bob")
    search_soon(book, actor="cat")
    assert told(book) == [
        ("ann", "ann wants it."),
        ("bob", "bob parked it."),
        ("ann", "ann wants it."),
        ("bob", "bob parked it."),
        ("cat", "cat had it searched."),
    ]
    assert wish_of(book) == Wish.WANTED


def test_what_was_wished_already_is_not_told_again() -> None:
    book = make_book()
    want_this(book, actor="ann")
    search_soon(book, actor="ann")
    park(book, actor="bob")
    park(book, actor="ann")
    assert told(book) == [("bob", "bob parked it.")]


def test_commands_say_who() -> None:
    number = done("add_book", "Cranford", "--author", "Elizabeth Gaskell", "--by", "ann")["book"][
        "id"
    ]
    done("park_books", number)
    done("want_books", number, "--by", "bob")
    assert told(Book.objects.get(pk=number)) == [
        ("ann", "ann wants it."),
        ("command line", "command line parked it."),
        ("bob", "bob wants it."),
    ]


def test_the_form_of_a_book_says_it_too() -> None:
    book = make_book()
    browser().post(page_of(book), filled_in(browser().get(page_of(book)), priority=3))
    assert told(book) == []
    browser().post(page_of(book), filled_in(browser().get(page_of(book)), wish="parked"))
    assert (wish_of(book), told(book)) == ("parked", [("ann", "ann wrote “parked” on its page.")])


def test_the_page_shows_it() -> None:
    book = make_book()
    browser().post(button_of(book, "park"))
    assert "ann parked it." in browser().get(page_of(book)).content.decode()


def test_a_book_that_is_moved_in_says_so() -> None:
    move = MoveIn.objects.create(by="ann")
    line = MoveInLine.objects.create(
        run=move, title="Emma", authors="Jane Austen", action=Action.PARKED
    )
    store_line(line, "ann")
    book = Book.objects.get()
    assert (book.wish, told(book)) == (Wish.PARKED, [("ann", "ann moved it in: parked.")])


def test_of_two_books_that_become_one_all_is_told() -> None:
    keep, gone = make_book(wish=Wish.PARKED), make_book("Cranford: A Novel")
    park(gone, actor="bob")
    want_this(gone, actor="bob")
    merge(keep, Book.objects.get(pk=gone.pk), actor="ann")
    assert (wish_of(keep), told(keep)[-1]) == (
        Wish.WANTED, ("ann", "“Cranford: A Novel” was merged into it, and was wanted."),
    )  # fmt: skip
    assert ("bob", "bob parked it.") in told(keep)


@pytest.mark.parametrize("number", [1, 30])
def test_many_cost_no_more_than_one(number: int) -> None:
    for one in range(number):
        make_book(f"Volume {one}")
    make_book("Parked before", wish=Wish.PARKED)
    with CaptureQueriesContext(connection) as asked:
        set_wish(Book.objects.all(), Wish.PARKED, "Enough for now.", actor="ann", priority=1)
    assert len(asked) <= 6
    assert Book.objects.filter(wish=Wish.PARKED, priority=1).count() == number + 1
    assert BookLine.objects.count() == number
