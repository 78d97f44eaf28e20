"""A real qBittorrent stops what has seeded for long enough, or removes it with its files, and the
library stays whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from books.models import Library, ShelfCopy
from books.states import CopyState
from downloads import goals
from downloads.clients import open_client
from downloads.confirm import confirm_due
from downloads.grab import add_torrent
from downloads.importing import import_due
from downloads.models import Download, Seeding
from downloads.push import push_due
from downloads.seeding import seed_due
from downloads.shelving import shelve_due
from downloads.states import AtGoal, State
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from tests.downloads.conftest import real as chapters
from tests.factory import make_book, make_client
from tests.fakes.torrents import hashes_of, make_torrent
from tests.fakes.webseed import WebSeed
from tests.live.servers import RealServer, servers_found

pytestmark = [pytest.mark.live, pytest.mark.django_db]


@pytest.fixture(params=["5.1", *(pytest.param(n, marks=pytest.mark.long) for n in ("4.5", "5.3"))])
def qbittorrent(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RealServer]:
    if request.param not in servers_found():
        pytest.skip(f"no qbittorrent-nox {request.param}")
    with RealServer(request.param, servers_found()[request.param], tmp_path / "client") as server:
        yield server


@pytest.fixture
def seeding(qbittorrent: RealServer, settings: Any, tmp_path: Path) -> Download:
    """A book on the shelf that the client seeds."""
    settings.BELLS, settings.SEED_SYNC_SECONDS = False, 0
    make_client(
        address=qbittorrent.url, username=qbittorrent.username, password=qbittorrent.password
    )
    (tmp_path / "library").mkdir()
    Library.objects.create(name="Audiobooks", root=str(tmp_path / "library"))
    with WebSeed(chapters()) as seed:
        row = add_torrent(make_book(), make_torrent(chapters(), web_seed=seed.url), actor="ann")
        push_due()
        until(lambda: confirm_due().startswith("1"))
        until(lambda: sync_due() and again(row).state == State.COMPLETED)
    import_due()
    shelve_due()
    return again(row)


def until(look: Callable[[], object], seconds: float = 30) -> None:
    give_up = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < give_up, "it did not come true"
        time.sleep(0.1)


def again(row: Download) -> Download:
    return Download.objects.get(pk=row.pk)


def in_client(server: RealServer) -> list[Path]:
    return [path for path in server.downloads.rglob("*") if path.is_file()]


def seeded_for_two_seconds(monkeypatch: pytest.MonkeyPatch, when_met: AtGoal) -> None:
    monkeypatch.setattr(goals, "MINUTE", 1)
    Seeding.objects.create(pk=1, seed_goal=2, when_met=when_met)
    until(lambda: sync_due() and seed_due() == "1 have seeded enough.")


def test_it_is_stopped(seeding: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    seeded_for_two_seconds(monkeypatch, AtGoal.STOP)
    until(lambda: tidy_due() and again(seeding).client_agrees_at)
    until(lambda: sync_due() and again(seeding).is_paused)
    assert again(seeding).state == State.COMPLETED
    assert again(seeding).seeding_seconds >= 2


def test_it_is_removed_with_its_files_and_the_book_stays(
    seeding: Download, qbittorrent: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert in_client(qbittorrent)
    seeded_for_two_seconds(monkeypatch, AtGoal.REMOVE_FILES)
    until(lambda: tidy_due() and again(seeding).state == State.REMOVED)
    until(lambda: not in_client(qbittorrent))
    copy = ShelfCopy.objects.get()
    assert copy.state == CopyState.PROVED
    folder = Path(copy.library.root) / copy.folder
    for name, content in chapters().items():
        assert (folder / Path(name).name).read_bytes() == content


def test_its_files_stay_when_only_the_torrent_is_removed(
    seeding: Download, qbittorrent: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_client(qbittorrent)
    seeded_for_two_seconds(monkeypatch, AtGoal.REMOVE)
    until(lambda: tidy_due() and again(seeding).state == State.REMOVED)
    assert in_client(qbittorrent) == before


def test_files_that_another_torrent_seeds_stay(
    seeding: Download, qbittorrent: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client itself would remove them under it."""
    before = in_client(qbittorrent)
    gateway = open_client(seeding.client)
    payload = make_torrent(chapters(), private=True)
    gateway.add(payload, category="", save_path=again(seeding).save_path, tags=[])
    [other] = hashes_of(payload)[:1]
    until(lambda: [one for one in gateway.all() if one.hash == other and one.is_complete])
    seeded_for_two_seconds(monkeypatch, AtGoal.REMOVE_FILES)
    until(lambda: tidy_due() and again(seeding).state == State.REMOVED)
    time.sleep(1)
    assert in_client(qbittorrent) == before
    assert [one.hash for one in gateway.all()] == [other]
