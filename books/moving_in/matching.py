"""Which book of ours a line is: by ASIN, by ISBN, then by author, title and position.

What cannot be told is called unsure, with the books that it may be. Nothing is guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from books.metadata.cleaning import as_isbn13
from books.models import Book, Credit, MoveInLine, SeriesPlace, ShelfCopy
from books.moving_in.found import Found
from books.moving_models import Action, Match
from books.positions import first_number
from books.states import COPY_HOLDS_THE_BOOK
from tame.lib.names import same_person
from tame.lib.words import main_title, normalise

ARTICLE = re.compile(r"^(?:the|a|an|der|die|das|le|la|les|el|los|il|de|het) (?=\S)")
ALIKE = 90  # of 100
SHORTER = ALIKE / (200 - ALIKE)  # how much shorter of two titles one can be that are so alike
MOST_ALIKE = 5  # books


@dataclass
class Known:
    """A book of ours; number 0: a line before this one of the same reading."""

    number: int
    title: str
    authors: tuple[str, ...] = ()
    position: float | None = None
    asin: str = ""
    isbn: str = ""
    copies: set[tuple[int, str]] = field(default_factory=set)  # library, folder


@dataclass(frozen=True)
class Verdict:
    match: Match
    why: str
    book: Known | None = None
    alike: tuple[Known, ...] = ()


class Nearly:
    """Titles of an author with a slip, not those of another volume. By surname, numbers and length,
    so that a prolific author costs little: a title is compared with those of its own length alone,
    give or take a fifth."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, tuple[str, ...], int], tuple[list[str], list[Known]]] = {}

    def add(self, surname: str, known: Known) -> None:
        key = key_of(known.title)
        keys, books = self.kept.setdefault((surname, numbers(key), len(key)), ([], []))
        keys.append(key)
        books.append(known)

    def find(self, surname: str, title: str) -> Iterator[Known]:
        key = key_of(title)
        shortest, longest = len(key) * SHORTER, len(key) / SHORTER
        for length in range(math.ceil(shortest), math.floor(longest) + 1):
            keys, books = self.kept.get((surname, numbers(key), length), ((), ()))
            for _, _, at in extract(key, keys, scorer=ratio, score_cutoff=ALIKE, limit=None):
                yield books[at]


def numbers(key: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", key))


@dataclass
class Shelf:
    """All that is known, by what it is found by. Built with a fixed number of queries."""

    by_asin: dict[str, Known] = field(default_factory=dict)
    by_isbn: dict[str, Known] = field(default_factory=dict)
    by_title: dict[str, list[Known]] = field(default_factory=dict)
    nearly: Nearly = field(default_factory=lambda: Nearly())
    by_folder: dict[tuple[int, str], Known] = field(default_factory=dict)
    by_key: dict[str, Known | None] = field(default_factory=dict)  # None: a person left it out

    def add(self, known: Known) -> None:
        if known.asin:
            self.by_asin.setdefault(known.asin, known)
        if known.isbn:
            self.by_isbn.setdefault(as_isbn13(known.isbn), known)
        self.by_title.setdefault(key_of(known.title), []).append(known)
        for surname in {surname_of(name) for name in known.authors}:
            self.nearly.add(surname, known)
        for place in known.copies:
            self.by_folder[place] = known


# --- What we have ---------------------------------------------------------------------------------


def shelf() -> Shelf:
    found = Shelf()
    books = {
        pk: Known(pk, title, asin=asin, isbn=isbn)
        for pk, title, asin, isbn in Book.objects.values_list("pk", "title", "asin", "isbn")
    }
    people = Credit.objects.filter(role=Credit.Role.AUTHOR).order_by("order", "pk")
    for pk, name, others in people.values_list("book", "author__name", "author__other_names"):
        books[pk].authors += (name, *map(str, others))
    for pk, number in SeriesPlace.objects.values_list("book", "sort_number"):
        books[pk].position = number if books[pk].position is None else books[pk].position
    copies = ShelfCopy.objects.filter(state__in=COPY_HOLDS_THE_BOOK)
    for pk, library, folder in copies.values_list("book", "library", "folder"):
        books[pk].copies.add((library, folder))
    for known in books.values():
        found.add(known)
    before = MoveInLine.objects.exclude(done_at=None).order_by("done_at")
    for key, action, book in before.values_list("key", "action", "book"):
        if book in books:
            found.by_key[key] = books[book]
        elif action == Action.SKIP:
            found.by_key[key] = None
    return found


# --- Matching -------------------------------------------------------------------------------------


def match(found: Found, place: tuple[int, str] | None, ours: Shelf) -> Verdict:
    """`place`: library and folder where its files stand."""
    if place in ours.by_folder:
        return same(ours.by_folder[place], "It stands in this folder already.")
    if (known := ours.by_key.get(found.key)) is not None:
        return same(known, "It was taken in from here before.")
    if found.asin and (known := ours.by_asin.get(found.asin)):
        return same(known, f"Same ASIN, {found.asin}.")
    if found.isbn and (known := ours.by_isbn.get(as_isbn13(found.isbn))):
        return same(known, f"Same ISBN, {found.isbn}.")
    return by_name(found, ours)


def same(known: Known, why: str) -> Verdict:
    if not known.number:
        return Verdict(Match.UNSURE, f"{why} It is in this list twice.", alike=(known,))
    return Verdict(Match.SAME, why, known)


def by_name(found: Found, ours: Shelf) -> Verdict:
    titled = ours.by_title.get(key_of(found.title), [])
    theirs = [known for known in titled if same_people(found.authors, known.authors)]
    fitting = [known for known in theirs if fits(found.position, known)]
    if len(fitting) == 1 and found.authors and fitting[0].authors:
        return same(fitting[0], "Same author and title.")
    if fitting:
        return unsure(fitting, "The title is the same; the authors do not tell.")
    if theirs:
        return unsure(theirs, "Author and title are the same, the volume is another.")
    if not found.authors:
        return Verdict(Match.UNSURE, "No author is known.")
    if near := almost(found, ours):
        return unsure(near, "A book of this author has almost this title.")
    return Verdict(Match.NEW, "")


def unsure(known: Sequence[Known], why: str) -> Verdict:
    return Verdict(Match.UNSURE, why, alike=tuple(known[:MOST_ALIKE]))


def almost(found: Found, ours: Shelf) -> list[Known]:
    return [
        known
        for surname in {surname_of(name) for name in found.authors}
        for known in ours.nearly.find(surname, found.title)
        if same_people(found.authors, known.authors)
    ]


def fits(position: str, known: Known) -> bool:
    """Nothing speaks against it: one of the volumes is not known, or they are the same."""
    number = first_number(position)
    return number is None or known.position is None or number == known.position


def key_of(title: str) -> str:
    """Without subtitle and article."""
    return ARTICLE.sub("", normalise(main_title(title)))


def surname_of(name: str) -> str:
    return (normalise(name).split() or [""])[-1]


def same_people(some: Sequence[str], others: Sequence[str]) -> bool:
    """One of them may be one of the others; who is not known may be anybody."""
    if not some or not others:
        return True
    return any(same_person(one, other) for one in some for other in others)
