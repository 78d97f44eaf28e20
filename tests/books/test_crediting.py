"""Names become people: credited on a book in order, known by other names, made only once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from books.crediting import as_called, credit, place_in_series
from books.models import Author, Book, Credit, Series
from books.want import find, want
from tests.factory import make_book

pytestmark = pytest.mark.django_db
ROLES = list(Credit.Role)


@pytest.fixture
def book() -> Book:
    return make_book("Emma", "Nobody Known")


def people(book: Book, role: str) -> list[str]:
    return Book.objects.get(pk=book.pk).names(role)


@pytest.mark.parametrize("role", ROLES)
def test_people_are_credited_in_their_order(book: Book, role: str) -> None:
    names = ["Zadok Allen", "Ann Reader", "Mary Shelley"]
    credit(book, role, names)
    assert people(book, role) == names
    credit(book, role, reversed(names))
    assert people(book, role) == names[::-1]


def test_other_roles_stay(book: Book) -> None:
    credit(book, Credit.Role.NARRATOR, ["Ann Reader"])
    assert people(book, Credit.Role.AUTHOR) == ["Nobody Known"]
    credit(book, Credit.Role.AUTHOR, [])
    assert people(book, Credit.Role.NARRATOR) == ["Ann Reader"]
    assert people(book, Credit.Role.AUTHOR) == []


@pytest.mark.parametrize("role", ROLES)
def test_who_is_known_by_another_name_is_that_person(book: Book, role: str) -> None:
    jane = Author.objects.create(name="Jane Austen", other_names=["A Lady"])
    credit(book, role, ["a lady."])
    assert book.credits.get(role=role).author == jane


def test_a_name_of_one_s_own_counts_before_another_s(book: Book) -> None:
    Author.objects.create(name="Jane Austen", other_names=["A Lady"])
    lady = Author.objects.create(name="A Lady")
    credit(book, Credit.Role.AUTHOR, ["A Lady"])
    assert book.credits.get().author == lady


def test_nobody_is_credited_twice_in_a_role(book: Book) -> None:
    Author.objects.create(name="Jane Austen", other_names=["A Lady"])
    names = ["A Lady", "JANE AUSTEN", "Mary Shelley", "mary shelley", "…"]
    credit(book, Credit.Role.AUTHOR, names)
    assert people(book, Credit.Role.AUTHOR) == ["Jane Austen", "Mary Shelley"]
    assert as_called(names) == ["Jane Austen", "Mary Shelley"]


def test_who_is_new_is_sorted_and_found_as_anybody(book: Book) -> None:
    credit(book, Credit.Role.AUTHOR, ["Jules Verne"])
    assert Author.objects.get(normalised="jules verne").sort_name == "Verne, Jules"


@pytest.mark.parametrize("name", ["Æ" * 300, "Ann " + "A" * 296, "x" * 400])
def test_a_name_has_its_row_however_long(book: Book, name: str) -> None:
    for _ in range(2):
        credit(book, Credit.Role.AUTHOR, [name])
    author = book.credits.get().author
    assert author.name == name[:300]
    assert max(len(author.normalised), len(author.sort_name)) <= 300


def test_many_people_cost_as_many_queries_as_one(book: Book) -> None:
    Author.objects.create(name="Jane Austen", other_names=["A Lady"])
    counts = []
    for names in (["Ann One"], [f"{name} Reader" for name in "ABCDEFGHIJ"] + ["A Lady"]):
        with CaptureQueriesContext(connection) as queries:
            credit(book, Credit.Role.AUTHOR, names)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_a_book_is_wanted_once_under_either_name() -> None:
    Author.objects.create(name="Jane Austen", other_names=["A Lady"])
    book, _ = want("Sense and Sensibility", ["A Lady"])
    assert people(book, Credit.Role.AUTHOR) == ["Jane Austen"]
    for name in ("Jane Austen", "A Lady"):
        assert want("Sense and Sensibility", [name]) == (book, False)
        assert find("sense and sensibility", [name]) == book
    assert find("Sense and Sensibility", ["Ann Unknown"]) is None


def test_a_series_is_known_by_its_other_names(book: Book) -> None:
    series = Series.objects.create(name="Chronicles of Barsetshire", other_names=["Barsetshire"])
    place_in_series(book, "Barsetshire", "")
    place_in_series(book, "barsetshire", "2")
    place_in_series(book, "Barsetshire", "3")
    place_in_series(book, "…", "3")
    assert [(place.series, place.position) for place in book.places.all()] == [(series, "2")]
