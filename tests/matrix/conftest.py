"""A client of every generation, an indexer's site, and a tracker's site that is allowed, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from downloads.confirm import confirm_due
from downloads.grab import add_torrent, grab
from downloads.models import Client, Download
from downloads.push import push_due
from indexers.models import Indexer
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.qbittorrent_generations import EACH
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, make_torrent

DOWNLOAD = "/dl/pd/"


@pytest.fixture(autouse=True)
def by_hand(settings: Any, db: None) -> None:
    """The tests call each step themselves, and nothing has to be waited for."""
    settings.BELLS = False
    settings.HURRY = 1
    settings.LISTED_WITHIN_SECONDS = 0
    settings.CLIENT_TIMEOUT = settings.FETCH_TIMEOUT = settings.INDEXER_TIMEOUT = (0.5, 0.5)


@pytest.fixture(params=EACH)
def every(request: pytest.FixtureRequest) -> Iterator[FakeQBittorrent]:
    """For rows in which the generations answer differently."""
    with FakeQBittorrent(request.param) as server:
        yield server


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[FakeQBittorrent]:
    with FakeQBittorrent() as server:
        yield server


@pytest.fixture
def site() -> Iterator[Site]:
    """The indexer."""
    with Site() as server:
        yield server


@pytest.fixture
def tracker() -> Iterator[Site]:
    """Somebody else, to whom the indexer's links may lead."""
    with Site() as server:
        yield server


@pytest.fixture
def indexer(site: Site, tracker: Site) -> Indexer:
    address = f"{site.url}/api/v2.0/indexers/pd/results/torznab/"
    return make_indexer(address=address, also_allow=tracker.host)


@pytest.fixture
def book() -> Book:
    return make_book()


def client_of(fake: FakeQBittorrent, **columns: Any) -> Client:
    login = {"username": fake.username, "password": fake.password}
    return make_client(**({"address": fake.url} | login | columns))


def payload_of(name: str = "Cranford", **how: Any) -> bytes:
    files = {f"{name}/01.mp3": name.encode() * 4000, f"{name}/02.mp3": name.encode() * 900}
    return make_torrent(files, **how)


def grabbed(indexer: Indexer, book: Book, link: str, payload: bytes = b"") -> Download:
    """A download of a release behind the link."""
    info_hash = hashes_of(payload)[0] if payload else ""
    return grab(book, make_release(indexer, book, link=link, info_hash=info_hash), actor="ann")


def behind(site: Site, page: Page, path: str = DOWNLOAD) -> str:
    """A link to the page, at the path where the indexer hands out torrents."""
    return site.put(path, page)


def given(book: Book, payload: bytes | str) -> Download:
    return add_torrent(book, payload, actor="ann")


def again(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def waits(until: datetime | None, seconds: float) -> bool:
    """Whether it is due after about so many seconds: a retry is spread by a tenth."""
    wait = (until - timezone.now()).total_seconds() if until else -1
    return seconds - 10 <= wait <= 1.1 * seconds + 1


def through(download: Download) -> Download:
    """Pushed and looked for; what became of it."""
    push_due()
    confirm_due()
    found: Download = again(download)
    return found
