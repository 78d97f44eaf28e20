"""Code owns the function of a schedule, the person its timing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from tame import schedules
from tame.models import SchedulePreference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rows() -> None:
    Schedule.objects.all().delete()


@pytest.mark.parametrize("name", schedules.SCHEDULES)
def test_every_scheduled_function_can_be_imported(name: str) -> None:
    path, minutes = schedules.SCHEDULES[name]
    assert callable(import_string(path))
    assert minutes >= 1


def test_what_a_schedule_does_is_said_of_each() -> None:
    assert list(schedules.DOES) == list(schedules.SCHEDULES)


def test_a_second_sync_changes_nothing() -> None:
    schedules.sync()
    before = list(Schedule.objects.order_by("pk").values())
    schedules.sync()
    assert list(Schedule.objects.order_by("pk").values()) == before
    assert len(before) == len(schedules.SCHEDULES)


def test_the_persons_timing_survives() -> None:
    SchedulePreference.objects.create(name="search", minutes=30)
    schedules.sync()
    schedules.sync()
    assert Schedule.objects.get(name="tame:search").minutes == 30


def test_a_paused_schedule_does_not_run_until_it_is_wanted_again() -> None:
    preference = SchedulePreference.objects.create(name="search", paused=True)
    schedules.sync()
    assert Schedule.objects.get(name="tame:search").repeats == 0
    preference.paused = False
    preference.save()
    schedules.sync()
    row = Schedule.objects.get(name="tame:search")
    assert row.repeats == -1
    assert row.next_run <= timezone.now()


def test_the_function_is_ours() -> None:
    schedules.sync()
    Schedule.objects.update(func="os.system", args="'rm'")
    schedules.sync()
    row = Schedule.objects.get(name="tame:push")
    assert (row.func, row.args) == ("downloads.tasks.push", "")


def test_what_is_no_longer_declared_goes_and_what_is_not_ours_stays() -> None:
    for name in ("tame:gone", "theirs"):
        Schedule.objects.create(name=name, func="x.y")
    schedules.sync()
    names = set(Schedule.objects.values_list("name", flat=True))
    assert "tame:gone" not in names
    assert "theirs" in names


def test_a_clock_that_was_put_back_stops_nothing() -> None:
    schedules.sync()
    rows = Schedule.objects.all()
    rows.update(next_run=timezone.now() + timedelta(days=3650))
    rows.filter(name="tame:prune").update(next_run=timezone.now() + timedelta(hours=23))
    schedules.heed_clock()
    still_ahead = rows.filter(next_run__gt=timezone.now())
    assert [row.name for row in still_ahead] == ["tame:prune"]


def test_doubles_are_removed() -> None:
    schedules.sync()
    Schedule.objects.create(name="tame:push", func="downloads.tasks.push")
    schedules.sync()
    assert Schedule.objects.filter(name="tame:push").count() == 1


def test_next_run_is_left_alone() -> None:
    schedules.sync()
    later = timezone.now() + timedelta(hours=1)
    Schedule.objects.update(next_run=later)
    schedules.sync()
    assert set(Schedule.objects.values_list("next_run", flat=True)) == {later}
