"""How long a torrent seeds: a ratio, a time, or both. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

MINUTE, HOUR, DAY = 60, 3600, 86400
UNBELIEVABLE = 9998  # qBittorrent's ratio of a torrent it never downloaded: 9999, or -1
Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Goal:
    """`minutes` of seeding. `both`: one of the two alone is not enough. Without either it has no
    end. It is falsy then."""

    ratio: float | None = None
    minutes: int | None = None
    both: bool = False

    def __bool__(self) -> bool:
        return self.ratio is not None or self.minutes is not None

    def is_met(self, ratio: float, seconds: int) -> bool:
        reached = []
        if self.ratio is not None:
            reached.append(self.ratio <= ratio < UNBELIEVABLE)
        if self.minutes is not None:
            reached.append(seconds >= self.minutes * MINUTE)
        return all(reached) and bool(reached) if self.both else any(reached)

    def __str__(self) -> str:
        parts = []
        if self.ratio is not None:
            parts.append(f"ratio {self.ratio:g}")
        if self.minutes is not None:
            parts.append(duration(self.minutes * MINUTE))
        return (" and " if self.both else " or ").join(parts)


def goal(ratio: float | None, minutes: int | None, *, both: bool) -> Goal:
    """Zero asks for nothing, as an empty field does."""
    ratio, minutes = ratio or None, minutes or None
    return Goal(ratio, minutes, both and ratio is not None and minutes is not None)


def stricter(one: Goal, other: Goal) -> Goal:
    """Whatever meets this one meets both of them."""
    if not one or not other:
        return one or other
    ratio = most(one.ratio, other.ratio)
    minutes = most(one.minutes, other.minutes)
    if one.both or other.both:
        return goal(ratio, minutes, both=True)
    by_ratio = ratio if one.ratio is not None and other.ratio is not None else None
    by_time = minutes if one.minutes is not None and other.minutes is not None else None
    if by_ratio is None and by_time is None:  # one asks for a ratio only, the other for a time only
        return Goal(ratio, minutes, both=True)
    return Goal(by_ratio, by_time)


def most(one: Number | None, other: Number | None) -> Number | None:
    return max((value for value in (one, other) if value is not None), default=None)


def duration(seconds: int) -> str:
    """In the largest unit it fills: 1.5 days, 3 hours."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= unit:
            count = round(seconds / unit, 1)
            return f"{count:g} {name}{'' if count == 1 else 's'}"
    return "0 minutes"
