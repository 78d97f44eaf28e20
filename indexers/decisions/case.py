"""What every rule looks at, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from indexers.names.fitting import Fit, fit
from indexers.names.markers import Mark
from indexers.names.parsing import Name, read_name
from indexers.names.people import Naming
from indexers.names.titles import Shape, base_of, last_number
from indexers.wanted import Offer, Wanted, language_code

STORIES: tuple[str, ...] = ("stories", "tales")  # a book may have 15 of them
BOOKS: tuple[str, ...] = ("books",)
VOLUMES: tuple[str, ...] = (
    "vols", "vol", "volumes", "tomes", "bande", "tomos", "volumi", "delen", "parts",
)  # fmt: skip


@dataclass(frozen=True)
class Taste:
    """What a person accepts: a profile's values. Sizes in bytes, rates in kbit/s."""

    formats: tuple[str, ...] = ("m4b", "mp3", "m4a", "opus", "flac", "ogg", "aac")
    formats_only: bool = False
    cutoff: str = ""
    upgrade: bool = False
    languages: tuple[str, ...] = ()
    wants_abridged: bool = False
    wants_dramatised: bool = False
    takes_box_sets: bool = False
    narrator_required: bool = False
    words: Mapping[str, int] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    least_seeders: int = 1
    largest: int | None = None
    slowest_kbps: int = 20
    fastest_kbps: int = 600
    oldest_days: int | None = None
    freeleech_only: bool = False
    most_ratio: float | None = None
    most_seed_seconds: int | None = None


@dataclass(frozen=True)
class Objection:
    """One rule's answer. `lasts`: it will still be true tomorrow. `is_grave`: not even offered."""

    rule: str
    sentence: str
    lasts: bool = True
    is_grave: bool = True


@dataclass(frozen=True)
class Case:
    """A release on offer, laid beside the wanted book."""

    offer: Offer
    wanted: Wanted
    taste: Taste
    now: datetime

    @cached_property
    def fit(self) -> Fit:
        return fit(self.name, self.wanted)

    @cached_property
    def name(self) -> Name:
        return read_name(self.offer.title)

    def renamed(self, title: str) -> Case:
        """The same release, were this its name."""
        return replace(self, offer=replace(self.offer, title=title))

    @cached_property
    def announced_languages(self) -> set[str]:
        """As its indexer says them; empty: not known."""
        return {language_code(said) for said in self.offer.announced_language.split(",")} - {""}

    @property
    def words(self) -> list[str]:
        return self.name.words

    @property
    def has_title(self) -> bool:
        return self.fit.shape not in (Shape.NONE, Shape.SERIES)

    @property
    def has_author(self) -> bool:
        return self.fit.author.naming in (Naming.NAMED, Naming.SURNAME)

    @cached_property
    def is_box_set(self) -> bool:
        """Several works: it says so, gives a range, or lists others beside the wanted one."""
        fit = self.fit
        if fit.is_hinted:
            return True
        if fit.has(Mark.RANGE):
            return not (self.is_range_of_parts or self.is_whole_in_parts)
        if self.has_title and fit.listed:
            return True
        said = fit.marks.get(Mark.BOX_SET, [])
        if not self.has_title:
            return bool(said)
        known = {place.number for place in self.wanted.places} | {last_number(self.wanted)}
        counted = STORIES if self.wanted.places else STORIES + VOLUMES
        if self.says_whole and not self.wanted.places:
            counted += BOOKS  # of the Republic
        whole = [words for words in said if words[0].isdigit() and words.endswith(counted)]
        return len(said) > len(whole) and not known & set(fit.numbers)  # `Trilogy, Book 1`

    @cached_property
    def is_range_of_parts(self) -> bool:
        """`The Odyssey, Books 1-8`: a book of no series has nothing else that is counted."""
        fit = self.fit
        several = fit.listed or fit.has(Mark.BOX_SET) or self.says_whole or self.wanted.places
        return fit.has(Mark.RANGE) and self.has_title and not several and not base_of(self.wanted)

    @cached_property
    def is_whole_in_parts(self) -> bool:
        """`Potop, tom 1-6 (całość)`: of a book of no series, from the first one, and complete."""
        fit = self.fit
        several = fit.listed or fit.has(Mark.BOX_SET) or self.wanted.places
        if several or fit.shape is not Shape.FULL or base_of(self.wanted) or not fit.range:
            return False
        return fit.range[0] == 1 and self.says_whole

    @property
    def says_whole(self) -> bool:
        return self.fit.has(Mark.UNABRIDGED) or "complete" in self.fit.marks.get(Mark.NOISE, [])

    @property
    def strangers(self) -> list[list[str]]:
        """Runs of words that nothing explains, outside of brackets and of the title's own run."""
        return [*self.fit.strange_before, *self.fit.strange_after]


def quoted(words: list[str]) -> str:
    return f"“{' '.join(words)}”"
