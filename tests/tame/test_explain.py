"""The story of a book: on its page and by a command, from the rows of all rooms."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from books.models import Book
from books.profiles import Profile
from downloads.grab import grab
from downloads.models import Brakes
from indexers.decide import decide_due
from indexers.labels import block, not_this_one, this_is_right, unblock
from indexers.models import Block, Indexer, Query, Search
from tame.story import SEARCHES, standing, story
from tests.commanding import done, run
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.people import browser, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False


@pytest.fixture
def indexer(db: None) -> Indexer:
    make_client()
    return make_indexer()


@pytest.fixture
def book(indexer: Indexer) -> Book:
    book = make_book()
    search = Search.objects.create(book=book, asked_by="ann")
    Query.objects.create(
        search=search, indexer=indexer, indexer_name=indexer.name, asked="Cranford",
        sentence="Gutenberg Tracker listed 2 releases, 2 of them new.",
    )  # fmt: skip
    make_release(indexer, book)
    make_release(indexer, book, title="Elizabeth Gaskell - Cranford (Abridged) [MP3]")
    decide_due()
    return book


def sentences(book: Book) -> list[str]:
    return [line.sentence for line in story(book)]


def test_what_was_not_judged_is_not_counted_as_offered(book: Book, indexer: Indexer) -> None:
    make_release(indexer, book, title="Cranford [M4B]")
    assert standing(book).counts == {"take": 1, "reject": 1, "not judged": 1}


def test_it_is_told_in_order(book: Book) -> None:
    release = book.verdicts.filter(outcome="take").get().release
    grab(book, release, actor="ann")
    told = sentences(book)
    assert told[:3] == [
        "“Cranford” was added.",
        "It was searched.",
        "“Cranford”: Gutenberg Tracker listed 2 releases, 2 of them new.",
    ]
    assert "ann took this for “Cranford”." in told
    assert any(sentence.startswith("To come from download ") for sentence in told)


def test_the_page_tells_it(book: Book) -> None:
    assert "Gutenberg Tracker listed 2 releases" in browser().get(page_of(book)).content.decode()


def test_a_word_against_a_release_is_told(book: Book) -> None:
    not_this_one(book, book.verdicts.all()[0].release, actor="ann")
    assert any("was blocked: Not this one, said ann." in sentence for sentence in sentences(book))


def test_a_word_for_a_release_is_told(book: Book) -> None:
    release = book.verdicts.filter(outcome="take").get().release
    this_is_right(book, release, actor="ann")
    block(release, book=book, reason="Too loud.", actor="bob")
    unblock(Block.objects.get(), actor="cat")
    assert sentences(book)[-2:] == [
        f"ann says that “{release}” is right.",
        f"cat allowed “{release}” again; it was blocked: Too loud.",
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_it_costs_the_same_however_long_it_is(book: Book, indexer: Indexer, number: int) -> None:
    for _ in range(number):
        Search.objects.filter(finished_at=None).update(finished_at=book.added_at)
        Search.objects.create(book=book)
    with CaptureQueriesContext(connection) as asked:
        lines = story(book)
    assert len(asked) <= 7
    assert len(lines) <= SEARCHES + 2


def test_the_command_says_where_it_is_and_why(book: Book) -> None:
    code, out, _ = run("explain", book.pk)
    assert code == 0
    assert "“Cranford” by Elizabeth Gaskell is wanted." in out
    assert "Found: 1 reject, 1 take." in out or "Found: 1 take, 1 reject." in out
    assert "What spoke against them: abridged 1." in out
    assert "A person takes it: the profile asks first." in out


def test_a_program_gets_the_same(book: Book) -> None:
    told = done("explain", book.pk)
    assert told["choice"]["title"] == "Cranford by Elizabeth Gaskell [ENG / M4B]"
    assert told["rules"] == {"abridged": 1}
    assert told["story"][0]["sentence"] == "“Cranford” was added."


def test_a_brake_is_named(book: Book) -> None:
    Profile.objects.update(automatic=True)
    Brakes.objects.create(pk=1, grabs_a_day=0)
    assert done("explain", book.pk)["waits"] == [
        "Its search is not over: something better may come.",
        "0 of 0 automatic grabs a day are used.",
    ]


def test_a_book_nothing_was_found_for_has_a_story_too(db: None) -> None:
    told = done("explain", make_book().pk)
    assert (told["found"], told["choice"], told["waits"]) == ({}, None, [])


def test_there_is_no_story_of_nothing(db: None) -> None:
    assert run("explain", 7)[0] == 2
