"""A search asks every usable indexer at its own pace, and none waits for another."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from books.states import Wish
from indexers.models import Indexer, Query, Release, Search, Verdict
from indexers.search import is_any_due, search_book, search_books, search_due
from tests.factory import make_book, make_indexer
from tests.fakes.site import Page, Site
from tests.fakes.torznab import FakeIndexer

pytestmark = pytest.mark.django_db

FEED = """<rss version="2.0" xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel>{}</channel></rss>"""
ENTRY = """<item><title>{title}</title><guid>{guid}</guid><link>{link}</link>
<torznab:attr name="seeders" value="7"/><torznab:attr name="size" value="412345678"/></item>"""


def feed(*titles: str) -> Page:
    entries = [
        ENTRY.format(title=t, guid=f"g-{t}", link=f"http://x/dl/{n}/?jackett_apikey=k-indexer-1")
        for n, t in enumerate(titles)
    ]
    return Page(body=FEED.format("".join(entries)).encode())


def at(site: Site, path: str, page: Page, **columns: Any) -> Indexer:
    name = path.strip("/")
    return make_indexer(name, site.put(path, page), **columns)


@pytest.fixture
def site() -> Any:
    with Site() as server:
        yield server


@pytest.fixture
def book() -> Book:
    return make_book()


def outcomes(search: Search) -> dict[str, str]:
    return {query.indexer_name: query.outcome for query in search.queries.all()}


def test_every_indexer_has_an_outcome(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford by Elizabeth Gaskell"))
    at(site, "/broken", Page(status=502))
    at(site, "/off", feed(), off_until=timezone.now() + timedelta(hours=1), failures=2)
    at(site, "/disabled", feed(), enabled=False)
    search = search_book(book, asked_by="test")
    assert outcomes(search) == {
        "good": "answered", "broken": "failed", "off": "skipped", "disabled": "skipped",
    }  # fmt: skip
    assert search.finished_at
    assert Verdict.objects.get().release.title == "Cranford by Elizabeth Gaskell"


def test_outage_is_not_an_empty_result(site: Site, book: Book) -> None:
    indexer = at(site, "/broken", Page(status=502))
    search_book(book, asked_by="test")
    query = Query.objects.get()
    assert query.outcome == "failed"
    assert "broken" in query.sentence
    indexer.refresh_from_db()
    assert indexer.is_off
    assert indexer.last_error == query.sentence


def test_one_hanging_indexer_delays_nothing_else(site: Site, settings: Any) -> None:
    settings.INDEXER_TIMEOUT = (1, 2)
    at(site, "/hangs", Page(hang=True))
    quick = at(site, "/quick", feed("Ruth"))
    books = [make_book(title) for title in ("Ruth", "Cranford", "Mary Barton")]
    answered: list[float] = []
    started = time.monotonic()

    def told(query: Query) -> None:
        if query.indexer_name == "quick" and query.tier == 1:
            answered.append(time.monotonic() - started)

    search_books(books, asked_by="test", told=told)
    assert len(answered) == 3
    assert answered[-1] < 1.5
    assert not Indexer.objects.get(pk=quick.pk).failures
    assert Search.objects.filter(finished_at=None).count() == 0


def test_a_failed_indexer_is_asked_no_more_in_this_pass(site: Site) -> None:
    at(site, "/broken", Page(status=502))
    search_books([make_book("Ruth"), make_book("Cranford")], asked_by="test")
    assert len(site.asked) == 1
    assert sorted(Query.objects.values_list("outcome", flat=True)) == ["failed", "skipped"]


def test_a_release_seen_again_is_the_same_row(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford by Elizabeth Gaskell"))
    search_book(book, asked_by="test")
    first = Release.objects.get()
    search_book(book, asked_by="test")
    again = Release.objects.get()
    assert again.pk == first.pk
    assert again.last_seen_at > first.last_seen_at
    assert again.first_seen_at == first.first_seen_at
    assert [q.new for q in Query.objects.order_by("pk")] == [1, 0]


def test_a_verdict_names_the_last_search_that_found_its_release(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford by Elizabeth Gaskell"))
    search_book(book, asked_by="ann")
    again = search_book(book, asked_by="bob")
    assert Verdict.objects.get().search == again


def test_the_key_is_not_stored_with_the_link(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford"))
    search_book(book, asked_by="test")
    assert Release.objects.get().link.endswith("jackett_apikey={key}")


def test_a_second_search_joins_the_open_one_and_asks_nobody_again(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford"))
    open_one = Search.objects.create(book=book)
    Book.objects.update(leased_by="alive", leased_until=timezone.now() + timedelta(minutes=1))
    assert search_book(book, asked_by="again") == open_one
    assert Search.objects.get().finished_at is None
    assert site.asked == []


def test_a_search_that_a_dead_worker_left_open_is_closed(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford"))
    left = Search.objects.create(book=book)
    Book.objects.update(leased_by="dead", leased_until=timezone.now() - timedelta(minutes=1))
    search = search_book(book, asked_by="again")
    assert search != left
    left.refresh_from_db()
    assert left.finished_at


def test_the_pace_per_indexer_is_kept(site: Site, settings: Any) -> None:
    settings.QUERY_SECONDS = 0.5 * settings.HURRY
    at(site, "/good", feed())
    started = time.monotonic()
    search_books([make_book(f"Tale {n}") for n in range(3)], asked_by="test")
    assert len(site.asked) == 3
    assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    ("columns", "searched"),
    [
        ({}, True),
        ({"wish": Wish.PARKED}, False),
        ({"wish": Wish.ASKED}, False),
        ({"on_shelf": True}, False),
        ({"coming": True}, False),
        ({"next_search_at": timezone.now() + timedelta(hours=1)}, False),
    ],
)
def test_only_what_is_wanted_and_due_is_searched(
    columns: dict[str, Any], searched: bool, site: Site
) -> None:
    at(site, "/good", feed())
    make_book(**columns)
    assert len(search_due(lambda: True)) == searched


def test_hopeless_items_back_off(site: Site, book: Book, settings: Any) -> None:
    settings.HURRY = 1
    at(site, "/good", feed())
    waits = []
    for _ in range(3):
        search_book(book, asked_by="test")
        book.refresh_from_db()
        waits.append(book.next_search_at - timezone.now())
        Indexer.objects.update(next_query_at=timezone.now())
    assert waits[0] < waits[1] < waits[2]


def test_at_most_fifty_books_a_pass(site: Site, settings: Any) -> None:
    settings.BOOKS_PER_PASS, settings.QUERY_SECONDS = 2, 0
    at(site, "/good", feed())
    for n in range(3):
        make_book(f"Tale {n}")
    assert len(search_due(lambda: True)) == 2
    assert len(search_due(lambda: True)) == 1


def test_what_there_is_no_time_for_stays_due(site: Site, book: Book) -> None:
    at(site, "/good", feed())
    assert search_due(lambda: False) == []
    assert not Search.objects.exists()
    assert len(search_due(lambda: True)) == 1


def for_a_while(seconds: float) -> Callable[[], bool]:
    """A runner that has so much time."""
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() < ends


def searched_to_the_end(seconds: float) -> int:
    """In how many passes of so long."""
    for number in range(1, 20):
        search_due(for_a_while(seconds))
        if not is_any_due():
            return number
    raise AssertionError("It never ends.")


TITLES = ("Ruth", "Cranford", "Lois", "She")


def test_beside_a_slow_indexer_a_quick_one_is_asked_each_question_once(settings: Any) -> None:
    settings.QUERY_SECONDS = 0
    for title in TITLES:
        make_book(title)
    with FakeIndexer() as quick, FakeIndexer() as slow:
        slow.delay = 0.6
        make_indexer("quick", quick.url, key=quick.key)
        make_indexer("slow", slow.url, key=slow.key)
        assert searched_to_the_end(0.8) > 1
        assert sorted(quick.searches) == sorted(set(quick.searches))
        assert sorted(slow.searches) == sorted(quick.searches)
    assert Search.objects.filter(finished_at=None).count() == 0
    assert Search.objects.count() == len(TITLES)
    assert set(Book.objects.values_list("searches", flat=True)) == {1}
    assert Query.objects.filter(search=None).count() == 0


def test_beside_a_hanging_indexer_a_quick_one_is_asked_each_question_once(
    site: Site, settings: Any
) -> None:
    settings.QUERY_SECONDS, settings.INDEXER_TIMEOUT = 0, (1, 1)
    for title in TITLES:
        make_book(title)
    at(site, "/hangs", Page(hang=True))
    with FakeIndexer() as quick:
        make_indexer("quick", quick.url, key=quick.key)
        assert searched_to_the_end(0.5) > 1
        assert sorted(quick.searches) == sorted(set(quick.searches))
    assert len(site.asked) == 1
    assert Search.objects.filter(finished_at=None).count() == 0
    for search in Search.objects.all():
        assert search.queries.filter(indexer_name="quick", outcome="answered").exists()


def put_off(book: Book) -> Search:
    """An open search in which one indexer has answered."""
    search = Search.objects.create(book=book)
    Query.objects.create(
        search=search,
        indexer=Indexer.objects.get(),
        indexer_name="good",
        asked="Cranford Elizabeth Gaskell",
        outcome="answered",
    )
    return search


def test_a_person_joins_a_search_that_was_put_off(site: Site, book: Book) -> None:
    at(site, "/good", feed("Cranford"))
    search = put_off(book)
    at(site, "/other", feed("Cranford"))
    assert search_book(book, asked_by="ann") == search
    assert outcomes(search) == {"good": "answered", "other": "answered"}
    assert len(site.asked) == 1


def test_what_was_put_off_is_asked_in_the_words_of_now(site: Site, book: Book) -> None:
    at(site, "/good", feed("Ruth"))
    put_off(book)
    Book.objects.update(title="Ruth")
    search_due(lambda: True)
    assert "q=Ruth+Elizabeth+Gaskell" in site.paths[0]


@pytest.mark.parametrize("why", ["parked", "old", "still asked"])
def test_one_that_nobody_goes_on_with_is_closed(site: Site, book: Book, why: str) -> None:
    at(site, "/good", feed())
    search = put_off(book)
    if why == "parked":
        Book.objects.update(wish=Wish.PARKED)
    elif why == "old":
        Search.objects.update(started_at=timezone.now() - timedelta(hours=2))
    else:
        Query.objects.update(outcome="asked")
    search_due(lambda: True)
    search.refresh_from_db()
    assert search.finished_at
    assert Search.objects.count() == (1 if why == "parked" else 2)


def test_without_an_indexer_the_book_stays_due(book: Book) -> None:
    assert search_due(lambda: True) == []
    book.refresh_from_db()
    assert book.next_search_at <= timezone.now()


def test_short_words_survive(site: Site) -> None:
    at(site, "/good", feed())
    search_book(make_book("She", "H. Rider Haggard"), asked_by="test")
    assert "q=She+H.+Rider+Haggard" in site.paths[0]


def test_cooldown_ends(site: Site, book: Book, time_machine: Any, settings: Any) -> None:
    settings.HURRY = 1
    indexer = at(site, "/flaky", Page(status=502))
    search_book(book, asked_by="test")
    indexer.refresh_from_db()
    assert not indexer.is_usable
    site.put("/flaky", feed("Cranford"))
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    assert outcomes(search_book(book, asked_by="test")) == {"flaky": "answered"}
    indexer.refresh_from_db()
    assert indexer.failures == 0


def test_pauses_grow_and_honour_retry_after(site: Site, book: Book, settings: Any) -> None:
    settings.HURRY = 1
    indexer = at(site, "/busy", Page(status=429, headers={"Retry-After": "7200"}))
    search_book(book, asked_by="test")
    indexer.refresh_from_db()
    assert indexer.off_until
    assert indexer.off_until - timezone.now() > timedelta(seconds=7100)
    indexer.reset()
    assert indexer.is_usable


def test_a_refused_key_stops_the_indexer_until_it_changes(site: Site, book: Book) -> None:
    indexer = at(site, "/keyed", Page(status=401))
    for _ in range(3):
        search_book(book, asked_by="test")
    assert len(site.asked) == 1
    indexer.refresh_from_db()
    assert indexer.key_was_refused
    indexer.reset()
    search_book(book, asked_by="test")
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("known", "asked"),
    [({}, "cat=3030"), ({"3030": "Audiobook"}, "cat=3030"), ({"3000": "Audio"}, "cat=3000")],
)
def test_an_indexer_is_asked_for_categories_that_it_knows(
    known: dict[str, str], asked: str, site: Site, book: Book
) -> None:
    at(site, "/good", feed(), caps={"categories": known})
    search_book(book, asked_by="test")
    assert asked in site.paths[0]
