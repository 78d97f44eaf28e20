"""Complete the list of a series' volumes, or of an author's works: what sources say, what is here,
and what a person wrote, in one order. Nothing is wanted by this.

What a source said is kept with each volume: one that is down takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.asking import FRESH, Outcome, open_sources
from books.known_volumes import arranged, needs_row, speakers
from books.models import Book, Series, Volume
from books.origins import VOLUMES, source_of
from books.volume_facts import Facts, Followed, facts_of
from books.volume_sources import ask
from books.volume_titles import BOOKS
from tame.lib.numbers import counted

T = TypeVar("T")


@dataclass(frozen=True)
class Completed:
    """`new`: volumes that were not known before. `outcomes`: what each source said, or why not."""

    new: Sequence[Volume]
    outcomes: Sequence[Outcome]

    @property
    def sentence(self) -> str:
        said = " ".join(outcome.sentence for outcome in self.outcomes)
        return said or "No source may be asked about books: see Metadata sources."


def nothing(new: Sequence[Volume]) -> None:
    """What is new is no wish."""


def complete(
    row: Followed, *, fresh: timedelta = FRESH, then: Callable[[Sequence[Volume]], None] = nothing
) -> Completed:
    """Ask, then write in one transaction. A source that is down delays nothing. `then` gets what is
    new before it counts as known, so that whoever is killed sees it as new once more."""
    outcomes = ask(facts_of([row])[0], open_sources(fresh=fresh))
    with transaction.atomic():
        return write_all(row, outcomes, then)


def write_all(
    row: Followed, outcomes: Sequence[Outcome], then: Callable[[Sequence[Volume]], None] = nothing
) -> Completed:
    type(row)._default_manager.select_for_update().get(pk=row.pk)
    new = store(facts_of([row])[0], outcomes)
    then(new)
    said = Completed(new, outcomes)
    type(row)._default_manager.filter(pk=row.pk).update(
        asked_at=timezone.now(), asked_said=said.sentence
    )
    return said


def recount(row: Followed) -> None:
    """By what is known already: nobody is asked."""
    with transaction.atomic():
        type(row)._default_manager.select_for_update().get(pk=row.pk)
        store(facts_of([row])[0])


def preview(row: Followed, look: Callable[[Completed], T], *, fresh: timedelta = FRESH) -> T:
    """What `look` sees once the list is complete; then all is as it was. Asks the sources."""
    outcomes = ask(facts_of([row])[0], open_sources(fresh=fresh))
    with transaction.atomic():
        seen = look(write_all(row, outcomes))
        transaction.set_rollback(True)
    return seen


# --- Write --------------------------------------------------------------------------------------


def store(facts: Facts, outcomes: Sequence[Outcome] = ()) -> list[Volume]:
    """Those that were not known before. Rows that nobody speaks of any more go, unless a person
    wrote them; what only a book of today tells needs none."""
    before = {volume.pk: (volume.out_on, volume.year) for volume in facts.volumes}
    volumes = [volume for volume in arranged(facts, outcomes) if needs_row(volume)]
    gone = before.keys() - {volume.pk for volume in volumes}
    Volume.objects.filter(pk__in=gone).delete()
    for volume in volumes:
        write(volume)
        if volume.book and (volume.out_on, volume.year) != before.get(volume.pk, (None, None)):
            move_day(volume, volume.book)
    new = [volume for volume in volumes if volume.pk and volume.pk not in before]
    return [volume for volume in new if BOOKS not in speakers(volume)]


def move_day(volume: Volume, book: Book) -> None:
    """Its book is searched from the day on that was announced last, where it has its day from here
    and from nobody else."""
    told = {"published_on": volume.out_on, "year": volume.year}
    theirs = {n: value for n, value in told.items() if source_of(book, n) == VOLUMES}
    if any(getattr(book, name) != value for name, value in theirs.items()):
        Book.objects.filter(pk=book.pk).update(**theirs)


def write(volume: Volume) -> None:
    """Unless another volume has its place and title."""
    same = Volume.objects.filter(series=volume.series_id, author=volume.author_id)
    same = same.filter(normalised=volume.normalised)
    if volume.series_id:
        same = same.filter(position=volume.position)
    if not same.exclude(pk=volume.pk).exists():
        volume.save()


def add_volumes(row: Series, lines: Sequence[tuple[str, str, int | None]]) -> str:
    """By a person: position, title, year. What was known of the same volumes joins them."""
    added = 0
    for position, title, year in lines:
        volume = Volume(series=row, position=position, title=title, year=year, by_person=True)
        try:
            with transaction.atomic():
                volume.save()
        except IntegrityError:  # it is there already
            continue
        added += 1
    recount(row)
    return f"{counted(added, 'volume')} of “{row}” {'was' if added == 1 else 'were'} added."
