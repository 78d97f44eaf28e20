"""Two clusters share one queue and the rows: everything is done once."""

from __future__ import annotations

import itertools
import os
import signal
from collections import Counter
from time import monotonic
from typing import Any

import psutil
import pytest
from django.conf import settings
from django_q.models import Failure

from downloads.clients import open_client
from downloads.grab import add_torrent
from downloads.models import Client, Download, DownloadHistory
from downloads.states import State
from indexers.models import Query
from indexers.search import search_books
from tame.lib.backoff import hurried
from tests.cluster.conftest import Cluster, Clusters, Library, Server, connected
from tests.factory import make_book
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.live.servers import RealServer

OVERSLEEPS = ["between-look-and-add", "before-add"]  # before and after the row's last renewal
LEASE = settings.LEASE_SECONDS
numbers = itertools.count(1)


def queue(library: Library, client: Client, many: int) -> list[str]:
    """That many queued downloads; their tags."""
    tags = []
    for number in itertools.islice(numbers, many):
        title = f"Ruth {number}"
        torrent = library.torrent(title, served=False)
        tags.append(add_torrent(make_book(title), torrent, actor="ann", client=client).tag)
    return tags


def is_asleep(cluster: Cluster) -> bool:
    return bool(cluster.victim) and psutil.Process(cluster.victim).status() == "stopped"


def drain(clusters: Clusters, library: Library, server: Server, many: int, at: str) -> None:
    """One worker falls asleep in the middle, and wakes when its lease is long over."""
    client = connected(server, unfinished_limit=1000)
    tags = queue(library, client, many)
    first = clusters.start({"at": at, "signal": signal.SIGSTOP}, LISTED_WITHIN_SECONDS=1000)
    clusters.until(lambda: is_asleep(first), 20)
    since = monotonic()
    clusters.start(LISTED_WITHIN_SECONDS=1000)
    clusters.until(lambda: monotonic() > since + 1.5 * hurried(LEASE).total_seconds(), 60)
    os.kill(first.victim, signal.SIGCONT)
    arrived = Download.objects.filter(state=State.DOWNLOADING)
    clusters.until(lambda: arrived.count() == many, 60)
    clusters.until(lambda: not clusters.is_busy(), 20, scheduled=False)
    assert_once_each(client, tags)


def assert_once_each(client: Client, tags: list[str]) -> None:
    pushes = DownloadHistory.objects.filter(from_state=State.QUEUED, to_state=State.PUSHED)
    assert pushes.count() == len(set(pushes.values_list("row"))) == len(tags)
    listed = Counter(tag for torrent in open_client(client).all() for tag in torrent.tags)
    assert {tag: listed[tag] for tag in tags} == dict.fromkeys(tags, 1)


@pytest.mark.parametrize("at", [OVERSLEEPS[0], pytest.param(OVERSLEEPS[1], marks=pytest.mark.wide)])
def test_a_worker_that_overslept_adds_nothing_twice(
    clusters: Clusters, library: Library, fake: FakeQBittorrent, at: str
) -> None:
    drain(clusters, library, fake, 12, at)
    assert len(fake.torrents) == 12


@pytest.mark.live
@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("turn", range(5))
def test_fifty_downloads_are_pushed_once_each(
    clusters: Clusters, library: Library, real: RealServer, turn: int
) -> None:
    drain(clusters, library, real, 50, OVERSLEEPS[turn % 2])


@pytest.mark.wide
@pytest.mark.timeout(600)
def test_pools_that_grow_push_fifty_once_each(
    clusters: Clusters, library: Library, fake: FakeQBittorrent
) -> None:
    """Two clusters that are alone on their hosts, each with a scheduler of its own. A worker that
    comes later must not find the connection of the scheduler's last look: on PostgreSQL it would
    read what others asked."""
    client = connected(fake, unfinished_limit=1000)
    tags = queue(library, client, 50)
    fake.answer_late(0.05)
    both = [clusters.start({"eager": True}, LISTED_WITHIN_SECONDS=1000) for _ in range(2)]
    most = [0, 0]
    arrived = Download.objects.filter(state=State.DOWNLOADING)

    def all_arrived() -> bool:
        most[:] = [max(cluster.workers, seen) for cluster, seen in zip(both, most, strict=True)]
        return arrived.count() == len(tags)

    clusters.until(all_arrived, 300)
    clusters.until(lambda: not clusters.is_busy(), 60, scheduled=False)
    assert_once_each(client, tags)
    assert min(most) > settings.WORKERS_AT_REST
    assert not Failure.objects.values_list("func", "result")
    assert not any("Traceback" in cluster.text for cluster in both)


@pytest.mark.wide
def test_rate_limit_holds_for_two_workers(
    clusters: Clusters, library: Library, settings: Any
) -> None:
    """A person's search beside the schedule's: the indexer sees one pace."""
    settings.HURRY = 4
    pace = settings.QUERY_SECONDS / settings.HURRY
    for number in range(4):
        library.wanted(f"Cranford {number}")
    pressed = [make_book(f"Mary Barton {number}") for number in range(4)]
    clusters.start()
    clusters.fire()
    clusters.until(lambda: Query.objects.exists(), 20, scheduled=False)
    search_books(pressed, asked_by="ann")
    first = Query.objects.filter(kind=Query.Kind.SEARCH, tier=1, outcome="answered")
    clusters.until(lambda: first.count() == 8, 30)
    times = [asked.at for asked in library.indexers.requests]
    assert len(times) >= 8  # feeds and further questions keep the same pace
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert min(gaps) > pace / 2  # a turn is taken a little before the request comes in
    assert sum(gaps) > (len(gaps) - 0.5) * pace
