"""Works in the public domain, their authors, and the words that release names use of them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
UNFOLDED = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "œ": "oe", "Œ": "OE"})


@dataclass(frozen=True, eq=False)
class Work:
    author: str
    title: str
    language: str
    year: int
    hours: float
    subtitle: str = ""
    series: str = ""
    position: int | None = None
    translated: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        return {self.language: self.title, **self.translated}


@dataclass(frozen=True)
class Edition:
    """A work in a language."""

    work: Work
    language: str

    @classmethod
    def of(cls, work: Work, language: str) -> Edition:
        return cls(work, language if language in work.titles else work.language)

    @property
    def title(self) -> str:
        return self.work.titles[self.language]

    @property
    def authors(self) -> list[str]:
        return [author_in(name, self.language) for name in self.work.author.split(" & ")]

    @property
    def series(self) -> str:
        return self.work.series if self.language == self.work.language else ""

    @property
    def needs_a_tag(self) -> bool:
        """The title alone does not tell the language."""
        if self.language == self.work.language == "english":
            return False
        others = (title for tongue, title in self.work.titles.items() if tongue != self.language)
        return plain(self.title) in map(plain, others)


@cache
def works() -> tuple[Work, ...]:
    lines = (FOLDER / "works.jsonl").read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, lines)
    return tuple(Work(**row | {"also": tuple(row.get("also", ()))}) for row in rows)


@cache
def of_author(author: str) -> tuple[Work, ...]:
    names = set(author.split(" & "))
    return tuple(work for work in works() if names & set(work.author.split(" & ")))


@cache
def known_in(language: str) -> tuple[Edition, ...]:
    """Every work in this language, or in its own where it is not translated."""
    return tuple(Edition.of(work, language) for work in works())


@cache
def _json(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def words(language: str, what: str) -> list[str]:
    """Of the language, or of English where none are known."""
    found: list[str] = _json("words.json")[language].get(what, _json("words.json")["english"][what])
    return found


def own_words(language: str, what: str) -> list[str]:
    return list(_json("words.json")[language].get(what, ()))


def author_in(author: str, language: str) -> str:
    return str(known_of(author).get("in", {}).get(language, author))


def known_of(author: str) -> dict[str, Any]:
    return _json("authors.json").get(author, {})


def folded(text: str) -> str:
    """Without accents, in Latin letters only."""
    if any("LATIN" not in unicodedata.name(letter, "LATIN") for letter in text if letter.isalpha()):
        return text
    apart = unicodedata.normalize("NFD", text.translate(UNFOLDED))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def plain(text: str) -> str:
    return re.sub(r"\W+", "", folded(text)).casefold()


@cache
def tokens(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", folded(text).casefold()))
