"""The questions that find a book, one after the other, until one gave something to take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Series, SeriesPlace
from indexers.limits import fetches_of, queries_of
from indexers.models import Indexer, Query, Search
from indexers.search import search_book, search_books, search_due
from indexers.tiers import is_distinctive, questions
from tests.factory import make_book, make_indexer
from tests.fakes.torznab import FakeIndexer, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False
    settings.QUERY_SECONDS = 0


@pytest.fixture
def fake() -> Any:
    with FakeIndexer() as server:
        yield server


@pytest.fixture
def indexer(db: None, fake: FakeIndexer) -> Indexer:
    return make_indexer(address=fake.url, key=fake.key)


@pytest.mark.parametrize(
    ("title", "author", "asked"),
    [
        ("Cranford", "Elizabeth Gaskell", ["Cranford Elizabeth Gaskell"]),
        ("Emma", "Jane Austen", ["Emma Jane Austen"]),
        ("Middlemarch", "George Eliot", ["Middlemarch George Eliot", "Middlemarch"]),
        (
            "Walden: or, Life in the Woods",
            "Henry David Thoreau",
            ["Walden: or, Life in the Woods Henry David Thoreau", "Walden Henry David Thoreau"],
        ),
        (
            "Les Misérables",
            "Victor Hugo",
            ["Les Misérables Victor Hugo", "Les Misérables", "Les Miserables Victor Hugo"],
        ),
        ("Short Stories", "Anton Chekhov", ["Short Stories Anton Chekhov"]),
        ("Евгений Онегин", "", ["Евгений Онегин", "Евгении Онегин"]),
        ("(untitled)", "Anna Katharine Green", ["(untitled) Anna Katharine Green"]),
    ],
)
def test_the_most_certain_question_comes_first(title: str, author: str, asked: list[str]) -> None:
    assert questions(make_book(title, author)) == asked


def test_series_and_position_are_asked_last() -> None:
    book = make_book("The Warden", "Anthony Trollope")
    series = Series.objects.create(name="Barsetshire")
    SeriesPlace.objects.create(book=book, series=series, position="1")
    assert questions(book) == ["The Warden Anthony Trollope", "Barsetshire 1 Trollope"]


def test_a_common_title_is_never_asked_alone() -> None:
    assert not is_distinctive("Collected Poems")
    assert not is_distinctive("She")
    assert is_distinctive("Northanger Abbey")


def asked(search: Search) -> list[tuple[int, str]]:
    return list(search.queries.order_by("pk").values_list("tier", "asked"))


def test_the_next_one_goes_out_when_nothing_was_found(fake: FakeIndexer, indexer: Indexer) -> None:
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert asked(search) == [(1, "Middlemarch George Eliot"), (2, "Middlemarch")]
    search.refresh_from_db()
    assert search.finished_at
    assert Search.objects.count() == 1


def test_it_ends_with_the_first_that_gave_something_to_take(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    fake.releases = [Offer("Middlemarch by George Eliot [M4B]")]
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert asked(search) == [(1, "Middlemarch George Eliot")]


def test_what_cannot_be_taken_does_not_end_it(fake: FakeIndexer, indexer: Indexer) -> None:
    fake.releases = [Offer("Middlemarch by George Eliot (Abridged) [M4B]")]
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert len(asked(search)) == 2


def test_all_books_get_their_first_question_before_one_gets_its_second(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    books = [make_book("Middlemarch", "George Eliot"), make_book("Northanger Abbey", "Jane Austen")]
    search_books(books, asked_by="ann")
    assert list(Query.objects.order_by("pk").values_list("tier", flat=True)) == [1, 1, 2, 2]


def test_an_indexer_that_failed_gets_no_second_question(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    fake.fail("tracker-down")
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert [tier for tier, _ in asked(search)] == [1]


def test_out_of_time_the_first_answer_counts(fake: FakeIndexer, indexer: Indexer) -> None:
    book = make_book("Middlemarch", "George Eliot")
    search_due(lambda: not Query.objects.exclude(outcome="asked").exists())
    book.refresh_from_db()
    assert Search.objects.get().finished_at
    assert (book.searches, Query.objects.count()) == (1, 1)
    assert book.next_search_at > timezone.now()


# --- What an indexer allows -----------------------------------------------------------------------


def test_an_indexer_is_asked_no_more_often_than_it_allows(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    Indexer.objects.update(queries_a_day=3)
    books = [make_book(f"Cran{letter}ford") for letter in "abcde"]
    search_books(books, asked_by="ann")
    assert len(fake.searches) == 3
    last = Query.objects.filter(outcome="skipped").first()
    assert last is not None
    assert "Gutenberg Tracker allows 3 questions a day, and they are used" in last.sentence
    indexer.refresh_from_db()
    assert indexer.failures == 0


def test_a_book_that_could_not_be_asked_for_is_due_when_one_may_be_asked_again(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    Indexer.objects.update(queries_a_day=1)
    search_books([make_book("Ruth")], asked_by="ann")
    book = make_book("Cranford")
    search_books([book], asked_by="ann")
    book.refresh_from_db()
    wait = book.next_search_at - timezone.now()
    assert timedelta(hours=23) < wait <= timedelta(hours=24)


def test_the_allowance_comes_back_after_a_day(fake: FakeIndexer, indexer: Indexer) -> None:
    Indexer.objects.update(queries_a_day=1)
    indexer.refresh_from_db()
    search_books([make_book("Ruth")], asked_by="ann")
    assert queries_of(indexer).left == 0
    Query.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert queries_of(indexer).left == 1


def test_without_a_limit_nothing_is_counted(
    indexer: Indexer, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert queries_of(indexer).left is None
        assert fetches_of(indexer).left is None


def test_an_allowance_of_none_at_all_is_kept(fake: FakeIndexer, indexer: Indexer) -> None:
    Indexer.objects.update(queries_a_day=0)
    search_books([make_book("Ruth")], asked_by="ann")
    assert fake.searches == []
