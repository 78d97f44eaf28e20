"""Schedules in the admin; the task queue's own tables are hidden."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success

from tame import schedules
from tame.lib.admin.base import BaseAdmin
from tame.lib.admin.verbs import Verb
from tame.models import SchedulePreference
from tame.runners import PREFIX

for model in (Schedule, Success, Failure, OrmQ):
    if admin.site.is_registered(model):  # it lets whoever may edit a schedule run any function
        admin.site.unregister(model)


def run_now(row: SchedulePreference, *, actor: str) -> str:
    return schedules.run_now(row)


@admin.register(SchedulePreference)
class SchedulePreferenceAdmin(BaseAdmin):
    verbs = [
        Verb("run", "Run now", "tame.run_schedulepreference", run_now, "run as soon as possible")
    ]
    list_display = [
        "name", "does", "every", "last_ended_at", "last_result", "next_run",
    ]  # fmt: skip
    ordering = ["name"]
    fields = [
        "name", "does", "every", "minutes", "paused", "last_started_at", "last_ended_at",
        "last_result", "next_run",
    ]  # fmt: skip
    readonly_fields = [
        "name", "does", "every", "last_started_at", "last_ended_at", "last_result", "next_run",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the queue's own time of the next run."""
        theirs = Schedule.objects.filter(name=Concat(Value(PREFIX), OuterRef("name")))
        due = Subquery(theirs.values("next_run")[:1])
        rows: QuerySet[Any] = super().get_queryset(request).annotate(due=due)
        return rows.filter(name__in=schedules.SCHEDULES)

    @admin.display(description="Runs every")
    def every(self, row: SchedulePreference) -> str:
        minutes = row.minutes or schedules.SCHEDULES[row.name][1]
        own = "" if row.minutes else " (usual)"
        known = {1: "minute", 60: "hour", 1440: "day"}
        return known.get(minutes, f"{minutes} minutes") + own + (", paused" if row.paused else "")

    @admin.display(description="What it does")
    def does(self, row: SchedulePreference) -> str:
        return schedules.DOES[row.name]

    @admin.display(description="Next run")
    def next_run(self, row: SchedulePreference) -> Any:
        return None if row.paused else getattr(row, "due", None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: SchedulePreference, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(schedules.sync)
