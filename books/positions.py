"""What a position in a series means, however it is written. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tame.lib.words import normalise, number_of

MOST = 400  # higher is a year, or a number of something else
HALVES = str.maketrans({"½": ".5", "¼": ".25", "¾": ".75"})
NUMBER = r"\d{1,3}(?:[.,]\d{1,2})?"
RANGE = re.compile(rf"({NUMBER})\s*(?:-|\u2013|\u2014|to|bis|through)\s*({NUMBER})")
LIST = re.compile(rf"{NUMBER}(?:\s*(?:,|&|and|und|\+)\s*{NUMBER})+")
SINGLE = re.compile(rf"(?<![\d.,]){NUMBER}(?![\d.,]*\d)")
PREQUEL = {"prequel", "prologue", "vorgeschichte"}


@dataclass(frozen=True)
class Position:
    """`first` to `last` where one volume holds several. Without a number: both None."""

    first: float | None = None
    last: float | None = None

    def __bool__(self) -> bool:
        return self.first is not None

    @property
    def is_range(self) -> bool:
        return self.first != self.last

    @property
    def is_between(self) -> bool:
        """A novella: 0.5, 2.5, or before the first."""
        return self.first is not None and not self.is_range and self.first not in whole(self)

    def __str__(self) -> str:
        if self.first is None or self.last is None:
            return ""
        return f"{self.first:g}-{self.last:g}" if self.is_range else f"{self.first:g}"


def whole(position: Position) -> range:
    """The volumes it holds."""
    if position.first is None or position.last is None:
        return range(0)
    first = max(1, -int(-position.first // 1))
    return range(first, int(position.last) + 1)


@lru_cache(maxsize=8192)
def read_position(text: str) -> Position:
    """`Book Two`, `#3`, `Vol. IV`, `2.5`, `2½`, `1-3`, `1, 2 & 3`, `Prequel`."""
    text = re.sub(r"(?<!\d)\.5", "0.5", text.translate(HALVES)).strip().lower()
    if found := RANGE.search(text):
        return between(value(found[1]), value(found[2]))
    if found := LIST.fullmatch(re.sub(r"^\D+", "", text)):
        numbers = sorted(value(one) for one in re.findall(r"\d+(?:\.\d+)?", found[0]))
        if numbers == [numbers[0] + n for n in range(len(numbers))]:
            return between(numbers[0], numbers[-1])
    if found := SINGLE.search(text):
        return between(value(found[0]), value(found[0]))
    return of_words(normalise(text).split())


def first_number(text: str) -> float | None:
    """By which a place in a series is sorted: the first number in it, in figures or in words."""
    if found := re.search(r"\d+(?:[.,]\d+)?", text):
        return value(found[0])
    counted = (number_of(word) for word in normalise(text).split())
    return next((float(number) for number in counted if number is not None), None)


def of_words(words: list[str]) -> Position:
    counted = [number for word in words if (number := number_of(word)) is not None]
    if len(counted) == 2 and counted[0] >= 20 and counted[0] % 10 == 0 and counted[1] < 10:
        counted = [sum(counted)]  # twenty-first
    if len(counted) == 1:
        return between(counted[0], counted[0])
    if len(counted) == 2 and ("to" in words or "and" in words) and counted[0] < counted[1]:
        return between(counted[0], counted[1])
    return Position(0, 0) if PREQUEL & set(words) else Position()


def between(first: float, last: float) -> Position:
    if not 0 <= first <= last <= MOST:
        return Position()
    return Position(first, last)


def value(text: str) -> float:
    return float(text.replace(",", "."))
