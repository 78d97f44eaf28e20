"""Adopting changes nothing in qBittorrent: all that it tells of its torrents stays as it was."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qbittorrentapi

from books.models import Library, MoveInLine
from books.moving_in import reading, storing
from downloads.adopting import adopt_due, look_due
from downloads.models import Client, ClientPath, Download
from downloads.qbittorrent import QBittorrent
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from tests.factory import make_client
from tests.fakes.torrents import hashes_of, make_torrent, noise
from tests.fakes.webseed import WebSeed
from tests.live.conftest import Server
from tests.live.test_contract import until

pytestmark = pytest.mark.django_db
IS_SLOW = True
MOVES_BY_ITSELF = {
    "time_active", "seeding_time", "last_activity", "reannounce", "popularity", "availability",
    "num_leechs", "num_seeds", "num_complete", "num_incomplete", "upspeed", "dlspeed",
    "downloaded", "downloaded_session", "seen_complete",  # a moment after its end
}  # fmt: skip


def rows(server: Server) -> dict[str, dict[str, Any]]:
    """All that it tells of each torrent and of its files."""
    name, password = server.username, server.password
    with qbittorrentapi.Client(
        host=server.url, username=name, password=password, FORCE_SCHEME_FROM_HOST=True
    ) as raw:
        return {
            str(row["hash"]): {k: v for k, v in dict(row).items() if k not in MOVES_BY_ITSELF}
            | {"files": [dict(one) for one in raw.torrents_files(str(row["hash"]))]}
            for row in raw.torrents_info()
        }


def at_rest(server: Server) -> dict[str, dict[str, Any]]:
    """Once nothing moves any more: the last speed of a download fades for a second."""
    seen = [rows(server)]

    def is_at_rest() -> bool:
        time.sleep(0.6)
        seen.append(rows(server))
        return seen[-1] == seen[-2]

    until(is_at_rest)
    return seen[-1]


def differences(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> list[tuple[str, str, Any, Any]]:
    assert list(before) == list(after)
    return [
        (torrent, key, value, after[torrent].get(key))
        for torrent, row in before.items()
        for key, value in row.items()
        if after[torrent].get(key) != value
    ]


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.BELLS = False
    settings.CLIENT_WARM_SECONDS = 0
    root = tmp_path / "audiobooks"
    root.mkdir()
    Library.objects.create(name="Audiobooks", root=str(root))
    return root


@pytest.fixture
def row(root: Path, server: Server) -> Client:
    return make_client(address=server.url, username=server.username, password=server.password)


class Mine:
    """Torrents that somebody added by hand, complete; each with its folder on the disk."""

    def __init__(self, client: QBittorrent, server: Server, seed: WebSeed) -> None:
        self.client, self.seed, self.folder = client, seed, server.downloads / "mine"
        client.ensure_category("spoken", str(self.folder))

    def add(self, name: str, *sizes: int, nonce: int = 0) -> Path:
        files = {f"{name}/{at}.mp3": noise(size, nonce + size) for at, size in enumerate(sizes)}
        self.seed.put(files)
        payload = make_torrent(files, web_seed=self.seed.url)
        self.client.add(
            payload, category="spoken", save_path=str(self.folder), tags=["ann"], stopped=False
        )
        torrent = hashes_of(payload)[0]
        until(lambda: any(seen.is_complete for seen in self.client.find([torrent])))
        return self.folder / name


@pytest.fixture
def mine(client: QBittorrent, server: Server, seed: WebSeed) -> Mine:
    return Mine(client, server, seed)


def put(how: Callable[[Any, Any], Any], source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        how(path, target / path.name)


def test_nothing_changes_in_the_client(mine: Mine, server: Server, row: Client, root: Path) -> None:
    """Of one torrent the library has the files by hard link, of another a copy; two have the same
    sizes, and one is no book of the library."""
    put(os.link, mine.add("Emma [MP3]", 200_001, 50_001), root / "Jane Austen/Emma")
    put(shutil.copy, mine.add("JA-P-64k", 200_002, 50_002), root / "Jane Austen/Persuasion")
    put(shutil.copy, mine.add("Cranford", 200_003, 50_003), root / "Elizabeth Gaskell/Cranford")
    mine.add("Cranford again", 200_003, 50_003, nonce=7)
    mine.add("A film", 200_004, 50_004)
    before = at_rest(server)
    run = reading.begin_with_folder(str(root), by="ann")
    reading.read_due()
    look_due()
    storing.confirm(run, actor="ann")
    storing.store_due()
    assert adopt_due() == "2 torrents adopted."
    sync_due()
    tidy_due()
    assert differences(before, rows(server)) == []
    assert {one["category"] for one in before.values()} == {"spoken"}
    assert evidence() == {
        "Emma [MP3]": "the same files on the disk", "JA-P-64k": "files of the same sizes",
    }  # fmt: skip
    seeds = MoveInLine.objects.get(title="Cranford").seeds
    assert {seed["name"] for seed in seeds} == {"Cranford", "Cranford again"}
    assert {seed["doubt"] for seed in seeds} == {"2 torrents have files of these sizes"}


def test_what_is_not_on_this_machine_is_told_by_sizes(
    mine: Mine, server: Server, row: Client, root: Path
) -> None:
    put(shutil.copy, mine.add("JA-P-64k", 200_002, 50_002), root / "Jane Austen/Persuasion")
    mine.add("A film", 200_000, 50_004)  # as large in all
    ClientPath.objects.create(
        client=row, client_prefix=str(server.downloads), our_prefix="/far/away"
    )
    run = reading.begin_with_folder(str(root), by="ann")
    reading.read_due()
    storing.confirm(run, actor="ann")
    storing.store_due()
    assert adopt_due() == "1 torrent adopted."
    assert evidence() == {"JA-P-64k": "files of the same sizes"}


def evidence() -> dict[str, str]:
    said = Download.objects.values_list("title", "history__sentence")
    return {title: sentence.partition("recognised by ")[2].rstrip(".") for title, sentence in said}
