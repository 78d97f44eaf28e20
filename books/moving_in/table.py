"""A table of books: comma, semicolon, tab or bar between the columns, and a first line with their
names.

Read are title, subtitle, author, series, position, narrator, year, language, ASIN, ISBN, folder,
status (wanted, had, known) and action (as the preview offers it); others are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from books.languages import code_of
from books.metadata.cleaning import position_of, read_asin, read_isbn, read_names, read_year
from books.moving_in.found import Found, text_of, titled
from books.moving_models import Action, Status
from tame.lib.errors import BadInputError
from tame.lib.words import normalise

MOST_BYTES = 50 * 2**20
NAMES = {  # of a column, normalised: the field
    "title": "title", "book title": "title", "name": "title", "titel": "title",
    "subtitle": "subtitle", "sub title": "subtitle",
    "author": "authors", "authors": "authors", "author name": "authors", "autor": "authors",
    "writer": "authors",
    "series": "series", "series name": "series", "series title": "series",
    "position": "position", "number": "position", "series number": "position",
    "volume": "position", "sequence": "position", "series position": "position", "vol": "position",
    "narrator": "narrators", "narrators": "narrators", "read by": "narrators",
    "reader": "narrators",
    "year": "year", "published": "year", "year published": "year", "publish year": "year",
    "published year": "year", "release date": "year",
    "language": "language", "asin": "asin", "isbn": "isbn", "isbn13": "isbn13", "isbn 13": "isbn13",
    "isbn uid": "isbn", "read status": "status",
    "folder": "folder", "path": "folder", "location": "folder",
    "status": "status", "state": "status", "wish": "status", "shelf": "status",
    "action": "action", "id": "id", "key": "id",
}  # fmt: skip
STATUSES = {
    "wanted": Status.WISHED, "wished": Status.WISHED, "want": Status.WISHED,
    "to read": Status.WISHED, "wish": Status.WISHED, "asked": Status.WISHED,
    "had": Status.HAD, "have": Status.HAD, "owned": Status.HAD, "available": Status.HAD,
    "on the shelf": Status.HAD,
}  # fmt: skip
SEPARATOR = re.compile(r"(?i)sep=.\r?\n")
UNTITLED = "Without a title"
Row = Mapping[str, str]


def read(content: bytes) -> list[Found]:
    """Raises BadInputError. Nothing is passed over: what has no title, or is there twice, becomes a
    line that a person looks at."""
    found, seen = [], Counter[str]()
    for number, row in enumerate(rows_of(content), 2):
        if not row:
            continue
        one = line(row, number)
        seen[one.key] += 1
        if seen[one.key] > 1:
            one = replace(one, key=f"{one.key[:1180]}:{seen[one.key]}")
        found.append(one)
    return found


def rows_of(content: bytes) -> list[dict[str, str]]:
    """By the names of our fields."""
    text = decoded(content)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), dialect_of(text), strict=False)
        head = [NAMES.get(normalise(name), "") for name in next(reader, [])]
        if "title" not in head:
            raise BadInputError(
                "This table has no column “title”. Its first line has to name the columns."
            )
        return [
            {n: cell.strip() for n, cell in zip(head, row, strict=False) if n and cell.strip()}
            for row in reader
        ]
    except csv.Error as error:
        raise BadInputError(f"This is no table that can be read ({error}).") from error


def decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 with their marks, else as Windows writes it; without the `sep=;` that some
    spreadsheets put before everything."""
    return SEPARATOR.sub("", decoded_whole(content).lstrip("\r\n"), count=1)


def decoded_whole(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadInputError(f"A table has at most {MOST_BYTES >> 20} MB.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return read_as(content, "utf-16")
    if b"\x00" in content:
        raise BadInputError("This is no table: it is not text.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return read_as(content, "cp1252")


def read_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInputError(
            "Its letters cannot be read. Save the table as CSV in UTF-8, and give it again."
        ) from error


def dialect_of(text: str) -> type[csv.Dialect]:
    head = re.split(r"[\r\n]", text, maxsplit=1)[0]
    return type("Table", (csv.excel,), {"delimiter": max(",;\t|", key=head.count)})


def line(row: Row, number: int) -> Found:
    known, status = titled(text_of(row.get("title")) or UNTITLED), status_of(row)
    for name in ("subtitle", "series", "position"):
        known[name] = text_of(row.get(name), 300) or known[name]
    known["position"] = position_of(known["position"])
    authors = read_names(row.get("authors", ""))
    return Found(
        key=row.get("id", "")[:200] or key_of(known["title"], authors, known["position"]),
        authors=authors,
        narrators=read_names(row.get("narrators", "")),
        year=read_year(row.get("year")),
        language=code_of(row.get("language", "")),
        asin=read_asin(row.get("asin")),
        isbn=read_isbn(row.get("isbn13")) or read_isbn(row.get("isbn")),
        status=status,
        elsewhere=row.get("folder", "")[:1000],
        action=action_of(row, number),
        doubt="" if row.get("title") else f"Line {number} of the table has no title.",
        **known,
    )


def key_of(title: str, authors: tuple[str, ...], position: str) -> str:
    """What tells it apart in a table without ids, whatever line it stands on."""
    who = ",".join(sorted(normalise(name) for name in authors))
    return f"table:{normalise(title)}:{position}:{who}"[:1200]


def status_of(row: Row) -> Status:
    """A table without a status is a list of wishes."""
    if "status" not in row:
        return Status.HAD if row.get("folder") else Status.WISHED
    return STATUSES.get(normalise(row["status"]), Status.KNOWN)


def action_of(row: Row, number: int) -> str:
    given = re.sub(r"\s+", " ", row.get("action", "")).lower()
    if given and given not in (Action.SHELF, Action.WANTED, Action.PARKED, Action.SKIP):
        raise BadInputError(
            f"Line {number}: there is no action “{given[:40]}”. There are shelf, wanted, parked "
            "and skip."
        )
    return given
