"""What is wanted, and what is on offer, as plain values: all that the rules may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from indexers.names.markers import LANGUAGE_OF, TWO_LETTERS
from tame.lib.words import normalise


@dataclass(frozen=True)
class Place:
    """A place in a series; `number` is None where it is not known. `wanted`: the places of all
    books of the series that are wanted."""

    series: str
    number: float | None = None
    wanted: tuple[float, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A book that somebody wants. `language`: a name or an ISO 639 code; empty: not known.
    `copy_format`: of the copy on the shelf; empty: there is none.
    `other_names`: pen names, real names and other spellings of the authors."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    narrators: tuple[str, ...] = ()
    language: str = ""
    expected_seconds: int | None = None
    published_on: date | None = None
    copy_format: str = ""
    other_names: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Made once: what is known of a book is looked up by it for every release."""
        return hash((self.title, self.authors, self.places, self.language))


@dataclass(frozen=True)
class Offer:
    """A release as an indexer lists it. Size in bytes; None is unknown, which is not zero. Of
    languages announced commas part several."""

    title: str
    size: int | None = None
    categories: tuple[int, ...] = ()
    seeders: int | None = None
    indexer_language: str = ""
    download_factor: float | None = None
    minimum_ratio: float | None = None
    minimum_seed_seconds: int | None = None
    published_at: datetime | None = None
    has_link: bool = True
    announced_author: str = ""
    announced_title: str = ""
    announced_language: str = ""


@lru_cache(maxsize=1024)
def language_code(text: str) -> str:
    """The ISO 639 code of three letters; empty for what is not known."""
    first = normalise(text).partition(" ")[0]
    return LANGUAGE_OF.get(first) or TWO_LETTERS.get(first, "")
