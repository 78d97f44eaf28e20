"""What TAME knows of a book, in Audiobookshelf's shapes, and whether two values are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import unescape
from typing import Any

from books.audiobookshelf_answers import Details
from books.languages import LANGUAGES, code_of
from books.metadata.cleaning import read_isbn
from books.models import Book, Credit, SeriesPlace

NAMES = {  # as a person reads them
    "title": "title",
    "subtitle": "subtitle",
    "authors": "authors",
    "narrators": "narrators",
    "series": "series",
    "year": "year",
    "language": "language",
    "asin": "ASIN",
    "isbn": "ISBN",
    "publisher": "publisher",
    "description": "description",
}
PLACE = re.compile(r"\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?[a-z]?")
TAG = re.compile(r"(?is)<(script|style)\b.*?</\1>|<[^>]+>")


def known(book: Book, narrator: str = "") -> dict[str, Any]:
    """Only what is known. `narrator`: who reads this very recording, when that is known; the
    book's own narrator counts where no other was to be taken."""
    readers = book.names(Credit.Role.NARRATOR)
    own = [name.strip() for name in re.split("[;,]", narrator) if name.strip()]
    values: dict[str, Any] = {
        "title": book.title,
        "subtitle": book.subtitle,
        "authors": book.names(Credit.Role.AUTHOR),
        "narrators": own or (readers if book.narrator_required else []),
        "series": [(place.series.name, position_of(place)) for place in book.places.all()],
        "year": str(book.year or ""),
        "language": LANGUAGES.get(book.language, ""),
        "asin": book.asin,
        "isbn": book.isbn,
        "publisher": book.publisher,
        "description": book.description,
    }
    return {name: value for name, value in values.items() if value}


def position_of(place: SeriesPlace) -> str:
    """As printed where that is a number; else the number that it means."""
    if PLACE.fullmatch(place.position):
        return place.position
    return "" if place.sort_number is None else f"{place.sort_number:g}"


def shown_by(details: Details) -> dict[str, Any]:
    """What Audiobookshelf has, in the same shapes, as JSON has them."""
    return {name: listed(getattr(details, name)) for name in NAMES}


def listed(value: Any) -> Any:
    return [listed(one) for one in value] if isinstance(value, tuple | list) else value


def same(name: str, one: Any, other: Any) -> bool:
    """Whether a person would call them the same: `other` may hold more names than `one`."""
    if name in ("authors", "narrators"):
        return {plain(text) for text in one} <= {plain(text) for text in other}
    if name == "series":
        return {in_series(pair) for pair in one} <= {in_series(pair) for pair in other}
    if name == "language":
        return language_of(one) == language_of(other)
    if name == "isbn" and read_isbn(one):
        return read_isbn(one) == read_isbn(other)
    if name in ("asin", "isbn"):
        return re.sub(r"[\s-]", "", str(one)).upper() == re.sub(r"[\s-]", "", str(other)).upper()
    return plain(str(one)) == plain(str(other))


def identical(name: str, one: Any, other: Any) -> bool:
    """The same in both directions."""
    return same(name, one, other) and same(name, other, one)


def plain(text: str) -> str:
    """Without markup, and without what nobody sees."""
    return " ".join(unicodedata.normalize("NFC", unescape(TAG.sub(" ", text))).split())


def in_series(pair: Sequence[str]) -> tuple[str, str]:
    """A place is the same as 1, 01 and 1.0."""
    name, place = pair
    try:
        number = f"{float(place):g}"
    except ValueError:
        number = place.strip()
    return plain(name), number


def language_of(text: str) -> str:
    """English is en and eng."""
    return code_of(text) or plain(text).casefold()


def in_words(value: Any) -> str:
    """For a sentence or a table."""
    if isinstance(value, str):
        return value
    parts = [one if isinstance(one, str) else " ".join(filter(None, one)) for one in value]
    return ", ".join(parts)
