"""Goodreads' export of a person's books, a CSV with known columns.

Columns (public exports, read in November 2026): Book Id, Title, Author, Author l-f, Additional
Authors, ISBN and ISBN13 (as ="..."), Year Published, Original Publication Year, Exclusive Shelf
(to-read, currently-reading, read, or a person's own), Owned Copies. The series stands in the title,
in parentheses. Of the additional authors nobody says whether they wrote, read or drew.
"""

from __future__ import annotations

import csv
import io

from books.metadata.cleaning import read_isbn, read_name, read_year
from books.moving_in.found import Found, text_of, titled
from books.moving_in.table import decoded, dialect_of
from books.moving_models import Status
from tame.lib.errors import BadInputError

COLUMNS = ("Book Id", "Title", "Author", "ISBN", "ISBN13", "Exclusive Shelf")
TO_READ = "to-read"


def is_export(content: bytes) -> bool:
    head = content[:4000].replace(b"\x00", b"").decode("utf-8-sig", errors="replace")
    head = head.partition("\n")[0]
    return all(name in head for name in ("Book Id", "Exclusive Shelf"))


def read(content: bytes) -> list[Found]:
    """Raises BadInputError."""
    text = decoded(content)
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect_of(text))
    lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if lacking:
        raise BadInputError(f"This is no export of Goodreads: it has no column “{lacking[0]}”.")
    try:
        return [line(row) for row in reader]
    except csv.Error as error:
        raise BadInputError(f"This is no table that can be read ({error}).") from error


def line(row: dict[str, str]) -> Found:
    shelf, others = text_of(row["Exclusive Shelf"]), text_of(row.get("Additional Authors"))
    return Found(
        key=f"goodreads:{text_of(row['Book Id'], 40)}",
        authors=(read_name(text_of(row["Author"], 300)),) if row["Author"] else (),
        year=read_year(row.get("Original Publication Year"))
        or read_year(row.get("Year Published")),
        isbn=read_isbn(bare(row["ISBN13"])) or read_isbn(bare(row["ISBN"])),
        status=Status.WISHED if shelf == TO_READ else Status.KNOWN,
        notes=(f"It is on the shelf “{shelf}”.", *([f"With {others}."] if others else [])),
        **titled(text_of(row["Title"])),
    )


def bare(cell: str | None) -> str:
    """Without what keeps a spreadsheet from reading a number."""
    return (cell or "").strip('="')
