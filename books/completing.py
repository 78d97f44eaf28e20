"""Complete the list of a series' volumes, or of an author's works: what sources say, what is here,
and what a person wrote, in one order. Nothing is wanted by this.

What a source said is kept with each volume: one that is down takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from books.asking import FRESH, Outcome, open_sources
from books.metadata.cleaning import read_asin
from books.models import Book, Credit, Series, Volume
from books.origins import VOLUMES, source_of
from books.volume_lists import Listed, listed
from books.volume_sources import Followed, all_said, as_kept, ask, authors_of, names_of
from tame.lib.words import normalise, same_title

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
    outcomes = ask(row, open_sources(fresh=fresh))
    with transaction.atomic():
        return write_all(row, outcomes, then)


def write_all(
    row: Followed, outcomes: Sequence[Outcome], then: Callable[[Sequence[Volume]], None] = nothing
) -> Completed:
    type(row)._default_manager.select_for_update().get(pk=row.pk)
    new = store(row, outcomes)
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
        store(row, [])


def preview(row: Followed, look: Callable[[Completed], T], *, fresh: timedelta = FRESH) -> T:
    """What `look` sees once the list is complete; then all is as it was. Asks the sources."""
    outcomes = ask(row, open_sources(fresh=fresh))
    with transaction.atomic():
        seen = look(write_all(row, outcomes))
        transaction.set_rollback(True)
    return seen


# --- Write --------------------------------------------------------------------------------------


def store(row: Followed, outcomes: Sequence[Outcome]) -> list[Volume]:
    """The new ones. Rows that nobody speaks of any more go, unless a person wrote them."""
    found = listed(names_of(row), all_said(row, outcomes))
    rows = {v.pk: v for v in (row.volumes.all() if isinstance(row, Series) else row.works.all())}
    theirs = books_of(row)
    new = []
    for one in found.volumes:
        known = row_of(one, rows.values())
        volume = rows.pop(known.pk) if known else Volume(**owner(row))
        before = (volume.out_on, volume.year)
        describe(volume, one, theirs)
        if write(volume) and known is None:
            new.append(volume)
        if volume.book_id and (volume.out_on, volume.year) != before:
            move_day(volume, Book.objects.get(pk=volume.book_id))
    gone = [volume.pk for volume in rows.values() if not (volume.by_person or volume.left_out)]
    Volume.objects.filter(pk__in=gone).delete()
    return new


def row_of(one: Listed, rows: Iterable[Volume]) -> Volume | None:
    """Its row so far: by what was kept with it, else by its title."""
    numbers = {said.row for said in one.said}
    titles = [one.title, *one.other_titles]
    alike = [v for v in rows if v.place.is_range == one.position.is_range]
    by_number = [volume for volume in alike if volume.pk in numbers]
    by_title = (v for v in alike if any(same_title(v.title, title) for title in titles))
    return next(iter(by_number), None) or next(by_title, None)


def owner(row: Followed) -> dict[str, Any]:
    return {"series": row} if isinstance(row, Series) else {"author": row}


def describe(volume: Volume, one: Listed, theirs: Mapping[int, Book]) -> None:
    """What a person wrote stays; where they wrote nothing a source may."""
    volume.said = [as_kept(said) for said in one.said]
    volume.other_titles = one.other_titles
    if not (volume.by_person or volume.left_out):
        volume.title, volume.position = one.title[:500], str(one.position)
        volume.published_on, volume.year = one.published_on, one.year
    volume.published_on = volume.published_on or one.published_on
    volume.year = volume.year or one.year
    volume.authors = volume.authors or "; ".join(first(said.authors for said in one.said))[:500]
    volume.asin = volume.asin or first(read_asin(said.asin) for said in one.said)
    volume.link = first(said.link for said in one.said)[:1000]
    volume.book_id = book_of(volume.book_id, one, theirs)


def book_of(known: int | None, one: Listed, theirs: Mapping[int, Book]) -> int | None:
    """The book that it is here. Of several editions one that is on the shelf or coming: then the
    volume is, too."""
    if known is not None and (known not in theirs or is_here(theirs[known])):
        return known
    editions = [theirs[said.book] for said in one.said if said.book in theirs]
    editions += named_so(one, theirs.values())
    here = [book.pk for book in editions if is_here(book)]
    return next(iter([*here, *([known] if known else []), *(book.pk for book in editions)]), None)


def is_here(book: Book) -> bool:
    return book.coming or (book.on_shelf and not book.missing)


def move_day(volume: Volume, book: Book) -> None:
    """Its book is searched from the day on that was announced last, where it has its day from here
    and from nobody else."""
    told = {"published_on": volume.out_on, "year": volume.year}
    theirs = {n: value for n, value in told.items() if source_of(book, n) == VOLUMES}
    if any(getattr(book, name) != value for name, value in theirs.items()):
        Book.objects.filter(pk=book.pk).update(**theirs)


def first(values: Iterable[Any]) -> Any:
    """The first that says something, else what says nothing."""
    known = list(values)
    return next((value for value in known if value), known[0] if known else "")


def books_of(row: Followed) -> dict[int, Book]:
    """By its authors, or in it already."""
    keys = [normalise(name) for name in authors_of(row)]
    theirs = Q(credits__role=Credit.Role.AUTHOR, credits__author__normalised__in=keys)
    if isinstance(row, Series):
        theirs |= Q(places__series=row)
    numbers = Book.objects.filter(theirs).order_by().values("pk")
    rows = Book.objects.filter(pk__in=numbers).order_by("pk")
    return {book.pk: book for book in rows.only("pk", "title", "on_shelf", "missing", "coming")}


def named_so(one: Listed, books: Iterable[Book]) -> list[Book]:
    """A collection is not the volume it is named after."""
    if one.is_collected:
        return []
    titles = [one.title, *one.other_titles]
    return [book for book in books if any(same_title(book.title, title) for title in titles)]


def write(volume: Volume) -> bool:
    """False where another volume has its place and title."""
    key = {"position": volume.position, "normalised": normalise(volume.title)[:500]}
    if volume.author_id:
        key.pop("position")
    same = Volume.objects.filter(series=volume.series_id, author=volume.author_id, **key)
    if same.exclude(pk=volume.pk).exists():
        return False
    volume.save()
    return True
