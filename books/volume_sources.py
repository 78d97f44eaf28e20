"""What is said of the volumes of a series, or of an author's works: by sources, by the books that
are here, and by persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from books.asking import Outcome, ask_each
from books.metadata import Proposal, Source
from books.models import Author, Book, Series, Volume
from books.origins import VOLUMES, source_of
from books.volume_facts import Facts, Followed
from books.volume_titles import BOOKS, CERTAIN, PERSON, Said, is_one_of
from tame.lib.words import normalise, same_title

LEAST_LETTERS = 5  # of a series' name that may be looked for in titles


def ask(facts: Facts, sources: Iterable[Source]) -> list[Outcome]:
    row, names = facts.row, facts.authors

    def question(source: Source) -> list[Proposal]:
        found = [one for name in names[:1] for one in source.by_author(name)]
        if isinstance(row, Series):
            found += source.find(row.name, names[0] if names else "")
        return found

    outcomes = ask_each(sources, question)
    fitting = [p for o in outcomes for p in o.proposals if is_theirs(row, p, names)]
    titles = titles_of(facts, fitting)
    return [
        replace(
            outcome,
            proposals=tuple(
                p for p in outcome.proposals if p in fitting and belongs(row, p, titles)
            ),
        )
        for outcome in outcomes
    ]


def names_of(row: Followed) -> list[str]:
    return [row.name, *map(str, row.other_names)] if isinstance(row, Series) else []


def is_theirs(row: Followed, proposal: Proposal, authors: Sequence[str]) -> bool:
    """By one of the authors. Of a series whose authors nobody knows any will do."""
    theirs = {normalise(name) for name in proposal.authors}
    if isinstance(row, Author) or (theirs and authors):
        return bool(theirs & {normalise(name) for name in authors})
    return True


def titles_of(facts: Facts, proposals: Iterable[Proposal]) -> list[str]:
    """What is known to be of the series, so that a source that names no series may tell of it."""
    row = facts.row
    if isinstance(row, Author):
        return []
    titles = [volume.title for volume in facts.volumes]
    titles += [book.title for book, _ in facts.places]
    return titles + [one.title for one in proposals if is_named(row, one)]


def is_named(series: Series, proposal: Proposal) -> bool:
    return any(is_one_of(name, names_of(series)) for name, _ in proposal.series)


def belongs(row: Followed, proposal: Proposal, titles: Sequence[str]) -> bool:
    """To a series by its name, by a title of it, or by its name in the title."""
    if isinstance(row, Author) or is_named(row, proposal):
        return True
    if any(same_title(title, proposal.title) for title in titles):
        return True
    words = normalise(proposal.title)
    named = any(f" {name} " in f" {words} " for name in telling(row))
    return bool(proposal.authors) and named


def telling(series: Series) -> list[str]:
    names = [normalise(name) for name in names_of(series)]
    return [name for name in names if len(name.replace(" ", "")) >= LEAST_LETTERS]


# --- What was said --------------------------------------------------------------------------------


def all_said(facts: Facts, outcomes: Sequence[Outcome]) -> list[Said]:
    """By persons and books of today, by sources that answered, and by the others as before."""
    answered = {outcome.kind for outcome in outcomes if not outcome.error}
    said = [of_proposal(facts.row, one) for outcome in outcomes for one in outcome.proposals]
    for volume in facts.volumes:
        said += [one for one in kept(volume) if one.source not in answered.union(CERTAIN)]
        if volume.by_person or volume.left_out:
            said.append(of_person(volume))
    return said + [of_book(book, at) for book, at in facts.places]


def of_proposal(row: Followed, proposal: Proposal) -> Said:
    places = [at for name, at in proposal.series if is_one_of(name, names_of(row))]
    return Said(
        proposal.source,
        proposal.title if not proposal.subtitle else f"{proposal.title}: {proposal.subtitle}",
        next(iter(places), ""),
        proposal.year,
        proposal.published_on,
        proposal.authors,
        proposal.asin,
        proposal.link,
    )


def of_person(volume: Volume) -> Said:
    return Said(
        PERSON,
        volume.title,
        volume.position,
        volume.year,
        volume.published_on,
        tuple(volume.author_names),
        volume.asin,
        row=volume.pk,
    )


def of_book(book: Book, at: str) -> Said:
    """Its own place, a person's word where they wrote it. What it has from the list itself, the
    list is not told again: it would never change."""
    source = PERSON if at and source_of(book, "series") == PERSON else BOOKS
    year = None if source_of(book, "year") == VOLUMES else book.year
    day = None if source_of(book, "published_on") == VOLUMES else book.published_on
    return Said(source, book.title, at, year, day, book=book.pk)


def kept(volume: Volume) -> list[Said]:
    return [
        replace(
            Said(**one),
            authors=tuple(one["authors"]),
            published_on=parse_date(one["published_on"] or ""),
            row=volume.pk,
        )
        for one in volume.said
    ]


def as_kept(said: Said) -> dict[str, Any]:
    known = dict(vars(said))
    on = known["published_on"]
    return known | {"published_on": on.isoformat() if isinstance(on, date) else None}
