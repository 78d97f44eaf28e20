"""What a client tells of a torrent, read: when it is complete, and what is only nearly so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from downloads.qbittorrent_reading import Reply, read_torrent
from downloads.seen import Preferences, Seen

FINISHED = ["uploading", "stalledUP", "queuedUP", "forcedUP", "pausedUP", "stoppedUP"]
UNFINISHED = [
    *["error", "missingFiles", "checkingUP", "checkingDL", "checkingResumeData", "moving"],
    *["downloading", "forcedDL", "stalledDL", "queuedDL", "metaDL", "forcedMetaDL"],
    *["pausedDL", "stoppedDL", "allocating", "unknown", "somethingNew"],
]
WHOLE: dict[str, Any] = {
    "added_on": 1_795_173_857,
    "amount_left": 0,
    "auto_tmm": False,
    "availability": -1,
    "category": "audiobooks",
    "completion_on": 1_795_173_858,
    "content_path": "/books/Cranford",
    "dlspeed": 0,
    "downloaded": 350_000,
    "eta": 8_640_000,
    "hash": "a" * 40,
    "infohash_v1": "a" * 40,
    "infohash_v2": "",
    "name": "Cranford",
    "num_complete": 3,
    "num_seeds": 1,
    "progress": 1,
    "ratio": 0.5,
    "save_path": "/books",
    "seeding_time": 61,
    "size": 350_000,
    "state": "stalledUP",
    "tags": "tame, tame:7f3a",
    "total_size": 350_000,
    "tracker": "https://tracker.example:8443/0f1e2d3c4b5a/announce?passkey=secret",
    "uploaded": 175_000,
}


def seen(**fields: Any) -> Seen:
    return read_torrent(Reply("Attic", WHOLE | fields))


@pytest.mark.parametrize("state", FINISHED)
def test_finished_states_are_complete(state: str) -> None:
    assert seen(state=state).is_complete


@pytest.mark.parametrize("state", UNFINISHED)
def test_no_other_state_is_complete_whatever_else_it_says(state: str) -> None:
    assert not seen(state=state).is_complete


@pytest.mark.parametrize(
    "lacking",
    [{"amount_left": 1}, {"progress": 0.9999}, {"completion_on": 0}, {"completion_on": -1}],
)
def test_each_sign_of_completion_is_needed(lacking: dict[str, Any]) -> None:
    assert not seen(**lacking).is_complete


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("checkingUP", "is_checking"),
        ("checkingDL", "is_checking"),
        ("checkingResumeData", "is_checking"),
        ("moving", "is_moving"),
        ("pausedDL", "is_stopped"),
        ("stoppedDL", "is_stopped"),
        ("pausedUP", "is_stopped"),
        ("stoppedUP", "is_stopped"),
        ("error", "is_errored"),
        ("missingFiles", "is_missing_files"),
        ("metaDL", "needs_metadata"),
        ("forcedMetaDL", "needs_metadata"),
    ],
)
def test_each_state_says_one_thing(state: str, says: str) -> None:
    words = ["is_checking", "is_moving", "is_stopped", "is_errored", "is_missing_files"]
    told = [word for word in [*words, "needs_metadata"] if getattr(seen(state=state), word)]
    assert told == [says]


def test_a_stopped_magnet_link_still_needs_metadata() -> None:
    waiting = seen(state="stoppedDL", size=0, total_size=-1, progress=0)
    assert waiting.needs_metadata
    assert waiting.total_size == 0


def test_what_is_unknown_is_none() -> None:
    told = seen(eta=8_640_000, availability=-1, completion_on=-1)
    assert (told.eta, told.availability, told.completed_at) == (None, None, None)
    told = seen(eta=90, availability=1.5)
    assert (told.eta, told.availability) == (90, 1.5)


def test_times_are_utc_and_tags_a_list() -> None:
    assert seen().completed_at == datetime(2026, 11, 20, 11, 24, 18, tzinfo=UTC)
    assert seen().tags == ("tame", "tame:7f3a")
    assert seen(tags="").tags == ()


def test_seeds_are_those_that_anybody_knows_of() -> None:
    assert seen(num_seeds=1, num_complete=3).seeds == 3
    assert seen(num_seeds=1, num_complete=-1).seeds == 1
    assert seen(num_seeds=0, num_complete=-1).seeds == 0


def test_a_tracker_is_shown_by_host_only() -> None:
    assert seen().tracker == "tracker.example"
    assert seen(tracker="").tracker == ""
    assert "secret" not in repr(seen())


@pytest.mark.parametrize(
    ("limits", "removes"),
    [
        ({"max_ratio": 2.0, "max_ratio_action": 1}, True),
        ({"max_seeding_minutes": 600, "max_ratio_action": 3}, True),
        ({"max_ratio": 2.0, "max_ratio_action": 0}, False),
        ({"max_ratio_action": 1}, False),
    ],
)
def test_a_client_that_removes_what_is_finished(limits: dict[str, Any], removes: bool) -> None:
    none: dict[str, Any] = {"max_ratio": None, "max_seeding_minutes": None, "max_ratio_action": 0}
    told = Preferences("/books", "", False, False, True, **(none | limits))
    assert told.removes_finished is removes
