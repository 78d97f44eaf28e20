"""Who may do a kind of long work, and what a worker that died or slept leaves of its rows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler

from books.tasks import describe, follow
from downloads.models import Import
from indexers.tasks import feeds
from tame import runners, schedules
from tame.lib import bell
from tame.lib.lease import claim, renew, renewed
from tame.models import NamedLease
from tame.runners import BUSY, Runner, run_alone
from tests.factory import make_book, make_download

pytestmark = pytest.mark.django_db


NOBODY = 4_194_304  # above every process id that Linux gives


def held_by(owner: str, name: str = "push") -> None:
    until = timezone.now() + timedelta(hours=1)
    NamedLease.objects.create(name=name, owner=owner, until=until)


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-V"], stdout=subprocess.DEVNULL)
    process.wait()
    return process.pid


# --- Runners --------------------------------------------------------------------------------------


def test_a_second_runner_of_a_kind_is_told_that_it_is_busy() -> None:
    first = Runner("push")
    assert first.take()
    assert run_alone("push", lambda runner: "did it") == BUSY
    assert run_alone("search", lambda runner: "did it") == "did it"
    first.release()
    assert run_alone("push", lambda runner: "did it") == "did it"


def test_a_dead_runner_keeps_nobody_waiting() -> None:
    held_by(runners.owner(dead_process()))
    assert run_alone("push", lambda runner: "did it") == "did it"


@pytest.mark.parametrize(
    "owner",
    [
        runners.owner(os.getpid()),
        runners.owner(1),
        runners.owner(NOBODY).replace(runners.place(), "elsewher"),
        "somebody",
        "",
    ],
    ids=["ours", "another user's", "on another machine", "unreadable", "nobody"],
)
def test_whoever_may_live_is_waited_for(owner: str) -> None:
    held_by(owner)
    assert run_alone("push", lambda runner: "did it") == BUSY


def test_a_lease_of_a_clock_that_was_put_back_holds_nothing() -> None:
    held_by("somebody")
    ten_years_on = timezone.now() + timedelta(days=3650)
    NamedLease.objects.update(until=ten_years_on)
    assert run_alone("push", lambda runner: "did it") == "did it"
    row = make_download(book=make_book()).imports.get()
    Import.objects.update(leased_until=ten_years_on, leased_by="somebody")
    assert claim(Import.objects.all(), row.pk)


def test_a_runner_that_slept_too_long_has_no_more_time() -> None:
    sleeper = Runner("push")
    assert sleeper.take()
    NamedLease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert Runner("push").take()
    assert not sleeper.has_time
    sleeper.release()
    assert run_alone("push", lambda runner: "did it") == BUSY


def test_a_runner_whose_time_is_over_keeps_its_lease_until_it_ends() -> None:
    runner = Runner("search")
    assert runner.take()
    runner.ends = 0
    soon = timezone.now() + timedelta(seconds=1)
    NamedLease.objects.update(until=soon)
    assert not runner.has_time
    assert NamedLease.objects.get(name="search").until > soon  # type: ignore[operator]


def test_no_call_outlasts_a_lease_and_no_runner_its_task(settings: Any) -> None:
    """A call takes twice the sum of its time-outs at most, see `tame.lib.http`."""
    fetch, client = 2 * sum(settings.FETCH_TIMEOUT), sum(settings.CLIENT_TIMEOUT)
    search = 2 * sum(settings.INDEXER_TIMEOUT)  # meanwhile its lease is renewed
    assert max(fetch, client) < settings.LEASE_SECONDS
    task = settings.Q_CLUSTER["timeout"]
    assert settings.RUNNER_SECONDS + max(fetch + 3 * client, search) < task
    assert (task + 3) % settings.Q_CLUSTER["guard_cycle"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_row_is_kept_for_as_long_as_the_work_lasts(settings: Any) -> None:
    settings.HURRY, settings.LEASE_SECONDS = 1, 0.3
    row = make_download(book=make_book()).imports.get()
    mine = claim(Import.objects.all(), row.pk)
    assert mine
    with renewed(lambda: renew(row, mine)):
        sleep(1)
        assert claim(Import.objects.all(), row.pk) is None
    sleep(0.4)
    assert claim(Import.objects.all(), row.pk)


@pytest.mark.parametrize("task", [feeds, follow, describe])
def test_who_found_no_turn_comes_back_soon(task: Callable[[], str], settings: Any) -> None:
    """Else it would meet the same neighbour at its next time, an hour later."""
    settings.BELLS = False
    schedules.sync()
    at, soon = timezone.now() + timedelta(hours=1), timezone.now() + timedelta(seconds=30)
    Schedule.objects.update(next_run=at)
    neighbour = Runner("search")
    assert neighbour.take()
    assert task() == BUSY
    row = Schedule.objects.get(name=f"tame:{task.__name__}")
    assert row.next_run < soon
    assert Schedule.objects.exclude(pk=row.pk).filter(next_run__lt=at).count() == 0


# --- Long tasks -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_book_may_be_copied_for_longer_than_any_other_task_may_run(settings: Any) -> None:
    """By the bell, and by the schedule."""
    Schedule.objects.all().delete()
    schedules.sync()
    names = ("tame:import", "tame:push")
    Schedule.objects.exclude(name__in=names).delete()
    Schedule.objects.update(next_run=timezone.now())
    scheduler()
    for name in ("import_", "push"):
        bell.ring(f"downloads.tasks.{name}")
    times = sorted((row.task["func"], row.task.get("timeout")) for row in OrmQ.objects.all())
    long = ("downloads.tasks.import_", 3600)
    assert times == [long, long, *[("downloads.tasks.push", None)] * 2]
    assert settings.Q_CLUSTER["timeout"] < 3600 < settings.Q_CLUSTER["retry"]


# --- Bells ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_bell_rung_often_in_one_transaction_is_one_task() -> None:
    with transaction.atomic():
        bell.ring("downloads.tasks.push")
        with transaction.atomic():
            bell.ring("downloads.tasks.push")
        bell.ring("downloads.tasks.tidy")
        assert not OrmQ.objects.exists()
    assert sorted(queued()) == ["downloads.tasks.push", "downloads.tasks.tidy"]


@pytest.mark.django_db(transaction=True)
def test_a_bell_of_a_part_that_was_undone_may_be_rung_again() -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            ring_and_fail()
        bell.ring("downloads.tasks.push")
    assert queued() == ["downloads.tasks.push"]


@pytest.mark.django_db(transaction=True)
def test_a_bell_outside_a_transaction_rings_at_once() -> None:
    bell.ring("downloads.tasks.push")
    assert queued() == ["downloads.tasks.push"]


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_rings_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        ring_and_fail()
    assert queued() == []


@transaction.atomic
def ring_and_fail() -> None:
    bell.ring("downloads.tasks.push")
    raise ZeroDivisionError


def queued() -> list[str]:
    return [row.task["func"] for row in OrmQ.objects.order_by("pk")]


# --- Waking ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_waking_rings_for_what_is_due_within_a_minute() -> None:
    schedules.sync()
    Schedule.objects.filter(name="tame:prune").update(next_run=timezone.now() + timedelta(hours=5))
    Schedule.objects.filter(name="tame:tidy").update(repeats=0)
    schedules.wake()
    due = {path for name, (path, _) in schedules.SCHEDULES.items() if name not in ("prune", "tidy")}
    assert set(queued()) == due
    assert len(queued()) == len(due)


@pytest.mark.django_db(transaction=True)
def test_waking_with_the_bells_cut_rings_nothing(settings: Any) -> None:
    settings.BELLS = False
    schedules.sync()
    schedules.wake()
    assert queued() == []
