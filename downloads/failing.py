"""Whose fault was it, and what becomes of the download: the table of docs/design.md as code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from books.models import Book
from downloads.models import Download
from downloads.states import Failure, State
from indexers.models import Block, Indexer, Query, Verdict
from tame.lib.backoff import hurried, retry_time
from tame.lib.errors import (
    BlockedError,
    LocalError,
    NotFetchedError,
    NotListedError,
    RefusedError,
    TameError,
)

PASS_OVER_SECONDS = 7 * 86400
KINDS: list[tuple[type[TameError], Failure]] = [
    (NotFetchedError, Failure.NOT_FETCHED),
    (NotListedError, Failure.NOT_LISTED),
    (RefusedError, Failure.REFUSED),
    (LocalError, Failure.LOCAL),
]


@transaction.atomic
def fail(
    download: Download,
    error: TameError,
    *,
    actor: str = "TAME",
    token: str | None = None,
    evidence: dict[str, Any] | None = None,
) -> None:
    """Move the download to failed with the time of its next try. Proof against the release gives
    it up at once and blocks it. Raises LostRaceError when the row has moved on."""
    if isinstance(error, RefusedError):
        is_new = not isinstance(error, BlockedError)
        give_up(download, str(error), actor=actor, token=token, evidence=evidence, block=is_new)
        return
    kind = next((kind for cls, kind in KINDS if isinstance(error, cls)), Failure.LOCAL)
    if kind == Failure.NOT_FETCHED:
        pass_over(download, str(error))
    download.move_to(
        State.FAILED,
        str(error),
        actor=actor,
        token=token,
        evidence=evidence,
        failure=kind,
        last_error=str(error),
        retry_at=next_try(download),
    )


def next_try(download: Download) -> datetime:
    """When the tries are used up it is due at once: retry then decides what becomes of it."""
    attempts = Download.objects.values_list("attempts", flat=True).get(pk=download.pk)
    return timezone.now() if attempts >= settings.MAX_ATTEMPTS else retry_time(attempts)


def give_up(
    download: Download,
    sentence: str,
    *,
    actor: str = "TAME",
    token: str | None = None,
    evidence: dict[str, Any] | None = None,
    block: bool = True,
    failure: Failure = Failure.REFUSED,
) -> None:
    """The release is bad: abandon the download, block its hash, take the torrent out of the
    client."""
    with transaction.atomic():
        if block:
            block_release(download, sentence, actor)
        download.move_to(
            State.ABANDONED,
            sentence,
            actor=actor,
            token=token,
            evidence=evidence,
            failure=failure,
            last_error=sentence,
            retry_at=None,
            client_wish=download.wish_when_given_up,
            client_agrees_at=None,
        )


def block_release(
    download: Download,
    reason: str,
    actor: str,
    book: Book | None = None,
    until: datetime | None = None,
) -> Block | None:
    """Put the torrent on the blocklist, for one book or for all, for good or until then: by its
    hash, and by its listing where that does not name the hash. A shorter block gives way."""
    info_hash = download.hash_v1 or download.hash_v2
    listing = listing_of(download)
    if not info_hash and not listing:
        return None
    said = {"title": download.title, "reason": reason, "blocked_by": actor, "until": until}
    where = {"info_hash": info_hash, "book": book} | ({} if info_hash else listing)
    shorter = Q(until__lt=until) if until else Q(until__isnull=False)
    Block.objects.filter(shorter, **where).delete()
    block, _ = Block.objects.get_or_create(**where, defaults=said | listing)
    return block


def lift_blocks(download: Download, books: Iterable[Book]) -> None:
    """Whoever takes it up again wants it for these books. What was said of it for another book
    stays."""
    info_hash, listing = download.hash_v1 or download.hash_v2, listing_of(download)
    known = Q(info_hash=info_hash, info_hash__gt="")
    whose = Q(book=None) | Q(book__in=books)
    Block.objects.filter(known | Q(**listing) if listing else known, whose).delete()


def listing_of(download: Download) -> dict[str, Any]:
    """What a block needs to be recognised before the torrent is fetched."""
    release = download.release
    if release is None or release.info_hash:
        return {}
    return {"indexer": release.indexer, "identity": release.identity}


def pass_over(download: Download, why: str) -> None:
    """Leave this release alone for a while, for the books it was to deliver. It is not blocked."""
    if download.release_id is None:
        return
    until = timezone.now() + hurried(PASS_OVER_SECONDS)
    for book in download.books:
        Verdict.objects.update_or_create(
            book=book,
            release_id=download.release_id,
            defaults={"passed_over_until": until, "why": why},
        )


def absolve(indexer: Indexer) -> None:
    """It was the indexer, not its releases: pass them over no longer, give the tries back. Also
    those of downloads that were given up for another indexer's release since its last torrent."""
    blamed = Download.objects.filter(indexer=indexer, failure=Failure.NOT_FETCHED)
    failed = blamed.filter(state=State.FAILED)
    given_up = blamed.filter(state=State.ABANDONED)
    good = Query.objects.filter(
        indexer=indexer, kind=Query.Kind.FETCH, outcome=Query.Outcome.ANSWERED
    )
    if (last := good.order_by("-started_at").first()) is not None:
        given_up = given_up.filter(state_since__gt=last.started_at)
    for rows in (failed, given_up):
        pairs = Verdict.objects.filter(
            release__downloads__in=rows, why=F("release__downloads__last_error")
        )
        pairs.update(passed_over_until=None, why="")
    failed.update(attempts=0, retry_at=indexer.off_until, last_error=indexer.last_error)
