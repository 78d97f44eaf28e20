"""A client, an indexer's site with a torrent behind a link, and a wanted book."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book, Library
from downloads.clients import open_client
from downloads.confirm import confirm_due
from downloads.grab import add_torrent
from downloads.models import Client, Download, Import
from downloads.push import push_due
from downloads.states import State
from downloads.sync import sync_due
from indexers.models import Indexer
from tests.elsewhere import elsewhere as elsewhere
from tests.factory import PLAIN, make_book, make_client, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, make_torrent

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
PARTS = sorted((BOOKS / "Elizabeth Gaskell - Cranford (1853)").iterdir())
Files = dict[str, bytes]
Complete = Callable[..., Import]
CHAPTERS = {"Cranford/01.mp3": b"\xff\xfb" + b"a" * 40_000, "Cranford/02.mp3": b"\xff\xfb" * 9_000}


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    """The tests call each step themselves."""
    settings.BELLS = False


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the time on: that of every row's default, too."""
    at: list[datetime] = [timezone.now()]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return at[0]

    monkeypatch.setattr("django.utils.timezone.datetime", Clock)

    def move(by: timedelta) -> None:
        at[0] += by

    return move


@pytest.fixture
def fake() -> Iterator[FakeQBittorrent]:
    with FakeQBittorrent() as server:
        yield server


@pytest.fixture
def client_row(db: None, fake: FakeQBittorrent) -> Client:
    return make_client(address=fake.url, username=fake.username, password=fake.password)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        yield server


@pytest.fixture
def indexer(db: None, site: Site) -> Indexer:
    return make_indexer(address=f"{site.url}/api/v2.0/indexers/pd/results/torznab/")


@pytest.fixture
def book(db: None) -> Book:
    return make_book()


class Shop:
    """Puts torrents behind links and grabs them."""

    def __init__(self, site: Site, indexer: Indexer) -> None:
        self.site, self.indexer = site, indexer

    def torrent(self, name: str = "Cranford", **how: Any) -> bytes:
        files = {f"{name}/{path.split('/')[1]}": data for path, data in CHAPTERS.items()}
        return make_torrent(files, **how)

    def put(self, payload: bytes, path: str = "/dl/pd/") -> str:
        return self.site.put(path, Page(body=payload))

    def release(self, book: Book, payload: bytes, path: str = "/dl/pd/", **columns: Any) -> Any:
        link = self.put(payload, path)
        columns = {"identity": path, "info_hash": hashes_of(payload)[0]} | columns
        return make_release(self.indexer, book, link=link, **columns)


@pytest.fixture
def shop(site: Site, indexer: Indexer) -> Shop:
    return Shop(site, indexer)


def again(download: Download) -> Download:
    return Download.objects.get(pk=download.pk)


# --- Complete downloads ---------------------------------------------------------------------------


def real(folder: str = "Cranford") -> Files:
    return {f"{folder}/{path.name}": path.read_bytes() for path in PARTS}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    root = tmp_path / "library"
    root.mkdir()
    return Library.objects.create(name="Audiobooks", root=str(root), template=PLAIN)


@pytest.fixture
def complete(client_row: Client, fake: FakeQBittorrent, book: Book) -> Complete:
    """A download of these files that the client has whole."""

    def make(files: Files | None = None, of: Book = book, **columns: Any) -> Import:
        files = files or real()
        for name, content in files.items():
            path = fake.downloads / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        Book.objects.filter(pk=of.pk).update(**columns)
        row = add_torrent(of, make_torrent(files), actor="ann")
        push_due()
        confirm_due()
        row = again(row)
        open_client(row.client).recheck([row.client_hash])
        deadline = time.monotonic() + 5
        while not fake.torrents[row.client_hash].completion_on and time.monotonic() < deadline:
            time.sleep(0.01)
        sync_due()
        assert again(row).state == State.COMPLETED
        return row.imports.get()

    return make


def now(row: Import) -> Import:
    return Import.objects.get(pk=row.pk)


def shown(library: Library) -> list[str]:
    root = Path(library.root)
    files = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(str(path) for path in files if not path.name.startswith("."))


__all__ = ["CHAPTERS", "PARTS", "Complete", "Shop", "again", "now", "real", "shown"]
