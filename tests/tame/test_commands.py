"""The roof's own commands: schedules, and the switch for everything."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from downloads.states import State
from tame.models import SchedulePreference, Switch
from tame.schedules import SCHEDULES
from tame.tasks import beat
from tests.commanding import done, run
from tests.factory import make_client, make_download, make_indexer

pytestmark = pytest.mark.django_db


def test_schedules_are_written_as_the_person_wants_them() -> None:
    SchedulePreference.objects.create(name="prune", minutes=60, paused=True)
    Schedule.objects.create(name="tame:gone", func="x")
    done("sync_schedules", "--dry-run")
    assert Schedule.objects.get().name == "tame:gone"
    rows = {row["name"]: row for row in done("sync_schedules")["schedules"]}
    assert set(rows) == set(SCHEDULES)
    assert (rows["prune"]["minutes"], rows["prune"]["paused"]) == (60, True)
    assert rows["push"]["function"] == "downloads.tasks.push"
    assert done("sync_schedules")["schedules"][0]["name"] == sorted(SCHEDULES)[0]


def test_everything_is_paused_and_goes_on() -> None:
    done("pause_everything", "--dry-run")
    assert not Switch.objects.exists()
    assert done("pause_everything")["everything_paused"]
    assert Switch.objects.get().everything_paused
    assert run("resume_everything")[1] == "TAME goes on.\n"
    assert not Switch.objects.get().everything_paused


def test_the_status_is_that_of_the_first_page() -> None:
    make_client(last_ok_at=timezone.now())
    make_indexer(last_error="The attic is dark.", last_ok_at=timezone.now())
    make_download(state=State.DOWNLOADING)
    told = done("status")
    assert told["next"] == "The attic is dark."
    assert told["attention"] == [{"what": "Gutenberg Tracker", "sentence": "The attic is dark."}]
    assert told["counts"]["downloads under way"] == 1
    assert (told["worker_answers"], told["everything_paused"]) == (False, False)
    beat()
    code, out, _ = run("status")
    assert code == 0
    assert "Needs attention: Gutenberg Tracker: The attic is dark." in out
    assert "does not answer" not in out


def test_schedules_are_run_now(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        told = done("run_schedules", "search", "prune", "search")["schedules"]
    assert [row["ok"] for row in told] == [True, True]
    assert told[0]["sentence"].startswith("search runs as soon as a worker is free.")
    assert [queued.task["func"] for queued in OrmQ.objects.order_by("pk")] == [
        "indexers.tasks.search", "tame.tasks.prune",
    ]  # fmt: skip
    code, _, err = run("run_schedules", "sleep")
    assert (
        code,
        "There is no schedule “sleep”. There are: search, feeds, decide, grab," in err,
    ) == (
        2,
        True,
    )


def test_no_schedule_is_run_while_everything_is_paused() -> None:
    done("pause_everything")
    code, _, err = run("run_schedules", "search")
    assert (code, err.startswith("Everything is paused")) == (4, True)
