"""The choice for each wanted book: the best release that nothing lasting speaks against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from books.states import Wish
from downloads.brakes import Obstacle, moment
from indexers.models import Block, Verdict
from indexers.values import with_names

LOOKED_AT = 5  # of a book's best releases; the others may be blocked


@dataclass(frozen=True)
class Choice:
    """`verdict` with its release, indexer and rejections; `profile`: the book's."""

    book: Book
    verdict: Verdict
    profile: Profile

    @property
    def is_certain(self) -> bool:
        """No rule objects to it."""
        return self.verdict.outcome == Verdict.Outcome.TAKE

    @property
    def reasons(self) -> list[str]:
        return [said.sentence for said in self.verdict.rejections.all()]


def open_books() -> QuerySet[Book]:
    """Wanted, nothing coming, and something that may be taken was found for them."""
    found = open_verdicts().filter(book=OuterRef("pk"))
    books = Book.objects.filter(wish=Wish.WANTED, on_shelf=False, coming=False)
    return books.filter(Exists(found)).order_by("-priority", "added_at", "pk")


def certain_books() -> QuerySet[Book]:
    return open_books().filter(
        Exists(open_verdicts().filter(book=OuterRef("pk"), outcome=Verdict.Outcome.TAKE))
    )


def open_verdicts() -> QuerySet[Verdict]:
    """Judged, not rejected, and not passed over."""
    open_ = Q(passed_over_until=None) | Q(passed_over_until__lte=timezone.now())
    return Verdict.objects.filter(open_).exclude(outcome="reject").exclude(digest="")


def choices(books: Iterable[Book]) -> list[Choice]:
    """Of those books that have one, in their order; a fixed number of queries."""
    books = list(books)
    known = with_names(Book.objects.all()).in_bulk([book.pk for book in books])
    best = Window(
        RowNumber(),
        partition_by=F("book"),
        order_by=[
            F("outcome").desc(),  # take before offer
            F("score").desc(),
            F("release__seeders").desc(nulls_last=True),
            F("release__indexer__priority").asc(),
            F("release").asc(),
        ],
    )
    ranked = open_verdicts().filter(book__in=known).annotate(rank=best)
    rows = ranked.filter(rank__lte=LOOKED_AT).order_by("book", "rank")
    verdicts = list(
        rows.select_related("release__indexer")
        .defer("release__link", "release__magnet", "release__indexer__key")
        .prefetch_related("rejections")
    )
    blocks, usual = Blocks(verdicts), Profile.usual()
    chosen: dict[int, Verdict] = {}
    for verdict in verdicts:
        if not blocks.hold(verdict):
            chosen.setdefault(verdict.book_id, verdict)
    return [
        Choice(known[book.pk], chosen[book.pk], known[book.pk].chosen_profile() or usual)
        for book in books
        if book.pk in chosen
    ]


class Blocks:
    """The blocks in force on any of these, in one query."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        hashes = {v.release.info_hash for v in verdicts} - {""}
        identities = {v.release.identity for v in verdicts}
        what = Q(info_hash__in=hashes) | Q(indexer__isnull=False, identity__in=identities)
        in_force = Q(until=None) | Q(until__gt=timezone.now())
        self.rows = list(Block.objects.filter(what, in_force))

    def hold(self, verdict: Verdict) -> bool:
        return any(
            block.book_id in (None, verdict.book_id) and block.is_on(verdict.release)
            for block in self.rows
        )


# --- What passes by itself ------------------------------------------------------------------------


def what_it_waits_for(choice: Choice, *, searching: bool) -> list[Obstacle]:
    """Beside the brakes: what TAME, though no person, waits for before it takes the choice."""
    found = []
    if searching:
        found.append(Obstacle("search", "Its search is not over: something better may come."))
    indexer = choice.verdict.release.indexer
    if not indexer.is_usable:
        said = f"{indexer} is switched off." if not indexer.enabled else indexer.last_error
        found.append(Obstacle("indexer", said, indexer.off_until))
    if delay := delayed(choice):
        found.append(delay)
    return found


def delayed(choice: Choice) -> Obstacle | None:
    wait = timedelta(minutes=choice.profile.delay_minutes)
    since = choice.verdict.first_accepted_at
    if not wait or since is None or since + wait <= timezone.now():
        return None
    said = f"It is taken at {moment(since + wait)}: until then something better may come."
    return Obstacle("delay", said, since + wait)
