"""Push one download as a command does: when it may, and until it is listed if asked."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic, sleep
from typing import Any

from django.conf import settings

from downloads import steer
from downloads.confirm import confirm_in
from downloads.management.chosen import LOOK_SECONDS, refuse_unusable
from downloads.models import Download, count_unfinished
from downloads.push import push_one
from downloads.states import IN_CLIENT, State, Wish
from downloads.waiting import is_left_alone
from tame.lib.backoff import hurried
from tame.lib.errors import LocalError, NotListedError, ObstacleError


def push(
    row: Download, actor: str, *, is_named: bool, confirm: bool
) -> tuple[str, Mapping[str, Any]]:
    """What became of it. One that has to wait is an obstacle only to a person who named it."""
    try:
        if row.state not in IN_CLIENT:
            push_queued(row, actor)
        if confirm:
            wait_until_listed(row)
        row.refresh_from_db()
        refuse_failed(row)
    except ObstacleError as error:
        if is_named:
            raise
        return str(error), {"state": row.state}
    return last_sentence(row), {"state": row.state}


def push_queued(row: Download, actor: str) -> None:
    if row.state != State.QUEUED:
        steer.push_now(row, actor=actor)
    refuse_unusable(row.client)
    refuse_waiting(row)
    push_one(row)


def refuse_waiting(row: Download) -> None:
    """As the schedule would leave it in the queue."""
    if row.client_wish == Wish.STOPPED:
        raise ObstacleError(f"“{row}” is paused: resume it first.")
    if row.indexer is not None and is_left_alone(row.indexer, row.pk):
        raise ObstacleError(f"“{row}” waits for {row.indexer}: {row.indexer.last_error}")
    if count_unfinished(row.client) >= row.client.unfinished_limit:
        raise ObstacleError(
            f"“{row}” stays queued: {row.client} has its {row.client.unfinished_limit} unfinished "
            "downloads. Wait for one, or raise that number in the client."
        )


def wait_until_listed(row: Download) -> None:
    """Until the client lists it or it failed: a torrent that does not appear in time fails."""
    ends = monotonic() + hurried(2 * settings.LISTED_WITHIN_SECONDS).total_seconds()
    while is_pushed(row):
        refuse_unusable(row.client)
        confirm_in(row.client)
        if monotonic() > ends:
            raise NotListedError(f"{row.client} has not shown “{row}” yet; it is looked for again.")
        if is_pushed(row):
            sleep(LOOK_SECONDS)


def is_pushed(row: Download) -> bool:
    return Download.objects.filter(pk=row.pk, state=State.PUSHED).exists()


def refuse_failed(row: Download) -> None:
    """Raises the sentence of a push that did not work."""
    if row.state in (State.FAILED, State.HELD, State.ABANDONED):
        raise LocalError(row.last_error)
    if row.state == State.QUEUED:
        why = row.last_error or "another worker is at it"
        raise ObstacleError(f"“{row}” stays queued: {why}")


def last_sentence(row: Download) -> str:
    return str(row.history.first() or f"“{row}” is {row.get_state_display()}.")
