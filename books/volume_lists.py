"""The volumes of a series in order, from what several sources say of it. Pure.

Sources number differently (as published, as it is told), write titles in many ways, and know only
some of the volumes. One of them leads; what agrees with it fills it up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from books.positions import Position, read_position, whole
from books.volume_titles import (
    BOOKS,
    CERTAIN,
    PERSON,
    Said,
    cleaned,
    counted,
    is_numbered_title,
    is_one_of,
)
from tame.lib.words import normalise, same_title, title_words

TRUST = (*CERTAIN, "audnexus", "audiobookshelf", "librivox", "open_library")
AGREES = 0.7  # of the titles that both number
ENOUGH = 0.6  # of the best source's numbers: then the more trusted one leads
SAME_YEAR = 1
COLLECTED = re.compile(
    r"(?i)\b(?:box(?:ed)? set|omnibus|complete (?:series|collection|set|works)|collection of"
    r"|trilogy|bundle|\d+[- ]books?|(?:books?|volumes?|vols?\.?) \S+(?:-|\u2013| to )\S+)(?!\w)"
)


@dataclass
class Listed:
    """One volume: `said` holds all that was said of it, the most trusted first."""

    said: list[Said]
    position: Position = field(default_factory=Position)

    @property
    def lead(self) -> Said:
        return self.said[0]

    @property
    def title(self) -> str:
        """As the most trusted source has it, unless most others agree on another one."""
        if self.lead.source in CERTAIN:
            return self.lead.title
        if whole := next((one.title for one in self.said if is_whole(one, self.lead)), ""):
            return whole
        keys = Counter(normalise(one.title) for one in self.said)
        key, times = keys.most_common(1)[0]
        if times == keys[normalise(self.lead.title)]:
            return self.lead.title
        return next(one.title for one in self.said if normalise(one.title) == key)

    @property
    def other_titles(self) -> list[str]:
        found = {normalise(one.title): one.title for one in reversed(self.said)}
        found.pop(normalise(self.title))
        return sorted(found.values())

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(one.source for one in self.said))

    @property
    def published_on(self) -> date | None:
        return next((one.published_on for one in self.said if one.published_on), None)

    @property
    def year(self) -> int | None:
        """The earliest: later ones are those of editions."""
        years = [one.year for one in self.said if one.year]
        return min(years, default=None)

    @property
    def is_collected(self) -> bool:
        return self.position.is_range or any(COLLECTED.search(one.title) for one in self.said)


@dataclass(frozen=True)
class VolumeList:
    volumes: list[Listed]
    gaps: list[int]  # numbers of which no source knows the volume


def listed(names: Sequence[str], said: Iterable[Said]) -> VolumeList:
    """`names`: of the series, its other ones too."""
    clean = [read for one in said if (read := cleaned(one, names))]
    if any(is_one_of(one.title, names) and is_single(one) for one in clean):
        clean = [
            one for one in clean if not one.is_part or one.source in CERTAIN
        ]  # of the volume called like the series
    works = by_title(clean)
    number(works)
    works = by_place(works)
    works.sort(key=order)
    return VolumeList(works, missing_numbers(work.position for work in works))


def is_single(said: Said) -> bool:
    position = read_position(said.position)
    return bool(position) and not position.is_range


# --- Which say the same ---------------------------------------------------------------------------


def by_title(said: Iterable[Said]) -> list[Listed]:
    works: list[Listed] = []
    for one in sorted(said, key=lambda one: trust(one.source)):
        for work in works:
            if is_same(work, one):
                work.said.append(one)
                break
        else:
            works.append(Listed([one]))
    return works


def is_same(work: Listed, one: Said) -> bool:
    """By title. A box set is no volume of it, nor one that the same source numbers otherwise."""
    ranges = read_position(work.lead.position).is_range, read_position(one.position).is_range
    if ranges[0] != ranges[1]:
        return False
    if not any(is_same_title(known, one) for known in work.said):
        return False
    same_source = [known for known in work.said if is_equal_word(known, one) and known.position]
    at = read_position(one.position)
    if not at or not same_source:
        return True
    if any(read_position(known.position) == at for known in same_source):
        return True
    if one.source in CERTAIN:
        return False
    exact = any(title_words(known.title) == title_words(one.title) for known in work.said)
    return exact and not is_numbered_title(one.title)


def is_equal_word(one: Said, other: Said) -> bool:
    """Of one source; a person's word of a book's place is another than theirs of the list."""
    return one.source == other.source and bool(one.book) == bool(other.book)


def is_same_title(one: Said, other: Said) -> bool:
    """Also in figures or in words, and with what stands behind a comma: `Phineas Finn, the Irish
    Member`, where the years allow it."""
    if same_title(one.title, other.title) or counted(one.title) == counted(other.title):
        return True
    if None not in (one.year, other.year) and abs((one.year or 0) - (other.year or 0)) > SAME_YEAR:
        return False
    if is_whole(one, other) or is_whole(other, one):
        return True
    first, second = one.title.partition(", ")[0], other.title.partition(", ")[0]
    shortened = (first == one.title) != (second == other.title)
    return shortened and title_words(first) == title_words(second)


def is_whole(one: Said, other: Said) -> bool:
    """What was taken for a series belongs to the title: `Martin Hewitt, Investigator`."""
    parts = f"{other.also} {other.title}"
    return bool(other.also) and not one.also and title_words(one.title) == title_words(parts)


def trust(source: str) -> int:
    return TRUST.index(source) if source in TRUST else len(TRUST)


# --- Which number ---------------------------------------------------------------------------------


def number(works: Sequence[Listed]) -> None:
    """By the leading source, then by those that number as it does."""
    told = numbers_of(works)
    if not told:
        return
    lead = leading(told)
    agreeing = [source for source in told if source == lead or agree(told[lead], told[source])]
    for at, work in enumerate(works):
        votes: Counter[Position] = Counter()
        for source in agreeing:
            if (position := told[source].get(at)) is not None:
                votes[position] += 3 if source == lead else 2
        if PERSON in told and (own := told[PERSON].get(at)) is not None:
            work.position = own
        elif votes:
            best = max(votes.values())
            work.position = next(position for position in votes if votes[position] == best)
    taken = {work.position for work in works}
    for at, position in told.get(BOOKS, {}).items():
        if not works[at].position and position not in taken:
            works[at].position = position  # of a book that nobody else numbers


def numbers_of(works: Sequence[Listed]) -> dict[str, dict[int, Position]]:
    """By source, what it numbers: the place in `works` and the position. In order of trust."""
    told: dict[str, dict[int, Position]] = {}
    for at, work in enumerate(works):
        for one in work.said:
            if position := read_position(one.position):
                told.setdefault(one.source, {}).setdefault(at, position)
    return {source: told[source] for source in sorted(told, key=trust)}


def leading(told: dict[str, dict[int, Position]]) -> str:
    most = max(len(numbers) for numbers in told.values())
    return next(source for source, numbers in told.items() if len(numbers) >= ENOUGH * most)


def agree(lead: dict[int, Position], other: dict[int, Position]) -> bool:
    """Where they know nothing in common, their numbers may not clash."""
    both = [at for at in lead if at in other]
    same = sum(lead[at] == other[at] for at in both)
    if not both:
        return not set(lead.values()) & set(other.values())
    return same >= AGREES * len(both)


def by_place(works: Sequence[Listed]) -> list[Listed]:
    """Two titles of one place are one work where no source has both, and the years allow it; of two
    that cannot be one, the less trusted loses its number."""
    kept: list[Listed] = []
    for work in sorted(works, key=lambda work: (trust(work.lead.source), -len(work.said))):
        same = next((one for one in kept if work.position and one.position == work.position), None)
        if same is None or work.lead.source == PERSON:
            kept.append(work)
        elif may_be_one(same, work):
            same.said += work.said
        else:
            if not both_placed(same, work):
                work.position = Position()
            kept.append(work)
    return kept


def may_be_one(one: Listed, other: Listed) -> bool:
    if any(same_title(said.also, listed_.title) for said, listed_ in beside(one, other)):
        return True
    if contradict(one, other):
        return False
    if one.year is None or other.year is None:
        return not set(one.sources) & set(other.sources)
    return abs(one.year - other.year) <= SAME_YEAR


def contradict(one: Listed, other: Listed) -> bool:
    """A source that numbers both puts them in two places."""
    mine, theirs = placed(one), placed(other)
    numbering = {source for source, _ in mine} & {source for source, _ in theirs}
    return bool(numbering) and not mine & theirs


def both_placed(one: Listed, other: Listed) -> bool:
    """A source that knows both puts them in one place."""
    return bool(placed(one) & placed(other))


def placed(work: Listed) -> set[tuple[str, Position]]:
    told = {(said.source, read_position(said.position)) for said in work.said}
    return {(source, position) for source, position in told if position}


def beside(one: Listed, other: Listed) -> list[tuple[Said, Listed]]:
    return [(said, other) for said in one.said] + [(said, one) for said in other.said]


# --- In order -------------------------------------------------------------------------------------


def order(work: Listed) -> tuple[float, float, int, str]:
    """By number, what holds several behind its last one; at the end what has none, by year."""
    first, last = work.position.first, work.position.last
    if first is None or last is None:
        return (float("inf"), 0, work.year or 9999, normalise(work.title))
    return (last, 1 if work.position.is_range else 0, work.year or 9999, normalise(work.title))


def missing_numbers(places: Iterable[Position]) -> list[int]:
    known: set[int] = set()
    for place in places:
        known |= set(whole(place))
    return [n for n in range(1, max(known, default=0)) if n not in known]
