"""What a worker that died, slept or lost leaves of the row that it held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from downloads import push
from downloads.clients import open_client
from downloads.failing import give_up
from downloads.grab import grab
from downloads.models import Client, Download
from downloads.retry import retry_due
from downloads.states import State
from downloads.steer import cancel, retry
from downloads.tidy import tidy_due
from indexers.models import Query, Search
from indexers.open_searches import open_search
from indexers.search import search_due
from tame.lib.errors import LostRaceError
from tame.lib.lease import claim, give_back, new_token
from tests.cluster.conftest import Library, connected
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False


@pytest.fixture
def client_row(db: None, fake: FakeQBittorrent) -> Client:
    return connected(fake)


@pytest.fixture
def download(library: Library, client_row: Client) -> Download:
    book, release = library.found("Cranford")
    return grab(book, release, actor="ann")


def again(download: Download) -> Download:
    return Download.objects.get(pk=download.pk)


def take(download: Download) -> str:
    """A worker begins to push it."""
    token = claim(Download.objects.filter(state=State.QUEUED), download.pk)
    assert token
    return token


def let_the_lease_end() -> None:
    Download.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def add(download: Download, library: Library) -> None:
    """What its worker was doing when it was killed."""
    gateway = open_client(download.client)
    gateway.add(library.torrent("Cranford"), category="", save_path="", tags=["tame", download.tag])


def test_tidy_waits_for_a_worker_that_may_be_adding_what_was_cancelled(
    download: Download, library: Library, fake: FakeQBittorrent
) -> None:
    take(download)
    cancel(again(download), actor="ann")
    tidy_due()
    assert again(download).client_agrees_at is None
    add(download, library)
    let_the_lease_end()
    tidy_due()
    assert again(download).client_agrees_at
    assert fake.torrents == {}


@pytest.fixture
def cancelled_at(monkeypatch: pytest.MonkeyPatch, download: Download) -> Callable[[str], None]:
    """The download is cancelled while its worker is behind that line of the push."""

    def cancel_at(name: str) -> None:
        act = getattr(push, name)

        def act_and_cancel(*given: Any) -> Any:
            done = act(*given)
            cancel(again(download), actor="ann")
            return done

        monkeypatch.setattr(push, name, act_and_cancel)

    return cancel_at


def test_a_worker_notices_the_cancel_before_it_adds(
    download: Download, cancelled_at: Callable[[str], None], fake: FakeQBittorrent
) -> None:
    cancelled_at("already_there")
    push.push_due()
    assert again(download).state == State.CANCELLED
    assert not fake.asked("torrents/add")


def test_what_was_cancelled_while_it_was_added_goes_at_once(
    download: Download, cancelled_at: Callable[[str], None], fake: FakeQBittorrent
) -> None:
    cancelled_at("add")
    push.push_due()
    assert fake.torrents
    tidy_due()
    assert fake.torrents == {}


def test_a_worker_whose_row_was_taken_up_again_has_lost_it(download: Download) -> None:
    token = take(download)
    worker = again(download)
    give_up(again(download), "the wrong book", actor="ann")
    retry(again(download), actor="ann")
    assert again(download).state == State.QUEUED
    give_back(worker, token, last_error="seedbox is down")
    assert again(download).last_error == "the wrong book"
    with pytest.raises(LostRaceError):
        worker.move_to(State.PUSHED, "Handed over.", actor="TAME", token=token)


def test_a_row_that_kills_its_worker_each_time_is_left_to_a_person(
    download: Download, fake: FakeQBittorrent, settings: Any
) -> None:
    settings.MAX_ATTEMPTS = 3
    for _ in range(3):
        take(download)
        let_the_lease_end()
    push.push_due()
    retry_due()
    assert again(download).state == State.HELD
    assert "3 tries did not help" in again(download).history.all()[0].sentence
    assert fake.torrents == {}


def test_an_indexer_that_refused_its_key_is_not_asked_for_torrents(
    download: Download, library: Library
) -> None:
    library.indexers.key = "another"
    push.push_due()
    assert len(library.indexers.downloads) == 1
    assert again(download).attempts == 0
    push.push_due()
    assert len(library.indexers.downloads) == 1
    assert again(download).state == State.QUEUED
    library.row.refresh_from_db()
    library.row.key = library.indexers.key
    library.row.save()
    library.row.reset()
    push.push_due()
    assert again(download).state == State.PUSHED


# --- Searches -------------------------------------------------------------------------------------


def test_a_search_that_a_dead_worker_left_open_is_closed_by_the_next(library: Library) -> None:
    book = library.wanted("Cranford")
    left, _ = open_search(book, new_token(), "schedule")
    Query.objects.create(search=left, indexer=library.row, indexer_name="x", asked="Cranford")
    type(book).objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    search_due(lambda: True)
    left.refresh_from_db()
    assert left.finished_at
    assert Search.objects.filter(finished_at=None).count() == 0
    query = left.queries.get()
    assert query.outcome == Query.Outcome.FAILED
    assert "stopped" in query.sentence


def test_what_a_dead_worker_left_open_is_closed_though_its_book_is_not_due(
    library: Library,
) -> None:
    book = library.wanted("Cranford")
    open_search(book, new_token(), "schedule")
    later = timezone.now() + timedelta(hours=1)
    type(book).objects.update(leased_until=None, next_search_at=later)
    search_due(lambda: True)
    assert Search.objects.filter(finished_at=None).count() == 0
