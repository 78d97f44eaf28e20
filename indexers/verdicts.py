"""The verdicts that still count: judged, not rejected, not passed over, not blocked."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from books.models import Book
from books.states import Wish
from indexers.models import Block, Verdict

BEST_FIRST = (
    F("outcome").desc(),  # take before offer
    F("score").desc(),
    F("release__seeders").desc(nulls_last=True),
    F("release__indexer__priority").asc(),
    F("release").asc(),
)


def open_verdicts() -> QuerySet[Verdict]:
    """Of releases whose indexer is in use."""
    return standing_verdicts().exclude(digest="")


def standing_verdicts() -> QuerySet[Verdict]:
    """The same, and those that were seen again and are judged within a minute."""
    now = timezone.now()
    open_ = Q(passed_over_until=None) | Q(passed_over_until__lte=now)
    rows = Verdict.objects.filter(open_, release__indexer__enabled=True)
    rows = rows.exclude(outcome=Verdict.Outcome.REJECT)
    return rows.filter(~Exists(blocks_on_it()))


def unjudged(verdict: Verdict) -> str:
    """Why there is no judgement; empty where there is one. Of what nobody waits for none is made
    before somebody does."""
    book = verdict.book
    if verdict.digest:
        return ""
    if book.on_shelf:
        return "not judged: the book is on the shelf"
    return "not judged yet" if book.wish == Wish.WANTED else f"not judged: the book is {book.wish}"


def blocks_on_it() -> QuerySet[Block]:
    """In force on the outer verdict's release, for its book or for every book."""
    return blocks_on("release__", OuterRef("book"))


def blocks_on(release: str, book: Book | OuterRef | None) -> QuerySet[Block]:
    """In force for every book, or for this one. `release`: what leads from the outer row to it."""
    same_hash = Q(info_hash=OuterRef(f"{release}info_hash"), info_hash__gt="")
    indexer, identity = OuterRef(f"{release}indexer"), OuterRef(f"{release}identity")
    same_listing = Q(indexer=indexer, identity=identity)
    whose = Q(book=None) | Q(book=book)
    return Block.objects.filter(same_hash | same_listing, Block.in_force(), whose)
