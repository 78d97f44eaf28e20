"""A book's page searches, and one of what was found is taken."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from books.admin import BookAdmin
from books.models import Book
from books.states import Wish
from downloads.models import Client, Download, Payload
from indexers import search as searching
from indexers.decide import decide_due
from indexers.models import Block, Indexer, Query, Search
from tame.models import Switch
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.fakes.torrents import hashes_of, make_torrent
from tests.fakes.torznab import FakeIndexer, Offer
from tests.people import bob, browser, button_of, leads_back, list_of, messages, page_of, reload

pytestmark = pytest.mark.django_db
LATER = "2099-01-01T00:00Z"


@pytest.fixture
def client() -> Client:
    return make_client(last_ok_at=timezone.now())


@pytest.fixture
def indexer() -> Indexer:
    return make_indexer(last_ok_at=timezone.now())


def again(book: Book) -> Book:
    return Book.objects.get(pk=book.pk)


def url(name: str, book: Book, *more: int) -> str:
    return reverse(f"admin:books_book_{name}", args=[book.pk, *more])


# --- Search ---------------------------------------------------------------------------------------


def test_search_makes_the_book_due_before_all_others(client: Client, indexer: Indexer) -> None:
    first = make_book("Emma")
    book = make_book(next_search_at=LATER, searches=3)
    answer = browser().post(button_of(book, "search"), follow=True)
    assert messages(answer) == ["“Cranford” is searched at once: the answers appear on its page."]
    assert "The search begins as soon as a worker is free" in answer.content.decode()
    assert list(Book.searchable()) == [book, first]


def test_a_search_is_not_promised_while_everything_is_paused(
    client: Client, indexer: Indexer
) -> None:
    Switch.objects.create(pk=1, everything_paused=True)
    book = make_book(next_search_at=LATER)
    answer = browser().post(button_of(book, "search"), follow=True)
    assert messages(answer) == [
        "“Cranford” is searched first, once TAME goes on. Everything is paused: go on with the "
        "switch on the first page."
    ]
    assert "as soon as a worker is free" not in answer.content.decode()
    assert list(Book.searchable()) == [book]


def test_a_search_knows_who_pressed_it(client: Client, indexer: Indexer) -> None:
    book = make_book(next_search_at=LATER)
    browser().post(button_of(book, "search"))
    searching.search_due(lambda: True)
    assert Search.objects.get().asked_by == "ann"
    Book.objects.update(next_search_at=timezone.now())
    indexer.reset()
    searching.search_due(lambda: True)
    assert Search.objects.latest("pk").asked_by == ""


def test_a_second_press_joins_the_open_search(client: Client, indexer: Indexer) -> None:
    book = make_book(next_search_at=LATER)
    Search.objects.create(book=book)
    answer = browser().post(button_of(book, "search"), follow=True)
    assert messages(answer)[0].startswith("“Cranford” is being searched already")
    assert not Book.searchable().exists()
    assert Search.objects.count() == 1


def test_search_without_an_indexer_says_so() -> None:
    book = make_book(next_search_at=LATER)
    answer = browser().post(button_of(book, "search"), follow=True)
    assert messages(answer) == [
        "No indexer can be asked right now: add one, or test those you have."
    ]


@pytest.mark.parametrize(
    ("columns", "why"), [({"coming": True}, "coming"), ({"on_shelf": True}, "shelf")]
)
def test_there_is_no_search_for_what_comes_or_is_here(
    columns: dict[str, Any], why: str, indexer: Indexer
) -> None:
    book = make_book(**columns)
    page = browser()
    assert "Search" not in [b.label for b in page.get(page_of(book)).context["buttons"]]
    answer = page.post(button_of(book, "search"), follow=True)
    assert why in messages(answer)[0]


def test_searching_a_parked_book_wants_it_again(indexer: Indexer) -> None:
    book = make_book(wish=Wish.PARKED)
    browser().post(button_of(book, "search"))
    assert again(book).wish == Wish.WANTED


def test_several_books_are_searched_from_the_list(indexer: Indexer) -> None:
    books = [make_book(f"Part {n}", next_search_at=LATER) for n in range(3)]
    shelved = make_book("Emma", on_shelf=True)
    rows = [book.pk for book in (*books, shelved)]
    data = {"action": "search", "_selected_action": rows}
    said = messages(browser().post(list_of(Book), data, follow=True))
    assert said == ["3 searched, 1 not: “Emma” is on the shelf already."]
    assert Book.searchable().count() == 3


def test_the_answers_of_the_indexers_appear(client: Client) -> None:
    book = make_book()
    with FakeIndexer() as fake:
        fake.releases = [Offer("Cranford by Elizabeth Gaskell [ENG / M4B]", seeders=12)]
        make_indexer("Gutenberg", fake.url, last_ok_at=timezone.now())
        Indexer.objects.update(key=fake.key)
        page = browser()
        before = page.get(url("live", book)).json()
        searching.search_book(book, asked_by="test")
        decide_due()
        after = page.get(url("live", book)).json()
    assert before["busy"]
    assert not after["busy"]
    assert before["stamp"] != after["stamp"]
    shown = page.get(page_of(book)).content.decode()
    assert "Gutenberg listed 1 release, 1 of them new." in shown
    assert f'data-live-stamp="{after["stamp"]}"' in shown
    assert "Cranford by Elizabeth Gaskell [ENG / M4B]" in shown


def test_each_answer_of_an_open_search_changes_the_stamp(client: Client, indexer: Indexer) -> None:
    book = make_book(next_search_at=LATER)
    search = Search.objects.create(book=book)
    query = Query.objects.create(
        search=search, indexer=indexer, indexer_name=indexer.name, asked="Cranford"
    )
    page = browser()
    open_ = page.get(url("live", book)).json()
    assert open_["busy"]
    Query.objects.filter(pk=query.pk).update(outcome="answered", sentence="Nothing.")
    answered = page.get(url("live", book)).json()
    Search.objects.update(finished_at=timezone.now())
    over = page.get(url("live", book)).json()
    assert len({open_["stamp"], answered["stamp"], over["stamp"]}) == 3
    assert not over["busy"]
    make_release(indexer, book)
    unjudged = page.get(url("live", book)).json()
    decide_due()
    judged = page.get(url("live", book)).json()
    assert (unjudged["busy"], judged["busy"]) == (True, False)
    assert unjudged["stamp"] != judged["stamp"]


# --- Grab -----------------------------------------------------------------------------------------


def test_a_release_is_grabbed_for_the_book(client: Client, indexer: Indexer) -> None:
    book = make_book(next_search_at=LATER)
    release = make_release(indexer, book, size=314_572_800, seeders=None)
    decide_due()
    page = browser()
    shown = page.get(page_of(book)).content.decode()
    assert "Choose a release of “Cranford” under “Releases found” and press Grab." in shown
    for said in (release.title, "314.6 MB", ">?<", "Gutenberg Tracker", f"Grab {release}"):
        assert said in shown
    taken = page.post(url("grab", book, release.pk), follow=True)
    download = Download.objects.get()
    assert taken.redirect_chain[-1][0] == page_of(download)
    assert messages(taken) == [f"“{download}” is queued for “Cranford”."]
    assert "It is handed to seedbox within a minute." in taken.content.decode()
    assert again(book).coming
    assert LogEntry.objects.get().change_message == f"Grab {release}."


def test_an_obstacle_is_said_on_the_book_s_page(client: Client, indexer: Indexer) -> None:
    book = make_book()
    release = make_release(indexer, book)
    make_download(client, book)
    answer = browser().post(url("grab", book, release.pk), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(book)
    assert "is already coming" in messages(answer)[0]
    assert Download.objects.count() == 1


def test_a_grab_without_a_client_says_what_to_do(indexer: Indexer) -> None:
    book = make_book()
    release = make_release(indexer, book)
    answer = browser().post(url("grab", book, release.pk), follow=True)
    assert messages(answer)[0].startswith("There is no qBittorrent to hand this to.")


def test_what_is_blocked_or_passed_over_says_why(indexer: Indexer) -> None:
    book = make_book()
    good = make_release(indexer, book, title="Good", identity="1")
    passed = make_release(indexer, book, title="Passed", identity="2", seeders=99)
    blocked = make_release(indexer, book, title="Blocked", identity="3", info_hash="b" * 40)
    book.verdicts.filter(release=passed).update(passed_over_until=LATER, why="Its link is dead.")
    Block.objects.create(info_hash="b" * 40, reason="It is abridged.", blocked_by="ann")
    shown = browser().get(page_of(book)).content.decode()
    assert "Its link is dead." in shown
    assert "Blocked for every book by ann: It is abridged." in shown
    assert shown.index("Good") < shown.index("Passed")
    assert url("grab", book, good.pk) in shown
    assert url("grab", book, passed.pk) in shown
    assert url("grab", book, blocked.pk) not in shown


@pytest.mark.parametrize("given", ["file", "magnet", "link"])
def test_a_torrent_is_given_by_hand(given: str, client: Client) -> None:
    book, torrent = make_book(), make_torrent({"Cranford/01.mp3": b"a" * 40_000})
    info_hash = hashes_of(torrent)[0]
    ways: dict[str, dict[str, Any]] = {
        "file": {"file": SimpleUploadedFile("cranford.torrent", torrent)},
        "magnet": {"link": f" magnet:?xt=urn:btih:{info_hash}&dn=Cranford "},
        "link": {"link": "http://127.0.0.1:1/cranford.torrent"},
    }
    taken = browser().post(url("give", book), ways[given], follow=True)
    download = Download.objects.get()
    assert taken.redirect_chain[-1][0] == page_of(download)
    assert (download.asked_by, download.books) == ("ann", [book])
    assert download.hash_v1 == ("" if given == "link" else info_hash)
    assert Payload.objects.get().link == ("http://127.0.0.1:1/cranford.torrent" * (given == "link"))


def test_a_magnet_with_an_endless_name_is_taken(client: Client) -> None:
    book = make_book()
    browser().post(url("give", book), {"link": f"magnet:?xt=urn:btih:{'a' * 40}&dn={'x' * 5000}"})
    assert Download.objects.get().title == "x" * 1000  # what its column holds


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "one of them."),
        ({"link": "cranford"}, "magnet"),
        ({"file": SimpleUploadedFile("x.torrent", b"<html>Log in</html>")}, "torrent"),
        ({"file": SimpleUploadedFile("x.torrent", b"")}, "empty"),
        ({"file": SimpleUploadedFile("x.torrent", b"d" * (10 * 2**20 + 1))}, "too large"),
    ],
)
def test_what_is_no_torrent_is_refused_with_a_sentence(
    data: dict[str, Any], sentence: str, client: Client
) -> None:
    book = make_book()
    answer = browser().post(url("give", book), data, follow=True)
    assert sentence in messages(answer)[0]
    assert answer.redirect_chain[-1][0] == page_of(book)
    assert not Download.objects.exists()


def test_grabbing_needs_its_own_permission(client: Client, indexer: Indexer) -> None:
    book = make_book()
    release = make_release(indexer, book)
    page = browser(bob("books.view_book", "books.change_book", "books.search_book"))
    for address in (url("grab", book, release.pk), url("give", book)):
        assert page.post(address).status_code == 403
        assert leads_back(address, to=page_of(book))
        assert browser(enforce_csrf_checks=True).post(address).status_code == 403
    shown = page.get(page_of(book)).content.decode()
    assert "Give a torrent by hand" not in shown
    assert "Grab" not in shown
    bob("indexers.grab_release")
    answer = page.post(url("grab", book, release.pk), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(book)
    assert Download.objects.get().asked_by == "bob"


@pytest.mark.parametrize("verb", [verb.name for verb in BookAdmin.verbs])
def test_a_verb_needs_post_a_token_and_its_permission(verb: str) -> None:
    book = make_book()
    assert messages(reload(book, verb)) == ["Press the button again: nothing was done."]
    assert browser(enforce_csrf_checks=True).post(button_of(book, verb)).status_code == 403
    page = browser(bob("books.view_book"))
    assert page.post(button_of(book, verb)).status_code == 403
