"""The questions that find a book, one after the other, until one gave something to take."""

from __future__ import annotations

import pytest
from django.utils import timezone

from books.models import Series, SeriesPlace
from indexers.models import Indexer, Query, Search
from indexers.search import search_book, search_books, search_due
from indexers.tiers import is_distinctive, questions
from tests.factory import make_book
from tests.fakes.torznab import FakeIndexer, Offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


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


@pytest.mark.parametrize("title", ["The Life and Adventures of " * 18, "長" * 500])
def test_of_a_very_long_title_the_first_words_are_asked(title: str) -> None:
    """What was asked is kept in a column of 500 letters."""
    texts = questions(make_book(title.strip(), "Daniel Defoe" * 15))
    assert texts[0].startswith(title[:100])
    assert max(map(len, texts)) <= 250


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


def test_the_next_one_goes_out_when_nothing_was_found(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert asked(search) == [(1, "Middlemarch George Eliot"), (2, "Middlemarch")]
    search.refresh_from_db()
    assert search.finished_at
    assert Search.objects.count() == 1


def test_it_ends_with_the_first_that_gave_something_to_take(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    jackett.releases = [Offer("Middlemarch by George Eliot [M4B]")]
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert asked(search) == [(1, "Middlemarch George Eliot")]


def test_what_cannot_be_taken_does_not_end_it(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    jackett.releases = [Offer("Middlemarch by George Eliot (Abridged) [M4B]")]
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert len(asked(search)) == 2


def test_all_books_get_their_first_question_before_one_gets_its_second(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    books = [make_book("Middlemarch", "George Eliot"), make_book("Northanger Abbey", "Jane Austen")]
    search_books(books, asked_by="ann")
    assert list(Query.objects.order_by("pk").values_list("tier", flat=True)) == [1, 1, 2, 2]


def test_an_indexer_that_failed_gets_no_second_question(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    jackett.fail("tracker-down")
    search = search_book(make_book("Middlemarch", "George Eliot"), asked_by="ann")
    assert [tier for tier, _ in asked(search)] == [1]


def test_out_of_time_the_first_answer_counts(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    book = make_book("Middlemarch", "George Eliot")
    search_due(lambda: not Query.objects.exclude(outcome="asked").exists())
    book.refresh_from_db()
    assert Search.objects.get().finished_at
    assert (book.searches, Query.objects.count()) == (1, 1)
    assert book.next_search_at > timezone.now()
