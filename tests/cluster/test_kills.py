"""Whatever dies at whatever line: one torrent, or none when it was cancelled, and no lost row."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any

import pytest
from django.conf import settings

from downloads.clients import open_client
from downloads.grab import grab
from downloads.models import Client, Download
from downloads.states import ImportState, State
from downloads.steer import cancel
from tests.cluster.conftest import Clusters, Library, connected
from tests.cluster.kills import BEFORE_THE_ANSWER, IDLE, IDLE_AT_THE_QUEUE, POINTS, SENTINEL
from tests.live.servers import RealServer

pytestmark = pytest.mark.live

HURRY = 20
AS_SLOW_AS_EVER: dict[str, Any] = {  # the machine is in no hurry
    "LISTED_WITHIN_SECONDS": 10 * HURRY,
    "TURN_SECONDS": settings.TURN_SECONDS * HURRY,
}
PUSH = ["before-fetch", "after-fetch", "before-add", BEFORE_THE_ANSWER, "after-add"]
KILLS = [*PUSH, "before-confirm"]
WIDE = {BEFORE_THE_ANSWER, "before-confirm"}


def chosen(short: str, wide: Collection[str] = ()) -> list[Any]:
    marks = {at: [pytest.mark.wide if at in wide else pytest.mark.long] for at in KILLS}
    return [pytest.param(at, marks=(marks | {short: []})[at]) for at in KILLS]


QUEUED, BEING_PUSHED = "queued", "being pushed"
BESIDE = [
    pytest.param(IDLE, BEING_PUSHED, marks=pytest.mark.wide),
    pytest.param(IDLE_AT_THE_QUEUE, QUEUED, marks=pytest.mark.wide),
    (SENTINEL, BEING_PUSHED),
    pytest.param(IDLE, QUEUED, marks=pytest.mark.long),
    pytest.param(IDLE_AT_THE_QUEUE, BEING_PUSHED, marks=pytest.mark.long),
    pytest.param(SENTINEL, QUEUED, marks=pytest.mark.long),
]
titles = (f"Cranford {number}" for number in itertools.count(1))


@pytest.fixture(autouse=True)
def hurry(settings: Any, clusters: Clusters) -> None:
    settings.HURRY = HURRY
    clusters.minute = 45 / HURRY


@pytest.fixture
def client_row(real: RealServer, transactional_db: None) -> Client:
    return connected(real)


def kill_worker(clusters: Clusters, library: Library, at: str) -> Download:
    """A download whose worker was killed there."""
    assert at in POINTS or at == BEFORE_THE_ANSWER
    book, release = library.found(next(titles))
    cluster = clusters.start({"at": at}, **AS_SLOW_AS_EVER)
    download = grab(book, release, actor="ann")
    clusters.until(lambda: cluster.victim_is_dead, 10)
    return again(download)


def again(download: Download) -> Download:
    return Download.objects.get(pk=download.pk)


def moves(download: Download) -> list[str]:
    return [entry.to_state for entry in reversed(download.history.all())]


@pytest.mark.parametrize("at", chosen("before-add", WIDE))
def test_a_killed_worker_leaves_one_torrent(
    clusters: Clusters, library: Library, client_row: Client, at: str
) -> None:
    download = kill_worker(clusters, library, at)
    state = download.state
    assert state == (State.PUSHED if at == "before-confirm" else State.QUEUED)
    clusters.recover(lambda: again(download).state != state)
    assert_one_torrent(clusters, download)


def assert_one_torrent(clusters: Clusters, download: Download) -> None:
    """It comes to its end, each step done once, and its book waits for it."""
    clusters.until(lambda: again(download).state == State.COMPLETED, 20)
    assert moves(download) == ["queued", "pushed", "downloading", "completed"]
    assert len(open_client(download.client).find_by_tag(download.tag)) == 1
    assert download.imports.get().state == ImportState.PENDING


@pytest.mark.parametrize(("who", "moment"), BESIDE)
def test_who_dies_beside_a_download_leaves_one_torrent(
    clusters: Clusters, library: Library, client_row: Client, settings: Any, who: str, moment: str
) -> None:
    settings.BELLS = moment == BEING_PUSHED  # else nobody comes for it yet
    book, release = library.found(next(titles))
    cluster = clusters.start({"at": who}, WORKERS_AT_REST=3, **AS_SLOW_AS_EVER)
    library.indexers.delay = 2
    download = grab(book, release, actor="ann")
    if moment == BEING_PUSHED:
        clusters.until(lambda: library.indexers.downloads, 10, scheduled=False)
    cluster.cue.touch()
    clusters.until(lambda: cluster.victim_is_dead, 10, scheduled=False)
    library.indexers.delay = 0
    assert again(download).state == State.QUEUED
    assert cluster.lost_its_sentinel == (who == SENTINEL)
    if who != IDLE:
        clusters.restart(cluster)
    held = moment == BEING_PUSHED
    clusters.recover(lambda: again(download).state != State.QUEUED, held=held)
    assert_one_torrent(clusters, download)


@pytest.mark.parametrize("at", chosen(BEFORE_THE_ANSWER))
def test_a_cancel_pressed_while_all_is_dead_leaves_none(
    clusters: Clusters, library: Library, client_row: Client, at: str
) -> None:
    download = kill_worker(clusters, library, at)
    cluster = clusters.all[0]
    cluster.kill()
    cancel(again(download), actor="ann")
    clusters.restart(cluster)
    clusters.recover(lambda: again(download).client_agrees_at)
    clusters.settle()
    assert again(download).state == State.CANCELLED
    assert not open_client(client_row).find_by_tag(download.tag)
