"""What the files say of their book: their tags and the names of their folders, weighed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from books.metadata import Proposal
from books.metadata.cleaning import read_title
from books.metadata.folder_names import bared, of_names
from books.metadata.tags import CHAPTER, KIND, MOST_FILES, Tags, most_frequent, of_tags
from books.sound import is_sound, read_tags
from tame.lib.names import same_person
from tame.lib.words import normalise, same_title


def of_folder(folder: Path, root: Path | None = None) -> Proposal:
    """Of a book's folder; no network. `root`: folders above it say nothing. An empty proposal
    where nothing can be read."""
    sounds = islice(sorted(p for p in folder.rglob("*") if is_sound(p.name)), MOST_FILES)
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


def readers(files: Sequence[Tags], authors: Sequence[str]) -> tuple[str, ...]:
    """Who reads these files, as their tags say; nobody where they name neither the author nor a
    reader for what they are."""
    tagged = of_tags(most_frequent(files))
    named = [*tagged.authors, *tagged.narrators]
    if any(same_person(name, author) for name in named for author in authors):
        return who_is_who(Proposal(KIND, authors=tuple(authors)), tagged).narrators
    return tagged.narrators
