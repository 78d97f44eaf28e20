"""Which queued downloads may be pushed right now, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from downloads.models import Client, Download, Payload, count_unfinished, most_urgent_first
from downloads.states import State, Wish
from indexers.limits import fetches_of
from indexers.models import Indexer
from tame.lib.lease import free


def is_any_waiting() -> bool:
    """Whether a push would do something right now."""
    return any(has_place(client) and pushable(client).exists() for client in Client.usable())


def has_place(client: Client) -> bool:
    return count_unfinished(client) < client.unfinished_limit


def pushable(client: Client) -> QuerySet[Download]:
    """Queued downloads that nobody works on. An indexer that is left alone is not asked for
    torrents either."""
    rows = Download.objects.filter(free(), client=client, state=State.QUEUED)
    rows = rows.exclude(client_wish=Wish.STOPPED)  # paused before it was pushed
    rows = rows.exclude(indexer__in=at_their_limit(), payload__here_since=None)
    return rows.exclude(Indexer.left_alone("indexer__"), payload__here_since=None)


def at_their_limit() -> list[int]:
    """Indexers that give no more torrents today."""
    limited = Indexer.objects.exclude(grabs_a_day=None).defer("key")
    return [indexer.pk for indexer in limited if fetches_of(indexer).left == 0]


def waiting(client: Client) -> Iterator[Download]:
    """Read one by one: each push takes a while."""
    for pk in list(most_urgent_first(pushable(client)).values_list("pk", flat=True)):
        row = Download.objects.select_related("client", "indexer", "release").filter(pk=pk).first()
        if row is not None and row.state == State.QUEUED and not is_left_alone(row.indexer, pk):
            yield row


def is_left_alone(indexer: Indexer | None, pk: int) -> bool:
    """It may have been left alone since, by the fetch just before."""
    if indexer is None or not (indexer.is_off or indexer.key_was_refused):
        return False
    return not Payload.objects.filter(download=pk, here_since__isnull=False).exists()
