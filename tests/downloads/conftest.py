"""A client, an indexer's site with a torrent behind a link, and a wanted book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from books.models import Book
from downloads.models import Client, Download
from indexers.models import Indexer
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, make_torrent

CHAPTERS = {"Cranford/01.mp3": b"\xff\xfb" + b"a" * 40_000, "Cranford/02.mp3": b"\xff\xfb" * 9_000}


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    """The tests call each step themselves."""
    settings.BELLS = False


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


__all__ = ["CHAPTERS", "Shop", "again"]
