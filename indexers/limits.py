"""What an indexer allows in a day, counted from the rows of what was asked of it.

Searches and the feed share its questions. Neither may use what is kept for the other: one question
for every run of the feed in a day, but never more than half of what the indexer allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from indexers.models import Indexer, Query
from tame.lib.moments import moment
from tame.lib.numbers import counted

DAY = timedelta(days=1)
FEED_MINUTES = 15  # between two runs of the feeds, where the indexer allows as many
RUNS_A_DAY = DAY // timedelta(minutes=FEED_MINUTES)
SEARCHES, FEEDS = (Query.Kind.SEARCH,), (Query.Kind.FEED,)


@dataclass(frozen=True)
class Allowance:
    """`left`: how many more may go now; None is any number. `free_at`: when the next may."""

    left: int | None = None
    free_at: datetime | None = None
    sentence: str = ""


def searches_of(indexer: Indexer) -> Allowance:
    return share_of_questions(indexer, SEARCHES, "reading what is new")


def feeds_of(indexer: Indexer) -> Allowance:
    return share_of_questions(indexer, FEEDS, "searches")


def fetches_of(indexer: Indexer) -> Allowance:
    limit = indexer.grabs_a_day
    said = f"{indexer} allows {counted(limit or 0, 'torrent')} a day, and no more are left"
    return allowance(indexer, limit, (Query.Kind.FETCH,), said)


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


def share_of_questions(indexer: Indexer, kinds: tuple[str, ...], kept_for: str) -> Allowance:
    """What all may ask, or what these may: the tighter. No query without a limit."""
    limit = indexer.queries_a_day
    if limit is None:
        return Allowance()
    kept = kept_for_the_other(indexer)
    allows = f"{indexer} allows {counted(limit, 'question')} a day"
    every = allowance(indexer, limit, SEARCHES + FEEDS, f"{allows}, and they are used")
    if not kept or not every.left:
        return every
    said = f"{allows}, {kept} of which are kept for {kept_for}; the others are used"
    return min(
        every,
        allowance(indexer, limit - kept, kinds, said),
        key=lambda allowed: allowed.left or 0,
    )


def kept_for_the_other(indexer: Indexer) -> int:
    if indexer.queries_a_day is None or not indexer.reads_feed:
        return 0
    return min(RUNS_A_DAY, indexer.queries_a_day // 2)


def feed_every(indexer: Indexer) -> timedelta:
    """A small share is spread over the day: else it would be used up in the first hours."""
    if indexer.queries_a_day is None:
        return DAY / RUNS_A_DAY
    share = indexer.queries_a_day - kept_for_the_other(indexer)
    return DAY / max(1, min(share, RUNS_A_DAY))


def allowance(indexer: Indexer, limit: int | None, kinds: tuple[str, ...], said: str) -> Allowance:
    """`said`: the sentence for when nothing is left, up to its time. No query without a limit."""
    if limit is None:
        return Allowance()
    asked = Query.objects.filter(
        indexer=indexer, kind__in=kinds, started_at__gt=timezone.now() - DAY
    ).exclude(outcome=Query.Outcome.SKIPPED)
    if (count := asked.count()) < limit:
        return Allowance(limit - count)
    times = asked.order_by("-started_at").values_list("started_at", flat=True)
    free_at = times[limit - 1] + DAY if limit else None
    until = f": it is asked again at {moment(free_at)}." if free_at else "."
    return Allowance(0, free_at, said + until)
