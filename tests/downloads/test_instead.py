"""A link that gave no torrent: the next best release of another indexer takes its place at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book, Series, SeriesPlace
from books.profiles import Profile
from downloads.approve import approve, take_by_hand
from downloads.models import Brakes, Client, Download
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import Failure, State
from downloads.take import take_due
from indexers.decide import decide_due
from indexers.models import Block, Indexer, Release, Verdict
from tests.commanding import done
from tests.downloads.conftest import Shop, again
from tests.factory import make_book, make_indexer, make_release
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of

pytestmark = pytest.mark.django_db
SIZE = 500_000_000  # bytes
HOUR = timedelta(hours=1)
DEAD = Page(404)


@pytest.fixture
def other(site: Site) -> Indexer:
    return make_indexer("Archive", f"{site.url}/api/v2.0/indexers/archive/results/torznab/")


@pytest.fixture
def automatic(db: None) -> None:
    Profile.objects.update(automatic=True)


def dead_link(shop: Shop, book: Book) -> Release:
    """The best release of the book: nobody knows yet that its link gives nothing."""
    path = f"/dl/pd/{book.pk}/"
    link = shop.site.put(path, DEAD)
    return make_release(shop.indexer, book, identity=path, link=link, seeders=90, size=SIZE)


def living(indexer: Indexer, book: Book, shop: Shop, **columns: Any) -> Release:
    payload = shop.torrent(book.title)
    path = f"/dl/archive/{book.pk}/{Release.objects.count()}"
    link = shop.site.put(path, Page(body=payload))
    known = {"identity": path, "info_hash": hashes_of(payload)[0], "size": SIZE, "seeders": 3}
    return make_release(indexer, book, link=link, **(known | columns))


def states() -> list[tuple[str, str]]:
    rows = Download.objects.order_by("pk")
    return [(row.indexer_name, row.state) for row in rows]


def test_what_tame_took_is_replaced_at_once(
    shop: Shop, book: Book, other: Indexer, client_row: Client, automatic: None
) -> None:
    dead_link(shop, book)
    better = living(other, book, shop)
    decide_due()
    take_due()
    push_due()
    push_due()
    assert states() == [("Gutenberg Tracker", "abandoned"), ("Archive", "pushed")]
    first, second = Download.objects.order_by("pk")
    assert (first.failure, first.attempts) == (Failure.NOT_FETCHED, 1)
    history = first.history.first()
    assert history is not None
    assert history.sentence.endswith("A release of another indexer is taken instead.")
    assert (second.release, second.automatic) == (better, True)
    [(title, why)] = second.decision["passed_by"].items()
    assert title.endswith("(Gutenberg Tracker)")
    assert "it answered 404" in why
    assert Verdict.objects.get(release=first.release).passed_over_until
    assert not Block.objects.exists()


def test_what_a_person_approved_is_replaced_too(
    shop: Shop, book: Book, other: Indexer, client_row: Client
) -> None:
    put = dead_link(shop, book)
    living(other, book, shop)
    decide_due()
    approve(book, put, actor="ann")
    push_due()
    assert states() == [("Gutenberg Tracker", "abandoned"), ("Archive", "queued")]


def test_a_persons_own_pick_is_tried_again(
    shop: Shop, book: Book, other: Indexer, client_row: Client, automatic: None
) -> None:
    put = dead_link(shop, book)
    living(other, book, shop)
    decide_due()
    take_by_hand(book, put, actor="ann")
    push_due()
    assert states() == [("Gutenberg Tracker", "failed")]


@pytest.mark.parametrize(
    "why_not", ["same indexer", "only offered", "left alone", "brake", "nothing"]
)
def test_else_it_is_tried_again(
    shop: Shop, book: Book, other: Indexer, client_row: Client, automatic: None, why_not: str
) -> None:
    dead_link(shop, book)
    if why_not == "same indexer":
        living(shop.indexer, book, shop)
    elif why_not == "only offered":
        living(other, book, shop, seeders=0)
    elif why_not != "nothing":
        living(other, book, shop)
    decide_due()
    take_due()
    if why_not == "left alone":
        Indexer.objects.filter(pk=other.pk).update(off_until=timezone.now() + 9 * HOUR, failures=1)
    if why_not == "brake":
        Brakes.objects.create(pk=1, gigabytes_a_day=0)
    push_due()
    assert states() == [("Gutenberg Tracker", "failed")]
    row = Download.objects.get()
    assert (row.failure, row.attempts) == (Failure.NOT_FETCHED, 1)
    assert row.retry_at
    assert row.books == [book]


@pytest.mark.parametrize(
    "retry", [retry_due, lambda: done("retry_downloads", "--due")], ids=["schedule", "command"]
)
def test_one_that_is_found_later_takes_its_place_at_the_next_try(
    shop: Shop, book: Book, other: Indexer, client_row: Client, automatic: None,
    retry: Callable[[], object],
) -> None:  # fmt: skip
    dead_link(shop, book)
    decide_due()
    take_due()
    push_due()
    living(other, book, shop)
    decide_due()
    Download.objects.update(retry_at=timezone.now())
    retry()
    assert states() == [("Gutenberg Tracker", "abandoned"), ("Archive", "queued")]


def test_the_place_in_the_days_budget_goes_to_the_other(
    shop: Shop, book: Book, other: Indexer, client_row: Client, automatic: None
) -> None:
    Brakes.objects.create(pk=1, grabs_a_day=1)
    dead_link(shop, book)
    living(other, book, shop)
    decide_due()
    take_due()
    push_due()
    push_due()
    assert states() == [("Gutenberg Tracker", "abandoned"), ("Archive", "pushed")]
    second = make_book("Ruth")
    living(other, second, shop)
    decide_due()
    assert "1 of 1 automatic grabs a day are used" in take_due()


def test_a_box_set_is_given_up_only_when_each_of_its_books_is_elsewhere(
    shop: Shop, other: Indexer, client_row: Client, automatic: None
) -> None:
    series = Series.objects.create(name="Barsetshire")
    first, second = (make_book(title, "Anthony Trollope") for title in ("The Warden", "Ruth"))
    for number, wanted in enumerate((first, second), 1):
        places = {"position": str(number), "sort_number": number}
        SeriesPlace.objects.create(book=wanted, series=series, **places)
    box = "Anthony Trollope - Barsetshire Books 1-2 [M4B]"
    Release.objects.filter(pk=dead_link(shop, first).pk).update(title=box, size=2 * SIZE)
    decide_due()
    take_due()
    [row] = Download.objects.all()
    assert len(row.books) == 2
    living(other, first, shop, title="The Warden by Anthony Trollope [M4B]")
    decide_due()
    push_due()
    assert states() == [("Gutenberg Tracker", "failed")]
    living(other, second, shop, title="Ruth by Anthony Trollope [M4B]")
    decide_due()
    Download.objects.update(retry_at=timezone.now())
    retry_due()
    assert [state for _, state in states()] == ["abandoned", "queued", "queued"]


def test_three_in_a_row_are_the_indexers_fault_and_passed_over_no_longer(
    shop: Shop, other: Indexer, client_row: Client, automatic: None
) -> None:
    for title in ("Cranford", "Ruth", "Mary Barton"):
        wanted = make_book(title)
        dead_link(shop, wanted)
        living(other, wanted, shop)
    decide_due()
    take_due()
    push_due()
    shop.indexer.refresh_from_db()
    assert "3 links of Gutenberg Tracker in a row gave no torrent" in shop.indexer.last_error
    assert not Verdict.objects.filter(passed_over_until__isnull=False).exists()
    assert states()[:3] == [
        ("Gutenberg Tracker", "abandoned"),
        ("Gutenberg Tracker", "abandoned"),
        ("Gutenberg Tracker", "queued"),
    ]
    assert again(Download.objects.earliest("pk")).state == State.ABANDONED


def test_one_given_up_before_the_last_torrent_stays_passed_over(
    shop: Shop, other: Indexer, client_row: Client, automatic: None
) -> None:
    def fail(title: str) -> None:
        wanted = make_book(title)
        dead_link(shop, wanted)
        living(other, wanted, shop)
        decide_due()
        take_due()
        push_due()

    fail("Ruth")
    good = make_book("Sylvia's Lovers")
    living(shop.indexer, good, shop)
    decide_due()
    take_due()
    push_due()
    for title in ("Cranford", "Mary Barton", "North and South"):
        fail(title)
    shop.indexer.refresh_from_db()
    assert shop.indexer.is_off
    passed = Verdict.objects.filter(passed_over_until__isnull=False)
    assert [str(verdict.book) for verdict in passed] == ["Ruth"]
