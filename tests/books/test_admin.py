"""Books in the admin: wanted, changed, listed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from books.models import Author, Book, Library, ShelfCopy
from books.states import Wish
from downloads.models import Client
from downloads.states import State
from indexers.models import Indexer, Release, Search
from tests.factory import (
    make_book,
    make_client,
    make_download,
    make_indexer,
    make_release,
    use_sources,
)
from tests.fakes.sources import FakeSources, work
from tests.people import browser, button_of, filled_in, list_of, page_of

pytestmark = pytest.mark.django_db
ADD = "/admin/books/book/add/"
LATER = "2099-01-01T00:00Z"
LIST_QUERIES, PAGE_QUERIES = 21, 40


@pytest.fixture
def client() -> Client:
    return make_client(last_ok_at=timezone.now())


@pytest.fixture
def indexer() -> Indexer:
    return make_indexer(last_ok_at=timezone.now())


def filled(book: Book, **changed: Any) -> dict[str, Any]:
    kept = {
        "title": book.title, "subtitle": "", "wish": book.wish, "priority": book.priority,
        "year": "", "language": "", "asin": "", "isbn": "", "expected_seconds": "",
        "published_on": "", "credits-TOTAL_FORMS": 0, "credits-INITIAL_FORMS": 0,
        "places-TOTAL_FORMS": 0, "places-INITIAL_FORMS": 0,
    }  # fmt: skip
    return kept | changed


def again(book: Book) -> Book:
    return Book.objects.get(pk=book.pk)


# --- Want -----------------------------------------------------------------------------------------


def test_a_book_is_wanted_by_title_and_author(client: Client, indexer: Indexer) -> None:
    data = {"title": " The  Mill on the Floss ", "authors": "George Eliot; Ann Reader"}
    added = browser().post(ADD, data | {"priority": 0}, follow=True)
    book = Book.objects.get()
    assert (book.title, book.authors) == ("The Mill on the Floss", "George Eliot, Ann Reader")
    assert book.wish == Wish.WANTED
    assert added.redirect_chain[-1][0] == page_of(book)
    assert "is searched within a minute" in added.content.decode()
    assert LogEntry.objects.get().object_id == str(book.pk)


def test_a_book_that_is_here_already_is_shown_instead() -> None:
    book = make_book(wish=Wish.PARKED)
    data = {"title": "cranford", "authors": "elizabeth gaskell", "priority": 0}
    shown = browser().post(ADD, data).content.decode()
    assert f'<a href="{page_of(book)}">Cranford</a> is here already (parked).' in shown
    assert Book.objects.count() == 1


@pytest.mark.parametrize("data", [{"title": "?!"}, {"title": ""}, {"title": "X", "asin": "B01"}])
def test_what_is_no_new_book_is_said_beside_the_form(data: dict[str, str]) -> None:
    make_book(asin="B01")
    answer = browser().post(ADD, {"authors": "Ann", "priority": 0} | data)
    assert "errorlist" in answer.content.decode()
    assert Book.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"asin": "!!"}, "“!!” is no ASIN: ten letters and digits."),
        ({"isbn": "zz"}, "“zz” is no ISBN: 10 or 13 digits."),
        ({"isbn": "978-0-14-043478-3"}, "its last digit does not fit the others."),
        ({"authors": "G" * 301}, "An author&#x27;s name has at most 300 letters, not 301."),
        ({"authors": "\ufb03" * 299}, "An author&#x27;s name has at most 300 letters, not 897."),
    ],
)
def test_what_the_command_refuses_is_refused_here_too(data: dict[str, str], sentence: str) -> None:
    wanted = {"title": "Ruth", "priority": 0}
    assert sentence in browser().post(ADD, wanted | data).content.decode()
    assert not Book.objects.exists()
    if "authors" not in data:
        book = make_book()
        assert sentence in browser().post(page_of(book), filled(book, **data)).content.decode()


def test_numbers_of_an_edition_are_taken_as_they_are_printed() -> None:
    wanted = {"title": "Ruth", "priority": 0, "isbn": "978-0-14-043478-1", "asin": " b000000001 "}
    browser().post(ADD, wanted)
    assert Book.objects.values_list("isbn", "asin").get() == ("9780140434781", "B000000001")


def test_a_number_that_stands_there_keeps_nobody_from_saving() -> None:
    """It was taken before anybody looked at its last digit."""
    book = make_book("Ruth", isbn="9780140434783")
    browser().post(page_of(book), filled(book, isbn=book.isbn, subtitle="A Novel"))
    assert Book.objects.values_list("isbn", "subtitle").get() == ("9780140434783", "A Novel")


def test_the_page_of_a_new_book_has_one_heading() -> None:
    assert "<h2>None</h2>" not in browser().get(ADD).content.decode()


def test_authors_are_chosen_on_the_page() -> None:
    book = make_book()
    other = Author.objects.create(name="Jane Austen")
    credit = book.credits.get()
    data = filled(book) | {
        "credits-TOTAL_FORMS": 1, "credits-INITIAL_FORMS": 1, "credits-0-id": credit.pk,
        "credits-0-book": book.pk, "credits-0-author": other.pk, "credits-0-role": "author",
        "credits-0-order": 0,
    }  # fmt: skip
    browser().post(page_of(book), data)
    assert again(book).authors == "Jane Austen"


def test_renaming_an_author_keeps_them_findable() -> None:
    author = Author.objects.create(name="Jane Austin")
    page = browser().get(page_of(author))
    sent = filled_in(page, name="Jane Austen", sort_name="Austen, Jane")
    browser().post(page_of(author), sent)
    author.refresh_from_db()
    assert (author.name, author.normalised) == ("Jane Austen", "jane austen")
    add = reverse("admin:books_author_add")
    assert "is no new name" in browser().post(add, {"name": "jane AUSTEN"}).content.decode()


def test_saving_a_book_while_a_task_moves_it_loses_nothing() -> None:
    book = make_book()

    def come(sender: Any, instance: Any, **_: Any) -> None:
        Book.objects.filter(pk=instance.pk).update(coming=True, searches=4, next_search_at=LATER)

    pre_save.connect(come, sender=Book)
    try:
        browser().post(page_of(book), filled(book, priority=9))
    finally:
        pre_save.disconnect(come, sender=Book)
    now = again(book)
    assert (now.priority, now.coming, now.searches, now.next_search_at.year) == (9, True, 4, 2099)


def test_a_page_that_was_open_for_long_takes_nothing_back() -> None:
    book = make_book()
    page = browser()
    opened = page.get(page_of(book))
    assert 'name="initial-wish" value="wanted"' in opened.content.decode()
    browser().post(button_of(book, "park"))
    Book.objects.update(year=1853)
    page.post(page_of(book), filled_in(opened, priority=9))
    now = again(book)
    assert (now.priority, now.wish, now.year) == (9, Wish.PARKED, 1853)
    assert "Changed Priority." in [entry.get_change_message() for entry in LogEntry.objects.all()]


# --- Pages ----------------------------------------------------------------------------------------


def test_the_page_shows_the_downloads_of_the_book(client: Client) -> None:
    book = make_book()
    download = make_download(client, book, state=State.DOWNLOADING, progress=0.42)
    shown = browser().get(page_of(book)).content.decode()
    assert page_of(download) in shown
    assert "42 %" in shown
    assert "It is downloading, 42 % are there." in shown


def test_the_page_says_who_wrote_the_book_and_where_it_stands() -> None:
    book, library = make_book(), Library.objects.create(name="Attic", root="/srv/attic")
    copies = [
        ShelfCopy.objects.create(book=book, library=library, folder=folder, state=state)
        for folder, state in (("Gaskell/Cranford", "proved"), ("Gaskell/Old", "gone"))
    ]
    shown = browser().get(page_of(book)).content.decode()
    assert "<h2>Cranford by Elizabeth Gaskell</h2>" in shown
    assert f'<a href="{page_of(copies[0])}">Gaskell/Cranford</a>' in shown
    assert "Gaskell/Old" not in shown


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_costs_the_same_whatever_was_found(
    rows: int, client: Client, indexer: Indexer
) -> None:
    book = make_book(next_search_at=LATER)
    for n in range(rows):
        make_release(indexer, book, title=f"Edition {n}", identity=str(n))
    page = browser()
    page.get(page_of(book))
    with CaptureQueriesContext(connection) as queries:
        page.get(page_of(book))
    assert len(queries) == PAGE_QUERIES


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_costs_the_same_whatever_its_length(
    rows: int, client: Client, indexer: Indexer
) -> None:
    for n in range(rows):
        make_book(f"Part {n}", author=f"Writer {n}")
    page = browser()
    page.get(list_of(Book))
    with CaptureQueriesContext(connection) as queries:
        page.get(list_of(Book))
    assert len(queries) == LIST_QUERIES


def test_tabs_lead_to_what_they_count() -> None:
    make_book()
    make_book("Emma", wish=Wish.PARKED)
    make_book("Persuasion", coming=True)
    make_book("Lady Susan", on_shelf=True)
    page = browser()
    tabs = page.get(list_of(Book)).context["tabs"]
    assert {t.label: t.count for t in tabs} == {
        "All": None, "Wanted": 1, "Asked for": 0, "Parked": 1, "Coming": 1, "Available": 1,
    }  # fmt: skip
    for tab in tabs[1:]:
        answer = page.get(list_of(Book) + tab.link)
        assert answer.context["cl"].result_count == tab.count
        assert [t.label for t in answer.context["tabs"] if t.is_open] == [tab.label]


def test_books_are_found_by_their_author() -> None:
    make_book()
    make_book("Emma", "Jane Austen")
    answer = browser().get(list_of(Book), {"q": "austen"})
    assert [row.title for row in answer.context["cl"].result_list] == ["Emma"]


def test_a_book_that_something_still_needs_is_kept(client: Client) -> None:
    book = make_book()
    make_download(client, book)
    address = reverse("admin:books_book_delete", args=[book.pk])
    shown = browser().post(address, {"post": "yes"}).content.decode()
    assert "would require deleting the following protected related objects" in shown
    assert Book.objects.exists()
    browser().post(button_of(book, "park"))
    assert again(book).wish == Wish.PARKED


def test_a_book_goes_with_what_was_found_for_it() -> None:
    book = make_book()
    make_release(make_indexer(), book)
    Search.objects.create(book=book)
    address = reverse("admin:books_book_delete", args=[book.pk])
    assert "Verdicts: 1" in browser().get(address).content.decode()
    browser().post(address, {"post": "yes"})
    assert not Book.objects.exists()
    assert Release.objects.exists()


# --- Where its values come from -------------------------------------------------------------------


def test_what_a_person_changes_is_locked() -> None:
    book = make_book()
    opened = browser().get(page_of(book))
    browser().post(page_of(book), filled_in(opened, year=1853))
    now = again(book)
    assert (now.sources["year"]["source"], now.sources["year"]["locked"]) == ("person", True)
    assert "authors" not in now.sources
    credit = book.credits.get()
    other = Author.objects.create(name="Jane Austen")
    data = filled_in(browser().get(page_of(book)), **{"credits-0-author": other.pk})
    assert data["credits-0-id"] == credit.pk
    browser().post(page_of(book), data)
    assert again(book).sources["authors"]["locked"]


def test_a_value_is_unlocked_on_the_page() -> None:
    book = make_book(sources={"year": {"source": "person", "at": LATER, "locked": True}})
    page = browser()
    shown = page.get(page_of(book)).content.decode()
    assert "a person, locked" in shown
    assert 'name="unlock" value="year"' in shown
    address = reverse("admin:books_book_lock", args=[book.pk])
    answer = page.post(address, {"unlock": "year"}, follow=True)
    assert "may be written by a source" in answer.content.decode()
    assert not again(book).sources["year"]["locked"]
    assert "There is no value" in page.post(address, {"x": "y"}, follow=True).content.decode()


def test_a_book_is_looked_up_again() -> None:
    book = make_book()
    with FakeSources() as fake:
        fake.works = [work("Cranford", "Elizabeth Gaskell")]
        use_sources(fake.url, "open_library")
        shown = browser().post(button_of(book, "look_up"), follow=True).content.decode()
    assert "year: “1853” from Open Library" in shown
    assert again(book).year == 1853
