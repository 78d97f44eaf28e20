"""How often the judge is right about whole lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

from indexers.management.commands.judge import judged_list
from tests.indexers.lists.maker import NONE, SOME, lists

NO_WRONG_TAKEN = "no wrong release taken"
RIGHT_TAKEN = "a right one taken"
RIGHT_OFFERED = "a right one taken or offered"
NOTHING_TAKEN = "nothing taken where nothing is right"
Z = 1.959964  # of 95 %


@dataclass(frozen=True)
class Share:
    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of

    def interval(self) -> tuple[float, float]:
        """Wilson's, of 95 %."""
        middle = (self.value + Z**2 / (2 * self.of)) / (1 + Z**2 / self.of)
        spread = sqrt(self.value * (1 - self.value) / self.of + (Z / (2 * self.of)) ** 2)
        half = Z * spread / (1 + Z**2 / self.of)
        return max(0, middle - half), min(1, middle + half)


@dataclass(frozen=True)
class Answered:
    """A list, and the releases that were taken and offered of it."""

    wanted: dict[str, Any]
    taken: dict[str, Any] | None
    offered: list[dict[str, Any]]

    @property
    def took_a_right_one(self) -> bool:
        return bool(self.taken and self.taken["kind"] == "right")

    @property
    def offers_a_right_one(self) -> bool:
        return any(release["kind"] == "right" for release in self.offered)


def answered(wanted: dict[str, Any]) -> Answered:
    said = judged_list(wanted)
    by_id = {release["id"]: release for release in wanted["releases"]}
    return Answered(wanted, by_id.get(said["taken"]), [by_id[pk] for pk in said["offered"]])


@cache
def all_answered() -> tuple[Answered, ...]:
    return tuple(map(answered, lists()))


def figures(answers: Iterable[Answered]) -> dict[str, Share]:
    every = list(answers)
    some = [one for one in every if one.wanted["right"] == SOME]
    none = [one for one in every if one.wanted["right"] == NONE]
    return {
        NO_WRONG_TAKEN: share(one.taken is None or one.took_a_right_one for one in every),
        RIGHT_TAKEN: share(one.took_a_right_one for one in some),
        RIGHT_OFFERED: share(one.offers_a_right_one for one in some),
        NOTHING_TAKEN: share(one.taken is None for one in none),
    }


def share(outcomes: Iterable[bool]) -> Share:
    seen = list(outcomes)
    return Share(sum(seen), len(seen))


def printed(found: dict[str, Share]) -> Iterator[str]:
    for name, one in found.items():
        low, high = one.interval()
        yield (
            f"lists: {name} {one.value:.1%} ({one.hits} of {one.of}; "
            f"95 % of Wilson {low:.1%} to {high:.1%})"
        )
