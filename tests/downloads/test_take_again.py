"""What a person undid is not done again, and what changed meanwhile is looked at once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from downloads.approve import approve
from downloads.brakes import GIGABYTE
from downloads.choices import choices, open_books
from downloads.grab import How, add_torrent, grab
from downloads.models import Client, Download
from downloads.next_best import take_next_best
from downloads.obtain import check_blocklist
from downloads.steer import cancel
from downloads.take import Taking, take_due
from indexers.decide import decide_due
from indexers.models import Block, Indexer, Release, Verdict
from indexers.round import found_something_to_take
from tame.lib.errors import ObstacleError
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.people import bob, browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_itself(db: None, settings: Any) -> None:
    settings.BELLS = False
    Profile.objects.update(automatic=True)
    make_client(free_bytes=1000 * GIGABYTE, free_seen_at=timezone.now())


@pytest.fixture
def indexer(db: None) -> Indexer:
    return make_indexer()


@pytest.fixture
def book(indexer: Indexer) -> Book:
    return make_book()


def listed(indexer: Indexer, book: Book, number: int, **columns: Any) -> list[Release]:
    rows = [
        make_release(indexer, book, identity=str(n), seeders=50 - n, **columns)
        for n in range(number)
    ]
    decide_due()
    return rows


def taken() -> list[int | None]:
    return list(Download.objects.order_by("pk").values_list("release_id", flat=True))


def test_what_is_no_longer_certain_is_not_taken_by_itself(indexer: Indexer, book: Book) -> None:
    """Judged again at the grab: seeders and profile may have changed since."""
    listed(indexer, book, 1)
    Release.objects.update(seeders=0)
    said = take_due()
    assert taken() == []
    assert "Nobody seeds it." in said


def test_what_a_person_cancelled_is_not_taken_again(indexer: Indexer, book: Book) -> None:
    first, second = listed(indexer, book, 2)
    for _ in range(4):
        take_due()
        for download in Download.objects.filter(state="queued"):
            cancel(download, actor="ann")
    assert taken() == [first.pk, second.pk]


def test_next_best_goes_on_and_never_back(indexer: Indexer, book: Book) -> None:
    rows = listed(indexer, book, 3)
    take_due()
    for _ in range(2):
        take_next_best(Download.objects.latest("pk"), actor="ann")
    assert taken() == [row.pk for row in rows]
    with pytest.raises(ObstacleError, match="No other release is known"):
        take_next_best(Download.objects.latest("pk"), actor="ann")


def test_a_book_that_was_parked_meanwhile_is_not_taken(indexer: Indexer, book: Book) -> None:
    listed(indexer, book, 1)
    taking = Taking(lambda: True)
    Book.objects.update(wish="parked")
    taking.look_at([book.pk])
    assert taken() == []


def test_blocked_ones_hide_no_other(indexer: Indexer, book: Book) -> None:
    rows = listed(indexer, book, 7)
    for row in rows[:6]:
        Block.objects.create(indexer=indexer, identity=row.identity, book=book, reason="Noise.")
    take_due()
    assert taken() == [rows[6].pk]


def test_an_indexer_that_is_off_hides_no_other(indexer: Indexer, book: Book) -> None:
    listed(indexer, book, 1)
    Indexer.objects.update(enabled=False)
    other = make_indexer("Other", "http://127.0.0.1:1/other")
    release = make_release(other, book, seeders=1)
    decide_due()
    take_due()
    assert taken() == [release.pk]


def test_a_client_that_is_off_gets_nothing_by_itself(indexer: Indexer, book: Book) -> None:
    listed(indexer, book, 1)
    Client.objects.update(enabled=False)
    take_due()
    assert taken() == []


def test_only_blocked_releases_are_no_choice_anywhere(indexer: Indexer, book: Book) -> None:
    [row] = listed(indexer, book, 1)
    Block.objects.create(indexer=indexer, identity=row.identity, book=book, reason="Noise.")
    assert not open_books().exists()
    assert not found_something_to_take(book)


def test_one_that_is_passed_over_does_not_end_a_search(indexer: Indexer, book: Book) -> None:
    listed(indexer, book, 1)
    assert found_something_to_take(book)
    Verdict.objects.update(passed_over_until=timezone.now() + timedelta(days=1))
    assert not found_something_to_take(book)


def test_a_torrent_given_by_hand_is_joined_by_an_approval(indexer: Indexer, book: Book) -> None:
    info_hash = "a" * 40
    add_torrent(make_book("Ruth"), f"magnet:?xt=urn:btih:{info_hash}", actor="ann")
    [row] = listed(indexer, book, 1, info_hash=info_hash)
    download = approve(book, row, actor="ann")
    assert sorted(str(one) for one in download.books) == ["Cranford", "Ruth"]


def test_a_block_for_one_book_of_several_drops_that_one(indexer: Indexer, book: Book) -> None:
    info_hash = "b" * 40
    other = make_book("Ruth")
    [row] = listed(indexer, book, 1, info_hash=info_hash)
    download = grab(book, row, actor="ann", how=How.BY_HAND)
    add_torrent(other, f"magnet:?xt=urn:btih:{info_hash}", actor="ann")
    Block.objects.create(info_hash=info_hash, book=other, reason="Not this one.", blocked_by="ann")
    ready: Any = type("Ready", (), {"hash_v1": info_hash, "hash_v2": ""})
    check_blocklist(download, ready)
    assert [str(one) for one in download.books] == ["Cranford"]
    assert Block.objects.count() == 1


def test_the_choices_need_the_right_to_see_books(indexer: Indexer, book: Book) -> None:
    listed(indexer, book, 1)
    assert browser(bob("indexers.grab_release")).get("/admin/choices/").status_code == 403


def test_a_word_against_a_choice_begins_the_counting_anew(indexer: Indexer, book: Book) -> None:
    [row] = listed(indexer, book, 1)
    Profile.objects.update(automatic=False, approvals=9)
    url = f"/admin/books/book/{book.pk}/release/{row.pk}/label/"
    browser().post(url, {"word": "wrong"})
    assert Profile.objects.get().approvals == 0
    assert choices(open_books()) == []
