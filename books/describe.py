"""Describe a book, now or when it is due: ask about it, and take over what is sure.

Nothing in the way of a book waits for this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from books import covers
from books.asking import AT_ONCE, FRESH, Outcome, open_sources
from books.gathering import gather
from books.models import Book, ShelfCopy
from books.states import COPY_ON_SHELF
from books.taking_over import Change, plan, take_over
from tame.lib.backoff import hurried
from tame.lib.numbers import counted

AGAIN = (timedelta(days=1), timedelta(days=7), timedelta(days=30))  # nothing was found
AFTER_FAILURE = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
REFRESH = timedelta(days=90)
A_PASS = 50  # books


@dataclass(frozen=True)
class Described:
    """What came of it. `outcomes`: what each source said, also why it did not."""

    changes: Sequence[Change]
    outcomes: Sequence[Outcome]

    @property
    def failed(self) -> list[str]:
        return [outcome.error for outcome in self.outcomes if outcome.error]

    def sentence(self, book: Book) -> str:
        said = f"“{book}”: nothing new."
        if self.changes:
            said = f"“{book}”: {'; '.join(change.sentence for change in self.changes)}."
        return " ".join([said, *self.failed])


def look_up_again(book: Book, *, actor: str) -> str:
    """Now, and not from what was answered before."""
    return describe(book, fresh=AT_ONCE).sentence(book)


def describe(book: Book, *, fresh: timedelta = FRESH) -> Described:
    """Ask, then write in one transaction."""
    sources = open_sources(fresh=fresh)
    asked = gather(book, sources)
    changes = take_over(book, asked)
    if {"title", "authors"} & {change.field for change in changes}:  # now it can be looked for
        asked = gather(book, sources)
        changes += take_over(book, asked)
    described = Described(changes, asked.outcomes)
    put_off(book, described)
    return described


def preview(book: Book, *, fresh: timedelta = FRESH) -> Described:
    """What would be written."""
    asked = gather(book, open_sources(fresh=fresh))
    return Described([change for change, _ in plan(book, asked)], asked.outcomes)


def put_off(book: Book, described: Described) -> None:
    """Later each time; soon again where a source was down."""
    tries = min(book.describes, 2)
    wait = REFRESH if described.changes else AGAIN[tries]
    if described.failed:
        wait = AFTER_FAILURE[tries]
    Book.objects.filter(pk=book.pk).update(
        described_at=timezone.now(),
        next_describe_at=timezone.now() + hurried(wait),
        describes=0 if described.changes else book.describes + 1,
    )


# --- Due ------------------------------------------------------------------------------------------


def due() -> list[int]:
    """What was added last first: somebody may be looking at it."""
    rows = Book.objects.filter(next_describe_at__lte=timezone.now())
    order = F("described_at").asc(nulls_first=True)
    return list(rows.order_by(order, "-pk").values_list("pk", flat=True)[:A_PASS])


def put_off_unasked() -> None:
    """Where no source may be asked only files can say something: without a copy nothing is due.
    Whoever lets a source be asked makes all due again."""
    copies = ShelfCopy.objects.filter(book=OuterRef("pk"), state__in=COPY_ON_SHELF)
    rows = Book.objects.filter(~Exists(copies), next_describe_at__lte=timezone.now())
    rows.update(next_describe_at=timezone.now() + hurried(AGAIN[-1]))


def describe_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Every book that is due, one at least; a source that is down delays none."""
    done = changed = 0
    troubles: dict[str, None] = {}
    books = due()
    if books and not open_sources():
        put_off_unasked()
        books = due()
    for pk in books:
        if done and not keep_going():
            break
        book = Book.objects.filter(pk=pk).first()
        if book is None:
            continue
        described = describe(book)
        done += 1
        changed += bool(described.changes)
        if any(change.field == "cover_url" for change in described.changes):
            covers.fetch(book)
        troubles |= dict.fromkeys(described.failed)
    return " ".join([f"{counted(done, 'book')} looked up, {changed} described.", *troubles])
