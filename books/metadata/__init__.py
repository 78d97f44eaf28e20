"""What sources say of a book: one module per source, one shape for all of them.

A gateway knows no rows: it is given the way to ask, which paces, caches and counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar

Ask = Callable[[str], Any]  # the JSON at an address; None where nothing is. Raises ServiceDownError


@dataclass(frozen=True)
class Proposal:
    """One book as one source has it. Empty or None: the source does not say. `series`: name and
    position. `language`: ISO 639-2. `seconds`: of the recording. `key`: the source's own."""

    source: str
    title: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    narrators: tuple[str, ...] = ()
    series: tuple[tuple[str, str], ...] = ()
    year: int | None = None
    published_on: date | None = None
    language: str = ""
    asin: str = ""
    isbn: str = ""
    seconds: int | None = None
    publisher: str = ""
    description: str = ""
    cover: str = ""
    key: str = ""
    link: str = ""

    def filled_up(self, other: Proposal) -> Proposal:
        """With the other's values where this one has none."""
        empty = [f.name for f in fields(self) if not getattr(self, f.name)]
        return replace(self, **{name: getattr(other, name) for name in empty})


@dataclass(frozen=True)
class Source:
    """What a source can be asked; nothing found is an empty list, an outage a ServiceDownError.

    Each can do some of it: the others answer with an empty list. `name`: as a person calls it.
    """

    kind: ClassVar[str]
    name: str
    address: str
    ask: Ask

    def find(self, title: str, author: str = "") -> list[Proposal]:
        return []

    def words(self, words: str) -> list[Proposal]:
        """Of title and author, in any order, as far as it can."""
        return self.find(words)

    def by_author(self, author: str) -> list[Proposal]:
        """All that they wrote, as far as it knows."""
        return []

    def by_asin(self, asin: str) -> list[Proposal]:
        return []

    def by_isbn(self, isbn: str) -> list[Proposal]:
        return []

    def by_link(self, link: str) -> list[Proposal]:
        """Of a page that a person pasted, whoever's it is."""
        return []

    def more(self, proposal: Proposal) -> Proposal:
        """With what takes a further question, for one that was chosen."""
        return proposal
