"""Forget what is old: first what the rooms keep, then what the roof itself keeps."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry

from downloads import prune as rooms


def prune() -> str:
    """Delete what has outlived its retention; says how much of what."""
    log = LogEntry.objects.filter(action_time__lt=rooms.days_ago(365))
    return rooms.forget(rooms.old_rows() | {"log entries": log})
