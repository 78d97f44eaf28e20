"""What is certain is taken by itself, where the profile says so, and no faster than the brakes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Author, Book, Series, SeriesPlace
from books.profiles import Profile
from downloads.brakes import GIGABYTE, Room, keep_space
from downloads.choices import choices, open_books
from downloads.gate import Gate
from downloads.grab import How, grab
from downloads.models import Brakes, Client, Download
from downloads.states import State
from downloads.take import take_due
from indexers.decide import decide_due
from indexers.models import Block, Indexer, Release, Search, Verdict
from tame.lib.errors import ObstacleError
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.people import browser, page_of

pytestmark = pytest.mark.django_db
SIZE = 500_000_000  # bytes


@pytest.fixture
def client(db: None) -> Client:
    return make_client(free_bytes=1000 * GIGABYTE, free_seen_at=timezone.now())


@pytest.fixture
def indexer(client: Client) -> Indexer:
    return make_indexer()


@pytest.fixture
def automatic(db: None) -> Profile:
    return Profile.objects.create(name="By itself", automatic=True)


def found(indexer: Indexer, title: str = "Cranford", **columns: Any) -> Book:
    """A wanted book with one right release."""
    book = make_book(title, **columns)
    make_release(indexer, book, size=SIZE)
    decide_due()
    return book


def taken() -> list[str]:
    return [str(book) for row in Download.objects.order_by("pk") for book in row.books]


def test_a_new_installation_takes_nothing_by_itself(indexer: Indexer) -> None:
    found(indexer)
    assert take_due() == "Nothing is taken by itself: the choices wait for a person."
    assert taken() == []


def test_what_is_certain_is_taken(indexer: Indexer, automatic: Profile) -> None:
    book = found(indexer, profile=automatic)
    assert take_due() == "1 taken."
    download = Download.objects.get()
    assert (download.automatic, download.asked_by, download.books) == (True, "TAME", [book])
    assert download.decision["outcome"] == "take"
    assert take_due() == "0 taken."


def test_the_search_that_found_it_is_kept_with_the_download(
    indexer: Indexer, automatic: Profile
) -> None:
    book = found(indexer, profile=automatic)
    search = Search.objects.create(book=book, asked_by="ann", finished_at=timezone.now())
    Verdict.objects.update(search=search)
    take_due()
    pk = search.pk
    search.delete()  # kept for 90 days
    kept = Download.objects.get().decision["search"]
    assert (kept["id"], kept["asked_by"]) == (pk, "ann")


def test_what_came_with_a_feed_has_no_search(indexer: Indexer, automatic: Profile) -> None:
    found(indexer, profile=automatic)
    take_due()
    assert Download.objects.get().decision["search"] is None


def test_what_is_only_offered_waits_for_a_person(indexer: Indexer, automatic: Profile) -> None:
    book = make_book(profile=automatic)
    make_release(indexer, book, size=SIZE, seeders=0)
    decide_due()
    take_due()
    assert taken() == []


def test_the_profile_of_its_series_goes_before_its_authors(
    indexer: Indexer, automatic: Profile
) -> None:
    asks = Profile.objects.create(name="Asks")
    book = found(indexer)
    series = Series.objects.create(name="Cranford Chronicles", profile=asks)
    Author.objects.update(profile=automatic)
    place = SeriesPlace.objects.create(book=book, series=series)
    take_due()
    assert taken() == []
    place.delete()
    decide_due()
    take_due()
    assert taken() == ["Cranford"]


def test_the_most_important_book_goes_first(indexer: Indexer, automatic: Profile) -> None:
    Brakes.objects.create(pk=1, grabs_a_day=1)
    found(indexer, "Ruth", profile=automatic)
    found(indexer, "Cranford", profile=automatic, priority=5)
    take_due()
    assert taken() == ["Cranford"]


# --- What it waits for ----------------------------------------------------------------------------


def only_choice() -> Any:
    [choice] = choices(open_books())
    return choice


def holding() -> Any:
    choice = only_choice()
    return Gate([choice.book]).obstacles(choice)


def test_an_open_search_may_bring_something_better(indexer: Indexer, automatic: Profile) -> None:
    book = found(indexer, profile=automatic)
    search = Search.objects.create(book=book)
    take_due()
    assert taken() == []
    assert [obstacle.kind for obstacle in holding()] == ["search"]
    Search.objects.filter(pk=search.pk).update(finished_at=timezone.now())
    take_due()
    assert taken() == ["Cranford"]


def test_an_indexer_that_is_left_alone_is_not_asked_for_torrents(
    indexer: Indexer, automatic: Profile
) -> None:
    found(indexer, profile=automatic)
    Indexer.objects.update(failures=1, off_until=timezone.now() + timedelta(hours=1))
    take_due()
    assert taken() == []


def test_a_delay_is_waited_for(indexer: Indexer, automatic: Profile) -> None:
    Profile.objects.filter(pk=automatic.pk).update(delay_minutes=60)
    automatic.refresh_from_db()
    book = found(indexer, profile=automatic)
    take_due()
    assert taken() == []
    assert holding()[0].sentence.startswith("It is taken at ")
    book.verdicts.update(first_accepted_at=timezone.now() - timedelta(minutes=61))
    take_due()
    assert taken() == ["Cranford"]


def test_what_is_blocked_is_no_choice(indexer: Indexer, automatic: Profile) -> None:
    book = found(indexer, profile=automatic)
    release = book.verdicts.get().release
    Block.objects.create(
        indexer=indexer, identity=release.identity, book=book, reason="Not this one"
    )
    assert choices(open_books()) == []
    take_due()
    assert taken() == []


# --- The brakes -----------------------------------------------------------------------------------


def test_the_sentence_says_which_brake_and_until_when(indexer: Indexer, automatic: Profile) -> None:
    Brakes.objects.create(pk=1, grabs_a_day=2)
    for title in ("Cranford", "Ruth", "Mary Barton"):
        found(indexer, title, profile=automatic)
    began = timezone.localtime()
    said = take_due()
    assert len(taken()) == 2
    assert said.startswith("2 taken. The others wait: 2 of 2 automatic grabs a day are used: it")
    [obstacle] = holding()
    assert obstacle.until is not None
    assert timedelta(hours=23) < obstacle.until - began <= timedelta(hours=24, minutes=1)


def test_a_person_is_not_held_by_the_days_budget(indexer: Indexer) -> None:
    Brakes.objects.create(pk=1, grabs_a_day=0, gigabytes_a_day=0)
    book = found(indexer)
    grab(book, book.verdicts.get().release, actor="ada")
    assert taken() == ["Cranford"]


def test_planned_gigabytes_are_counted(indexer: Indexer, automatic: Profile) -> None:
    Brakes.objects.create(pk=1, gigabytes_a_day=1)
    for title in ("Cranford", "Ruth", "Mary Barton"):
        found(indexer, title, profile=automatic)
    assert "1.0 of 1 GB a day are planned: it goes on at " in take_due()
    assert len(taken()) == 2


def test_what_is_larger_than_a_day_is_left_to_a_person(
    indexer: Indexer, automatic: Profile
) -> None:
    Brakes.objects.create(pk=1, gigabytes_a_day=0)
    found(indexer, profile=automatic)
    assert "take it yourself, or let off the brake." in take_due()


def beside(book: Book, **columns: Any) -> Release:
    """Another right release of the book, with more seeders than any."""
    release = make_release(Indexer.objects.get(), book, identity="large", seeders=90, **columns)
    decide_due()
    return release


@pytest.mark.parametrize(
    ("size", "free", "why"),
    [
        (51 * GIGABYTE, 1000, "It is larger than the 50 GB a day that TAME takes by itself"),
        (5 * GIGABYTE, 12, "no room for 5.0 GB."),
    ],
)
def test_one_that_never_fits_hides_no_smaller_one(
    indexer: Indexer, automatic: Profile, size: int, free: int, why: str
) -> None:
    Client.objects.update(free_bytes=free * GIGABYTE)
    book = found(indexer, profile=automatic, expected_seconds=None)
    small = book.verdicts.get().release
    large = beside(book, size=size)
    assert only_choice().verdict.release == large
    assert take_due() == "1 taken."
    download = Download.objects.get()
    assert download.release == small
    [(title, sentence)] = download.decision["passed_by"].items()
    assert title.startswith(large.title)
    assert why in sentence
    page = browser().get(page_of(download)).content.decode()
    assert "Passed by" in page


def test_the_best_is_waited_for_when_tomorrow_has_room_for_it(
    indexer: Indexer, automatic: Profile, client: Client
) -> None:
    make_download(client, automatic=True, state=State.COMPLETED, size=20 * GIGABYTE)
    book = found(indexer, profile=automatic)
    large = beside(book, size=40 * GIGABYTE)
    assert "of 50 GB a day are planned: it goes on at " in take_due()
    assert Download.objects.count() == 1
    Download.objects.update(added_at=timezone.now() - timedelta(hours=25))
    take_due()
    assert Download.objects.latest("pk").release == large


def test_a_smaller_one_is_taken_only_if_no_rule_objects(
    indexer: Indexer, automatic: Profile
) -> None:
    book = found(indexer, profile=automatic)
    book.verdicts.get().release.delete()
    make_release(indexer, book, size=SIZE, seeders=0)
    beside(book, size=60 * GIGABYTE)
    assert "It is larger than the 50 GB a day" in take_due()
    assert taken() == []


@pytest.mark.parametrize("books", [1, 30])
def test_looking_for_smaller_ones_costs_the_same_whatever_the_number(
    indexer: Indexer, automatic: Profile, books: int
) -> None:
    Brakes.objects.create(pk=1, gigabytes_a_day=0)
    for number in range(books):
        found(indexer, f"Cran{chr(ord('a') + number)}ford", profile=automatic)
    with CaptureQueriesContext(connection) as asked:
        take_due()
    assert taken() == []
    assert len(asked) <= 24


def test_the_clients_unfinished_downloads_are_counted(
    indexer: Indexer, automatic: Profile, client: Client
) -> None:
    Client.objects.update(unfinished_limit=1)
    make_download(client, state=State.DOWNLOADING)
    found(indexer, profile=automatic)
    assert "seedbox has 1 of 1 unfinished downloads" in take_due()
    Download.objects.update(state=State.COMPLETED)
    take_due()
    assert len(taken()) == 1


def test_free_space_counts_what_is_still_to_come(
    indexer: Indexer, automatic: Profile, client: Client
) -> None:
    Client.objects.update(free_bytes=20 * GIGABYTE)
    make_download(client, state=State.DOWNLOADING, size=10 * GIGABYTE)
    book = found(indexer, profile=automatic)
    assert (
        "seedbox has 20.0 GB free, of which 10.0 GB are still to come and 10.0 GB stay free: "
        "no room for 500.0 MB."
    ) in take_due()
    with pytest.raises(ObstacleError, match="no room"):
        grab(book, book.verdicts.get().release, actor="ada")
    grab(book, book.verdicts.get().release, actor="ada", how=How.ANYWAY)
    assert Download.objects.latest("pk").decision["how"] == "anyway"


def test_what_came_since_the_client_was_asked_is_not_free_again(
    client: Client, automatic: Profile
) -> None:
    """Its figure is ten minutes old, the progress of its downloads a few seconds."""
    row = make_download(client, state=State.DOWNLOADING, size=8 * GIGABYTE, downloaded=GIGABYTE)
    other = make_download(client, state=State.CANCELLED, size=9 * GIGABYTE)
    keep_space(client, 20 * GIGABYTE, timezone.now())
    for there, state in [(GIGABYTE, "downloading"), (7 * GIGABYTE, "downloading"), (8, "held")]:
        Download.objects.filter(pk=row.pk).update(downloaded=there, state=state)
        assert Room(client).coming == 7 * GIGABYTE
    ended = {"state": State.COMPLETED, "state_since": timezone.now()}
    Download.objects.filter(pk=row.pk).update(downloaded=8 * GIGABYTE, **ended)
    assert Room(client).coming == 7 * GIGABYTE
    assert Room(client).space(4 * GIGABYTE)
    keep_space(client, 13 * GIGABYTE, timezone.now())
    assert Room(client).coming == 0
    assert Room(client).space(4 * GIGABYTE)
    assert not Room(client).space(3 * GIGABYTE)
    assert other.downloaded == 0


def test_what_was_taken_since_the_client_was_asked_needs_all_its_space(client: Client) -> None:
    keep_space(client, 20 * GIGABYTE, timezone.now())
    make_download(client, state=State.DOWNLOADING, size=6 * GIGABYTE, downloaded=5 * GIGABYTE)
    assert Room(client).coming == 6 * GIGABYTE


def test_free_space_is_asked_of_the_client(fake: FakeQBittorrent, automatic: Profile) -> None:
    client = make_client(address=fake.url, username=fake.username, password=fake.password)
    found(make_indexer(), profile=automatic)
    take_due()
    client.refresh_from_db()
    assert client.free_bytes is not None
    assert client.free_seen_at is not None


def test_unknown_space_is_not_full(client: Client) -> None:
    client.free_bytes = None
    assert Room(client).space(SIZE) is None


@pytest.mark.parametrize("books", [1, 30])
def test_choosing_costs_the_same_whatever_the_number(indexer: Indexer, books: int) -> None:
    for number in range(books):
        found(indexer, f"Cran{chr(ord('a') + number)}ford")
    with CaptureQueriesContext(connection) as asked:
        found_choices = choices(open_books())
    assert len(found_choices) == books
    assert len(asked) <= 10


# --- Box sets -------------------------------------------------------------------------------------


def volumes(count: int) -> list[Book]:
    series = Series.objects.create(name="Barsetshire")
    titles = ["The Warden", "Barchester Towers", "Doctor Thorne"][:count]
    books = [make_book(title, "Anthony Trollope") for title in titles]
    for number, book in enumerate(books, 1):
        SeriesPlace.objects.create(
            book=book, series=series, position=str(number), sort_number=number
        )
    return books


def test_a_box_set_is_taken_when_all_of_it_is_wanted(indexer: Indexer, automatic: Profile) -> None:
    Profile.objects.filter(default=True).update(automatic=True)
    first, *_ = volumes(3)
    name = "Anthony Trollope - Barsetshire Books 1-3 [M4B]"
    make_release(indexer, first, title=name, size=3 * SIZE)
    decide_due()
    take_due()
    assert sorted(taken()) == ["Barchester Towers", "Doctor Thorne", "The Warden"]


def test_a_box_set_is_only_offered_while_a_part_of_it_is_not_wanted(indexer: Indexer) -> None:
    Profile.objects.filter(default=True).update(automatic=True)
    first, *_ = volumes(2)
    name = "Anthony Trollope - Barsetshire Books 1-3 [M4B]"
    make_release(indexer, first, title=name, size=3 * SIZE)
    decide_due()
    take_due()
    assert taken() == []
    assert not only_choice().is_certain
    grab(first, only_choice().verdict.release, actor="ada")
    assert sorted(taken()) == ["Barchester Towers", "The Warden"]
