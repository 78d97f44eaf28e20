"""Where a book's folder goes below a library, named so that Audiobookshelf reads every field.

A template is a path of folders. A field that is not known leaves its group `<...>` out, and a
folder without any field. Narrators come in braces, the ASIN in brackets, as the server reads them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from books.metadata.tags import KIND as FILES
from books.models import Book, Credit
from books.template import FIELD, GROUP, TEMPLATE

MOST_BYTES = 180  # of one name; a file system takes 255, and a track's name has to fit as well
MOST_NAMES = 80  # bytes of several people's names
SPELLED = str.maketrans({":": " -", "/": "-", "\\": "-", "|": "-", '"': "'", "<": "(", ">": ")"})
DROPPED = re.compile(r"[*?]")
BRACES = str.maketrans("{}", "()")
LIKE_ASIN = re.compile(r"\[([A-Z0-9]{10})\]")
LIKE_A_NUMBER = re.compile(
    r"(?i)\(?[12]\d{3}\)?|((vol\.?|volume|book) ?)?\d{1,3}(\.\d{1,2})?\.?"
    r"|(vol\.?|volume|book) \d{1,3}(\.\d{1,2})?\.? .*"
)
DASH = re.compile(r"\s+-\s+|:\s+")
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def folder_of(
    book: Book,
    template: str = TEMPLATE,
    narrators: Sequence[str] = (),
    *,
    writers: Sequence[str] = (),
    with_series: bool = True,
) -> PurePosixPath:
    """Below the library's root; at least two folders deep, so that no book swallows another.

    `narrators`: who really reads this copy; a preferred one may not. `writers`: of a book of nobody
    yet. No query for a book with its names.
    """
    fields = fields_of(book, narrators, writers)
    fields |= {} if with_series else {"series": "", "number": ""}
    names = [safe(text) for part in template.split("/") if (text := fitted(part, fields))]
    if len(names) < 2:
        names = [safe(fields["author"] or "Unknown author"), *names]
    return PurePosixPath(*names)


def read_before(book: Book) -> list[str]:
    """Who reads it, as files of a copy have said."""
    is_known = book.sources.get("narrators", {}).get("source") == FILES
    return book.names(Credit.Role.NARRATOR) if is_known else []


def fields_of(
    book: Book, narrators: Sequence[str] = (), writers: Sequence[str] = ()
) -> dict[str, str]:
    """Each as the folder shows it; empty where it is not known."""
    known = book.names(Credit.Role.AUTHOR)
    place = next(iter(book.places.all()), None)
    number = place.sort_number if place else None
    readers = together([name.replace(",", "") for name in narrators], ", ")
    return {
        "author": together(known or writers, " & "),  # a comma would turn Plato, Aristotle around
        "series": unmistakable(place.series.name) if place else "",
        "number": "" if number is None else f"{number:g}",
        "year": str(book.year or ""),
        "title": unmistakable(book.title),
        "subtitle": unmistakable(book.subtitle),
        "narrator": f"{{{readers}}}" if readers else "",
        "asin": f"[{book.asin}]" if book.asin else "",
    }


def together(names: Sequence[str], between: str) -> str:
    """As many whole names as leave room for the rest."""
    plain = [name.translate(BRACES) for name in names]
    while len(plain) > 1 and len(between.join(plain).encode()) > MOST_NAMES:
        plain.pop()
    return between.join(plain)


def unmistakable(text: str) -> str:
    """A title in which Audiobookshelf reads no year, place, narrator or ASIN: `1601: Conversation`
    is not of that year."""
    text = LIKE_ASIN.sub(r"(\1)", text.translate(BRACES))
    parts = re.split(r"\s+-\s+|:\s+", text)
    if len(parts) > 1 and any(LIKE_A_NUMBER.fullmatch(part) for part in parts):
        return DASH.sub(", ", text)
    return text


def fitted(part: str, fields: dict[str, str]) -> str:
    """Filled, where it is too long with a shorter title: what is behind it would be cut off."""
    text = filled(part, fields)
    over = len(safe(text, 10 * MOST_BYTES).encode()) - MOST_BYTES
    if over <= 0 or "title" not in FIELD.findall(part):
        return text
    title = cut(fields["title"], max(len(fields["title"].encode()) - over, 20)).rstrip()
    return filled(part, fields | {"subtitle": "", "title": title})


def filled(part: str, fields: dict[str, str]) -> str:
    """One folder's name; empty when none of its fields is known."""

    def group(found: re.Match[str]) -> str:
        needed = FIELD.findall(found[1])
        return found[1] if all(fields.get(name) for name in needed) else ""

    kept = GROUP.sub(group, part)
    if FIELD.search(part) and not any(fields.get(name) for name in FIELD.findall(kept)):
        return ""
    return FIELD.sub(lambda found: fields.get(found[1], ""), kept)


def safe(text: str, most: int = MOST_BYTES) -> str:
    """One name that every file system takes and Audiobookshelf does not hide."""
    name = " ".join(unicodedata.normalize("NFC", text).translate(SPELLED).split())
    name = "".join(c for c in DROPPED.sub("", name) if unicodedata.category(c) not in ("Cc", "Cf"))
    name = cut(" ".join(name.split()).lstrip(". "), most).rstrip(". ")
    if not name:
        return "Untitled"
    return f"{name}_" if RESERVED.fullmatch(name) else name


def cut(text: str, most: int) -> str:
    """At most so many bytes, and no half letter."""
    return text.encode()[:most].decode(errors="ignore")
