"""Books on the command line."""

from __future__ import annotations

from typing import Any

import pytest

from books.models import Book
from books.states import Wish
from books.want import find
from tests.commanding import done, run
from tests.factory import make_book, use_sources
from tests.fakes.sources import FakeSources, work

pytestmark = pytest.mark.django_db


def titles(*arguments: object) -> list[str]:
    return [book["title"] for book in done("list_books", *arguments)["books"]]


def test_books_are_listed_newest_first_with_their_authors() -> None:
    make_book("Cranford")
    newest = make_book("Persuasion", "Jane Austen", priority=3)
    document = done("list_books")
    assert [book["title"] for book in document["books"]] == ["Persuasion", "Cranford"]
    assert (document["total"], document["has_more"]) == (2, False)
    first = document["books"][0]
    assert first["id"] == newest.pk
    assert (first["authors"], first["state"], first["priority"]) == (["Jane Austen"], "wanted", 3)
    assert first["added_at"].endswith("Z")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["wanted"], ["Cranford"]),
        (["parked"], ["Emma"]),
        (["coming"], ["Persuasion"]),
        (["available"], ["Ruth"]),
        (["parked", "available"], ["Ruth", "Emma"]),
    ],
)
def test_a_state_lists_only_its_books(states: list[str], expected: list[str]) -> None:
    make_book("Cranford")
    make_book("Emma", wish=Wish.PARKED)
    make_book("Persuasion", coming=True)
    make_book("Ruth", on_shelf=True, coming=True)
    assert titles(*(f"--state={state}" for state in states)) == expected


def test_a_page_says_whether_there_is_more() -> None:
    for number in range(5):
        make_book(f"Volume {number}")
    document = done("list_books", "--limit", 2, "--offset", 1)
    assert [book["title"] for book in document["books"]] == ["Volume 3", "Volume 2"]
    assert (document["total"], document["has_more"]) == (5, True)
    assert not done("list_books", "--limit", 2, "--offset", 3)["has_more"]
    assert done("list_books", "--offset", 2**63 - 1)["books"] == []


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_takes_four_queries_however_long(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make_book(f"Volume {number}", f"Author {number}")
    with django_assert_num_queries(4):  # count, books, credits, authors
        assert len(done("list_books")["books"]) == rows


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--state", "lost"], "There is no state “lost”. There are: available, coming, missing,"),
        (["--limit", "501"], "“501” is no whole number from 1 to 500."),
        (["--limit", "0"], "“0” is no whole number from 1 to 500."),
        (["--limit", "many"], "“many” is no whole number"),
        (["--limit", "٣"], "“٣” is no whole number"),
        (["--offset", "-1"], "“-1” is no whole number"),
        (["--offset", "9" * 30], "is no whole number"),
        (["--lim", "3"], "unrecognized arguments: --lim"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(arguments: list[str], sentence: str) -> None:
    code, out, err = run("list_books", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err


def test_a_person_reads_a_table() -> None:
    make_book("Cranford")
    make_book("The Time\x1b[31m Machine\u202e", "H. G. Wells", on_shelf=True)
    code, out, _ = run("list_books", "--limit", 1)
    assert code == 0
    assert out.splitlines()[0].split() == ["id", "state", "title", "authors"]
    assert out.splitlines()[1].endswith("  available  The Time[31m Machine  H. G. Wells")
    assert out.splitlines()[2] == "1 to 1 of 2."


def test_an_empty_list_says_so() -> None:
    assert run("list_books")[1] == "No books.\n"
    Book.objects.create(title="Cranford")
    assert run("list_books", "--offset", 7)[1] == "No books from 7 on.\n"


# --- Wanting --------------------------------------------------------------------------------------


def test_a_book_is_wanted_once() -> None:
    arguments = ("Wives and Daughters", "--author", "Elizabeth Gaskell", "--priority", 2)
    first = done("add_book", *arguments, "--isbn", "978-0-14-043478-1")
    assert first["new"]
    assert first["book"] | {"added_at": 0, "next_search_at": 0} == {
        "id": Book.objects.get().pk,
        "title": "Wives and Daughters",
        "subtitle": "",
        "authors": ["Elizabeth Gaskell"],
        "year": None,
        "language": "",
        "asin": "",
        "isbn": "9780140434781",
        "state": "wanted",
        "wish": "wanted",
        "on_shelf": False,
        "coming": False,
        "priority": 2,
        "searches": 0,
        "next_search_at": 0,
        "added_at": 0,
    }
    again = done("add_book", "wives and daughters", "--author", "ELIZABETH GASKELL")
    assert (again["new"], again["book"]["id"]) == (False, first["book"]["id"])
    assert Book.objects.count() == 1


@pytest.mark.parametrize(
    ("title", "author", "is_new"),
    [
        ("cafe stories", "ÉMILE ZOLA", False),
        ("Café... Stories", "Emile Zola", False),
        ("Café Stories", "George Sand", True),
    ],
)
def test_titles_are_compared_without_case_and_accents(
    title: str, author: str, is_new: bool
) -> None:
    make_book("Café: Stories", "Émile Zola")
    assert done("add_book", title, "--author", author)["new"] is is_new


def test_a_book_of_nobody_is_known_again() -> None:
    make_book("Beowulf", "Seamus Heaney")
    assert done("add_book", "Beowulf")["new"]
    assert not done("add_book", "BEOWULF!")["new"]


def test_a_known_book_is_found_in_three_queries(django_assert_num_queries: Any) -> None:
    for number in range(30):
        make_book(f"Volume {number}")
    with django_assert_num_queries(3):
        assert find("volume 7", ["elizabeth gaskell"]) is not None


@pytest.mark.parametrize("wish", [Wish.PARKED, Wish.ASKED])
def test_a_book_that_was_parked_or_asked_for_is_wanted(wish: Wish) -> None:
    book = make_book(wish=wish)
    document = done("add_book", "Cranford", "--author", "Elizabeth Gaskell")
    assert document["book"]["state"] == "wanted"
    book.refresh_from_db()
    assert book.wish == Wish.WANTED


def test_a_dry_run_wants_nothing() -> None:
    document = done("add_book", "Cranford", "--dry-run")
    assert (document["dry_run"], document["new"]) == (True, True)
    assert not Book.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([" "], "Give 1 to 500 letters, not 0."),
        (["..."], "A book needs a title."),
        (["C" * 501], "Give 1 to 500 letters, not 501."),
        (["Cranford", "--author", ""], "Give 1 to 300 letters, not 0."),
        (["Cranford", "--asin", "B00"], "“B00” is no ASIN"),
        (["Cranford", "--isbn", "12"], "“12” is no ISBN"),
        (["Cranford", "--isbn", "0140432036"], "“0140432036” is no ISBN: its last digit"),
        (["Cranford", "--priority", "40000"], "no whole number from -32768 to 32767"),
        (["Cranford", "--asin", "b000000001"], "Another book has this ASIN or ISBN already."),
        ([], "Give a title, or one of --find, --link, --asin and --isbn."),
    ],
)
def test_a_book_that_makes_no_sense_is_refused(arguments: list[str], sentence: str) -> None:
    make_book("Emma", asin="B000000001")
    code, out, err = run("add_book", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert titles() == ["Emma"]


def test_books_are_parked_and_wanted_again() -> None:
    books = [make_book(), make_book("Emma", wish=Wish.ASKED)]
    numbers = [book.pk for book in books]
    done("park_books", *numbers, "--dry-run")
    assert titles("--state=parked") == []
    told = done("park_books", *numbers)["books"]
    assert told[0]["sentence"].startswith("“Cranford” is parked: it is not searched until")
    assert titles("--state=parked") == ["Emma", "Cranford"]
    done("want_books", *numbers)
    assert titles("--state=wanted") == ["Emma", "Cranford"]
    code, _, err = run("park_books", numbers[0], 999)
    assert (code, titles("--state=parked")) == (2, [])
    assert err.startswith("There is no book 999, so nothing was done.")


# --- Looking up -----------------------------------------------------------------------------------


def test_a_book_is_looked_up() -> None:
    book = make_book("Cranford")
    with FakeSources() as fake:
        fake.works = [work("Cranford", "Elizabeth Gaskell")]
        use_sources(fake.url, "open_library", "librivox")
        dry = done("look_up", book.pk, "--dry-run")["books"][0]
        assert {"field": "year", "old": None, "new": 1853, "source": "open_library"} \
            in dry["changes"]  # fmt: skip
        assert dry["sources"][0] == {"source": "open_library", "books": 1, "error": ""}
        assert Book.objects.get().year is None
        assert done("look_up", book.pk)["books"][0]["changes"] == dry["changes"]
        assert Book.objects.get().year == 1853


def test_a_value_is_locked_and_unlocked() -> None:
    book = make_book("Cranford", year=1851)
    done("look_up", book.pk, "--lock", "year")
    assert Book.objects.get().sources["year"]["locked"]
    assert run("look_up", book.pk, "--unlock", "year")[0] == 0
    assert not Book.objects.get().sources["year"]["locked"]
    code, _, err = run("look_up", book.pk, "--lock", "colour")
    assert code == 2
    assert err.startswith("There is no value “colour”. There are: title, authors,")
