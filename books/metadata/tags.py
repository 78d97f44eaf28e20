"""What the tags of sound files say of their book, and who wrote and reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from books.languages import code_of
from books.metadata import Proposal
from books.metadata.cleaning import (
    position_of,
    read_asin,
    read_description,
    read_isbn,
    read_names,
    read_title,
    read_year,
    series_name,
)
from tame.lib.names import same_person

KIND = "tags"
MOST_FILES = 3  # that are opened: one book's files say the same
Tags = Mapping[str, str]

CHAPTER = re.compile(
    r"(?ix) (?:\d+\s*[-_.]*\s*)? (?:chapter|kapitel|chapitre|cap[ií]tulo|track|part|section|teil"
    r"|disc|cd|side|book|vol(?:ume)?) \b [\s._-]* (?:\d+|[ivxl]+|[a-z]+)? .{0,40}"
    r"| \d+ [\s._-]* (?:of\s\d+)?"
)
TRACK = re.compile(r"^\d{1,3}\s*[-_.]+\s*|\s*[-_.]+\s*\d{1,3}$")
READ_BY = re.compile(
    r"(?i)\b(?:read|narrated|performed|gelesen|lu)\s+(?:by|von|par)\s*:?\s+"
    r"(?P<names>[^.;\n()\[\]]*?(?:\b[A-Z]\.[^.;\n()\[\]]*?)*)(?=[.;\n()\[\]]|$|\s+for\s|\s+-\s)"
)
READ_IN_NAME = re.compile(r"(?i)[\s,(\[]+(?:read|narrated)\s+by\s+([^()\[\]]+?)[)\]]?\s*$")
IN_SERIES = re.compile(r"^\[?([^\[\]]+?),?\s+(?:(?i:book|vol\.?|\#)\s*|#)?(\d{1,3}(?:\.\d)?)\]?$")


@dataclass(frozen=True)
class Said:
    """The tags that all files agree on, or the most frequent value of each."""

    tags: Tags
    files: int

    def first(self, *names: str) -> str:
        return next((self.tags[name] for name in names if self.tags.get(name)), "")


@dataclass(frozen=True)
class Writers:
    """`is_sure`: all files agree, and name them as the authors."""

    names: tuple[str, ...] = ()
    title: str = ""
    is_sure: bool = False


def writers(files: Sequence[Tags]) -> Writers:
    """Whom these files name, of a book of which nobody else says who wrote it."""
    told = of_tags(most_frequent(files))
    each = [of_tags(Said(tags, len(files))) for tags in files]
    agree = all(one.authors == told.authors and one.title == told.title for one in each)
    return Writers(told.authors, told.title, agree and all(map(says_who_wrote, files)))


def says_who_wrote(tags: Tags) -> bool:
    """An artist alone may as well be who reads it."""
    return bool(tags.get("author") or tags.get("albumartist")) or bool(
        people_of(Said(tags, 1))[1] and tags.get("artist")
    )


def most_frequent(files: Sequence[Tags]) -> Said:
    names = dict.fromkeys(name for tags in files for name in tags)
    counted = {
        name: Counter(tags[name] for tags in files if tags.get(name)).most_common(1)
        for name in names
    }
    return Said({name: found[0][0] for name, found in counted.items() if found}, len(files))


def of_tags(said: Said) -> Proposal:
    titled = read_title(album_of(said))
    authors, narrators = people_of(said)
    comment = said.first("description", "synopsis", "comment")
    return Proposal(
        KIND,
        title=titled.title,
        subtitle=said.first("subtitle") or titled.subtitle,
        authors=authors,
        narrators=narrators,
        series=series_of(said) or titled.series,
        # The plain year is the recording's.
        year=read_year(said.first("originalyear", "originaldate", "original_year")),
        language=code_of(said.first("language")),
        asin=read_asin(said.first("asin", "audible_asin")),
        isbn=read_isbn(said.first("isbn")),
        publisher=said.first("publisher", "label"),
        description=""
        if READ_BY.search(comment) or len(comment) < 40
        else read_description(comment),
    )


def album_of(said: Said) -> str:
    """The album; where it is a chapter's name or missing, a single file's title."""
    album, title = said.first("album"), said.first("title")
    if album and not CHAPTER.fullmatch(album):
        return READ_IN_NAME.sub("", album)
    if said.files == 1 and title and not CHAPTER.fullmatch(title):
        return READ_IN_NAME.sub("", TRACK.sub("", title))
    return ""


def people_of(said: Said) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who wrote it and who reads it. The reader stands in a tag of its own, as the composer, in the
    comment, behind the album's title, or as the artist beside the album's artist."""
    author = said.first("author") or said.first("albumartist") or said.first("artist")
    authors = read_names(author)
    texts = [said.first(name) for name in ("comment", "description", "album", "title", "copyright")]
    spoken = next((found["names"] for text in texts if (found := READ_BY.search(text))), "")
    ways = (
        said.first("narrator", "narratedby", "reader"),
        spoken,
        said.first("composer", "conductor"),
        said.first("artist"),
    )
    for way in ways:
        readers = [one for one in read_names(way) if not any(same_person(one, a) for a in authors)]
        if readers:
            return tuple(a for a in authors if a not in readers), tuple(readers)
    return authors, ()


def series_of(said: Said) -> tuple[tuple[str, str], ...]:
    for name, number in (("series", "series-part"), ("mvnm", "mvin"), ("show", "episode_id"),
                         ("movementname", "movement"), ("series", "part")):  # fmt: skip
        if said.first(name):
            return ((series_name(said.first(name)), position_of(said.first(number))),)
    found = [
        (series_name(match[1]), position_of(match[2]))
        for part in said.first("grouping", "contentgroup").split(";")
        if (match := IN_SERIES.match(part.strip()))
    ]
    return tuple(found)
