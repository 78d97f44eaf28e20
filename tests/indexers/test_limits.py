"""What an indexer allows in a day, and how its searches and its feed share it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from indexers.feeds import read_feeds
from indexers.limits import feed_every, feeds_of, fetches_of, searches_of
from indexers.models import Indexer, Query
from indexers.search import search_book, search_books
from tame.lib.moments import moment
from tests.factory import make_book
from tests.fakes.torznab import FakeIndexer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def row(gutenberg: Indexer) -> Indexer:
    """It has no feed: what it allows is for the searches."""
    Indexer.objects.update(reads_feed=False)
    return gutenberg


def allows(indexer: Indexer, number: int) -> Indexer:
    Indexer.objects.update(queries_a_day=number)
    indexer.refresh_from_db()
    return indexer


def asked(indexer: Indexer, kind: str, number: int, ago: timedelta = MINUTE) -> None:
    at = timezone.now() - ago
    Query.objects.bulk_create(
        Query(indexer=indexer, kind=kind, outcome="answered", started_at=at) for _ in range(number)
    )


def search_five() -> None:
    search_books([make_book(f"Cran{letter}ford") for letter in "abcde"], asked_by="ann")


def test_an_indexer_is_asked_no_more_often_than_it_allows(
    jackett: FakeIndexer, row: Indexer
) -> None:
    allows(row, 3)
    search_five()
    assert len(jackett.searches) == 3
    last = Query.objects.filter(outcome="skipped").first()
    assert last is not None
    assert "Gutenberg Tracker allows 3 questions a day, and they are used" in last.sentence
    row.refresh_from_db()
    assert row.failures == 0


def test_a_book_that_could_not_be_asked_for_is_due_when_one_may_be_asked_again(
    row: Indexer,
) -> None:
    allows(row, 1)
    search_book(make_book("Ruth"), asked_by="ann")
    book = make_book("Cranford")
    search_book(book, asked_by="ann")
    book.refresh_from_db()
    wait = book.next_search_at - timezone.now()
    assert timedelta(hours=23) < wait <= timedelta(hours=24)


def test_the_allowance_comes_back_after_a_day(row: Indexer) -> None:
    allows(row, 1)
    search_book(make_book("Ruth"), asked_by="ann")
    assert searches_of(row).left == 0
    Query.objects.update(started_at=timezone.now() - timedelta(hours=25))
    assert searches_of(row).left == 1


def test_without_a_limit_nothing_is_counted(
    gutenberg: Indexer, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert searches_of(gutenberg).left is None
        assert feeds_of(gutenberg).left is None
        assert fetches_of(gutenberg).left is None


def test_an_allowance_of_none_at_all_is_kept(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    allows(gutenberg, 0)
    search_five()
    assert read_feeds() == "No indexer has a feed to read right now."
    assert jackett.searches == []


# --- Searches and the feed ------------------------------------------------------------------------


def test_searches_leave_what_the_feed_needs(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    """A question for each of its runs in a day: 96 of 100 would leave too few for the searches."""
    allows(gutenberg, 200)
    asked(gutenberg, "search", 102)
    search_five()
    assert len(jackett.searches) == 2
    last = Query.objects.filter(outcome="skipped").latest("pk")
    until = moment(timezone.now() - MINUTE + DAY)
    assert last.sentence == (
        "Gutenberg Tracker allows 200 questions a day, 96 of which are kept for reading what is "
        f"new; the others are used: it is asked again at {until}."
    )
    read_feeds()
    assert jackett.searches[-1] == ""


def test_a_feed_leaves_what_the_searches_need(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    allows(gutenberg, 200)
    asked(gutenberg, "feed", 104, 23 * HOUR)
    assert feeds_of(gutenberg).left == 0
    assert searches_of(gutenberg).left == 96


@pytest.mark.parametrize(("number", "searches", "feeds"), [(10, 5, 5), (3, 2, 2), (2, 1, 1)])
def test_of_few_questions_each_has_its_half(
    gutenberg: Indexer, number: int, searches: int, feeds: int
) -> None:
    allows(gutenberg, number)
    assert (searches_of(gutenberg).left, feeds_of(gutenberg).left) == (searches, feeds)
    asked(gutenberg, "search", searches)
    assert searches_of(gutenberg).left == 0
    assert feeds_of(gutenberg).left == min(feeds, number - searches)


def test_never_more_than_it_allows_by_both_together(gutenberg: Indexer) -> None:
    allows(gutenberg, 300)
    asked(gutenberg, "feed", 150)
    asked(gutenberg, "search", 149)
    assert searches_of(gutenberg).left == feeds_of(gutenberg).left == 1
    asked(gutenberg, "search", 1)
    assert "and they are used" in searches_of(gutenberg).sentence


def test_a_feed_of_few_questions_is_spread_over_the_day(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    assert feed_every(gutenberg) == 15 * MINUTE
    assert feed_every(allows(gutenberg, 1000)) == 15 * MINUTE
    assert feed_every(allows(gutenberg, 10)) == DAY / 5
    read_feeds()
    read_feeds()
    assert len(jackett.searches) == 1
    Query.objects.update(started_at=timezone.now() - 5 * HOUR)
    read_feeds()
    assert len(jackett.searches) == 2
