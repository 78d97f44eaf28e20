"""What is kept for a time is forgotten after it, and not before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from downloads import prune as rooms
from indexers.models import Release
from tame import tasks
from tame.models import SchedulePreference, Switch
from tests.factory import make_book, make_indexer, make_release
from tests.people import ann

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def changed(days: int) -> LogEntry:
    return LogEntry.objects.create(user=ann(), action_flag=CHANGE, action_time=ago(days))


def test_the_admin_s_log_is_kept_for_a_year() -> None:
    changed(366)
    kept = changed(364)
    assert tasks.prune() == "1 log entries"
    assert list(LogEntry.objects.all()) == [kept]


def test_what_the_rooms_keep_is_pruned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "BATCH", 2)
    make_release(make_indexer(), last_seen_at=ago(40))
    for _ in range(5):
        changed(400)
    assert tasks.prune() == "1 releases, 5 log entries"
    assert not Release.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("columns", "is_kept"),
    [
        ({}, True),
        ({"on_shelf": True}, False),
        ({"on_shelf": True, "may_upgrade": True}, True),
        ({"wish": "parked"}, False),
    ],
    ids=["wanted", "on the shelf", "to be upgraded", "parked"],
)
def test_releases_are_kept_while_somebody_waits_for_the_book(
    columns: dict[str, Any], is_kept: bool
) -> None:
    make_release(make_indexer(), make_book(**columns), last_seen_at=ago(40))
    tasks.prune()
    assert Release.objects.exists() == is_kept


def test_a_batch_is_deleted_without_being_loaded(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        changed(400)
    with django_assert_num_queries(3):  # numbers, delete, numbers
        assert rooms.delete(LogEntry.objects.all()) == 5


def test_nothing_is_pruned_while_everything_is_paused() -> None:
    Switch.objects.create(pk=1, everything_paused=True)
    changed(400)
    assert tasks.prune() == "paused: everything is paused"
    assert LogEntry.objects.exists()
    assert SchedulePreference.objects.get(name="prune").last_result.startswith("paused")
