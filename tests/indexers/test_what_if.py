"""An edited profile, tried on what is stored, before anybody saves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Author, Book, Library, ShelfCopy
from books.profiles import Profile
from indexers.decide import decide_due
from indexers.models import Indexer, Rejection, Release, Verdict
from tests.commanding import done, run, run_json
from tests.factory import make_book, make_indexer, make_release

pytestmark = pytest.mark.django_db
QUERIES = 7


@pytest.fixture(autouse=True)
def stored(db: None, settings: Any) -> None:
    settings.BELLS = False
    indexer, book = make_indexer(), make_book()
    make_release(indexer, book, title="Cranford - Elizabeth Gaskell [M4B] retail")
    make_release(indexer, book, title="Cranford - Elizabeth Gaskell (Abridged) [MP3]")
    decide_due()


def test_what_would_change_is_told_with_its_reason() -> None:
    told = done("what_if", "Default", "--set", "takes_abridged=yes", "--set", "ignored=retail")
    assert told["now"] == {"take": 1, "reject": 1}
    assert told["then"] == {"reject": 1, "take": 1}
    assert [(row["now"], row["then"]) for row in told["changed"]] == [
        ("take", "reject"), ("reject", "take"),
    ]  # fmt: skip
    assert told["changed"][0]["why"] == ["The profile ignores releases with “retail”."]


def test_nothing_is_written() -> None:
    before = list(Verdict.objects.values()), list(Rejection.objects.values())
    profile = dict(Profile.objects.values().get())
    run("what_if", "Default", "--set", "least_seeders=99")
    assert (list(Verdict.objects.values()), list(Rejection.objects.values())) == before
    assert dict(Profile.objects.values().get()) == profile


def test_unedited_nothing_changes() -> None:
    assert done("what_if", "Default")["changed"] == []


@pytest.fixture
def on_the_shelf() -> Book:
    book = Book.objects.get()
    library = Library.objects.create(name="Audiobooks", root="/srv/audiobooks")
    ShelfCopy.objects.create(book=book, library=library, folder="Cranford", format="mp3")
    Book.objects.update(on_shelf=True)
    return book


def test_a_book_that_has_come_counts_as_it_was_wanted(on_the_shelf: Book) -> None:
    told = done("what_if", "Default", "--set", "ignored=retail")
    assert (told["now"], told["then"]) == ({"take": 1, "reject": 1}, {"reject": 2})


def test_what_an_upgrade_would_take_is_told(on_the_shelf: Book) -> None:
    told = done("what_if", "Default", "--set", "upgrade=yes")
    assert (told["now"], told["then"]) == ({"reject": 2}, {"take": 1, "reject": 1})


@pytest.mark.parametrize("rows", [1, 30])
def test_it_takes_as_many_queries_whatever_was_found(
    rows: int, on_the_shelf: Book, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        make_release(Indexer.objects.get(), on_the_shelf, title=f"Cranford {n}", identity=str(n))
    with django_assert_num_queries(QUERIES):
        run("what_if", "Default", "--set", "upgrade=yes")


def test_a_person_reads_it() -> None:
    code, out, _ = run("what_if", "Default", "--set", "least_seeders=99")
    assert code == 0
    assert "take: 1 now, 0 then." in out
    assert "Cranford: take to offer: Cranford - Elizabeth Gaskell [M4B] retail" in out


def test_only_what_was_seen_in_those_days_counts() -> None:
    Release.objects.update(last_seen_at=timezone.now() - timedelta(days=9))
    assert done("what_if", "Default", "--days", "7")["now"] == {}
    assert done("what_if", "Default", "--days", "10")["now"] == {"take": 1, "reject": 1}


def test_only_its_own_books_count() -> None:
    mine = Profile.objects.create(name="Mine")
    assert done("what_if", "Mine")["now"] == {}
    Author.objects.update(profile=mine)
    assert done("what_if", "Mine")["now"] == {"take": 1, "reject": 1}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("colour=red", "A profile has no “colour”. It has: "),
        ("least_seeders", "“least_seeders” sets nothing"),
        ("least_seeders=many", "least_seeders: Enter a whole number."),
        ("formats=epub", "formats: “epub” is no audio format."),
        ("languages=ger,klingon", "languages: Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_said(setting: str, sentence: str) -> None:
    code, document = run_json("what_if", "Default", "--set", setting)
    assert code == 2
    assert document["error"].startswith(sentence)
