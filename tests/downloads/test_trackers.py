"""What trackers say of stalled torrents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from downloads.confirm import confirm_due
from downloads.grab import add_torrent
from downloads.models import Client, Download
from downloads.push import push_due
from downloads.states import State
from downloads.trackers import ask_trackers
from indexers.models import Block
from tests.downloads.conftest import Shop, again
from tests.factory import make_book
from tests.fakes.qbittorrent import FakeQBittorrent

pytestmark = pytest.mark.django_db


@pytest.fixture
def stalled(shop: Shop, client_row: Client, fake: FakeQBittorrent) -> list[Download]:
    rows = []
    for name in ("Ruth", "Cranford", "Mary Barton", "Cousin Phillis"):
        payload = shop.torrent(name, trackers=["http://tracker.example:1/k3y/announce"])
        rows.append(add_torrent(make_book(name), payload, actor="ann"))
    push_due()
    confirm_due()
    Download.objects.update(last_progress_at=timezone.now() - timedelta(days=1))
    return [again(row) for row in rows]


def says(fake: FakeQBittorrent, row: Download, message: str, status: int = 4) -> None:
    fake.say_tracker(row.client_hash, message, status)


def test_an_unregistered_torrent_is_given_up_and_blocked(
    stalled: list[Download], fake: FakeQBittorrent
) -> None:
    for row in stalled:
        says(fake, row, "", 2)
    says(fake, stalled[0], "Torrent not registered with this tracker")
    assert ask_trackers() == "1 unregistered."
    assert again(stalled[0]).state == State.ABANDONED
    assert "no longer knows this torrent" in again(stalled[0]).last_error
    assert Block.objects.get().info_hash == stalled[0].hash_v1
    assert again(stalled[1]).state == State.DOWNLOADING


def test_many_of_one_tracker_together_are_an_outage(
    stalled: list[Download], fake: FakeQBittorrent
) -> None:
    for row in stalled:
        says(fake, row, "unregistered torrent")
    assert ask_trackers() == "0 unregistered."
    assert {again(row).state for row in stalled} == {State.DOWNLOADING}


@pytest.mark.parametrize("message", ["", "timed out", "Connection refused", "502 Bad Gateway"])
def test_any_other_trouble_of_a_tracker_is_no_proof(
    message: str, stalled: list[Download], fake: FakeQBittorrent
) -> None:
    says(fake, stalled[0], message)
    assert ask_trackers() == "0 unregistered."


def test_what_still_moves_is_not_asked_about(
    stalled: list[Download], fake: FakeQBittorrent, settings: Any
) -> None:
    Download.objects.update(last_progress_at=timezone.now())
    says(fake, stalled[0], "unregistered torrent")
    ask_trackers()
    assert not fake.asked("torrents/trackers")
