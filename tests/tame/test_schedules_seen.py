"""A schedule that crashes or stands still is seen on the first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from downloads import retry, tasks
from tame import schedules
from tame.models import SchedulePreference
from tame.runners import note_run
from tests.people import bob, browser

pytestmark = pytest.mark.django_db


def first_page() -> str:
    return browser().get(reverse("admin:index")).content.decode()


def test_failing_task_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug() -> str:
        raise ZeroDivisionError

    schedules.sync()
    with monkeypatch.context() as broken:
        broken.setattr(retry, "retry_due", bug)
        with pytest.raises(ZeroDivisionError):
            tasks.retry()
    page = first_page()
    assert "Schedule retry" in page
    assert "Its last run was stopped by an error that TAME did not expect: a bug." in page
    tasks.retry()
    assert "Schedule retry" not in first_page()


def ran(name: str, minutes_ago: int) -> None:
    note_run(name, timezone.now(), "did something")
    when = timezone.now() - timedelta(minutes=minutes_ago)
    SchedulePreference.objects.filter(name=name).update(last_ended_at=when)


@pytest.mark.parametrize(
    ("others", "late", "is_shown"), [(0, 20, True), (0, 5, False), (600, 605, False)]
)
def test_a_schedule_that_stands_still_is_visible(others: int, late: int, is_shown: bool) -> None:
    """Not one of many: then the machine slept, or TAME was off."""
    schedules.sync()
    for name in schedules.SCHEDULES:
        ran(name, others)
    ran("sync", late)
    assert ("Schedule sync" in first_page()) is is_shown
    SchedulePreference.objects.filter(name="sync").update(paused=True)
    assert "Schedule sync" not in first_page()


def test_whoever_may_not_see_schedules_is_not_told() -> None:
    schedules.sync()
    SchedulePreference.objects.filter(name="sync").update(
        last_result="stopped by an error that TAME did not expect"
    )
    page = browser(bob("books.view_book")).get(reverse("admin:index")).content.decode()
    assert "Schedule sync" not in page
