"""Who works on a row: columns, the claim, and the fence at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import OperationalError, connection, models
from django.db.models import F, Q
from django.utils import timezone

from tame.lib.backoff import hurried
from tame.lib.errors import LostRaceError

FAR_AHEAD = timedelta(days=1)  # further than the clocks of two machines are apart


def new_token() -> str:
    return uuid4().hex


def lease_end() -> datetime:
    return timezone.now() + hurried(settings.LEASE_SECONDS)


class Lease(models.Model):
    """A row that a step works on. Attempts rise at the claim, so a killed worker counts as one."""

    leased_until = models.DateTimeField(null=True, editable=False)
    leased_by = models.CharField(max_length=32, blank=True, default="", editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField("next try", null=True, editable=False)
    last_error = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True


def free(column: str = "leased_until") -> Q:
    """Rows that nobody works on. No lease ends in days: one that does was written before the clock
    was put back, and would hold its row until it is that late again."""
    now = timezone.now()
    over = Q(**{column: None}) | Q(**{f"{column}__lt": now})
    return over | Q(**{f"{column}__gt": now + FAR_AHEAD})


def ripe() -> Q:
    """Rows that were not put off, or whose next try is due."""
    return Q(retry_at=None) | Q(retry_at__lte=timezone.now())


def claim(rows: models.QuerySet[Any], pk: int) -> str | None:
    """Take one of `rows`; its token, or None when another worker has it. Nothing stays open."""
    token = new_token()
    taken = rows.filter(free(), pk=pk).update(
        leased_until=lease_end(), leased_by=token, attempts=F("attempts") + 1
    )
    return token if taken else None


def renew(row: Lease, token: str) -> None:
    """Keep the row for another lease. Raises LostRaceError when it is no longer ours."""
    rows = type(row)._default_manager.filter(pk=row.pk, leased_by=token)
    if not rows.update(leased_until=lease_end()):
        raise LostRaceError("Another worker has taken this over.")


def give_back(row: Lease, token: str, *, keep_attempt: bool = False, **columns: object) -> None:
    """End the lease without a move. The attempt is taken back: nothing was learnt of the row."""
    attempts = F("attempts") if keep_attempt else F("attempts") - 1
    rows = type(row)._default_manager.filter(pk=row.pk, leased_by=token)
    rows.update(leased_until=None, leased_by="", attempts=attempts, **columns)


# --- Work that takes longer than a lease ----------------------------------------------------------


def renewed(renew: Callable[[], object]) -> AbstractContextManager[None]:
    """A lease that is renewed beside the work."""
    return meanwhile(renew, settings.LEASE_SECONDS / 3)


@contextmanager
def meanwhile(act: Callable[[], object], seconds: float) -> Iterator[None]:
    """Done every so many seconds in a thread beside the work, which may copy for long. In a
    transaction nobody beside us could write, so there it is not."""
    over = Event()
    every = hurried(seconds).total_seconds()
    thread = Thread(target=act_until, args=(act, over, every), daemon=True)
    if not connection.in_atomic_block:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if thread.ident is not None:
            thread.join()


def act_until(act: Callable[[], object], over: Event, every: float) -> None:
    try:
        while not over.wait(every):
            # A database that is busy for once; and one that was lost is told at the work's end.
            with suppress(OperationalError, LostRaceError):
                act()
    finally:
        connection.close()
