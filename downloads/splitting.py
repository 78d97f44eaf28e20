"""Several books in one torrent: which file is which book's, by folders, names and album tags. Pure.

A name is a book's when nothing in it remains to be explained. Where something does, it may be that
book or another one, and a person says which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tame.lib.words import find_words, normalise, number_of

WORD = re.compile(r"\w+")
ARTICLES = frozenset(
    WORD.findall("the a an der die das ein eine le la les l un une el los las il lo gli")
)
SMALL = ARTICLES | {"and", "or", "by", "of", "in", "und", "et", "y", "e", "oder", "ou", "de", "von"}
COUNTING = frozenset(
    WORD.findall("book bk vol volume part pt band teil buch tome tomo libro livre no nr")
)
NOISE = SMALL | COUNTING | frozenset(
    WORD.findall(
        "cd cds disc disk discs track chapter series saga novel novels complete unabridged hq "
        "audiobook audiobooks audio mp3 m4b m4a flac aac opus ogg kbps kbit kb k vbr cbr eng mp m "
        "b english retail chapterised chapterized librivox"
    )
)  # fmt: skip
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
READ_BY = re.compile(r"(?i)\b(read|narrated|performed)[\s_]+by\b.*|\b(gelesen von|lu par)\b.*")
BETWEEN = re.compile(r"\s+[-\u2013\u2014]+\s+|_-_|:\s+")
GLUED = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")
DISC = re.compile(
    r"(?i)^\W*(cd|dis[ck]|part|pt|teil|tape|cassette|side|section)?\W*[\divx]{1,4}\W*$"
)


Place = tuple[str, float | None]  # in which series, and where


@dataclass(frozen=True)
class Named:
    """A book as far as names tell. `number`: its place in the series."""

    pk: int
    title: str
    subtitle: str = ""
    people: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    number: float | None = None


@dataclass
class Split:
    """`of`: path to the book it belongs to; what is not in it belongs to none. `doubtful`: names
    that may be a book's, by book."""

    of: dict[str, int] = field(default_factory=dict)
    doubtful: dict[int, list[str]] = field(default_factory=dict)

    def paths(self, book: int) -> list[str]:
        return [path for path, owner in self.of.items() if owner == book]


def split(
    paths: Sequence[str],
    books: Sequence[Named],
    album: Callable[[str], str] = lambda path: "",
    *,
    several: bool = True,
) -> Split:
    """Of sound files. The folders that all of them are in say nothing. `several`: it is known that
    there are several books; else `Volume 2` may be a part of one."""
    splitter = Splitter([Known(book) for book in books], album, several=several)
    top = common(paths)
    splitter.sort([(path, PurePosixPath(path).parts[len(top) :]) for path in paths])
    return splitter.split


def common(paths: Sequence[str]) -> tuple[str, ...]:
    """The folders that all of them are in."""
    folders = [PurePosixPath(path).parts[:-1] for path in paths]
    same = []
    for level in zip(*folders, strict=False):
        if len(set(level)) > 1:
            break
        same.append(level[0])
    return tuple(same)


def labels_of(paths: Sequence[str]) -> set[str]:
    """What may name a book: folders and files, but for the folders that all of them are in."""
    top = len(common(paths))
    parts = [PurePosixPath(path).parts[top:] for path in paths]
    return {name for *folders, file in parts for name in (*folders, PurePosixPath(file).stem)}


class Splitter:
    def __init__(
        self, books: Sequence[Known], album: Callable[[str], str], *, several: bool
    ) -> None:
        self.books, self.album, self.several = books, album, several
        self.split = Split()

    def sort(self, files: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Paths with what is left of their parts."""
        folders: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for path, rest in files:
            if len(rest) > 1:
                folders.setdefault(rest[0], []).append((path, rest[1:]))
            else:
                self.sort_file(path, PurePosixPath(rest[0]).stem)
        for name, inside in folders.items():
            owner = None if is_disc(name) else self.owner(name)
            if owner is None:
                self.sort(inside)
            else:
                self.split.of |= {path: owner for path, _ in inside}

    def sort_file(self, path: str, stem: str) -> None:
        owner = self.owner(stem)
        if owner is None and (album := self.album(path)):
            owner = self.owner(album)
        if owner is not None:
            self.split.of[path] = owner

    def owner(self, label: str) -> int | None:
        """The one book that the label names, and all of it."""
        found = named_in(label, self.books, several=self.several)
        if found.sure and len(found.books) == 1:
            return found.books[0]
        if not found.sure:
            for book in found.books:
                self.split.doubtful.setdefault(book, []).append(label)
        return None


def is_disc(name: str) -> bool:
    return bool(DISC.fullmatch(name))


# --- One label ------------------------------------------------------------------------------------


class Known:
    """A book's words, made once."""

    def __init__(self, book: Named) -> None:
        self.book = book
        self.titles = titles_of(book.title)
        spoken = [book.title, book.subtitle, *book.people, *book.series]
        self.own = {word for text in spoken for word in words_of(text)}
        self.series = [words for name in book.series if (words := words_of(name))]

    def at(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where its title stands: from, to."""
        for title in self.titles:
            if found := find_words(words, title):
                return found[0], found[0] + len(title)
        return None


@dataclass(frozen=True)
class Found:
    books: list[int]
    sure: bool


def named_in(label: str, books: Iterable[Known], *, several: bool) -> Found:
    """The books that a folder's, file's or album's name names. Sure: every word is explained, or
    one of its parts between dashes is a book's by itself."""
    known = list(books)
    words = words_in(label)
    whole = look(words, known)
    if whole.books and not whole.sure:
        for part in BETWEEN.split(plain(label)):
            alone = look(words_of(part), known)
            if alone.books and alone.sure:
                return alone
    return whole if whole.books else by_number(words, known, several=several)


def may_be_in(labels: Iterable[Sequence[str]], title: str, places: Iterable[Place]) -> bool:
    """Whether any of these labels, each in words, names its title, or a number of its: a book that
    none names changes nothing in a split."""
    titles, told = titles_of(title), list(places)
    numbers = {number for _, number in told if number is not None}
    for words in labels:
        if any(find_words(words, one) for one in titles):
            return True
        if not numbers.isdisjoint(map(number_of, words)) and (
            not COUNTING.isdisjoint(words)
            or any(find_words(words, words_of(series)) for series, _ in told)
        ):
            return True
    return False


def look(words: list[str], known: Sequence[Known]) -> Found:
    spans = {one.book.pk: span for one in known if (span := one.at(words))}
    spans = {pk: span for pk, span in spans.items() if not is_within(span, spans.values())}
    named = [one for one in known if one.book.pk in spans]
    taken = {at for first, last in spans.values() for at in range(first, last)}
    own = set().union(*(one.own for one in named)) if named else set[str]()
    left = [w for at, w in enumerate(words) if at not in taken and not is_explained(w, own)]
    return Found([one.book.pk for one in named], bool(named) and not left)


def is_within(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    """Emma in The Life of Emma Brown."""
    first, last = span
    return any(a <= first and last <= b and b - a > last - first for a, b in spans)


def by_number(words: list[str], known: Sequence[Known], *, several: bool) -> Found:
    """`Barsetshire 2`, or `Book 2` where one series is wanted: nothing else may stand in it."""
    numbers = [n for word in words if (n := number_of(word)) is not None]
    counted = several and bool(COUNTING & set(words))
    fits = [
        one
        for one in known
        if one.book.number in numbers
        and (counted or any(find_words(words, series) for series in one.series))
        and all(is_explained(word, one.own) for word in words)
    ]
    return Found([one.book.pk for one in fits], len(numbers) == 1 and len(fits) == 1)


def is_explained(word: str, own: set[str]) -> bool:
    return word in own or word in NOISE or number_of(word) is not None or not word


def plain(label: str) -> str:
    """Without what stands in brackets, and who reads it."""
    return READ_BY.sub("", BRACKETS.sub(" ", label))


def words_in(label: str) -> list[str]:
    return words_of(plain(label))


def titles_of(title: str) -> list[list[str]]:
    """In words; with its article, and without."""
    words = words_of(title)
    return [one for one in (words, without_article(words)) if one]


def words_of(text: str) -> list[str]:
    return [part for word in normalise(text).split() for part in GLUED.split(word)]


def without_article(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else []
