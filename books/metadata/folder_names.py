"""What the names of folders say of the book in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from books.metadata import Proposal
from books.metadata.cleaning import (
    position_of,
    read_names,
    read_title,
    read_year,
    series_name,
    strip_remarks,
)
from books.metadata.tags import IN_SERIES, KIND, READ_IN_NAME
from tame.lib.names import same_person

ASIN = re.compile(r"(?:^|[\s\[(])(B0[A-Z0-9]{8})(?=$|[\s\])])")
NARRATOR = re.compile(r"\s*\{([^{}]+)\}\s*")
YEAR_APART = re.compile(r"^(?:\((\d{4})\)|(\d{4}))\s+-\s+|\s*[\[(](\d{4})[\])]")
PLACE = re.compile(
    r"(?i)^(?:(?:vol(?:ume)?\.?|book|bk\.?|\#)\s*)?(\d{1,3}(?:\.\d{1,2})?)(?:\s+-\s+|\.\s+)(?=\S)"
)
DISC = re.compile(r"(?i)(?:cd|dis[ck]|part|teil)\s*\d{1,3}(?:\s*of\s*\d+)?")


def of_names(folders: Sequence[str]) -> Proposal:
    """As Audiobookshelf reads folders: author, series, title; or one name that holds them."""
    names = [name for name in folders if name and not DISC.fullmatch(name)][-3:]
    if not names:
        return Proposal(KIND)
    bare = bared(names[-1])
    if len(names) == 1:
        return in_one(bare)
    authors = read_names(names[0])
    series = names[1] if len(names) == 3 else ""
    return below(bare, authors, series)


@dataclass(frozen=True)
class Bared:
    """A folder's name without what stands in brackets of its own."""

    name: str
    narrators: tuple[str, ...] = ()
    year: int | None = None
    asin: str = ""


def bared(name: str) -> Bared:
    name = re.sub(r"\.(?:m4b|mp3|m4a)$", "", name.replace("_", " "), flags=re.IGNORECASE)
    asin, reader = ASIN.search(name), NARRATOR.search(name)
    if asin:
        name = name.replace(asin[1], "").replace("[]", "")
    if reader:
        name = NARRATOR.sub(" ", name)
    elif reader := READ_IN_NAME.search(name):
        name = READ_IN_NAME.sub("", name)
    year = YEAR_APART.search(name.strip())
    if year:
        name = YEAR_APART.sub("", name.strip(), count=1)
    return Bared(
        strip_remarks(" ".join(name.split())),
        read_names(reader[1].replace(", ", "; ")) if reader else (),
        read_year(next(filter(None, year.groups()))) if year else None,
        asin[1] if asin else "",
    )


def below(bare: Bared, authors: tuple[str, ...], series: str) -> Proposal:
    """Of a title's folder below its author's, and maybe a series'."""
    name, number = bare.name, ""
    year = bare.year
    if series and (found := PLACE.match(name)):
        name, number = name[found.end() :], position_of(found[1])
        if year is None and (apart := YEAR_APART.match(name)):
            name, year = YEAR_APART.sub("", name, count=1), read_year(apart[1] or apart[2])
    for author in authors:  # Author/Author - Title
        front, dash, rest = name.partition(" - ")
        if dash and same_person(front, author):
            name = rest
    titled = read_title(name)
    places = ((series_name(series), number),) if series else titled.series
    if series and not number and titled.series:
        places = titled.series
    return Proposal(
        KIND, title=titled.title, subtitle=titled.subtitle, authors=authors, series=places,
        narrators=bare.narrators, year=year, asin=bare.asin,
    )  # fmt: skip


def in_one(bare: Bared) -> Proposal:
    """`Author - Series 01 - Title`, `Author - Title`, `Title by Author`, or a title."""
    parts = [part.strip() for part in re.split(r"\s+[-\u2013]\s+", bare.name) if part.strip()]
    if len(parts) == 1:
        title, by, author = bare.name.rpartition(" by ")
        authors = read_names(author) if by and author[:1].isupper() else ()
        return below(replace(bare, name=title if authors else bare.name), authors, "")
    authors, rest = read_names(parts[0]), parts[1:]
    place = IN_SERIES.match(rest[0]) if len(rest) > 1 else None
    if place:
        found = below(replace(bare, name=" - ".join(rest[1:])), authors, "")
        return replace(found, series=((series_name(place[1]), position_of(place[2])),))
    return below(replace(bare, name=" - ".join(rest)), authors, "")
