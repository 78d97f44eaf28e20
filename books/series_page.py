"""What a series' or an author's page shows: every known volume in order, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from books.completing import is_here
from books.following import covered_by
from books.models import Series, Volume
from books.volume_lists import missing_numbers
from books.volume_sources import Followed
from tame.lib.moments import day

MISSING, NOT_OUT, LEFT_OUT = "missing", "not yet out", "left out"
UNKNOWN = "not known to any source"
WORDS = {"available": "on the shelf", "missing": "its copy is missing"}


@dataclass(frozen=True)
class Line:
    """`volume` is None for a number of which nobody knows the volume."""

    position: str
    title: str
    state: str
    detail: str = ""
    volume: Volume | None = None

    @property
    def standing(self) -> str:
        return ", ".join(filter(None, (self.state, self.detail)))

    @property
    def can_want(self) -> bool:
        if self.volume is None or self.state in (LEFT_OUT, "wanted"):
            return False
        book = self.volume.book
        return not is_here(book) if book else self.state in (MISSING, NOT_OUT)


def lines_of(row: Followed) -> list[Line]:
    """In a fixed number of queries."""
    volumes = row.volumes if isinstance(row, Series) else row.works
    rows = list(volumes.select_related("book"))
    covered = covered_by(row)
    lines = [line_of(volume, covered.get(volume.pk)) for volume in rows]
    if isinstance(row, Series):
        lines = with_gaps(lines, rows)
    return lines


def line_of(volume: Volume, whole: Volume | None) -> Line:
    return Line(volume.position, volume.title, *state_of(volume, whole), volume)


def state_of(volume: Volume, whole: Volume | None) -> tuple[str, str]:
    """The state, and what there is to say beside it."""
    if volume.left_out:
        return LEFT_OUT, ""
    if volume.book is not None and (is_here(volume.book) or whole is None):
        return WORDS.get(volume.book.status, volume.book.status), out_on(volume)
    if whole is not None and whole.book is not None:
        status = whole.book.status
        return WORDS.get(status, status), f"in “{whole.title}”"
    if volume.place.is_range:
        return "", f"collects {volume.position}"
    return (MISSING, "") if volume.is_out else (NOT_OUT, out_on(volume))


def out_on(volume: Volume) -> str:
    if volume.is_out or volume.out_on is None:
        return ""
    return f"out on {day(volume.out_on)}" if volume.published_on else f"out in {volume.year}"


def with_gaps(lines: Sequence[Line], rows: Sequence[Volume]) -> list[Line]:
    """`Volume 4` where the third is followed by the fifth."""
    gaps = missing_numbers(volume.place for volume in rows)
    found: list[Line] = []
    for line, volume in zip(lines, rows, strict=True):
        while gaps and volume.last is not None and gaps[0] < volume.last:
            found.append(gap(gaps.pop(0)))
        found.append(line)
    return found


def gap(number: int) -> Line:
    return Line(str(number), "", UNKNOWN)


def counts(lines: Sequence[Line]) -> dict[str, int]:
    """By state, the gaps too; collections are not counted."""
    counted: dict[str, int] = {}
    for line in lines:
        if line.state and not (line.volume and line.volume.place.is_range):
            counted[line.state] = counted.get(line.state, 0) + 1
    return counted
