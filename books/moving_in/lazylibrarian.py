"""LazyLibrarian's database, lazylibrarian.db: books with the status of their audio.

Tables and columns are those that LazyLibrarian's public source makes (`lazylibrarian/dbupgrade.py`,
read in November 2026): books belong to authors by AuthorID; member links them to series by
SeriesID and has SeriesNum as text; AudioStatus is Wanted, Snatched, Open or Have (it is there),
Skipped or Ignored; AudioFile is the path of the first file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from books.languages import code_of
from books.metadata.cleaning import position_of, read_isbn, read_name, read_year
from books.moving_in.database import Database, Row
from books.moving_in.found import Found, text_of, titled
from books.moving_in.readarr import folder_of, is_sound
from books.moving_models import Status

PROGRAM = "LazyLibrarian"
BOOKS = """
    SELECT b.BookID AS id, b.BookName AS title, b.BookSub AS subtitle, b.BookIsbn AS isbn,
           b.BookDate AS date, b.BookLang AS language, b.Status AS status,
           b.AudioStatus AS audio, b.AudioFile AS file, a.AuthorName AS author
    FROM books b JOIN authors a ON a.AuthorID = b.AuthorID
    ORDER BY a.AuthorName, b.BookDate, b.BookID
"""
PLACES = """
    SELECT m.BookID AS book, s.SeriesName AS series, m.SeriesNum AS position
    FROM member m JOIN series s ON s.SeriesID = m.SeriesID ORDER BY s.SeriesID DESC
"""
THERE = {"open", "have"}
WISHED = {"wanted", "snatched", "matched"}


def read(path: Path) -> list[Found]:
    """Raises BadInputError."""
    with Database(path, PROGRAM) as database:
        database.need("books", ["AuthorID", "BookName", "AudioStatus", "AudioFile"])
        database.need("authors", ["AuthorName"])
        database.need("member", ["SeriesNum"])
        places = {row["book"]: row for row in database.ask(PLACES)}
        return list(lines(database.ask(BOOKS), places))


def lines(books: Iterable[Row], places: dict[str, Row]) -> Iterator[Found]:
    for row in books:
        known, file = titled(text_of(row["title"])), text_of(row["file"], 1000)
        known["subtitle"] = text_of(row["subtitle"]) or known["subtitle"]
        if place := places.get(row["id"]):
            known["series"] = text_of(place["series"], 300)
            known["position"] = position_of(text_of(place["position"], 20))
        yield Found(
            key=f"lazylibrarian:{text_of(row['id'], 100)}",
            authors=(read_name(text_of(row["author"], 300)),) if row["author"] else (),
            year=read_year(text_of(row["date"])),
            language=code_of(text_of(row["language"])),
            isbn=read_isbn(text_of(row["isbn"])),
            status=status_of(row),
            elsewhere=folder_of([file]) if is_sound(file) else "",
            **known,
        )


def status_of(row: Row) -> Status:
    """Of its audio; what is wanted as an e-book alone is only known."""
    audio = text_of(row["audio"]).lower()
    if audio in THERE and is_sound(row["file"]):
        return Status.HAD
    return Status.WISHED if audio in WISHED else Status.KNOWN
