"""What a source says of one volume: its title without the series and its number. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from books.metadata.cleaning import read_title
from books.positions import read_position
from tame.lib.words import normalise, number_of, title_words

NO_VOLUME = re.compile(
    r"(?i)\b(?:summary of|study guide|cliffs ?notes|spark ?notes|analysis of|colou?ring book"
    r"|excerpt|sampler|sample of|companion to|quiz|trivia|preview)\b"
)
LABEL = r"(?:books?|bk\.?|vol(?:ume)?s?\.?|no\.?|number|part|band|tome|nr\.?|\#)"
COUNT = r"(?:[\d.,\u00bd]+(?:\s?[-\u2013]\s?[\d.]+)?|[ivxl]{1,6}|[a-z]+(?:-[a-z]+)?)"
SERIES = re.compile(r"(?i)\s+(?:series|saga|cycle|trilogy)$")
LEADING_NUMBER = re.compile(r"^\s*(\d{1,2}(?:\.\d)?)\s*(?:-|\u2013|\.|:)\s+(?=\D)")
LABELLED = re.compile(rf"(?i)^(.*?)\s*[-\u2013:,;(\[]\s*(?:{LABEL}\s*)({COUNT})\s*[)\]]?$")


PERSON, BOOKS = "person", "books"
CERTAIN = (PERSON, BOOKS)  # they say that it is of the series, whatever its title looks like


@dataclass(frozen=True)
class Said:
    """What one source says of one book. `position` as it stands there. `also`: what stood before
    the title, where that was taken for the series. `is_part`: it bears the series' own name with a
    number: a volume, or a part of one that is called like the series. `row`, `book`: whose number
    it is here."""

    source: str
    title: str
    position: str = ""
    year: int | None = None
    published_on: date | None = None
    authors: tuple[str, ...] = ()
    asin: str = ""
    link: str = ""
    also: str = ""
    is_part: bool = False
    row: int = 0
    book: int = 0


def cleaned(said: Said, names: Sequence[str]) -> Said | None:
    """The title without the series and its number, which are read from it where none is given."""
    if NO_VOLUME.search(said.title) and said.source not in CERTAIN:
        return None
    written = " ".join(said.title.split())
    title, found = without_series(written, names)
    if not found and (numbered := LEADING_NUMBER.match(title)):
        rest, number_ = title[numbered.end() :], read_position(numbered[1])
        if not said.position or str(read_position(said.position)) == str(number_):
            title, found = rest, numbered[1]
    read = read_title(title)
    inside = next((place for name, place in read.series if is_one_of(name, names)), "")
    title, also = read.title, ""
    if is_one_of(title, names) and read.subtitle and is_title(read.subtitle):
        title, also = read.subtitle, read.title
    position = said.position or found or inside
    if not normalise(title):
        return None
    is_part = is_numbered_series(title, names)
    return replace(said, title=title, also=also, position=position, is_part=is_part)


def is_numbered_series(title: str, names: Sequence[str]) -> bool:
    """`Faust, Part I`, of a series called Faust."""
    found = LABELLED.match(title)
    return found is not None and is_one_of(found[1], names)


def without_series(title: str, names: Sequence[str]) -> tuple[str, str]:
    """`Barsoom 1 - A Princess of Mars`, `The Gods of Mars (Barsoom #2)`, `…: Book Three of the
    Barsoom Series`."""
    for name in sorted(names, key=len, reverse=True):
        if name.partition(" ")[0].casefold() not in title.casefold():
            continue  # nothing of it is compiled
        for shape in shapes_of(name):
            if found := shape.match(title):
                parts = found.groupdict()
                at = parts.get("n") or ""
                if (not at or read_position(at)) and is_title(parts["t"]):
                    return parts["t"].strip(" -\u2013:,"), at
    found = LABELLED.match(title)
    if found and is_one_of(found[1], names):
        return title, found[2]
    if found and read_position(found[2]) and normalise(found[1]):
        return found[1].strip(), found[2]
    return title, ""


@lru_cache(maxsize=512)
def shapes_of(name: str) -> tuple[re.Pattern[str], ...]:
    """How titles hold the name of their series: `n` is the number, `t` the rest."""
    words = r"[\s\W]+".join(map(re.escape, name.split()))
    series = rf"(?:the\s+)?{words}(?:\s+(?:series|saga|cycle|tales|novels|chronicles))?"
    written = (
        rf"^[\[(]\s*{series}[\s,:;\-\u2013]*(?:{LABEL}\s*)?(?P<n>{COUNT})\s*[)\]]\s*(?P<t>.+)$",
        rf"^{series}[\s,:;\-\u2013(\[]*(?:{LABEL}\s*)?(?P<n>[\d.]+(?:-\d+)?)[)\]]?\s*[-\u2013:.,]+\s*(?P<t>.+)$",
        rf"^{series}[\s,:;\-\u2013(\[]*{LABEL}\s*(?P<n>{COUNT})[)\]]?\s*[-\u2013:.,]+\s*(?P<t>.+)$",
        rf"^(?P<t>.+?)\s*[\[(]\s*{series}[\s,:;\-\u2013]*(?:{LABEL}\s*)?(?P<n>{COUNT})\s*[)\]].*$",
        rf"^(?P<t>.+?)\s*[-\u2013:,]\s*{series}[\s,:;\-\u2013]*{LABEL}\s*(?P<n>{COUNT})\.?$",
        rf"^(?P<t>.+?)\s*[-\u2013:,(\[]\s*(?:the\s+)?(?P<n>(?:{LABEL}\s*)?{COUNT}(?:\s+(?:book|volume|novel))?)\s+(?:of|in)\s+(?:the\s+)?{series}\s*[)\]]?$",
        rf"^(?P<t>.+?)\s*[\[(]\s*{series}\s*[)\]]$",
        rf"^{series}\s*[-\u2013]\s*(?P<t>.+)$",
    )
    return tuple(re.compile(shape, re.IGNORECASE) for shape in written)


def is_one_of(title: str, names: Sequence[str]) -> bool:
    bare = SERIES.sub("", title)
    return any(
        title_words(title) == title_words(name) or title_words(bare) == title_words(name)
        for name in names
    )


def is_title(subtitle: str) -> bool:
    """Not `or Meg, Jo, Beth and Amy`, and not `Part Two`."""
    words = normalise(subtitle).split()
    return words[:1] != ["or"] and not re.fullmatch(rf"(?i){LABEL}\s*{COUNT}", subtitle.strip())


@lru_cache(maxsize=8192)
def counted(title: str) -> tuple[str, ...]:
    """Its words, with numbers in figures: twenty thousand leagues, 20,000 leagues."""
    words: list[str] = []
    total = 0
    for word in [*title_words(re.sub(r"(?<=\d)[,.](?=\d{3}\b)", "", title)), ""]:
        number_ = number_of(word) if len(word) > 2 or word.isdecimal() else None
        if word in ("hundred", "thousand") and total:
            total *= 100 if word == "hundred" else 1000
        elif number_ is not None and (not total or total % 10 == 0):
            total += number_
        else:
            words += [str(total)] * bool(total) + [word]
            total = 0
    return tuple(words)


def is_numbered_title(title: str) -> bool:
    return bool(re.search(r"(?i)\b(?:part|book|volume)\b", title))
