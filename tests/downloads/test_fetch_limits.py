"""No more torrents are fetched from an indexer in a day than it allows."""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from books.models import Book
from downloads.grab import grab
from downloads.models import Client, Download
from downloads.push import push_due, push_one
from downloads.states import State
from indexers.models import Indexer, Query
from tests.downloads.conftest import Shop
from tests.factory import make_book, make_release
from tests.people import browser, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(shop: Shop, client_row: Client) -> None:
    """Queued, of an indexer that allows one a day."""
    Indexer.objects.update(grabs_a_day=1)
    for title in ("Cranford", "Ruth"):
        book = make_book(title)
        name = f"{title} by Elizabeth Gaskell [M4B]"
        release = shop.release(book, shop.torrent(title), f"/dl/pd/{title}", title=name)
        grab(book, release, actor="ann")


def states() -> list[str]:
    return sorted(Download.objects.values_list("state", flat=True))


def test_the_second_one_waits_for_the_next_day(two: None) -> None:
    push_due()
    push_due()
    assert states() == [State.PUSHED, State.QUEUED]
    assert Query.objects.filter(kind="fetch", outcome="answered").count() == 1
    Query.objects.update(started_at=timezone.now() - timedelta(hours=25))
    push_due()
    assert states() == [State.PUSHED, State.PUSHED]


def test_its_page_says_what_it_waits_for(two: None) -> None:
    push_due()
    waiting = Download.objects.get(state=State.QUEUED)
    page = browser().get(page_of(waiting)).content.decode()
    assert "allows 1 torrent a day, and no more are left: it is asked again " in page


def test_waiting_costs_no_try(two: None) -> None:
    for _ in range(9):
        push_due()
    waiting = Download.objects.get(state=State.QUEUED)
    assert waiting.attempts == 0


def test_a_fetch_is_counted_however_it_ends(shop: Shop, client_row: Client, book: Book) -> None:
    release = make_release(shop.indexer, book, link=shop.put(b"<html>"))
    grab(book, release, actor="ann")
    push_due()
    fetch = Query.objects.get(kind="fetch")
    assert (fetch.outcome, fetch.indexer) == ("failed", shop.indexer)
    assert fetch.sentence


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_push_at_once_do_not_pass_it_together(two: None) -> None:
    """The schedule and a command, each with a download of its own. Both look at the rows before
    either goes on, unless the one has to wait for the other."""
    both = threading.Barrier(2)

    def wait_behind_the_count(execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if sql.startswith("SELECT") and "indexers_query" in sql:
            with suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)
        return found

    def work(download: Download) -> None:
        with closing(connection), connection.execute_wrapper(wait_behind_the_count):
            push_one(download)

    workers = [threading.Thread(target=work, args=[row]) for row in Download.objects.all()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert states() == [State.PUSHED, State.QUEUED]
    assert Query.objects.filter(kind="fetch").count() == 1
