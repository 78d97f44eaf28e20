"""What the client shows, what TAME makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Book
from downloads.confirm import confirm_due
from downloads.grab import add_torrent
from downloads.models import Client, Download
from downloads.push import push_due
from downloads.states import Failure, State
from downloads.sync import sync_due
from indexers.models import Block
from tests.downloads.conftest import Shop, again
from tests.factory import make_book, make_download, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db

DOWNLOADING = ["downloading", "forcedDL", "stalledDL", "queuedDL", "metaDL", "forcedMetaDL"]
WAITING = ["checkingDL", "checkingUP", "checkingResumeData", "moving", "stoppedDL", "pausedDL"]
FINISHED = ["uploading", "stalledUP", "queuedUP", "forcedUP", "pausedUP", "stoppedUP"]
WHOLE = {"progress": 1.0, "amount_left": 0}


@pytest.fixture
def download(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, settings: Any
) -> Download:
    """One that the client lists."""
    row = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    settings.SEED_SYNC_SECONDS = 0
    return again(row)


@pytest.mark.parametrize("state", [*DOWNLOADING, *WAITING, "allocating"])
def test_unfinished_states_are_not_finished(
    state: str, download: Download, fake: FakeQBittorrent
) -> None:
    fake.set_state(download.client_hash, state, **WHOLE)
    sync_due()
    assert again(download).state == State.DOWNLOADING
    assert again(download).client_state == state


@pytest.mark.parametrize("state", FINISHED)
def test_every_finished_state_completes(
    state: str, download: Download, fake: FakeQBittorrent
) -> None:
    fake.set_state(download.client_hash, state, completion_on=1_700_000_000, **WHOLE)
    sync_due()
    row = again(download)
    assert row.state == State.COMPLETED
    assert row.completed_at
    assert row.progress == 1


@pytest.mark.parametrize(
    "lacking", [{"progress": 0.99}, {"amount_left": 1}, {"completion_on": -1}, {"completion_on": 0}]
)
def test_a_finished_state_alone_proves_nothing(
    lacking: dict[str, Any], download: Download, fake: FakeQBittorrent
) -> None:
    fields = WHOLE | {"completion_on": 1_700_000_000} | lacking
    fake.set_state(download.client_hash, "stalledUP", **fields)
    sync_due()
    assert again(download).state == State.DOWNLOADING


@pytest.mark.parametrize("state", ["error", "missingFiles"])
def test_errored_and_missing_files_are_visible_within_one_sync(
    state: str, download: Download, fake: FakeQBittorrent
) -> None:
    fake.log(f"File error alert. Torrent: “{download.title}”. No space left on device")
    fake.set_state(download.client_hash, state, progress=0.2, amount_left=5)
    sync_due()
    row = again(download)
    assert (row.state, row.failure) == (State.FAILED, Failure.LOCAL)
    assert "No space left on device" in row.last_error
    assert row.retry_at
    assert not Block.objects.exists()


def test_vanished_is_looked_for_again_and_then_held(
    download: Download, fake: FakeQBittorrent, client_row: Client, settings: Any
) -> None:
    release = make_release(make_indexer(), download.books[0])
    Download.objects.update(release=release)
    fake.vanish(download.client_hash)
    sync_due()
    assert again(download).missing_since
    assert again(download).state == State.DOWNLOADING
    settings.LOOK_AGAIN_SECONDS = 0
    Client.objects.update(up_since=timezone.now())
    sync_due()
    assert again(download).state == State.DOWNLOADING, "the client has just come up"
    settings.CLIENT_WARM_SECONDS = 0
    sync_due()
    row = again(download)
    assert (row.state, row.failure) == (State.HELD, Failure.VANISHED)
    assert "Somebody removed this torrent in seedbox" in row.last_error
    verdict = release.verdicts.get()
    assert verdict.passed_over_until, "it would be taken once more"
    assert verdict.why == row.last_error


def test_a_completed_one_that_vanished_is_removed(
    download: Download, fake: FakeQBittorrent, settings: Any
) -> None:
    settings.LOOK_AGAIN_SECONDS = settings.CLIENT_WARM_SECONDS = 0
    fake.set_state(download.client_hash, "stalledUP", completion_on=1_700_000_000, **WHOLE)
    sync_due()
    fake.vanish(download.client_hash)
    sync_due()
    sync_due()
    assert again(download).state == State.REMOVED


def test_seen_again_it_is_no_longer_missing(download: Download, fake: FakeQBittorrent) -> None:
    Download.objects.update(missing_since=timezone.now())
    sync_due()
    assert again(download).missing_since is None


@pytest.fixture
def many(shop: Shop, download: Download, fake: FakeQBittorrent) -> list[Download]:
    Client.objects.update(unfinished_limit=20)
    rows = [
        add_torrent(make_book(f"Tale {n}"), shop.torrent(f"Tale {n}"), actor="ann")
        for n in range(4)
    ]
    push_due()
    confirm_due()
    return [download, *(again(row) for row in rows)]


def test_all_vanish_is_one_problem(
    many: list[Download], fake: FakeQBittorrent, client_row: Client, settings: Any
) -> None:
    settings.LOOK_AGAIN_SECONDS = settings.CLIENT_WARM_SECONDS = 0
    for row in many[:3]:
        fake.vanish(row.client_hash)
    sync_due()
    sync_due()
    assert {again(row).state for row in many} == {State.DOWNLOADING}
    client_row.refresh_from_db()
    assert "lists only 2 of the 5 torrents" in client_row.problem


def test_a_full_disk_is_one_problem(
    many: list[Download], fake: FakeQBittorrent, client_row: Client
) -> None:
    for row in many:
        fake.set_state(row.client_hash, "error", progress=0.1, amount_left=5)
    sync_due()
    assert {again(row).state for row in many} == {State.DOWNLOADING}
    client_row.refresh_from_db()
    assert "error for 5 of 5 torrents" in client_row.problem
    for row in many:
        fake.set_state(row.client_hash, "downloading", progress=0.1, amount_left=5)
    sync_due()
    client_row.refresh_from_db()
    assert not client_row.problem


def test_a_network_that_is_down_is_no_proof(
    many: list[Download], fake: FakeQBittorrent, client_row: Client
) -> None:
    """Behind a VPN that fell no torrent has a seed; none of them is to blame."""
    Download.objects.update(last_progress_at=timezone.now() - timedelta(days=4))
    fields = {"progress": 0.0, "amount_left": 0, "num_seeds": 0, "downloaded": 0}
    for row in many:
        fake.set_state(row.client_hash, "metaDL", **fields)
    sync_due()
    assert {again(row).state for row in many} == {State.DOWNLOADING}
    assert not Block.objects.exists()
    client_row.refresh_from_db()
    assert "Nobody answers any of 5 torrents" in client_row.problem


def test_stalled_is_a_warning_and_stopped_is_not(download: Download, fake: FakeQBittorrent) -> None:
    two_hours_ago = timezone.now() - timedelta(hours=2)
    Download.objects.update(last_progress_at=two_hours_ago, progress=0.5)
    still = {"progress": 0.5, "amount_left": 5, "num_seeds": 0, "downloaded": 0}
    fake.set_state(download.client_hash, "stalledDL", **still)
    sync_due()
    row = again(download)
    assert row.state == State.DOWNLOADING
    assert row.warning.startswith("Stalled: no byte arrived for")
    fake.set_state(download.client_hash, "stoppedDL", **still)
    sync_due()
    assert not again(download).warning


def test_seeding_is_not_stalled(download: Download, fake: FakeQBittorrent) -> None:
    Download.objects.update(last_progress_at=timezone.now() - timedelta(days=9))
    fake.set_state(download.client_hash, "stalledUP", completion_on=1_700_000_000, **WHOLE)
    sync_due()
    sync_due()
    assert not again(download).warning


def test_no_seed_and_no_metadata_for_days_is_proof(
    download: Download, fake: FakeQBittorrent
) -> None:
    Download.objects.update(last_progress_at=timezone.now() - timedelta(days=4))
    fields = {"progress": 0.0, "amount_left": 0, "num_seeds": 0, "downloaded": 0}
    fake.set_state(download.client_hash, "metaDL", **fields)
    sync_due()
    row = again(download)
    assert row.state == State.ABANDONED
    assert Block.objects.get().info_hash == row.hash_v1


def test_attempts_fall_to_zero_when_bytes_arrive(download: Download, fake: FakeQBittorrent) -> None:
    Download.objects.update(attempts=3, progress=0, downloaded=0)
    fake.set_state(download.client_hash, "downloading", progress=0.0, amount_left=9, downloaded=0)
    sync_due()
    assert again(download).attempts == 3
    fake.set_state(download.client_hash, "downloading", progress=0.4, amount_left=5, downloaded=99)
    sync_due()
    assert again(download).attempts == 0


def test_data_lost_after_completion_is_downloading_again(
    download: Download, fake: FakeQBittorrent
) -> None:
    fake.set_state(download.client_hash, "stalledUP", completion_on=1_700_000_000, **WHOLE)
    sync_due()
    fake.set_state(download.client_hash, "checkingUP", progress=0.3, amount_left=7)
    sync_due()
    assert again(download).state == State.COMPLETED, "a recheck says nothing yet"
    fake.set_state(download.client_hash, "stoppedDL", progress=0.3, amount_left=7)
    sync_due()
    assert again(download).state == State.DOWNLOADING


def test_network_binding_is_never_touched(download: Download, fake: FakeQBittorrent) -> None:
    sync_due()
    assert not fake.asked("app/setPreferences")


@pytest.fixture
def count(fake: FakeQBittorrent) -> Callable[[], tuple[int, int]]:
    def counted() -> tuple[int, int]:
        before = len(fake.requests)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sync_due()
        return len(fake.requests) - before, len(queries)

    return counted


def test_one_request_per_sync(
    download: Download,
    client_row: Client,
    fake: FakeQBittorrent,
    shop: Shop,
    count: Callable[[], tuple[int, int]],
) -> None:
    """And as many queries, although the figures of each have changed."""
    fake.set_state(download.client_hash, "downloading", progress=0.1, amount_left=5)
    one = count()
    Client.objects.update(unfinished_limit=40)
    for n in range(29):
        add_torrent(make_book(f"Tale {n}"), shop.torrent(f"Tale {n}"), actor="ann")
    push_due()
    confirm_due()
    for torrent in fake.torrents:
        fake.set_state(torrent, "downloading", progress=0.2, amount_left=4)
    assert count() == one
    assert Download.objects.filter(state=State.DOWNLOADING, progress=0.2).count() == 30
    assert one[0] == 1


def test_a_missing_one_costs_a_second_request(
    download: Download, client_row: Client, count: Callable[[], tuple[int, int]]
) -> None:
    make_download(client_row, state=State.DOWNLOADING, hash_v1="d" * 40)
    sync_due()
    assert count()[0] == 2


def test_a_client_that_is_down_changes_nothing(download: Download, fake: FakeQBittorrent) -> None:
    fake.down()
    assert "seedbox" in sync_due()
    assert again(download).state == State.DOWNLOADING
