"""A line is a book of ours, a new one, or a question; it is never guessed."""

from __future__ import annotations

import pytest

from books.metadata.cleaning import as_isbn13
from books.models import Book, Series, SeriesPlace
from books.moving_in.found import Found
from books.moving_in.matching import Verdict, match, shelf
from books.moving_models import Match, Status
from tests.factory import make_book

pytestmark = pytest.mark.django_db


def found(title: str, author: str = "", **more: str) -> Found:
    return Found("k", title, Status.WISHED, authors=(author,) if author else (), **more)  # type: ignore[arg-type]


def told(one: Found) -> Verdict:
    return match(one, None, shelf())


@pytest.fixture
def towers(db: None) -> Book:
    book = make_book("Barchester Towers", "Anthony Trollope", asin="B002V0PWCM", isbn="0140432035")
    series = Series.objects.create(name="Barsetshire")
    SeriesPlace.objects.create(book=book, series=series, position="2")
    return book


@pytest.mark.parametrize(
    "one",
    [
        found("Anything", "Anybody", asin="B002V0PWCM"),
        found("Anything", "Anybody", isbn="9780140432039"),
        found("Barchester Towers", "Anthony Trollope"),
        found("The Barchester Towers: A Novel", "A. Trollope", position="2"),
        found("barchester towers", "TROLLOPE"),
    ],
)
def test_the_same_book_is_known(towers: Book, one: Found) -> None:
    verdict = told(one)
    assert verdict.match == Match.SAME, verdict
    assert verdict.book
    assert verdict.book.number == towers.pk
    assert verdict.why


@pytest.mark.parametrize(
    "one",
    [
        found("Framley Parsonage", "Anthony Trollope"),
        found("Barchester Towers", "Jane Austen"),
        found("Barchester", "Anthony Trollope"),
    ],
)
def test_another_book_is_new(towers: Book, one: Found) -> None:
    assert told(one).match == Match.NEW


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (found("Barchester Towers"), "the authors do not tell"),
        (found("Barchester Towers", "Anthony Trollope", position="3"), "the volume is another"),
        (found("Barchester Tower", "Anthony Trollope"), "almost this title"),
        (found("Emma"), "No author is known"),
    ],
)
def test_what_cannot_be_told_is_a_question(towers: Book, one: Found, why: str) -> None:
    verdict = told(one)
    assert verdict.match == Match.UNSURE
    assert why in verdict.why


def test_two_books_of_one_title_are_a_question() -> None:
    for position in "12":
        book = make_book("Tales", "Edgar Allan Poe")
        series = Series.objects.create(name=f"Tales {position}")
        SeriesPlace.objects.create(book=book, series=series, position=position)
    verdict = told(found("Tales", "Edgar Allan Poe"))
    assert verdict.match == Match.UNSURE
    assert len(verdict.alike) == 2
    assert told(found("Tales", "Edgar Allan Poe", position="2")).match == Match.SAME


def test_the_other_names_of_an_author_count(towers: Book) -> None:
    author = towers.people.get()
    author.other_names = ["Tony Weller"]
    author.save()
    assert told(found("Barchester Towers", "Tony Weller")).match == Match.SAME


def test_an_old_isbn_is_the_new_one() -> None:
    assert as_isbn13("0140432035") == "9780140432039"
    assert as_isbn13("080442957X") == "9780804429573"


def test_the_shelf_is_read_in_a_fixed_number_of_queries(
    towers: Book, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(5):  # type: ignore[operator]
        shelf()
    for number in range(30):
        make_book(f"Tale {number}", f"Author {number}")
    with django_assert_num_queries(5):  # type: ignore[operator]
        shelf()
