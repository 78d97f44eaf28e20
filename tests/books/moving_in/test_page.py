"""The page: look over fifty lines at a time, correct each, store with one press."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from books.models import Book, Library, MoveIn
from books.moving_in import reading, storing
from books.moving_models import Action
from tests.books.moving_in import sources
from tests.factory import make_book
from tests.people import bob, browser, messages, page_of

pytestmark = pytest.mark.django_db
START = "admin:books_movein_add"


def begun(content: str = sources.GOODREADS, name: str = "books.csv") -> MoveIn:
    file = SimpleUploadedFile(name, content.encode())
    answer = browser().post(reverse(START), {"file": file})
    assert answer.status_code == 302, answer.content
    return MoveIn.objects.latest("pk")


def tales(count: int) -> MoveIn:
    return begun("Title,Author\n" + "".join(f"Tale {n},Author {n}\n" for n in range(count)))


def sent(answer: Any, **changed: str) -> dict[str, Any]:
    """The page's form as its browser would send it."""
    forms = [row.form for row in answer.context["lines"] if row.form]
    fields = {form[name].html_name: form[name].value() or "" for form in forms
              for name in form.fields}  # fmt: skip
    return fields | {"line": [form.instance.pk for form in forms]} | changed


def test_a_file_is_read_and_every_line_is_shown() -> None:
    run = begun()
    shown = browser().get(page_of(run)).content.decode()
    for said in ("Chronicles of Barsetshire", "The Warden", "Middlemarch", "2 books were read."):
        assert said in shown, said
    assert not Book.objects.exists()


def test_a_line_is_corrected_and_stored() -> None:
    run = begun()
    warden = run.lines.get(title="The Warden")
    page, line = browser(), f"line-{warden.pk}"
    form = sent(
        page.get(page_of(run)), **{f"{line}-series": "Barsetshire", f"{line}-title": "Warden"}
    )
    answer = page.post(page_of(run), form | {"store": "1"}, follow=True)
    assert messages(answer) == ["2 lines are being stored."]
    assert "is being stored" in answer.content.decode()
    storing.store_due()
    book = Book.objects.get()
    assert (book.title, str(book.places.get()), book.wish) == ("Warden", "Barsetshire 1", "wanted")
    assert "Now wanted." in page.get(page_of(run) + "?show=all").content.decode()


def test_numbers_and_narrators_are_corrected_too() -> None:
    run = begun()
    page, line = browser(), f"line-{run.lines.get(title='The Warden').pk}"
    form = sent(page.get(page_of(run)))
    wrong = page.post(page_of(run), form | {f"{line}-isbn": "12", f"{line}-asin": "x"})
    assert "is no ISBN: 10 or 13 digits." in wrong.content.decode()
    assert "<details open>" in wrong.content.decode()
    right = {
        "isbn": "978-0-14-043203-9",
        "asin": "b002v0pwcm",
        "year": "1856",
        "narrators": "Nick W.",
    }
    page.post(page_of(run), form | {f"{line}-{k}": v for k, v in right.items()} | {"store": "1"})
    storing.store_due()
    book = Book.objects.get()
    assert (book.isbn, book.asin, book.year) == ("9780140432039", "B002V0PWCM", 1856)
    assert book.credits.get(role="narrator").author.name == "Nick W."


def test_an_unsure_line_waits_for_a_word() -> None:
    book = make_book("Barchester Towers", "Anthony Trollope")
    run = begun("Title,Author\nBarchester Tower,Anthony Trollope\n")
    page, line = browser(), f"line-{run.lines.get().pk}"
    first = page.get(page_of(run))
    assert f"it is “Barchester Towers”, book {book.pk}" in first.content.decode()
    answer = page.post(page_of(run), sent(first) | {"store": "1"}, follow=True)
    assert messages(answer)[0].startswith("Nothing is decided")
    page.post(page_of(run), sent(first, **{f"{line}-choice": f"merge:{book.pk}", "store": "1"}))
    storing.store_due()
    assert Book.objects.get() == book
    assert run.lines.get().book == book


def test_any_book_can_be_named_by_its_number() -> None:
    book = make_book("Emma", "Jane Austen")
    run = begun("Title,Author\nEmma Woodhouse,Nobody\n")
    page, line = browser(), f"line-{run.lines.get().pk}"
    wrong = page.post(page_of(run), sent(page.get(page_of(run)), **{f"{line}-other": "999"}))
    assert "There is no book 999." in wrong.content.decode()
    page.post(page_of(run), sent(page.get(page_of(run)), **{f"{line}-other": str(book.pk)}))
    assert (run.lines.get().action, run.lines.get().book) == (Action.MERGE, book)


def test_a_line_without_a_title_is_said_beside_it() -> None:
    run = begun()
    line = f"line-{run.lines.get(title='The Warden').pk}"
    form = sent(browser().get(page_of(run)), **{f"{line}-title": " "})
    answer = browser().post(page_of(run), form | {"store": "1"})
    assert "Some lines cannot be kept" in answer.content.decode()
    assert not MoveIn.objects.exclude(confirmed_at=None).exists()


def test_one_word_decides_many() -> None:
    run = tales(60)
    run.lines.filter(title="Tale 3").update(action=Action.UNDECIDED)
    answer = browser().post(
        page_of(run), {"many": "1", "which": "new", "action": "parked"}, follow=True
    )
    assert messages(answer) == ["60 lines were decided."]
    assert set(run.lines.values_list("action", flat=True)) == {Action.PARKED}


def test_fifty_lines_a_page_and_on_to_the_next() -> None:
    run = tales(60)
    page = browser()
    first = page.get(page_of(run) + "?show=all")
    assert first.content.decode().count('name="line"') == 50
    answer = page.post(page_of(run) + "?show=all", sent(first) | {"next": "2"}, follow=True)
    assert answer.content.decode().count('name="line"') == 10


def test_a_page_costs_the_same_whatever_its_length(django_assert_num_queries: Any) -> None:
    page, few, many = browser(), tales(1), tales(30)
    page.get(page_of(few))
    for run in (few, many):
        with django_assert_num_queries(6):
            page.get(page_of(run))


def test_a_folder_is_read_by_a_worker_and_its_progress_is_shown(library: Library) -> None:
    page = browser()
    answer = page.post(reverse(START), {"library": library.pk}, follow=True)
    assert "It is being read: 0 books so far." in answer.content.decode()
    assert 'http-equiv="refresh"' in answer.content.decode()
    reading.read_due()
    run = MoveIn.objects.get()
    shown = page.get(page_of(run))
    assert "4 are decided" in shown.content.decode()
    assert 'http-equiv="refresh"' not in shown.content.decode()
    page.post(page_of(run), sent(shown) | {"store": "1"})
    storing.store_due()
    assert Book.objects.filter(on_shelf=True).count() == 4


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose a library, name a folder, or give a file: one."),
        ({"folder": "/nowhere"}, "None of your libraries holds /nowhere."),
        ({"folder": "nowhere"}, "Give the whole path"),
    ],
)
def test_what_cannot_be_begun_is_said(given: dict[str, str], sentence: str) -> None:
    assert sentence in browser().post(reverse(START), given).content.decode()


def test_a_bad_file_is_said() -> None:
    file = SimpleUploadedFile("readarr.db", sources.__doc__.encode() if sources.__doc__ else b"")
    answer = browser().post(reverse(START), {"file": file, "kind": "readarr"})
    assert "not an SQLite file" in answer.content.decode()
    assert not MoveIn.objects.exists()


SEED = {"key": "1:abc", "client": "seedbox", "name": "Emma [MP3]", "size": 5, "doubt": "",
        "evidence": "files of the same sizes"}  # fmt: skip
TWIN = SEED | {"key": "1:def", "name": "Emma (64k)", "doubt": "2 torrents have these sizes"}


def test_torrents_that_would_be_adopted_are_shown_and_can_be_left_out() -> None:
    run = begun()
    warden = run.lines.get(title="The Warden")
    line, page = f"line-{warden.pk}", browser()
    before = sent(page.get(page_of(run)))  # a page of before they were looked up
    run.lines.filter(pk=warden.pk).update(seeds=[SEED, TWIN])
    page.post(page_of(run), before | {"save": "1"})
    assert run.lines.get(pk=warden.pk).seeds_taken is None
    shown = page.get(page_of(run) + "?show=seeded")
    for said in ("Emma [MP3] in seedbox: files of the same sizes",
                 "same sizes, but 2 torrents have these sizes", "seed 1 of them"):  # fmt: skip
        assert said in shown.content.decode(), said
    form = sent(shown)
    assert form[f"{line}-seeds"] == ["1:abc"]  # the unsure one is not ticked
    page.post(page_of(run), form | {"save": "1"})
    assert run.lines.get(pk=warden.pk).seeds_taken is None
    page.post(page_of(run), form | {f"{line}-seeds": ["1:def"], "save": "1"})
    warden.refresh_from_db()
    assert (warden.takes("1:abc"), warden.takes("1:def")) == (False, True)
    page.post(page_of(run), form | {f"{line}-seeds": [], "save": "1"})
    assert run.lines.get(pk=warden.pk).seeds_taken == []
    looked_at = browser(bob("books.view_movein")).get(page_of(run)).content.decode()
    assert "Emma [MP3] in seedbox: files of the same sizes (not adopted)" in looked_at


def test_who_may_only_look_changes_nothing() -> None:
    run = begun()
    page = browser(bob("books.view_movein"))
    shown = page.get(page_of(run)).content.decode()
    assert "The Warden" in shown
    assert "Store what is decided" not in shown
    assert page.post(page_of(run), {"store": "1"}).status_code == 403
    assert page.post(reverse(START), {}).status_code == 403
