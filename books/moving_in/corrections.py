"""Corrections of the lines of a reading, from a file: what a person would correct on the page.

JSON, as `move_in --dry-run --json` tells the lines, or a table (CSV) with a column `key`. What a
correction does not name stays; an empty cell of a table corrects nothing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from books import typed
from books.metadata.cleaning import read_year
from books.models import Book, MoveInLine
from books.moving_in.table import decoded, dialect_of
from books.moving_models import Action, Match
from books.people import names_in
from tame.lib.errors import BadInputError

UNDECIDED = "undecided"
ACTIONS = (UNDECIDED, *[action.value for action in Action if action])
WHICH = ("undecided", "new", "left")
Given = Mapping[str, Any]


# --- Read -----------------------------------------------------------------------------------------


def read_corrections(content: bytes) -> list[Given]:
    """Raises BadInputError."""
    text = decoded(content)
    given: list[Any] = from_json(text) if text.lstrip()[:1] in ("{", "[") else from_table(text)
    for number, one in enumerate(given, 1):
        if not isinstance(one, Mapping) or not isinstance(one.get("key"), str):
            raise BadInputError(f"Correction {number} has no “key”: which line does it mean?")
    return given


def from_json(text: str) -> list[Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise BadInputError(f"The corrections are no JSON that can be read ({error}).") from error
    lines = document.get("lines") if isinstance(document, Mapping) else document
    if not isinstance(lines, list):
        raise BadInputError("The corrections have to be a list, or a document with “lines”.")
    return lines


def from_table(text: str) -> list[Any]:
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), dialect=dialect_of(text)))
    except csv.Error as error:
        raise BadInputError(f"The corrections are no table that can be read ({error}).") from error
    return [{name: cell for name, cell in row.items() if name and cell} for row in rows]


# --- Correct --------------------------------------------------------------------------------------


def decide(lines: Iterable[MoveInLine], which: str, action: str) -> None:
    """One word for many lines; what has no files here cannot be put on the shelf."""
    for line in lines:
        is_meant = {
            "undecided": line.action == Action.UNDECIDED,
            "new": line.match == Match.NEW,
            "left": True,
        }[which]
        if is_meant and (action != Action.SHELF or line.library_id):
            line.action = action


def correct(lines: Sequence[MoveInLine], given: Iterable[Given]) -> None:
    """Changes the lines, stores nothing. Raises BadInputError."""
    by_key = {line.key: line for line in lines}
    for one in given:
        line = by_key.get(one["key"])
        if line is None:
            raise BadInputError(f"There is no line with the key “{one['key'][:200]}” to correct.")
        try:
            correct_line(line, one)
        except BadInputError as error:
            raise BadInputError(f"{line.key}: {error}") from error


def correct_line(line: MoveInLine, given: Given) -> None:
    if "title" in given:
        line.title = typed.title(text_in(given, "title"))
    for column in ("authors", "narrators"):
        if column in given:
            setattr(line, column, people_in(given, column))
    if "series" in given:
        line.series = text_in(given, "series")[:300]
    if "position" in given:
        line.position = text_in(given, "position")[:20]
    if "year" in given:
        line.year = read_year(text_in(given, "year"))
    if "asin" in given:
        line.asin = typed.asin(text_in(given, "asin"))
    if "isbn" in given:
        line.isbn = typed.isbn(text_in(given, "isbn"))
    act(line, given)
    if given.get("torrents") and isinstance(given["torrents"], list):
        line.seeds_taken = [one["key"] for one in given["torrents"] if takes(one)]


def people_in(given: Given, column: str) -> str:
    names = given[column]
    names = names_in(names) if isinstance(names, str) else [str(name) for name in names or ()]
    return "; ".join(typed.names(names))[:1000]


def takes(torrent: object) -> bool:
    if not isinstance(torrent, Mapping) or not isinstance(torrent.get("key"), str):
        raise BadInputError("A torrent of it has no “key”.")
    return bool(torrent.get("adopt"))


def text_in(given: Given, name: str) -> str:
    value = given[name]
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise BadInputError(f"Its {name} is no text.")
    return " ".join(str(value).split())


def act(line: MoveInLine, given: Given) -> None:
    action = text_in(given, "action") if "action" in given else line.action or UNDECIDED
    if action not in ACTIONS:
        raise BadInputError(f"There is no action “{action[:40]}”. There are {', '.join(ACTIONS)}.")
    if action == Action.SHELF and not line.library_id:
        raise BadInputError("No library of yours holds its files.")
    if given.get("book"):
        line.book = book_of(text_in(given, "book"))
    if action == Action.MERGE and line.book is None:
        raise BadInputError("Which book it is has not been said: give its number as “book”.")
    line.action = "" if action == UNDECIDED else action


def book_of(number: str) -> Book:
    found = Book.objects.filter(pk=int(number)) if number.isdecimal() and len(number) < 10 else None
    book = found.first() if found is not None else None
    if book is None:
        raise BadInputError(f"There is no book {number}.")
    return book
