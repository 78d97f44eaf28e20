"""Forget what nobody will ask for again, in small transactions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_q.models import Failure, Success

from books.sources import SourceAnswer
from books.states import Wish
from downloads.models import Payload
from downloads.states import ENDS
from indexers.models import Query, Release, Search, Verdict

BATCH = 500  # one delete of 50,000 rows held SQLite's only write lock for 0.8 s


def old_rows() -> dict[str, models.QuerySet[Any]]:
    """What the rooms keep no longer, by what it is called."""
    month, quarter = days_ago(30), days_ago(90)
    waiting = Q(book__on_shelf=False) | Q(book__may_upgrade=True)
    stand = Verdict.objects.filter(waiting, release=OuterRef("pk"), book__wish=Wish.WANTED)
    return {
        "releases": Release.objects.filter(last_seen_at__lt=month).exclude(Exists(stand)),
        "queries": Query.objects.filter(started_at__lt=quarter),
        "searches": Search.objects.filter(started_at__lt=quarter),
        "torrents": Payload.objects.filter(
            download__state__in=ENDS, download__state_since__lt=month
        ),
        "answers of sources": SourceAnswer.old(90),
        "failed tasks": Failure.objects.filter(stopped__lt=month),
        "finished tasks": Success.objects.filter(stopped__lt=month),
    }


def forget(old: Mapping[str, models.QuerySet[Any]]) -> str:
    """Delete it; says how much of what."""
    gone = {name: delete(rows) for name, rows in old.items()}
    return ", ".join(f"{count} {name}" for name, count in gone.items() if count) or "nothing is old"


def days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def delete(rows: models.QuerySet[Any]) -> int:
    """Batch by batch, so that nobody waits long for the write lock."""
    total = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        total += len(keys)
    return total
