"""A real task cluster in processes of its own, on the test's database, with a hurried clock."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import psutil
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

from books.models import Book
from downloads.models import Client, Download
from indexers.models import Release
from indexers.search import search_book
from tame import schedules
from tame.lib.backoff import hurried
from tests.factory import make_book, make_client, make_indexer
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torrents import hashes_of, make_torrent, noise
from tests.fakes.torznab import FakeIndexer, Offer
from tests.fakes.webseed import WebSeed
from tests.live.servers import RealServer, servers_found

TRACKER = "http://127.0.0.1:1/announce"
ROOT = Path(__file__).resolve().parents[2]
RUN = """
import os, django
django.setup()
from tame import cluster, kernel
kernel.end_with_parent(os.getppid())  # also when pytest itself is killed
cluster.work()  # as the supervisor runs it
"""
PASSES = 2
A_WHILE = 60  # seconds: whatever takes longer stands still
MINUTE = 1.0  # the schedules' minute, in real seconds, where a test does not measure time
FAST = {"poll": 0.05, "guard_cycle": 0.25, "scheduler": False}


class Cluster:
    """One task cluster in its own process group. `marker` appears when one of it is hit; some
    plans wait for the `cue`."""

    def __init__(self, folder: Path, plan: dict[str, Any], environment: dict[str, str]) -> None:
        self.marker, self.cue = folder / "hit", folder / "cue"
        self.log = folder / "cluster.log"
        self._environment = os.environ | environment
        self._is_fatal = bool(plan) and plan.get("signal", signal.SIGKILL) == signal.SIGKILL
        self._killed_at: datetime | None = None
        if plan:
            told = json.dumps({"marker": str(self.marker), "cue": str(self.cue)} | plan)
            self._environment |= {"TAME_TEST_KILL": told}
        self.start()

    def start(self) -> None:
        self.was_killed = False
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUN],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def times_idle(self, path: str) -> int:
        """How often the task that does nothing has run."""
        return self.marker.read_text().split().count(path) if self.marker.exists() else 0

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def workers(self) -> int:
        """How many it has now, without pusher and monitor."""
        return len(psutil.Process(self.process.pid).children()) - 2

    @property
    def victim(self) -> int:
        """The process that was hit, 0 as long as there is none."""
        return int((self.marker.exists() and self.marker.read_text()) or 0)

    @property
    def victim_is_dead(self) -> bool:
        return bool(self.victim) and not psutil.pid_exists(self.victim)

    @property
    def died_at(self) -> datetime | None:
        """When one of its workers, or all of it, was killed last."""
        if self._killed_at or not (self._is_fatal and self.marker.exists()):
            return self._killed_at
        return datetime.fromtimestamp(self.marker.stat().st_mtime, UTC)

    @property
    def lost_its_sentinel(self) -> bool:
        """The main process was hit: all of it is to be replaced."""
        return self.marker.exists() and self.marker.read_text() == str(self.process.pid)

    def kill(self) -> None:
        """Main, sentinel and workers at once."""
        self.was_killed, self._killed_at = True, timezone.now()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def text(self) -> str:
        return self.log.read_text()


class Clusters:
    """Starts clusters and waits, while the schedules fire every hurried minute."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.all, self.minute = folder, list[Cluster](), MINUTE
        self.queue = dict[str, Any](FAST)
        self._next_pass = 0.0

    def start(
        self, plan: dict[str, Any] | None = None, *, bells: bool = True, **settings: Any
    ) -> Cluster:
        folder = self.folder / f"cluster-{len(self.all) + 1}"
        folder.mkdir()
        environment = {
            "TEST_DATA": str(django_settings.DATA_DIR),
            "TEST_DB": str(connection.settings_dict["NAME"]),
            "TEST_Q_CLUSTER": json.dumps(self.queue),
            "TEST_SETTINGS": json.dumps({"LOGGING": talkative()} | settings),
            "TAME_BELLS": str(int(bells)),
            "TAME_HURRY": str(django_settings.HURRY),
        }
        cluster = Cluster(folder, plan or {}, environment)
        self.all.append(cluster)
        self.wait_for_birth(cluster)
        return cluster

    def wait_for_birth(self, cluster: Cluster) -> None:
        self.until(lambda: "pushing tasks" in cluster.text, 20, scheduled=False)

    def restart(self, cluster: Cluster) -> None:
        """As the supervisor does it."""
        cluster.kill()
        cluster.log.unlink()
        cluster.start()
        self.wait_for_birth(cluster)
        schedules.wake()

    def until(self, is_so: Callable[[], object], seconds: float, *, scheduled: bool = True) -> None:
        """Fails at once, with the end of the log, when a cluster has ended."""
        deadline = time.monotonic() + seconds
        while not is_so():
            for cluster in self.all:
                is_well = cluster.was_killed or not cluster.has_ended or cluster.lost_its_sentinel
                assert is_well, cluster.text[-3000:]
            assert time.monotonic() < deadline, f"Not within {seconds} s.\n{self.last_words()}"
            if scheduled:
                self.turn()
            time.sleep(0.03)

    def turn(self) -> None:
        """What the sentinel's scheduler does every 30 s, if a hurried minute is over."""
        if time.monotonic() < self._next_pass:
            return
        self._next_pass = time.monotonic() + self.minute
        self.fire()

    def fire(self) -> None:
        Schedule.objects.update(next_run=timezone.now() - timedelta(seconds=1))
        scheduler()

    def recover(self, is_so: Callable[[], object], *, held: bool = True) -> None:
        """As soon as the lease of a dead worker is over, the next pass of the schedules takes up
        what it held; the one after, if that finds its runner busy. A slow machine makes a pass
        longer, and no pass more. `held`: whether somebody was working on it."""
        lease = hurried(django_settings.LEASE_SECONDS if held else 0).total_seconds()
        over = time.monotonic() + lease
        self.until(lambda: is_so() or time.monotonic() > over, lease + A_WHILE)
        for _ in range(PASSES):
            if not is_so():
                self.fire()
                self.until(lambda: is_so() or not self.is_busy(), A_WHILE, scheduled=False)
        assert is_so(), f"Not within {PASSES} passes.\n{self.last_words()}"

    def settle(self) -> None:
        """Until everything that was rung has been done, and one more round."""
        for _ in range(2):
            self.until(lambda: not self.is_busy(), 20, scheduled=False)
            self.fire()
        self.until(lambda: not self.is_busy(), 20, scheduled=False)

    def is_busy(self) -> bool:
        """Tasks wait or are being done; the ones that died with their worker do not count."""
        deaths = [cluster.died_at for cluster in self.all if cluster.died_at]
        rows = OrmQ.objects.all()
        if deaths:
            taken_before = max(deaths) + timedelta(seconds=Conf.RETRY)
            rows = rows.exclude(lock__gt=timezone.now(), lock__lte=taken_before)
        return bool(rows.exists())

    def last_words(self) -> str:
        rows = [f"{row}: {row.state}, {row.last_error}" for row in Download.objects.all()]
        logs = [f"{cluster.log}:\n{cluster.text[-3000:]}" for cluster in self.all]
        return "\n".join([*rows, *logs])


def talkative() -> dict[str, Any]:
    """The log settings, with what django-q says of each task."""
    logging: dict[str, Any] = deepcopy(django_settings.LOGGING)
    logging["loggers"]["django-q"]["level"] = "INFO"
    return logging


@pytest.fixture
def clusters(transactional_db: None, tmp_path: Path) -> Iterator[Clusters]:
    schedules.sync()
    found = Clusters(tmp_path)
    try:
        yield found
    finally:
        for cluster in found.all:
            cluster.kill()


# --- Services -------------------------------------------------------------------------------------


@pytest.fixture
def fake() -> Iterator[FakeQBittorrent]:
    with FakeQBittorrent() as server:
        yield server


@pytest.fixture
def indexers() -> Iterator[FakeIndexer]:
    with FakeIndexer() as server:
        yield server


@pytest.fixture
def seed() -> Iterator[WebSeed]:
    with WebSeed() as server:
        yield server


@pytest.fixture(
    scope="session",
    params=["5.1", *(pytest.param(name, marks=pytest.mark.long) for name in ("4.5", "5.3"))],
)
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealServer]:
    """A real qBittorrent, the same one for all tests."""
    generation: str = request.param
    if generation not in servers_found():
        sentence = f"no qbittorrent-nox {generation}"
        if os.environ.get("TAME_NEED_QBITTORRENT") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    folder = tmp_path_factory.mktemp(f"real-{generation}")
    with RealServer(generation, servers_found()[generation], folder) as server:
        yield server


class Server(Protocol):
    username: str
    password: str

    @property
    def url(self) -> str: ...


class Library:
    """Books whose torrents the fake indexer offers and the web seed serves."""

    def __init__(self, indexers: FakeIndexer, seed: WebSeed) -> None:
        self.indexers, self.seed = indexers, seed
        self.row = make_indexer(address=indexers.url, key=indexers.key)

    def torrent(self, title: str, *, served: bool = True) -> bytes:
        """The same bytes for the same title. Two files, as a book has."""
        files = {
            f"{title}/01 Our Society.mp3": noise(60_000, zlib.crc32(title.encode())),
            f"{title}/02 The Captain.mp3": noise(30_000, len(title)),
        }
        if served:
            self.seed.put(files)
        return make_torrent(files, web_seed=self.seed.url, trackers=[TRACKER])

    def offer(self, title: str) -> Offer:
        payload = self.torrent(title)
        offer = Offer(
            f"{title} by Elizabeth Gaskell [ENG / M4B]",
            torrent=payload,
            info_hash=hashes_of(payload)[0],
        )
        self.indexers.releases.append(offer)
        return offer

    def wanted(self, title: str) -> Book:
        self.offer(title)
        return make_book(title)

    def found(self, title: str) -> tuple[Book, Release]:
        """A wanted book that was searched for, and what was found."""
        book = self.wanted(title)
        search_book(book, asked_by="test")
        return book, Release.objects.get(verdicts__book=book)


@pytest.fixture
def library(db: None, indexers: FakeIndexer, seed: WebSeed) -> Library:
    return Library(indexers, seed)


def connected(server: Server, **columns: Any) -> Client:
    """The client's row for a server."""
    return make_client(
        address=server.url, username=server.username, password=server.password, **columns
    )
