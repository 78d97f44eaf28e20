"""What a series' or an author's page shows: every known volume in order, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from books.known_volumes import holder, volumes_of
from books.models import Series, Volume
from books.volume_facts import Followed
from books.volume_lists import missing_numbers
from tame.lib.moments import day

MISSING, NOT_OUT, LEFT_OUT, ON_SHELF = "missing", "not yet out", "left out", "on the shelf"
UNKNOWN, NOBODY_TELLS, NOBODY_ASKED = "not known", "no source tells of it", "no source was asked"
ORDER = (ON_SHELF, "coming", "wanted", "asked for", MISSING, NOT_OUT, UNKNOWN, LEFT_OUT)
WORDS = {"available": ON_SHELF, "missing": "its copy is missing"}


@dataclass(frozen=True)
class Line:
    """`volume` is None for `numbers` of which nobody knows the volume."""

    position: str
    title: str
    state: str
    detail: str = ""
    volume: Volume | None = None
    numbers: int = 1

    @property
    def standing(self) -> str:
        if self.state == NOT_OUT:
            return self.detail
        return ", ".join(filter(None, (self.state, self.detail)))

    @property
    def year(self) -> int | None:
        """Of the volume; where only its book has one, of that."""
        if self.volume is None:
            return None
        return self.volume.year or (self.volume.book.year if self.volume.book else None)

    @property
    def can_want(self) -> bool:
        if self.volume is None or self.state in (LEFT_OUT, "wanted"):
            return False
        book = self.volume.book
        return not book.is_here if book else self.state in (MISSING, NOT_OUT)


def lines_of(row: Followed) -> list[Line]:
    """In a fixed number of queries."""
    return lines(row, volumes_of(row))


def lines(row: Followed, volumes: Sequence[Volume]) -> list[Line]:
    found = [line_of(volume, holder(volume, volumes)) for volume in volumes]
    if isinstance(row, Series):
        return with_gaps(found, volumes, NOBODY_TELLS if row.asked_at else NOBODY_ASKED)
    return found


def line_of(volume: Volume, whole: Volume | None) -> Line:
    """Without its number a work is told by all of its book's title."""
    is_a_book_s = volume.author_id and not volume.pk
    title = volume.book.title if is_a_book_s and volume.book else volume.title
    return Line(volume.position, title, *state_of(volume, whole), volume)


def state_of(volume: Volume, whole: Volume | None) -> tuple[str, str]:
    """The state, and what there is to say beside it."""
    if volume.left_out:
        return LEFT_OUT, ""
    if volume.book is not None and (volume.book.is_here or whole is None):
        return WORDS.get(volume.book.status, volume.book.status), out_on(volume)
    if whole is not None and whole.book is not None:
        status = whole.book.status
        return WORDS.get(status, status), f"in “{whole.title}”"
    if volume.place.is_range:
        return "", f"collects {volume.position}"
    return (MISSING, "") if volume.is_out else (NOT_OUT, out_on(volume))


def out_on(volume: Volume) -> str:
    """By its book where the list itself knows no day."""
    told = volume.out_on or (volume.book.published_on if volume.book else None)
    if told is None or told <= timezone.localdate():
        return ""
    by_year = volume.published_on is None and volume.out_on is not None
    return f"not out before {volume.year if by_year else day(told)}"


def with_gaps(lines: Sequence[Line], volumes: Sequence[Volume], why: str) -> list[Line]:
    """`4-10` where the third is followed by the eleventh: that they exist is all that is known."""
    gaps = missing_numbers(volume.place for volume in volumes)
    found: list[Line] = []
    for line, volume in zip(lines, volumes, strict=True):
        before = [gap for gap in gaps if volume.last is not None and gap < volume.last]
        found += [gap(run, why) for run in runs(before)]
        gaps = gaps[len(before) :]
        found.append(line)
    return found


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """1, 2, 4: two runs."""
    by_start = groupby(enumerate(numbers), key=lambda one: one[1] - one[0])
    return [[number for _, number in run] for _, run in by_start]


def gap(run: Sequence[int], why: str) -> Line:
    position = f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0])
    return Line(position, "", UNKNOWN, why, numbers=len(run))


def counts(lines: Sequence[Line]) -> dict[str, int]:
    """By state, what is here first, the gaps too; collections are not counted."""
    counted: dict[str, int] = {}
    for line in lines:
        if line.state and not (line.volume and line.volume.place.is_range):
            counted[line.state] = counted.get(line.state, 0) + line.numbers
    return dict(sorted(counted.items(), key=lambda one: place_of(one[0])))


def place_of(state: str) -> int:
    return ORDER.index(state) if state in ORDER else ORDER.index(MISSING)


def number_of(counted: Mapping[str, int]) -> int:
    """How many volumes there are, as far as TAME knows; without what is left out."""
    return sum(n for state, n in counted.items() if state not in (LEFT_OUT, UNKNOWN))
