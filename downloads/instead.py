"""A link that gave no torrent: the next best release of another indexer takes its place, where TAME
chose the first one. Else the same link is tried again.

The indexer may be at fault for every link of its own, so it is not asked for the next.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from books.models import Book
from downloads.choices import Choice, as_choices
from downloads.failing import pass_over
from downloads.gate import Gate
from downloads.grab import How, grab
from downloads.models import Download
from downloads.states import Failure, State
from indexers.models import Verdict
from indexers.verdicts import BEST_FIRST, open_verdicts
from tame.lib.errors import BadInputError, ObstacleError

TAMES_CHOICE = (How.BY_ITSELF, How.APPROVED)  # a person's own pick is not replaced by another
MOST = 5  # releases that are looked at for a book


def take_instead(download: Download, why: str, *, token: str | None = None) -> bool:
    """Give the download up for releases of other indexers, one for each of its books, in one
    transaction. False: it stays as it is. Raises LostRaceError when it has moved on."""
    how = next((how for how in TAMES_CHOICE if how == download.decision.get("how")), None)
    books = download.books
    if how is None or not books or not all(others(book, download).exists() for book in books):
        return False
    try:
        with transaction.atomic():
            leave(download.pk, why, token)
            for book in books:
                replace(book, download, how, why)
    except (ObstacleError, BadInputError):
        return False
    return True


def others(book: Book, download: Download) -> QuerySet[Verdict]:
    """Releases that no rule objects to, at other indexers, the best first."""
    certain = open_verdicts().filter(book=book, outcome=Verdict.Outcome.TAKE)
    return certain.exclude(release__indexer=download.indexer_id).order_by(*BEST_FIRST)


def leave(pk: int, why: str, token: str | None) -> None:
    """On a row of its own: what is rolled back is not to stay on the caller's."""
    leaving = Download.objects.get(pk=pk)
    pass_over(leaving, why)
    leaving.move_to(
        State.ABANDONED,
        f"{why} A release of another indexer is taken instead.",
        actor="TAME",
        token=token,
        failure=Failure.NOT_FETCHED,
        last_error=why,
        retry_at=None,
    )


def replace(book: Book, download: Download, how: How, why: str) -> None:
    """Raises ObstacleError when none may be taken at this moment."""
    if Book.objects.get(pk=book.pk).coming:
        return  # in the box set that was taken for another book of the same download
    gate = Gate([book])
    for pk in others(book, download).values_list("pk", flat=True)[:MOST]:
        for choice in as_choices([book], Verdict.objects.filter(pk=pk)):
            if may_be_taken(choice, how, gate):
                passed_by = {f"{download.title} ({download.indexer_name})": why}
                grab(book, choice.verdict.release, actor="TAME", how=how, passed_by=passed_by)
                return
    raise ObstacleError("Nothing else may be taken right now.")


def may_be_taken(choice: Choice, how: How, gate: Gate) -> bool:
    """The brakes hold what TAME takes by itself, though not what a person approved."""
    if how == How.BY_ITSELF:
        return choice.is_by_itself and not gate.obstacles(choice)
    indexer = choice.verdict.release.indexer
    client = gate.client_for(indexer)
    return indexer.is_usable and client is not None and client.is_usable
