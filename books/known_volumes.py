"""Every volume of a series, and work of an author, that is known at this moment: what sources said
when they were asked, what persons wrote, and the books' own places. Nothing is stored by looking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from books.asking import Outcome
from books.metadata.cleaning import read_asin
from books.models import Book, Series, Volume
from books.volume_facts import Facts, Followed, facts_of
from books.volume_lists import Listed, listed
from books.volume_sources import all_said, as_kept, names_of
from books.volume_titles import BOOKS
from tame.lib.words import same_title


def volumes_of(row: Followed) -> list[Volume]:
    """In order. Of what only a book of today tells the volume is no row: it has no number."""
    return arranged(facts_of([row])[0])


def volumes_of_many(rows: Sequence[Followed]) -> dict[int, list[Volume]]:
    """Of many, in as many queries as of one."""
    return {facts.row.pk: arranged(facts) for facts in facts_of(rows)}


def arranged(facts: Facts, outcomes: Sequence[Outcome] = ()) -> list[Volume]:
    """`outcomes`: of sources that were asked just now."""
    left = {volume.pk: volume for volume in facts.volumes}
    found: list[Volume] = []
    for one in listed(names_of(facts.row), all_said(facts, outcomes)).volumes:
        volume = row_of(one, left) or Volume(**owner(facts.row))
        describe(volume, one, facts.theirs)
        left.pop(volume.pk, None)
        found.append(volume)
    written = [volume for volume in left.values() if is_a_person_s(volume)]
    return sorted([*found, *written], key=order)


def needs_row(volume: Volume) -> bool:
    """What only a book of today tells needs none."""
    return is_a_person_s(volume) or bool(speakers(volume) - {BOOKS})


def speakers(volume: Volume) -> set[str]:
    """Those who speak of it; BOOKS where a book of today does."""
    return {BOOKS if said["book"] else said["source"] for said in volume.said}


def is_a_person_s(volume: Volume) -> bool:
    return volume.by_person or volume.left_out


def order(volume: Volume) -> tuple[float, float, int, str]:
    """As the rows' own; what holds several stands behind its last one."""
    last = float("inf") if volume.last is None else volume.last
    return (last, -(volume.first or 0), volume.year or 9999, volume.normalised)


def row_of(one: Listed, rows: Mapping[int, Volume]) -> Volume | None:
    """Its row so far: by what was kept with it, a person's first, else by its title."""
    titles = [one.title, *one.other_titles]
    alike = {pk: v for pk, v in rows.items() if v.place.is_range == one.position.is_range}
    by_number = (alike[said.row] for said in one.said if said.row in alike)
    by_title = (v for v in alike.values() if any(same_title(v.title, title) for title in titles))
    return next(by_number, None) or next(by_title, None)


def owner(row: Followed) -> dict[str, Any]:
    return {"series": row} if isinstance(row, Series) else {"author": row}


def describe(volume: Volume, one: Listed, theirs: Mapping[int, Book]) -> None:
    """What a person wrote stays; where they wrote nothing a source may."""
    volume.said = [as_kept(said) for said in one.said]
    volume.other_titles = one.other_titles
    if not is_a_person_s(volume):
        volume.title, volume.position = one.title[:500], str(one.position)
        volume.published_on, volume.year = one.published_on, one.year
    volume.published_on = volume.published_on or one.published_on
    volume.year = volume.year or one.year
    volume.authors = volume.authors or "; ".join(first(said.authors for said in one.said))[:500]
    volume.asin = volume.asin or first(read_asin(said.asin) for said in one.said)
    volume.link = first(said.link for said in one.said)[:1000]
    volume.book = book_of(volume.book, one, theirs)
    volume.settle()


def first(values: Iterable[Any]) -> Any:
    """The first that says something, else what says nothing."""
    known_ = list(values)
    return next((value for value in known_ if value), known_[0] if known_ else "")


# --- Which book it is -----------------------------------------------------------------------------


def book_of(before: Book | None, one: Listed, theirs: Mapping[int, Book]) -> Book | None:
    """The book that it is here, by its place or by its title. Of several editions one that is on
    the shelf or coming: then the volume is, too."""
    editions = [theirs[said.book] for said in one.said if said.book in theirs]
    editions += named_so(one, theirs.values())
    if before is not None and (before in editions or named_so(one, [before])):
        editions.insert(0, before)
    return next((book for book in editions if book.is_here), next(iter(editions), None))


def named_so(one: Listed, books: Iterable[Book]) -> list[Book]:
    """A collection is not the volume it is named after."""
    if one.is_collected:
        return []
    titles = [one.title, *one.other_titles]
    return [book for book in books if any(same_title(book.title, title) for title in titles)]


# --- What is missing ------------------------------------------------------------------------------


def missing(row: Followed, *, with_novellas: bool = True) -> list[Volume]:
    """Neither here nor wished for; collections and what was left out are none."""
    volumes = volumes_of(row)
    return [
        volume
        for volume in volumes
        if volume.book is None
        and not (volume.left_out or volume.place.is_range or holder(volume, volumes))
        and (with_novellas or not volume.place.is_between)
    ]


def holder(volume: Volume, volumes: Iterable[Volume]) -> Volume | None:
    """A collection that holds it, and is here or coming."""
    if volume.first is None or volume.place.is_range:
        return None
    wholes = (v for v in volumes if v.place.is_range and v.book and v.book.is_here)
    held = (v for v in wholes if (v.first or 0) <= (volume.first or 0) <= (v.last or 0))
    return next(held, None)
