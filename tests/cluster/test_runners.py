"""However long the services hang, one worker stays free."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import psutil
import pytest
from django.utils import timezone
from django_q.tasks import async_task

from books.models import Book
from books.want import want
from downloads.grab import add_torrent
from downloads.models import Client, Download
from downloads.states import State, Wish
from downloads.steer import pause
from indexers.models import Indexer
from tame.lib import bell
from tame.models import NamedLease
from tame.runners import RUNNERS, note_watcher
from tests.cluster.conftest import Cluster, Clusters, Library, connected
from tests.factory import make_book, make_download
from tests.fakes.qbittorrent import FakeQBittorrent

HANGING = 10.0


@pytest.fixture
def hanging() -> Iterator[list[FakeQBittorrent]]:
    """Three clients that take requests and do not answer in time."""
    with ExitStack() as stack:
        fakes = [stack.enter_context(FakeQBittorrent()) for _ in range(3)]
        for fake in fakes:
            fake.answer_late(HANGING)
        yield fakes


class Rush:
    """Everything there is to do hangs, and is asked for again and again."""

    def __init__(self, library: Library, hanging: list[FakeQBittorrent]) -> None:
        library.indexers.delay = HANGING
        for number, fake in enumerate(hanging):
            client = connected(fake, name=f"seedbox {number}")
            make_download(client, state=State.PUSHED, hash_v1="a" * 40)
            make_download(
                client, state=State.DOWNLOADING, hash_v1="b" * 40, client_hash="b" * 40,
                client_wish=Wish.STOPPED, last_progress_at=timezone.now() - timedelta(days=1),
            )  # fmt: skip
            book = make_book(f"Ruth {number}")
            add_torrent(book, library.torrent(f"Ruth {number}"), actor="ann", client=client)
        make_book("Cranford")

    def go_on(self) -> None:
        """Services are forgiven as soon as their pause could be over."""
        note_watcher()
        Client.objects.update(off_until=None, failures=0)
        Indexer.objects.update(off_until=None, failures=0)
        Book.objects.update(next_search_at=timezone.now())


def answer(clusters: Clusters) -> float:
    """Seconds until a canary is answered."""
    before = timezone.now()
    async_task("tame.tasks.beat", timeout=5, save=False)
    sent = monotonic()
    alive = NamedLease.objects.filter(name="canary", until__gt=before)
    clusters.until(alive.exists, 120)
    return monotonic() - sent


def workers(cluster: Cluster) -> set[int]:
    return {process.pid for process in psutil.Process(cluster.process.pid).children(True)}


@pytest.mark.wide
@pytest.mark.parametrize(
    ("pace", "seconds"),
    [
        pytest.param(10, 9, id="ten times as fast"),
        pytest.param(1, 90, id="true time", marks=[pytest.mark.long, pytest.mark.timeout(300)]),
    ],
)
def test_the_canary_is_answered_while_all_runners_hang(
    clusters: Clusters,
    library: Library,
    hanging: list[FakeQBittorrent],
    settings: Any,
    pace: float,
    seconds: float,
) -> None:
    settings.HURRY = pace
    clusters.minute = 60 / pace
    timeouts: dict[str, Any] = {
        name: [part / pace for part in getattr(settings, name)]
        for name in ("CLIENT_TIMEOUT", "FETCH_TIMEOUT", "INDEXER_TIMEOUT")
    }
    rush = Rush(library, hanging)
    cluster = clusters.start(**timeouts)
    born = workers(cluster)
    ends, slowest, held = monotonic() + seconds, 0.0, set[str]()
    while monotonic() < ends:
        rush.go_on()
        async_task("tests.cluster.held.hold_files", 50 / pace)
        slowest = max(slowest, answer(clusters))
        held |= set(NamedLease.objects.exclude(until=None).values_list("name", flat=True))
        sleep(settings.BEAT_SECONDS / pace)
    assert slowest < settings.STALL_SECONDS / pace
    assert held >= set(RUNNERS)
    assert workers(cluster) >= born


@pytest.mark.wide
def test_a_client_that_lists_late_is_not_stormed(
    clusters: Clusters, library: Library, fake: FakeQBittorrent
) -> None:
    connected(fake)
    fake.list_late(3)
    for number in range(5):
        add_torrent(make_book(f"Ruth {number}"), library.torrent(f"Ruth {number}"), actor="ann")
    clusters.minute = 60
    clusters.start(LISTED_WITHIN_SECONDS=1000, AGAIN_SECONDS=10)
    clusters.until(lambda: not Download.objects.filter(confirmed_at=None).exists(), 20)
    assert len(fake.asked("torrents/info")) < 60


def test_what_is_queued_during_a_push_does_not_wait_for_the_schedule(
    clusters: Clusters, library: Library, fake: FakeQBittorrent
) -> None:
    connected(fake)
    clusters.start()
    fake.hang_next("torrents/add", 1.5)
    add_torrent(make_book("Ruth"), library.torrent("Ruth"), actor="ann")
    clusters.until(lambda: fake.asked("torrents/add"), 10, scheduled=False)
    add_torrent(make_book("Cranford"), library.torrent("Cranford"), actor="ann")
    clusters.until(lambda: len(fake.torrents) == 2, 10, scheduled=False)


def test_what_is_wanted_during_a_search_does_not_wait_for_the_schedule(
    clusters: Clusters, library: Library
) -> None:
    library.indexers.delay = 1.5
    clusters.start()
    want("Ruth", ["Elizabeth Gaskell"])
    clusters.until(lambda: library.indexers.requests, 10, scheduled=False)
    want("Cranford", ["Elizabeth Gaskell"])
    clusters.until(lambda: len(library.indexers.searches) == 2, 10, scheduled=False)


def test_a_pause_pressed_on_a_watched_page_comes_true_at_once(
    clusters: Clusters, library: Library, fake: FakeQBittorrent, settings: Any
) -> None:
    """Though the chain of ticks has the clients for 20 seconds."""
    settings.HURRY = 1
    row = connected(fake)
    download = add_torrent(
        make_book("Ruth"), library.torrent("Ruth", served=False), actor="ann", client=row
    )
    cluster = clusters.start()
    note_watcher()
    clusters.until(lambda: Download.objects.filter(state=State.DOWNLOADING), 10, scheduled=False)
    bell.ring("downloads.tasks.sync")
    clusters.until(lambda: "processing" in ticks(cluster), 10, scheduled=False)
    download.refresh_from_db()
    pause(download, actor="ann")
    clusters.until(lambda: fake.torrents[download.client_hash].stopped, 6, scheduled=False)
    assert "Processed" not in ticks(cluster)


def ticks(cluster: Cluster) -> str:
    return "".join(line for line in cluster.text.splitlines() if "'downloads.tasks.tick'" in line)
