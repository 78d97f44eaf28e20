"""The choice for each wanted book: the best release that nothing lasting speaks against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from downloads.brakes import Obstacle
from indexers.models import Verdict
from indexers.values import with_names
from indexers.verdicts import BEST_FIRST, open_verdicts
from tame.lib.moments import moment


@dataclass(frozen=True)
class Choice:
    """`verdict` with its release, indexer and rejections; `profile`: the book's. `passed_by`: the
    better ones that are too large for TAME, each with the sentence that says why."""

    book: Book
    verdict: Verdict
    profile: Profile
    passed_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_certain(self) -> bool:
        """No rule objects to it."""
        return self.verdict.outcome == Verdict.Outcome.TAKE

    @property
    def is_by_itself(self) -> bool:
        """TAME takes it without a person."""
        return self.profile.automatic and self.is_certain

    @property
    def reasons(self) -> list[str]:
        return [said.sentence for said in self.verdict.rejections.all()]


def open_books() -> QuerySet[Book]:
    """Wanted, nothing coming, and something that may be taken was found for them."""
    found = open_verdicts().filter(book=OuterRef("pk"))
    books = Book.objects.filter(Book.open_for())
    return books.filter(Exists(found)).order_by("-priority", "added_at", "pk")


def certain_books() -> QuerySet[Book]:
    return open_books().filter(
        Exists(open_verdicts().filter(book=OuterRef("pk"), outcome=Verdict.Outcome.TAKE))
    )


def choices(books: Iterable[Book]) -> list[Choice]:
    """Of those books that have one, in their order; a fixed number of queries."""
    books = list(books)
    ranked = open_verdicts().filter(book__in=[book.pk for book in books])
    best = Window(RowNumber(), partition_by=F("book"), order_by=BEST_FIRST)
    return as_choices(books, ranked.annotate(rank=best).filter(rank=1))


def as_choices(books: Iterable[Book], rows: QuerySet[Verdict]) -> list[Choice]:
    """`rows`: at most one for each of the books."""
    books = list(books)
    known = with_names(Book.objects.all()).in_bulk([book.pk for book in books])
    verdicts = list(
        rows.select_related("release__indexer")
        .defer("release__link", "release__magnet", "release__indexer__key")
        .prefetch_related("rejections")
    )
    usual, chosen = Profile.usual(), {verdict.book_id: verdict for verdict in verdicts}
    return [
        Choice(known[book.pk], chosen[book.pk], known[book.pk].chosen_profile() or usual)
        for book in books
        if book.pk in chosen and book.pk in known
    ]


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
