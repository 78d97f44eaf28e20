"""Under the supervisor: what a killed cluster left goes on by itself."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest
from django.conf import settings as django_settings
from django.db import connection

from downloads.grab import add_torrent
from downloads.models import Download
from downloads.states import State
from tests.cluster.conftest import Clusters, Library, connected
from tests.cluster.test_schedules import World, days_ago
from tests.factory import make_book
from tests.fakes.loopback import free_port
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.sources import FakeSources
from tests.tame.running import ROOT, Running

BRISK = {"BEAT_SECONDS": 0.5, "STALL_SECONDS": 5, "DEAD_GRACE_SECONDS": 1, "RESTART_SECONDS": 0.2}
Start = Callable[..., Running]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path) -> Iterator[Start]:
    """Runs TAME in an empty folder, on the test's database."""
    with ExitStack() as stack:

        def run(*command: str, bells: bool = True, **settings: Any) -> Running:
            environment = {
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "TEST_DATA": str(tmp_path / "data"),
                "TEST_DB": str(connection.settings_dict["NAME"]),
                "TEST_SETTINGS": json.dumps(settings),
                "TAME_HURRY": str(django_settings.HURRY),
                "TAME_BELLS": str(int(bells)),
                "TAME_PORT": str(free_port()),
            }
            running = Running(command, tmp_path / "tame.log", environment)
            stack.enter_context(running)
            running.wait_for("TAME is at", 60)
            return running

        yield run


QUICKSTART = (sys.executable, "manage.py", "quickstart")


def cluster_of(running: Running) -> psutil.Process:
    web, tasks = psutil.Process(running.process.pid).children()
    return tasks if tasks.create_time() >= web.create_time() else web


def again(download: Download) -> Download:
    return Download.objects.get(pk=download.pk)


def test_a_killed_cluster_returns_and_every_row_goes_on(
    start: Start, clusters: Clusters, library: Library, fake: FakeQBittorrent
) -> None:
    connected(fake)
    running = start(*QUICKSTART, **BRISK)
    fake.hang_next("torrents/add", 15)
    held = add_torrent(make_book("Ruth"), library.torrent("Ruth"), actor="ann")
    clusters.until(lambda: fake.asked("torrents/add"), 20, scheduled=False)
    nobodys = add_torrent(make_book("Cranford"), library.torrent("Cranford"), actor="ann")
    os.killpg(cluster_of(running).pid, signal.SIGKILL)
    running.wait_for("tasks answers", times=2)
    clusters.until(lambda: again(nobodys).state != State.QUEUED, 5, scheduled=False)
    clusters.recover(lambda: again(held).state != State.QUEUED)
    clusters.until(lambda: again(held).state == State.COMPLETED, 20)
    assert len(fake.torrents) == 2
    assert running.end() == 0
    assert running.left() == []


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_dead_but_healthy_looking_cluster_is_replaced_within_a_minute(start: Start) -> None:
    running = start(*QUICKSTART)
    since = monotonic()
    while "took nothing from its queue" not in running.text:
        for process in cluster_of(running).children()[:2]:
            process.kill()  # the idle one holds the lock of the queue (django-q2 #23)
        try:
            running.wait_for("took nothing from its queue", 30)
        except AssertionError:
            since = monotonic()
    running.wait_for("tasks answers", 60, times=2)
    assert monotonic() - since < 60


@pytest.mark.wide
@pytest.mark.timeout(400)
def test_everything_happens_by_itself_within_150_seconds(
    start: Start, clusters: Clusters, library: Library, fake: FakeQBittorrent, settings: Any
) -> None:
    """The true timing of the schedules, from one command on an empty folder: nothing is pressed,
    and no bell is rung."""
    settings.BELLS = False
    with FakeSources() as sources:
        world = World(library, fake, connected(fake, up_since=days_ago()), sources)
        settings.HURRY = 1
        start(str(ROOT / "bin" / "start"), bells=False)
        clusters.until(lambda: not world.without_effect(), 150, scheduled=False)
