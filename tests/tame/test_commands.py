"""The roof's own commands: schedules, and the switch for everything."""

from __future__ import annotations

from typing import Any

import pytest
from django_q.models import OrmQ, Schedule

from tame.models import SchedulePreference, Switch
from tame.schedules import SCHEDULES
from tests.commanding import done, run

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
