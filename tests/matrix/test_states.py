"""What was decided stays decided: pauses, ends, and tries that grow further apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book, Library
from downloads import tasks
from downloads.grab import grab
from downloads.logins import log_out_all
from downloads.models import Client, Download, Import
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import ImportState, State
from downloads.steer import pause, resume
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from indexers.models import Block, Indexer
from tame.switch import go_on, pause_everything
from tests.factory import make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of
from tests.matrix.conftest import (
    again,
    behind,
    client_of,
    given,
    grabbed,
    payload_of,
    through,
    waits,
)

PAYLOAD = payload_of()
V1_HASH = hashes_of(PAYLOAD)[0]
WHOLE = {"progress": 1.0, "amount_left": 0, "completion_on": 1_700_000_000}


def restart(fake: FakeQBittorrent) -> None:
    """TAME and the client: nothing that a process kept in its memory is left."""
    log_out_all()
    fake.restart()
    fake.requests.clear()


@pytest.mark.parametrize("what", ["everything", "queued", "downloading"])
def test_pause_survives_a_restart(what: str, every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    download = given(book, PAYLOAD)
    if what == "downloading":
        through(download)
    if what == "everything":
        pause_everything()
    else:
        pause(again(download), actor="ann")
        tidy_due()
    restart(every)
    said = {name: task() for name, task in TASKS.items()}
    if what == "downloading":
        assert every.torrents[V1_HASH].stopped
        assert again(download).is_paused
    else:
        assert not every.torrents
        assert again(download).state == State.QUEUED
    if what == "everything":
        assert set(said.values()) == {"paused: everything is paused"}
        assert not every.requests
        go_on()
    else:
        resume(again(download), actor="ann")
    for task in [*TASKS.values()] * 2:
        task()
    assert not every.torrents[V1_HASH].stopped
    assert not again(download).is_paused


TASKS = {
    "push": tasks.push, "confirm": tasks.confirm, "sync": tasks.sync, "tidy": tasks.tidy,
    "retry": tasks.retry,
}  # fmt: skip


def test_a_final_failure_does_not_block_the_book(
    fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book, settings: Any
) -> None:
    """The next release is taken and travels all the way."""
    settings.MAX_ATTEMPTS = 1
    client_of(fake)
    first = through(grabbed(indexer, book, behind(site, Page(404))))
    retry_due()
    assert again(first).state == State.ABANDONED
    other = make_release(
        indexer, book, title="Cranford [MP3]", link=site.put("/dl/pd/2", Page(body=PAYLOAD))
    )
    assert through(grab(book, other, actor="ann")).state == State.DOWNLOADING


def test_an_old_one_that_seeds_does_not_block_the_book(
    fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book
) -> None:
    client_of(fake)
    first = through(given(book, PAYLOAD))
    fake.set_state(V1_HASH, "stalledUP", **WHOLE)
    sync_due()
    library = Library.objects.create(name="Books", root="/books")
    Import.objects.filter(download=first).update(state=ImportState.SHELVED, library=library)
    better = payload_of("Cranford, a better one")
    link = behind(site, Page(body=better))
    second = through(grabbed(indexer, book, link, better))
    assert (again(first).state, second.state) == (State.COMPLETED, State.DOWNLOADING)
    assert len(fake.torrents) == 2


@pytest.mark.parametrize("stage", ["link", "list", "disk"])
def test_tries_grow_further_apart_and_end(
    stage: str, fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book, settings: Any
) -> None:
    client_of(fake)
    page = Page(404) if stage == "link" else Page(body=PAYLOAD)
    fake.swallow_adds(stage == "list")
    download = grabbed(indexer, book, behind(site, page))
    for minutes in (1, 5, 30, 120):
        download = through(download)
        if stage == "disk":
            fake.set_state(V1_HASH, "error", progress=0.0, amount_left=9, downloaded=0)
            sync_due()
            download = again(download)
        assert download.state == State.FAILED
        assert waits(download.retry_at, 60 * minutes)
        assert push_due() == "0 pushed."
        Download.objects.update(retry_at=timezone.now() - timedelta(seconds=1))
        Indexer.objects.update(failed_fetches=0)
        retry_due()
    download = through(download)
    if stage == "disk":
        sync_due()
        download = again(download)
    assert download.attempts == settings.MAX_ATTEMPTS
    retry_due()
    download = again(download)
    assert download.state == (State.ABANDONED if stage == "link" else State.HELD)
    assert "5 tries did not help" in download.history.all()[0].sentence
    assert not Block.objects.exists()
    assert Client.objects.get().is_usable
