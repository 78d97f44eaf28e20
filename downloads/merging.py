"""Merge two books into one: each room moves what it keeps of them, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from books import merging as of_books
from books.correcting import again
from books.merging import Kind, Moved
from books.models import Book
from downloads.import_models import recompute_coming
from downloads.models import Import
from downloads.states import IMPORT_LIVE, ImportState
from indexers import merging as of_indexers
from tame.lib import bell
from tame.lib.errors import LostRaceError, ObstacleError

KINDS = (Kind("imports", Import),)
ENDED = (ImportState.DROPPED, ImportState.UNDONE)
DECIDE, DESCRIBE = "indexers.tasks.decide", "books.tasks.describe"
CORRECT = "books.tasks.correct"


@dataclass(frozen=True)
class Plan:
    """What a merge does. `filled`: columns that the book that stays takes over."""

    keep: Book
    gone: Book
    moves: Sequence[Moved]
    labels: Moved
    filled: dict[str, Any]
    obstacles: Sequence[str]

    @property
    def all_moves(self) -> list[Moved]:
        return [*self.moves, self.labels]


def plan(keep: Book, gone: Book) -> Plan:
    """Read only."""
    kinds = (*of_books.KINDS, *of_indexers.KINDS, *KINDS)
    moves = [of_books.people(keep, gone), *of_books.moved(kinds, keep, gone)]
    labels, filled = of_indexers.labels(keep, gone), of_books.filled(keep, gone)
    return Plan(keep, gone, moves, labels, filled, obstacles(keep, gone))


def obstacles(keep: Book, gone: Book) -> list[str]:
    """All that stands in the way, as sentences with what to do about it."""
    found = of_books.obstacles(keep, gone) + of_indexers.obstacles(keep, gone)
    live = Import.objects.filter(state__in=IMPORT_LIVE)
    both = (keep, gone)
    if all(live.filter(book=book).exists() for book in both):
        found.append("Both are coming: cancel one of the downloads, or drop its import, first.")
    if live.filter(book__in=both, leased_until__gt=timezone.now()).exists():
        found.append("One of them is being imported right now: merge them when that has ended.")
    rows = Import.objects.exclude(state__in=ENDED).exclude(download=None)
    theirs = rows.filter(book=gone).values("download")
    if twice := rows.filter(book=keep, download__in=theirs).select_related("download").first():
        found.append(f"“{twice.download}” delivers both: drop one of its imports first.")
    return found


def merge(keep: Book, gone: Book, *, actor: str) -> str:
    """`gone` is deleted, and what belonged to it is `keep`'s. Raises ObstacleError with the first
    sentence; LostRaceError when either changed meanwhile."""
    try:
        with transaction.atomic():
            rows = Book.objects.select_for_update().in_bulk([keep.pk, gone.pk])
            if len({keep.pk, gone.pk}) == 2 and len(rows) < 2:
                raise LostRaceError("One of the books was deleted meanwhile.")
            planned = plan(rows[keep.pk], rows[gone.pk])
            if planned.obstacles:
                raise ObstacleError(planned.obstacles[0])
            write(planned, actor)
    except IntegrityError as error:
        raise LostRaceError("One of them has changed meanwhile: look at both again.") from error
    bell.ring(DECIDE)
    bell.ring(DESCRIBE)
    bell.ring(CORRECT)
    told = [f"{len(one.rows)} {one.what}" for one in planned.all_moves if one.rows]
    more = f": {', '.join(told)} came over" if told else ""
    return f"“{gone}” ({gone.pk}) was merged into “{keep}” ({keep.pk}) by {actor}{more}."


def write(planned: Plan, actor: str) -> None:
    keep, gone = planned.keep, planned.gone
    of_books.write_rows(planned.moves, keep)
    of_indexers.settle(planned.moves)
    of_indexers.write_labels(keep, planned.labels)
    gone.delete()
    of_books.write_columns(keep, gone, planned.filled, actor)
    recompute_coming(keep.pk)
    again(keep.copies.all())  # the shelf may call it as the other was called
