"""Try failed downloads again when they are due; when the tries are used up, say so and stop."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from downloads.failing import give_up
from downloads.instead import take_instead
from downloads.models import Download
from downloads.states import Failure, State
from tame.lib import bell
from tame.lib.errors import LostRaceError

PUSH = "downloads.tasks.push"


def retry_due() -> str:
    return try_again(due())


def due() -> list[Download]:
    rows = Download.objects.filter(state=State.FAILED, retry_at__lte=timezone.now())
    return list(rows.select_related("client", "indexer"))


def is_replaced(row: Download) -> bool:
    """By a release of another indexer that was found since its link gave no torrent."""
    try:
        return row.failure == Failure.NOT_FETCHED and take_instead(row, row.last_error)
    except LostRaceError:
        return False


def try_again(rows: Iterable[Download]) -> str:
    """Queue them again, or another release in their place; hold or abandon those that have no
    tries left."""
    again = sum(retry_or_stop(row) for row in rows if not is_replaced(row))
    if again:
        bell.ring(PUSH)
    return f"{again} queued again."


def retry_or_stop(row: Download) -> bool:
    """True when it was queued again."""
    try:
        if row.attempts >= settings.MAX_ATTEMPTS:
            stop_trying(row)
            return False
        row.move_to(
            State.QUEUED,
            f"Try {row.attempts + 1} of {settings.MAX_ATTEMPTS}.",
            actor="TAME",
            retry_at=None,
        )
    except LostRaceError:
        return False
    return True


def stop_trying(row: Download) -> None:
    """A link that gives nothing is given up; a fault on our side waits for a person."""
    count = min(row.attempts, settings.MAX_ATTEMPTS)
    tries = f"{count} tries did not help. The last one: {row.last_error}"
    if row.failure == Failure.NOT_FETCHED:
        give_up(row, tries, block=False, failure=Failure.NOT_FETCHED)
        return
    row.move_to(State.HELD, tries, actor="TAME", retry_at=None)
