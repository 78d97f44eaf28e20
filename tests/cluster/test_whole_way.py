"""A wanted book comes down all by itself, but for one press on Grab."""

from __future__ import annotations

from typing import Any

import pytest

from books.models import Book
from downloads.grab import grab
from downloads.models import Client, Download
from downloads.states import State
from indexers.models import Query, Release, Search
from tests.cluster.conftest import Clusters, Library, Server, connected
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.live.servers import RealServer


def bring(clusters: Clusters, library: Library, server: Server) -> Download:
    client = connected(server)
    book = library.wanted("Cranford")
    clusters.until(lambda: Release.objects.filter(verdicts__book=book).exists(), 20)
    download = grab(book, Release.objects.get(), actor="ann")
    clusters.until(lambda: again(download).state == State.COMPLETED, 30)
    assert Client.objects.get(pk=client.pk).last_ok_at
    return again(download)


def test_a_search_whose_worker_was_killed_is_done_again(
    clusters: Clusters, library: Library, settings: Any
) -> None:
    clusters.minute = 45 / settings.HURRY
    book = library.wanted("Cranford")
    cluster = clusters.start({"at": "in-search"})
    clusters.until(lambda: cluster.victim_is_dead, 10)
    assert Search.objects.get().finished_at is None
    asked = Query.objects.filter(kind=Query.Kind.SEARCH)
    answered = asked.filter(outcome=Query.Outcome.ANSWERED)  # the feed may know the book before
    clusters.recover(answered.exists)
    clusters.until(lambda: not Search.objects.filter(finished_at=None), 10)
    assert Release.objects.filter(verdicts__book=book).exists()
    outcomes = list(asked.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Query.Outcome.FAILED, Query.Outcome.ANSWERED]


def again(download: Download) -> Download:
    return Download.objects.get(pk=download.pk)


def moves(download: Download) -> list[str]:
    return [entry.to_state for entry in reversed(download.history.all())]


@pytest.mark.parametrize(
    "bells",
    [
        pytest.param(True, id="with bells"),
        pytest.param(False, id="without bells", marks=pytest.mark.wide),
    ],
)
def test_a_wanted_book_comes_down(
    clusters: Clusters, library: Library, fake: FakeQBittorrent, bells: bool, settings: Any
) -> None:
    settings.BELLS = bells
    clusters.start(bells=bells)
    download = bring(clusters, library, fake)
    assert moves(download) == ["queued", "pushed", "downloading", "completed"]
    assert len(fake.torrents) == 1
    assert fake.torrents[download.client_hash].is_complete
    assert Book.objects.get().coming


@pytest.mark.live
def test_a_wanted_book_comes_down_in_a_real_client(
    clusters: Clusters, library: Library, real: RealServer
) -> None:
    clusters.start(LISTED_WITHIN_SECONDS=100)
    download = bring(clusters, library, real)
    assert moves(download) == ["queued", "pushed", "downloading", "completed"]
    for path, data in library.seed.files.items():
        assert (real.downloads / path).read_bytes() == data
