"""Describe a book: ask the sources about it, and take over what is sure.

Each value remembers its source and its time. What a person wrote is never changed; what a source
wrote is changed by a more trustworthy one only. Nothing in the way of a book waits for this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from books import covers
from books.asking import AT_ONCE, FRESH, Outcome, ask_each, open_sources
from books.filling import joined, value_of, write
from books.metadata import Proposal, Source
from books.metadata.files import of_folder
from books.models import Book, Credit, ShelfCopy
from books.origins import FIELDS, FREE, LINK, SOURCE_NAMES, is_locked, note, shown, source_of
from books.profiles import Profile
from books.sources import Kind
from books.states import COPY_ON_SHELF
from books.values import TRUST, Known, Value, accept, best
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import LostRaceError
from tame.lib.numbers import counted

DECIDE = "indexers.tasks.decide"
DESCRIBE, SEARCH = "books.tasks.describe", "indexers.tasks.search"
JUDGED = {"title", "authors", "subtitle", "language", "expected_seconds", "narrators", "series"}
AGAIN = (timedelta(days=1), timedelta(days=7), timedelta(days=30))  # nothing was found
AFTER_FAILURE = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
REFRESH = timedelta(days=90)
A_PASS = 50  # books
GUESSES = {Kind.LIBRIVOX, Kind.AUDIOBOOKSHELF}


@dataclass(frozen=True)
class Change:
    field: str
    old: Any
    new: Any
    source: str

    @property
    def sentence(self) -> str:
        said = f"“{shown(self.new)}” from {SOURCE_NAMES[self.source]}"
        return f"{FIELDS[self.field]}: {said}" + (f", was “{shown(self.old)}”" if self.old else "")


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
    rows.update(next_describe_at=timezone.now() + hurried(AGAIN[-1].total_seconds()))


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
        next_describe_at=timezone.now() + hurried(wait.total_seconds()),
        describes=0 if described.changes else book.describes + 1,
    )


# --- Ask ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    exact: Sequence[Proposal]
    found: Sequence[Proposal]
    outcomes: Sequence[Outcome]


def gather(book: Book, sources: Iterable[Source]) -> Asked:
    """By the book's own numbers and link first; by title and author else."""
    sources, known = list(sources), known_of(book)
    exact = ask_each(sources, lambda source: by_number(source, book))
    told = {outcome.kind for outcome in exact if outcome.proposals}
    others = [source for source in sources if source.kind not in told]
    author = known.authors[0] if known.authors else ""
    is_findable = bool(author) and not known.is_loose
    found = ask_each(others, lambda s: by_name(s, known, author)) if is_findable else []
    outcomes = [outcome for outcome in exact if outcome.kind in told or outcome.error]
    outcomes += [one for one in found if one.kind not in {outcome.kind for outcome in outcomes}]
    files = [tags] if (tags := of_copies(book)) else []
    return Asked(
        [proposal for outcome in exact for proposal in outcome.proposals],
        [*files, *(proposal for outcome in found for proposal in outcome.proposals)],
        outcomes,
    )


def by_number(source: Source, book: Book) -> list[Proposal]:
    found = source.by_link(book.link) if book.link else []
    if not found and book.asin:
        found = source.by_asin(book.asin)
    if not found and book.isbn:
        found = source.by_isbn(book.isbn)
    return [source.more(one) for one in found[:1]] if len(found) == 1 else found


def by_name(source: Source, known: Known, author: str) -> list[Proposal]:
    """The first that is the book is asked for in full."""
    found = source.find(known.title, author)
    first = next((at for at, one in enumerate(found) if accept(known, one)), None)
    if first is not None:
        found[first] = source.more(found[first])
    return found


def of_copies(book: Book) -> Proposal | None:
    """What the files of its copy say, where this host has them."""
    copies = ShelfCopy.objects.filter(book=book, state__in=COPY_ON_SHELF)
    for copy in copies.select_related("library").order_by("pk"):
        root = Path(copy.library.root)
        if (root / copy.folder).is_dir():
            return of_folder(root / copy.folder, root)
    return None


def known_of(book: Book) -> Known:
    credits_ = sorted(book.credits.select_related("author"), key=lambda c: (c.order, c.pk))
    copies = ShelfCopy.objects.filter(book=book, state__in=COPY_ON_SHELF, seconds__gt=0)
    is_guess = source_of(book, "narrators") in GUESSES  # who was only found proves no edition
    return Known(
        book.title,
        book.subtitle,
        tuple(c.author.name for c in credits_ if c.role == Credit.Role.AUTHOR),
        tuple(c.author.name for c in credits_ if c.role == Credit.Role.NARRATOR and not is_guess),
        frozenset([book.language] if book.language else languages_of(book)),
        copies.values_list("seconds", flat=True).first(),
        book.asin,
        book.isbn,
        source_of(book, "title") == LINK,
    )


def languages_of(book: Book) -> Sequence[str]:
    profile = book.chosen_profile() or Profile.objects.filter(default=True).first()
    return [str(code) for code in profile.languages] if profile else []


# --- Take over ------------------------------------------------------------------------------------


def take_over(book: Book, asked: Asked) -> list[Change]:
    """Write what is sure. Raises LostRaceError when the book is gone."""
    with transaction.atomic():
        row = Book.objects.select_for_update().filter(pk=book.pk).first()
        if row is None:
            raise LostRaceError("The book was deleted meanwhile.")
        changes = []
        confirm(row, asked)
        for change, value in plan(row, asked):
            if write(row, change.field, value):
                note(row, change.field, value.source)
                changes.append(change)
        Book.objects.filter(pk=row.pk).update(sources=row.sources)
    book.refresh_from_db()
    follow_up(book, {change.field for change in changes})
    return changes


def confirm(book: Book, asked: Asked) -> None:
    """What was guessed from a link, and a source says as well, is the source's."""
    for name, value in best(known_of(book), asked.found, asked.exact).items():
        if source_of(book, name) == LINK and value.value == value_of(book, name):
            note(book, name, value.source)


def follow_up(book: Book, changed: Set[str]) -> None:
    """What waits for these values. What is called otherwise now is searched anew."""
    if {"title", "authors"} & changed:
        Book.objects.filter(pk=book.pk).update(next_search_at=timezone.now())
        bell.ring(SEARCH)
    if JUDGED & changed:
        bell.ring(DECIDE)


def plan(book: Book, asked: Asked) -> list[tuple[Change, Value]]:
    """What would be written, and what it takes the place of."""
    planned = []
    for name, value in best(known_of(book), asked.found, asked.exact).items():
        old = value_of(book, name)
        if may_replace(book, name, old, value) and value.value != old:
            new = joined(old, value.value) if name == "series" else value.value
            if new != old:
                planned.append((Change(name, old, new, value.source), Value(new, value.source)))
    return planned


def may_replace(book: Book, name: str, old: Any, value: Value) -> bool:
    """What is empty; what a less trustworthy source wrote. Never what a person locked, or wrote
    before TAME kept sources."""
    if is_locked(book, name):
        return False
    if not old:
        return True
    source = source_of(book, name)
    if source in FREE:
        return True
    order = TRUST[name]
    if source not in order or value.source not in order:
        return False
    return order.index(value.source) < order.index(source) or source == value.source
