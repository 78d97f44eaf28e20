"""What was found is judged by itself, and every answer is kept with its reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from books.models import Author, Book
from books.want import park, search_soon, want_this
from downloads.next_best import offers
from indexers import tasks, values
from indexers.decide import decide_due
from indexers.decisions import judge
from indexers.models import Indexer, Rejection, Release, Verdict
from tame.found import found_for
from tests.factory import make_book, make_indexer, make_release

pytestmark = pytest.mark.django_db

NAMES = {
    "Cranford by Elizabeth Gaskell [ENG / MP3]": "take",
    "Cranford by Elizabeth Gaskell [ENG / M4B]": "take",
    "Elizabeth Gaskell - The Complete Novels [M4B]": "offer",
    "Elizabeth Gaskell - Cranford (Abridged) [MP3 64kbps]": "reject",
    "Summary of Cranford by Elizabeth Gaskell": "reject",
}


@pytest.fixture
def book(indexer: Indexer) -> Book:
    book = make_book()
    for name in NAMES:
        make_release(indexer, book, title=name)
    return book


def outcomes(book: Book) -> dict[str, str]:
    return dict(Verdict.objects.filter(book=book).values_list("release__title", "outcome"))


def test_every_release_gets_its_verdict(book: Book) -> None:
    assert decide_due() == len(NAMES)
    assert outcomes(book) == NAMES


def test_the_reasons_are_kept(book: Book) -> None:
    decide_due()
    said = Rejection.objects.get(rule="abridged")
    assert (said.sentence, said.permanent) == ("It is abridged.", True)


def test_judged_once_nothing_is_left_to_do(book: Book) -> None:
    decide_due()
    assert decide_due() == 0
    assert Rejection.objects.count() == Rejection.objects.values("verdict", "rule").count()


def test_an_edited_book_is_judged_again(book: Book) -> None:
    decide_due()
    Book.objects.update(language="ger")
    assert decide_due() == len(NAMES)
    assert outcomes(book)["Cranford by Elizabeth Gaskell [ENG / M4B]"] == "reject"


def test_an_author_is_known_by_other_names(indexer: Indexer, book: Book) -> None:
    name = "Cotton Mather Mills - Cranford [MP3]"
    make_release(indexer, book, title=name)
    decide_due()
    assert outcomes(book)[name] == "reject"
    Author.objects.update(other_names=["Cotton Mather Mills"])
    decide_due()
    assert outcomes(book)[name] == "take"


def test_other_rules_judge_again(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    decide_due()
    monkeypatch.setattr(values, "RULES_VERSION", 0)
    assert decide_due() == len(NAMES)


def test_another_usual_language_judges_again(book: Book, indexer: Indexer) -> None:
    """Only what that indexer listed; and nothing more once that is done."""
    Book.objects.update(language="eng")
    archive = make_indexer("Archive", "http://127.0.0.1:1/2/api", language="English")
    make_release(archive, book, title="Cranford - Elizabeth Gaskell [MP3]")
    name = "Elizabeth Gaskell - Cranford"
    make_release(indexer, book, title=name)
    assert decide_due() == len(NAMES) + 2
    assert outcomes(book)[name] == "take"
    Indexer.objects.filter(pk=indexer.pk).update(language="German")
    assert decide_due() == len(NAMES) + 1
    assert outcomes(book)[name] == "offer"
    said = Rejection.objects.get(verdict__release__title=name)
    assert said.sentence == "The name says no language; this indexer's usual one is ger."
    assert decide_due() == 0


@pytest.mark.parametrize("again", [want_this, lambda book: search_soon(book, actor="ann")])
def test_a_book_that_is_wanted_again_is_judged_at_once(
    book: Book, again: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    park(book)
    assert decide_due() == 0
    settings.BELLS = True
    book.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        again(book)
    rung = {queued.task["func"] for queued in OrmQ.objects.all()}
    assert rung == {"indexers.tasks.search", "indexers.tasks.decide"}
    assert decide_due() == len(NAMES)


def test_the_best_comes_first_on_the_page_and_is_offered_first(book: Book) -> None:
    decide_due()
    page = [one.release.title for one in found_for(book)]
    assert page[0] == "Cranford by Elizabeth Gaskell [ENG / M4B]"
    assert [NAMES[title] for title in page] == ["take", "take", "offer", "reject", "reject"]
    assert [release.title for release in offers(book)] == page[:3]


@pytest.mark.parametrize("releases", [1, 30])
def test_judging_costs_the_same_whatever_the_number(indexer: Indexer, releases: int) -> None:
    book = make_book()
    decide_due()
    for number in range(releases):
        make_release(indexer, book, title=f"Summary of Cranford {number}")
    with CaptureQueriesContext(connection) as asked:
        assert decide_due() == releases
    assert len(asked) <= 15


def test_much_to_judge_gives_way_and_goes_on(
    book: Book, settings: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.BELLS = True
    monkeypatch.setattr(tasks, "JUDGE_SECONDS", 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.decide() == "0 releases judged."
    assert OrmQ.objects.get().task["func"] == "indexers.tasks.decide"
    monkeypatch.undo()
    assert tasks.decide() == f"{len(NAMES)} releases judged."


def test_a_book_that_nobody_wants_is_not_judged(book: Book) -> None:
    Book.objects.update(wish="parked")
    assert decide_due() == 0


def test_there_is_an_end_to_its_turn(book: Book, settings: Any) -> None:
    assert decide_due(lambda: False) == 0


def test_what_is_seen_again_while_it_is_judged_is_judged_again(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its seeders may have changed: what was judged meanwhile is not written over that."""
    decide_due()
    Book.objects.update(language="eng")
    judging = judge

    def seen_again(*given: Any, **how: Any) -> Any:
        Verdict.objects.update(digest="")
        return judging(*given, **how)

    monkeypatch.setattr("indexers.decide.judge", seen_again)
    decide_due()
    assert set(Verdict.objects.values_list("digest", flat=True)) == {""}
    monkeypatch.setattr("indexers.decide.judge", judging)
    assert decide_due() == len(NAMES)


def test_a_day_may_end_what_spoke_against_a_release(book: Book) -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)
    Book.objects.update(published_on=tomorrow)
    Release.objects.update(published_at=timezone.now())
    decide_due()
    assert "take" not in outcomes(book).values()
    Book.objects.update(published_on=tomorrow - timedelta(days=2))
    decide_due()
    assert "take" in outcomes(book).values()


def test_a_release_without_a_link_is_not_taken(indexer: Indexer) -> None:
    book = make_book("Ruth")
    make_release(indexer, book, link="", attributes={"has_link": False})
    decide_due()
    assert Rejection.objects.get().sentence == "Its indexer gave no link to a torrent."


def test_a_language_that_nobody_knows_is_not_any_language(indexer: Indexer) -> None:
    book = make_book("Ruth", language="cat")
    make_release(indexer, book, title="Ruth by Elizabeth Gaskell [English M4B]")
    decide_due()
    assert outcomes(book) == {"Ruth by Elizabeth Gaskell [English M4B]": "reject"}
