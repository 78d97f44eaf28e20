"""The committed books, and what the indexer lists of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from tinytag import TinyTag

from demo.torrent import Torrent, folder_torrent

BOOKS = Path(__file__).resolve().parent / "books"
FOLDER_NAME = re.compile(r"(?P<author>.+?) - (?P<title>.+) \((?P<year>\d{4})\)")
AUDIOBOOK, EBOOK = 3030, 7020  # Torznab categories
SHAPES = ("{author} - {title} ({year}) [{kind} 32kbps]", "{title} by {author} [ENG / {kind}]")
PLACES = {  # in their series
    "Around the World in Eighty Days": ("Extraordinary Voyages", "11"),
    "A Study in Scarlet": ("Sherlock Holmes", "1"),
}
HASHLESS = "The Time Machine"  # many indexers give no info hash, so one release has none
FIRST_POST = datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Book:
    author: str
    title: str
    year: int
    files: tuple[Path, ...]

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.files)

    @property
    def seconds(self) -> int:
        return round(sum(TinyTag.get(path).duration or 0 for path in self.files))

    @property
    def place(self) -> tuple[str, str] | None:
        """The name of its series, and its number there."""
        return PLACES.get(self.title)

    @property
    def kind(self) -> str:
        return self.files[0].suffix[1:].upper()


@dataclass(frozen=True)
class Release:
    number: int
    title: str
    category: int
    size: int
    files: int
    seeders: int
    posted: datetime
    torrent: Torrent | None = None  # None: its link is dead
    shows_hash: bool = False


@dataclass(frozen=True)
class Distractor:
    """A release that names the book and is not it; more seeders than the book itself."""

    shape: str
    category: int
    share: float  # of the book's own size
    files: int
    seeders: int


DISTRACTORS = (
    Distractor("{author} - {title} (Abridged) [MP3 64kbps]", AUDIOBOOK, 0.6, 3, 87),
    Distractor("{title} by {author} [ENG / EPUB]", EBOOK, 0.4, 1, 240),
    Distractor("{title} by {author}: A Study Guide [ENG / MP3]", AUDIOBOOK, 0.7, 1, 31),
    Distractor("{author} - {title} 2 - Another Volume [MP3]", AUDIOBOOK, 1.5, 9, 54),
    Distractor("{title} - {author} [M4B] [64 Kbps]", AUDIOBOOK, 1.1, 2, 0),  # right, and dead
)


def books(folder: Path = BOOKS) -> list[Book]:
    """One book for each folder named `Author - Title (year)`."""
    found = []
    for path in sorted(folder.iterdir()):
        if name := FOLDER_NAME.fullmatch(path.name):
            files = tuple(sorted(path.iterdir()))
            found.append(Book(name["author"], name["title"], int(name["year"]), files))
    return found


def releases(shelf: Iterable[Book], web_seed: str) -> list[Release]:
    """What the indexer lists, newest first. `web_seed`: the address above the books' folders."""
    listed: list[Release] = []
    for book, shape in zip(shelf, cycle(SHAPES), strict=False):
        listed.append(_true_release(book, shape, len(listed), web_seed))
        for distractor in DISTRACTORS:
            listed.append(_false_release(book, distractor, len(listed)))
    return listed[::-1]


def _true_release(book: Book, shape: str, number: int, web_seed: str) -> Release:
    return Release(
        number,
        _named(shape, book),
        AUDIOBOOK,
        book.size,
        len(book.files),
        seeders=12,
        posted=_posted(number),
        torrent=folder_torrent(book.files, web_seed),
        shows_hash=book.title != HASHLESS,
    )


def _false_release(book: Book, distractor: Distractor, number: int) -> Release:
    return Release(
        number,
        _named(distractor.shape, book),
        distractor.category,
        int(distractor.share * book.size),
        distractor.files,
        distractor.seeders,
        _posted(number),
    )


def _named(shape: str, book: Book) -> str:
    return shape.format(author=book.author, title=book.title, year=book.year, kind=book.kind)


def _posted(number: int) -> datetime:
    return FIRST_POST + timedelta(days=number)


def matching(
    listed: Iterable[Release], query: str, categories: Sequence[int] = ()
) -> list[Release]:
    """The releases that have every word of the query; without a word, all: the newest uploads."""
    wanted = _words(query)
    return [
        release
        for release in listed
        if wanted <= _words(release.title) and _is_in(release.category, categories)
    ]


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return set(re.findall(r"[a-z0-9]+", plain.lower()))


def _is_in(category: int, wanted: Sequence[int]) -> bool:
    """A category that ends in 000 stands for all below it."""
    parent = category // 1000 * 1000
    return not wanted or category in wanted or parent in wanted
