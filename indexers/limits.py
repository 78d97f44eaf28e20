"""What an indexer allows in a day, counted from the rows of what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from indexers.models import Indexer, Query
from tame.lib.moments import moment

DAY = timedelta(days=1)
ASKING = (Query.Kind.SEARCH, Query.Kind.FEED)


@dataclass(frozen=True)
class Allowance:
    """`left`: how many more may go now; None is any number. `free_at`: when the next may."""

    left: int | None = None
    free_at: datetime | None = None
    sentence: str = ""


def queries_of(indexer: Indexer) -> Allowance:
    return allowance(indexer, indexer.queries_a_day, ASKING, "questions")


def fetches_of(indexer: Indexer) -> Allowance:
    return allowance(indexer, indexer.grabs_a_day, (Query.Kind.FETCH,), "torrents")


def reserve_fetch(indexer: Indexer, **columns: str) -> tuple[Query | None, Allowance]:
    """The row of a fetch that may go out now, else None and the reason. Written before it goes: it
    counts however it ends. Counted and written under one lock, so two workers that push at once
    never pass the limit together."""
    with transaction.atomic():  # SQLite: IMMEDIATE takes the write lock here
        Indexer.objects.select_for_update().filter(pk=indexer.pk).values_list("pk").first()
        allowed = fetches_of(indexer)
        if allowed.left == 0:
            return None, allowed
        row = Query.objects.create(
            kind=Query.Kind.FETCH, indexer=indexer, indexer_name=indexer.name, **columns
        )
    return row, allowed


def allowance(indexer: Indexer, limit: int | None, kinds: tuple[str, ...], what: str) -> Allowance:
    """No query for an indexer without a limit."""
    if limit is None:
        return Allowance()
    asked = Query.objects.filter(
        indexer=indexer, kind__in=kinds, started_at__gt=timezone.now() - DAY
    ).exclude(outcome=Query.Outcome.SKIPPED)
    times = list(asked.order_by("-started_at").values_list("started_at", flat=True)[:limit])
    if len(times) < limit:
        return Allowance(limit - len(times))
    free_at = times[-1] + DAY if times else None
    said = f"{indexer} allows {limit} {what} a day, and they are used"
    until = f": it is asked again at {moment(free_at)}." if free_at else "."
    return Allowance(0, free_at, said + until)
