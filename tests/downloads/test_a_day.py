"""Many books are wanted at once and all are offered: a day of every step, by a clock of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.profiles import Profile
from downloads.models import Brakes, Download
from downloads.take import take_due
from indexers.decide import decide_due
from indexers.feeds import read_feeds
from indexers.models import Query
from indexers.search import search_due
from tests.factory import make_book, make_client, make_indexer
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torznab import FakeIndexer, Offer

pytestmark = [pytest.mark.django_db, pytest.mark.wide]
QUERIES = 40
HOUR = timedelta(hours=1)


@pytest.fixture(params=[60, 300])
def jackett(db: None, request: pytest.FixtureRequest) -> Iterator[FakeIndexer]:
    """With so many books, all of them wanted."""
    with FakeIndexer() as server:
        letters = "abcdefghijklmnopqrst"
        names = [f"Cran{one}{two}ford" for one in letters for two in letters][: request.param]
        server.releases = [Offer(f"{name} by Elizabeth Gaskell [M4B]") for name in names]
        for name in names:
            make_book(name)
        yield server


@pytest.fixture
def client() -> Iterator[FakeQBittorrent]:
    with FakeQBittorrent() as server:
        yield server


@pytest.fixture
def clock(pass_time: Callable[[timedelta], None], settings: Any) -> Callable[[timedelta], None]:
    settings.QUERY_SECONDS = 0
    return pass_time


def live(hours: int, move: Callable[[timedelta], None]) -> None:
    for _ in range(hours):
        search_due(lambda: True)
        read_feeds()
        decide_due()
        take_due()
        move(HOUR)


def test_exactly_the_budget_is_taken_and_no_indexer_asked_too_often(
    jackett: FakeIndexer, client: FakeQBittorrent, clock: Callable[[timedelta], None]
) -> None:
    Profile.objects.update(automatic=True)
    seedbox = {"username": client.username, "password": client.password}
    make_client(address=client.url, unfinished_limit=1000, **seedbox)
    make_indexer(address=jackett.url, key=jackett.key, queries_a_day=QUERIES)
    live(24, clock)
    assert Download.objects.filter(automatic=True).count() == Brakes.now().grabs_a_day
    assert Download.objects.count() == Brakes.now().grabs_a_day
    feeds = jackett.searches.count("")
    assert len(jackett.searches) - feeds == QUERIES - 20  # the others are kept for the feed
    assert feeds == 12  # every second hour
    live(2, clock)  # the next day
    assert Download.objects.count() == 2 * Brakes.now().grabs_a_day
    newest = Query.objects.filter(started_at__gt=timezone.now() - 24 * HOUR)
    assert newest.exclude(outcome="skipped").count() <= QUERIES
