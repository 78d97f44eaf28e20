"""What the files say of their book: their tags, and the names of their folders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

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
    strip_remarks,
)
from books.sound import read_tags
from tame.lib.names import same_person
from tame.lib.words import normalise, same_title

KIND = "tags"
SOUNDS = {".m4b", ".mp3", ".m4a", ".flac", ".opus", ".ogg", ".oga", ".aac", ".wma"}
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
ASIN = re.compile(r"(?:^|[\s\[(])(B0[A-Z0-9]{8})(?=$|[\s\])])")
NARRATOR = re.compile(r"\s*\{([^{}]+)\}\s*")
READ_IN_NAME = re.compile(r"(?i)[\s,(\[]+(?:read|narrated)\s+by\s+([^()\[\]]+?)[)\]]?\s*$")
YEAR_APART = re.compile(r"^(?:\((\d{4})\)|(\d{4}))\s+-\s+|\s*[\[(](\d{4})[\])]")
PLACE = re.compile(
    r"(?i)^(?:(?:vol(?:ume)?\.?|book|bk\.?|\#)\s*)?(\d{1,3}(?:\.\d{1,2})?)(?:\s+-\s+|\.\s+)(?=\S)"
)
IN_SERIES = re.compile(r"^\[?([^\[\]]+?),?\s+(?:(?i:book|vol\.?|\#)\s*|#)?(\d{1,3}(?:\.\d)?)\]?$")
DISC = re.compile(r"(?i)(?:cd|dis[ck]|part|teil)\s*\d{1,3}(?:\s*of\s*\d+)?")


@dataclass(frozen=True)
class Said:
    """The tags that all files agree on, or the most frequent value of each."""

    tags: Tags
    files: int

    def first(self, *names: str) -> str:
        return next((self.tags[name] for name in names if self.tags.get(name)), "")


def of_folder(folder: Path, root: Path | None = None) -> Proposal:
    """Of a book's folder; no network. `root`: folders above it say nothing. An empty proposal
    where nothing can be read."""
    sounds = islice(sorted(p for p in folder.rglob("*") if p.suffix.lower() in SOUNDS), MOST_FILES)
    tags = [found for path in sounds if (found := read_tags(path))]
    names = folder.relative_to(root).parts if root else folder.parts[1:]
    return of_files(names, tags)


def of_files(folders: Sequence[str], files: Sequence[Tags], seconds: int | None = None) -> Proposal:
    """`folders`: from the library's root down to the book's own; or the name of its one file."""
    named, said = of_names(folders), most_frequent(files)
    tagged = of_tags(said)
    if len(folders) == 1 and tagged.authors and is_turned(named, tagged):
        title = bared(folders[0]).name.rpartition(" - ")[0]
        named = replace(named, title=read_title(title).title, authors=tagged.authors)
    if not is_title(tagged.title, named):
        tagged = replace(tagged, title="", subtitle="")
    if named.authors and (tagged.authors or tagged.narrators):
        tagged = who_is_who(named, tagged)
    return replace(tagged.filled_up(named), seconds=seconds)


def two_readings(folders: Sequence[str], files: Sequence[Tags]) -> tuple[Proposal, Proposal] | None:
    """By the names and by the tags, where these speak of different books. A name that is only
    longer is none, unless the tags name an author of their own."""
    named, tagged = of_names(folders), of_tags(most_frequent(files))
    if not (named.title and named.authors and is_title(tagged.title, named)):
        return None
    if same_title(named.title, tagged.title) or (len(folders) == 1 and is_turned(named, tagged)):
        return None
    if not tagged.authors:
        return None if is_part(named.title, tagged.title) else (named, tagged)
    people = [*tagged.authors, *tagged.narrators]
    is_theirs = any(same_person(one, author) for one in people for author in named.authors)
    return None if is_theirs else (named, tagged)


def is_part(one: str, other: str) -> bool:
    first, second = (f" {normalise(text)} " for text in (one, other))
    return first in second or second in first


def is_turned(named: Proposal, tagged: Proposal) -> bool:
    """`Title - Author`: the tags' author stands where the title does."""
    return any(same_person(author, named.title) for author in tagged.authors)


def is_title(title: str, named: Proposal) -> bool:
    """Not a chapter's, nor the series' or the author's name in its place."""
    if not title or (CHAPTER.fullmatch(title) and not same_title(title, named.title)):
        return False
    others = [name for name, _ in named.series] + list(named.authors)
    return not any(normalise(title) == normalise(other) for other in others if named.title)


def who_is_who(named: Proposal, tagged: Proposal) -> Proposal:
    """The folder knows the author: who else is in the tags reads."""

    def wrote(name: str) -> bool:
        return any(same_person(name, author) for author in named.authors)

    if any(wrote(name) for name in tagged.authors):
        authors = tuple(name for name in tagged.authors if wrote(name))
        others = tuple(name for name in tagged.authors if not wrote(name))
        return replace(
            tagged, authors=authors, narrators=tagged.narrators or named.narrators or others
        )
    if any(wrote(name) for name in tagged.narrators):  # both the other way round
        return replace(tagged, authors=tagged.narrators, narrators=tagged.authors)
    return replace(tagged, authors=named.authors, narrators=tagged.narrators or tagged.authors)


# --- Tags -----------------------------------------------------------------------------------------


def readers(files: Sequence[Tags], authors: Sequence[str]) -> tuple[str, ...]:
    """Who reads these files, as their tags say; nobody where they name neither the author nor a
    reader for what they are."""
    tagged = of_tags(most_frequent(files))
    named = [*tagged.authors, *tagged.narrators]
    if any(same_person(name, author) for name in named for author in authors):
        return who_is_who(Proposal(KIND, authors=tuple(authors)), tagged).narrators
    return tagged.narrators


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


# --- Names ----------------------------------------------------------------------------------------


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


def together(proposals: Iterable[Proposal]) -> Proposal:
    """Of several copies: the first one's values, filled up by the others'."""
    found = Proposal(KIND)
    for proposal in proposals:
        found = found.filled_up(proposal)
    return found
