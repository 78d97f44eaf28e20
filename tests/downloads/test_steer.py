"""What a person does with a download, and what the client makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from downloads.confirm import confirm_due
from downloads.failing import block_release, fail
from downloads.grab import add_torrent, grab
from downloads.models import Client, Download, Import, Payload
from downloads.next_best import next_best, offers, take_next_best
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import ImportState, State, Wish
from downloads.steer import (
    cancel,
    failed_because,
    pause,
    push_now,
    reannounce,
    recheck,
    resume,
    retry,
    retry_on,
    set_category,
)
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from indexers.labels import block
from indexers.models import Block, Verdict
from tame.lib.errors import (
    BadInputError,
    LostRaceError,
    NotFetchedError,
    ObstacleError,
    ServiceDownError,
)
from tests.downloads.conftest import Shop, again
from tests.factory import make_book, make_download, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db


@pytest.fixture
def download(shop: Shop, book: Book, client_row: Client) -> Download:
    row = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    return again(row)


def in_client(fake: FakeQBittorrent, download: Download) -> str:
    torrent = fake.torrents[download.client_hash]
    return "stopped" if torrent.stopped else "running"


def test_pause_and_resume_are_wishes_that_come_true(
    download: Download, fake: FakeQBittorrent
) -> None:
    pause(download, actor="ann")
    assert again(download).client_agrees_at is None
    tidy_due()
    assert in_client(fake, download) == "stopped"
    assert again(download).client_agrees_at
    resume(again(download), actor="ann")
    tidy_due()
    assert in_client(fake, download) == "running"


def test_a_wish_has_come_true_when_that_was_read_back(
    download: Download, fake: FakeQBittorrent
) -> None:
    cancel(download, actor="ann", torrent=Wish.GONE)
    fake.answer_next("torrents/delete", "Ok.", kind="text/plain")
    tidy_due()
    assert again(download).client_agrees_at is None
    assert tidy_due() == "1 wishes came true."
    assert again(download).client_agrees_at
    assert fake.torrents == {}


def test_a_wish_that_came_true_is_not_pressed_again(
    download: Download, fake: FakeQBittorrent
) -> None:
    pause(download, actor="ann")
    tidy_due()
    fake.torrents[download.client_hash].stopped = False  # the person, in qBittorrent
    tidy_due()
    assert in_client(fake, download) == "running"


def test_a_wish_waits_for_a_client_that_is_down(
    download: Download, fake: FakeQBittorrent, client_row: Client
) -> None:
    fake.down()
    pause(download, actor="ann")
    assert "seedbox" in tidy_due()
    fake.up()
    client_row.reset()
    tidy_due()
    assert in_client(fake, download) == "stopped"


@pytest.mark.parametrize(
    ("torrent", "said", "listed", "files"),
    [
        (Wish.NONE, "its torrent stays as it is.", True, True),
        (Wish.GONE, "its torrent goes, its files stay.", False, True),
        (Wish.GONE_WITH_FILES, "its torrent goes with its files.", False, False),
    ],
)
def test_cancel_says_what_happens_to_the_data(
    torrent: Wish, said: str, listed: bool, files: bool, download: Download, fake: FakeQBittorrent
) -> None:
    (fake.downloads / "Cranford").mkdir(exist_ok=True)
    (fake.downloads / "Cranford" / "01.mp3").write_bytes(b"a")
    assert cancel(download, actor="ann", torrent=torrent).endswith(said)
    tidy_due()
    assert (download.client_hash in fake.torrents) == listed
    assert (fake.downloads / "Cranford" / "01.mp3").exists() == files
    row = again(download)
    assert row.state == State.CANCELLED
    assert row.imports.get().state == ImportState.DROPPED


def test_a_cancel_that_loses_the_race_leaves_nothing_behind(client_row: Client, book: Book) -> None:
    release = make_release(make_indexer(), book)
    stale = make_download(client_row, book, state=State.FAILED, release=release)
    again(stale).move_to(State.QUEUED, "A retry was faster.", actor="TAME")
    with pytest.raises(LostRaceError):
        cancel(stale, actor="ann")
    assert not Verdict.objects.exclude(passed_over_until=None).exists()
    again(stale).move_to(State.FAILED, "It failed again.", actor="TAME")
    Verdict.objects.update_or_create(
        book=book, release=release, defaults={"passed_over_until": timezone.now(), "why": "404."}
    )
    stale = again(stale)
    Download.objects.update(state=State.CANCELLED)
    with pytest.raises(LostRaceError):
        retry(stale, actor="ann")
    assert Verdict.objects.get().why == "404."


def test_a_failure_that_comes_too_late_passes_nothing_over(client_row: Client, book: Book) -> None:
    release = make_release(make_indexer(), book)
    stale = make_download(client_row, book, state=State.QUEUED, release=release)
    again(stale).move_to(State.PUSHED, "Another worker was faster.", actor="TAME")
    with pytest.raises(LostRaceError):
        fail(stale, NotFetchedError("Its link answered 404.", code="http-404"))
    assert not Verdict.objects.exclude(passed_over_until=None).exists()


def test_a_complete_one_that_is_taken_out_ends_removed(
    download: Download, fake: FakeQBittorrent
) -> None:
    Download.objects.update(state=State.COMPLETED)
    cancel(again(download), actor="ann", torrent=Wish.GONE)
    tidy_due()
    assert again(download).state == State.REMOVED


@pytest.mark.parametrize("state", [State.FAILED, State.HELD])
def test_manual_retry_works(state: State, client_row: Client, book: Book) -> None:
    row = make_download(client_row, book, state=state, attempts=5)
    retry(row, actor="ann")
    row = again(row)
    assert (row.state, row.attempts) == (State.QUEUED, 0)


def test_a_revived_download_lifts_its_block(
    download: Download, client_row: Client, book: Book
) -> None:
    failed_because(download, "The sound is broken.", actor="ann", block=True)
    row = again(download)
    assert row.state == State.ABANDONED
    assert Block.objects.get().reason == "The sound is broken."
    retry(row, actor="ann")
    assert not Block.objects.exists()
    assert again(row).state == State.QUEUED
    book.refresh_from_db()
    assert book.coming


def test_a_revived_download_lifts_what_is_blocked_for_its_own_books_alone(
    download: Download, book: Book
) -> None:
    """A person said of another book that this torrent is not it."""
    shared, other = make_book("Ruth"), make_book("Mary Barton")
    Import(download=download, book=shared).begin("In the same box set.", actor="ann")
    for whose in (book, shared, other):
        block_release(download, f"Not {whose}.", "ann", book=whose)
    failed_because(download, "The sound is broken.", actor="ann", block=True)
    retry(again(download), actor="ann")
    assert [row.reason for row in Block.objects.all()] == ["Not Mary Barton."]


def test_a_revived_download_of_no_known_hash_lifts_its_block(
    shop: Shop, client_row: Client, book: Book
) -> None:
    row = grab(book, shop.release(book, shop.torrent(), info_hash=""), actor="ann")
    failed_because(row, "Broken.", actor="ann", block=True)
    assert Block.objects.get().identity
    retry(again(row), actor="ann")
    push_due()
    assert again(row).state == State.PUSHED


def test_a_torrent_that_is_just_leaving_takes_no_book(
    download: Download, shop: Shop, book: Book, fake: FakeQBittorrent
) -> None:
    cancel(download, actor="ann", torrent=Wish.GONE_WITH_FILES)
    with pytest.raises(ObstacleError, match="just being taken out of seedbox"):
        add_torrent(book, shop.torrent(), actor="ann")
    tidy_due()
    row = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    assert (again(row).state, row.pk != download.pk) == (State.DOWNLOADING, True)


def test_a_link_to_a_torrent_that_is_just_leaving_waits(
    download: Download, shop: Shop, book: Book
) -> None:
    """Its hash is known only when the link was fetched."""
    cancel(download, actor="ann", torrent=Wish.GONE_WITH_FILES)
    row = grab(book, shop.release(book, shop.torrent(), info_hash=""), actor="ann")
    push_due()
    assert again(row).state == State.FAILED
    assert "being cancelled; it is tried again soon" in again(row).last_error
    tidy_due()
    retry(again(row), actor="ann")
    push_due()
    confirm_due()
    assert again(row).state == State.DOWNLOADING


def test_a_revived_download_is_obtained_again(shop: Shop, client_row: Client, book: Book) -> None:
    release = shop.release(book, shop.torrent())
    row = grab(book, release, actor="ann")
    failed_because(row, "Broken.", actor="ann", block=True)
    Payload.objects.all().delete()  # as prune does after a while
    retry(again(row), actor="ann")
    push_due()
    assert again(row).state == State.PUSHED


def test_what_is_kept_no_longer_is_not_revived(download: Download, book: Book) -> None:
    failed_because(download, "Broken.", actor="ann", block=True)
    Payload.objects.all().delete()
    with pytest.raises(ObstacleError, match="kept no longer"):
        retry(again(download), actor="ann")
    assert again(download).state == State.ABANDONED
    assert Block.objects.exists()


def test_reviving_says_who_holds_the_book(
    download: Download, client_row: Client, book: Book
) -> None:
    failed_because(download, "Broken.", actor="ann", block=True)
    make_download(client_row, book, title="The other one")
    with pytest.raises(ObstacleError, match="The other one"):
        retry(again(download), actor="ann")


def test_failed_because_needs_a_reason(download: Download) -> None:
    with pytest.raises(BadInputError, match="Say why"):
        failed_because(download, " ", actor="ann")


def test_failed_because_without_a_block_is_tried_again(download: Download) -> None:
    failed_because(download, "It hangs.", actor="ann")
    row = again(download)
    assert row.state == State.FAILED
    assert row.last_error == "It hangs."
    assert row.retry_at


def test_retry_executes_when_its_time_has_come(client_row: Client, book: Book) -> None:
    row = make_download(client_row, book, state=State.FAILED, attempts=1)
    retry_on(row, timezone.now() + timedelta(days=2), actor="ann")
    assert retry_due() == "0 queued again."
    Download.objects.update(retry_at=timezone.now())
    assert retry_due() == "1 queued again."
    assert again(row).state == State.QUEUED


def test_retry_on_a_past_day_is_refused(client_row: Client) -> None:
    row = make_download(client_row, state=State.FAILED)
    with pytest.raises(BadInputError, match="That time is over"):
        retry_on(row, timezone.now() - timedelta(days=1), actor="ann")


def test_recheck_reannounce_and_category_reach_the_client(
    download: Download, fake: FakeQBittorrent
) -> None:
    recheck(download, actor="ann")
    reannounce(download, actor="ann")
    set_category(download, "spoken", actor="ann")
    assert fake.asked("torrents/recheck")
    assert fake.asked("torrents/reannounce")
    assert fake.torrents[download.client_hash].category == "spoken"
    assert again(download).category == "spoken"
    sync_due()
    assert not again(download).warning


def test_a_bad_category_is_said_before_it_is_asked(
    download: Download, fake: FakeQBittorrent
) -> None:
    with pytest.raises(BadInputError):
        set_category(download, "a//b", actor="ann")
    assert again(download).category == "tame"


def test_a_verb_stops_when_the_client_is_down(download: Download, fake: FakeQBittorrent) -> None:
    fake.down()
    with pytest.raises(ServiceDownError, match="seedbox"):
        recheck(download, actor="ann")


@pytest.mark.parametrize("verb", [recheck, reannounce, pause, resume, retry, push_now])
@pytest.mark.parametrize("state", [State.CANCELLED, State.REMOVED])
def test_an_end_is_left_alone(verb: Any, state: State, client_row: Client) -> None:
    row = make_download(client_row, state=state)
    with pytest.raises(BadInputError, match=row.get_state_display()):
        verb(row, actor="ann")
    assert again(row).state == state


def test_the_next_best_is_another_release(shop: Shop, download: Download, book: Book) -> None:
    better = make_release(shop.indexer, book, title="Cranford [MP3]", identity="2", seeders=9)
    make_release(shop.indexer, book, title="Cranford [OGG]", identity="3", seeders=None)
    assert next_best(download) == better
    taken = take_next_best(download, actor="ann")
    assert taken.release == better
    row = again(download)
    assert (row.state, row.client_wish) == (State.ABANDONED, Wish.GONE_WITH_FILES)
    assert not Block.objects.exists()


def test_the_next_best_is_of_an_indexer_in_use_and_blocked_nowhere(
    shop: Shop, download: Download, book: Book, django_assert_num_queries: Any
) -> None:
    off = make_indexer("Archive", "http://127.0.0.1:1/2/api", enabled=False)
    make_release(off, book, title="Cranford [MP3]", identity="2")
    for number in range(3):
        blocked = make_release(shop.indexer, book, title="Cranford [OGG]", identity=f"b{number}")
        block(blocked, book=None if number else book, reason="No sound.", actor="ann")
    seen_again = make_release(shop.indexer, book, title="Cranford [FLAC]", identity="3", seeders=1)
    with django_assert_num_queries(1):
        assert seen_again in offers(book)
    assert next_best(download) == seen_again


def test_without_another_release_nothing_changes(download: Download) -> None:
    with pytest.raises(ObstacleError, match="No other release"):
        take_next_best(download, actor="ann")
    assert again(download).state == State.DOWNLOADING


def test_an_adopted_torrent_is_never_taken_out_by_itself(
    download: Download, fake: FakeQBittorrent
) -> None:
    Download.objects.update(adopted=True)
    failed_because(again(download), "Not this one.", actor="ann", block=True)
    tidy_due()
    assert download.client_hash in fake.torrents


def test_two_wishes_in_a_row_leave_the_last(download: Download, fake: FakeQBittorrent) -> None:
    pause(download, actor="ann")
    resume(again(download), actor="ann")
    tidy_due()
    assert in_client(fake, download) == "running"
