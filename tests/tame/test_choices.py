"""Ask first: what was found is put on one page with its reasons, and one press takes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from books.models import Book
from books.profiles import Profile
from downloads import approve as approving
from downloads.approve import ENOUGH, approve, to_offer
from downloads.models import Brakes, Download
from downloads.steer import cancel, failed_because
from indexers.decide import decide_due
from indexers.models import Indexer, Release
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.people import bob, browser, messages, page_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/choices/"
SIZE = 500_000_000  # bytes


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False


@pytest.fixture
def indexer(db: None) -> Indexer:
    make_client()
    return make_indexer()


def found(indexer: Indexer, title: str = "Cranford", **columns: Any) -> Release:
    release = make_release(indexer, make_book(title), **{"size": SIZE} | columns)
    decide_due()
    return release


def shown() -> str:
    return browser().get(PAGE).content.decode()


def press(**data: str) -> Any:
    return browser().post(PAGE, data, follow=True)


def taken() -> list[str]:
    return sorted(str(book) for row in Download.objects.all() for book in row.books)


def test_without_a_choice_the_page_says_so() -> None:
    assert "No choice waits for you." in shown()


def test_one_tap_takes_it(indexer: Indexer) -> None:
    release = found(indexer)
    page = shown()
    assert release.title in page
    assert "title 36" in page or "title 40" in page  # the score in its parts
    book = Book.objects.get()
    answer = press(take=f"{book.pk}:{release.pk}")
    assert messages(answer) == [f"“{release}” is queued for “Cranford”."]
    assert Download.objects.get().decision["how"] == "approved"
    assert LogEntry.objects.get(object_id=book.pk).change_message == "Took TAME's choice."
    assert "No choice waits for you." in shown()


def test_one_press_takes_all_that_nothing_speaks_against(indexer: Indexer) -> None:
    for title in ("Cranford", "Ruth", "Mary Barton"):
        found(indexer, title)
    found(indexer, "Sylvia's Lovers", seeders=0)
    page = shown()
    assert "Nobody seeds it." in page
    assert messages(press(take="all")) == ["3 taken."]
    assert taken() == ["Cranford", "Mary Barton", "Ruth"]


def test_it_takes_what_stands_on_other_pages_too(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tame.choices_page.A_PAGE", 1)
    for title in ("Cranford", "Ruth", "Mary Barton"):
        found(indexer, title)
    assert "Page 1 of 3" in shown()
    press(take="all")
    assert taken() == ["Cranford", "Mary Barton", "Ruth"]


def test_what_takes_too_long_is_left_and_said(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approving, "PATIENCE_SECONDS", -1)
    found(indexer)
    assert messages(press(take="all")) == ["0 taken. 1 are left: this took long enough for one go."]


def test_what_is_gone_is_said(indexer: Indexer) -> None:
    release = found(indexer)
    book = Book.objects.get()
    Release.objects.all().delete()
    for which in (f"{book.pk}:{release.pk}", "nonsense", "²:³"):
        assert messages(press(take=which)) == ["This release is listed no longer."]


def test_a_reason_stands_beside_what_is_only_offered(indexer: Indexer) -> None:
    found(indexer, seeders=0)
    assert "Look at these yourself" in shown()
    assert "Nothing speaks against these" not in shown()


def test_what_tame_takes_by_itself_says_what_it_waits_for(indexer: Indexer) -> None:
    Profile.objects.update(automatic=True)
    Brakes.objects.create(pk=1, grabs_a_day=0)
    found(indexer)
    assert "0 of 0 automatic grabs a day are used." in shown()


def test_only_who_may_grab_sees_it(indexer: Indexer) -> None:
    assert browser(bob("books.view_book")).get(PAGE).status_code == 403
    allowed = bob("books.view_book", "indexers.grab_release")
    assert browser(allowed).get(PAGE).status_code == 200


@pytest.mark.parametrize("books", [1, 30])
def test_the_page_costs_the_same_whatever_waits(indexer: Indexer, books: int) -> None:
    for number in range(books):
        found(indexer, f"Cran{chr(ord('a') + number)}ford")
    page = browser()
    page.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        page.get(PAGE)
    assert len(asked) <= 20


# --- By itself from now on? -----------------------------------------------------------------------


def last_of(release: Release) -> tuple[Book, Release]:
    return release.verdicts.get().book, release


def approve_some(indexer: Indexer, number: int) -> None:
    for n in range(number):
        approve(*last_of(found(indexer, f"Cran{chr(ord('a') + n)}ford")), actor="ada")


def test_after_ten_in_a_row_it_offers_once(indexer: Indexer) -> None:
    approve_some(indexer, ENOUGH - 1)
    assert "Shall TAME take such choices by itself" not in shown()
    approve(*last_of(found(indexer, "Ruth")), actor="ada")
    assert "10 times in a row you took choices as they were." in shown()
    said = messages(press(by_itself="yes"))
    assert said == ["From now on what is certain is taken by itself, within the brakes."]
    assert Profile.objects.get().automatic
    assert "Shall TAME" not in shown()


def test_one_press_on_ten_is_one_decision(indexer: Indexer) -> None:
    own = Profile.objects.create(name="Of one book")
    for n in range(ENOUGH):
        found(indexer, f"Cran{chr(ord('a') + n)}ford")
    Book.objects.filter(title="Cranaford").update(profile=own)
    decide_due()
    assert messages(press(take="all")) == ["10 taken."]
    assert set(Profile.objects.values_list("approvals", flat=True)) == {1}
    assert "Shall TAME take such choices by itself" not in shown()
    Profile.objects.update(approvals=ENOUGH - 1)
    found(indexer, "Ruth")
    press(take="all")
    assert "Shall TAME take such choices by itself" in shown()


def test_a_no_is_not_asked_again(indexer: Indexer) -> None:
    approve_some(indexer, ENOUGH)
    press(by_itself="no")
    assert not Profile.objects.get().automatic
    Profile.objects.update(approvals=99)
    assert to_offer() is None
    assert messages(press(by_itself="yes")) == ["That is not asked any more."]


@pytest.mark.parametrize("how", ["cancelled", "failed", "another one"])
def test_a_correction_begins_the_counting_anew(indexer: Indexer, how: str) -> None:
    approve_some(indexer, 3)
    assert Profile.objects.get().approvals == 3
    download = Download.objects.latest("pk")
    if how == "cancelled":
        cancel(download, actor="ada")
    elif how == "failed":
        failed_because(download, "It is another book.", actor="ada", block=True)
    else:
        release = found(indexer, "Ruth")
        book = release.verdicts.get().book
        other = make_release(
            indexer, book, title="Ruth by Elizabeth Gaskell [MP3 32kbps]", identity="other"
        )
        decide_due()
        url = reverse("admin:books_book_grab", args=[book.pk, other.pk])
        browser().post(url)
    assert Profile.objects.get().approvals == 0


def test_only_what_nothing_speaks_against_builds_trust(indexer: Indexer) -> None:
    approve(*last_of(found(indexer, seeders=0)), actor="ada")
    assert Profile.objects.get().approvals == 0


def test_an_own_pick_where_there_was_no_choice_corrects_nothing(indexer: Indexer) -> None:
    approve_some(indexer, 3)
    release = found(indexer, "Ruth", seeders=0)
    book = release.verdicts.get().book
    browser().post(reverse("admin:books_book_grab", args=[book.pk, release.pk]))
    assert "Ruth" in taken()
    assert Profile.objects.get().approvals == 3


def test_the_next_step_leads_there(indexer: Indexer) -> None:
    found(indexer)
    page = browser().get("/admin/").content.decode()
    assert f'href="{PAGE}"' in page
    assert page_of(Book.objects.get()) in shown()
