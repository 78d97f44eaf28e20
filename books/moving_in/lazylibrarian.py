"""LazyLibrarian's database, lazylibrarian.db: books with the status of their audio.

Tables and columns are those that LazyLibrarian's public source makes (`lazylibrarian/dbupgrade.py`,
read in November 2026): until about database version 60 books belong to authors by AuthorID; newer
ones have no such column, but bookauthors with the first author first, and may have a Narrator.
member links books to series by SeriesID and has SeriesNum as text; AudioStatus is Wanted, Snatched,
Open or Have (it is there), Skipped or Ignored; AudioFile is the path of the first file.
"""

from __future__ import annotations

from pathlib import Path

from books.languages import code_of
from books.metadata.cleaning import position_of, read_isbn, read_name, read_names, read_year
from books.moving_in.database import Database, Row
from books.moving_in.found import Found, text_of, titled
from books.moving_in.readarr import folder_of, is_recording
from books.moving_models import Status

PROGRAM = "LazyLibrarian"
BOOKS = """
    SELECT b.BookID AS id, b.BookName AS title, b.BookSub AS subtitle, b.BookIsbn AS isbn,
           b.BookDate AS date, b.BookLang AS language, b.Status AS status,
           b.AudioStatus AS audio, b.AudioFile AS file, {narrator} AS narrator
    FROM books b ORDER BY b.BookDate, b.BookID
"""
AUTHORS = """
    SELECT b.BookID AS book, a.AuthorName AS author
    FROM books b JOIN authors a ON a.AuthorID = b.AuthorID
"""
SEVERAL_AUTHORS = """
    SELECT l.BookID AS book, a.AuthorName AS author
    FROM bookauthors l JOIN authors a ON a.AuthorID = l.AuthorID ORDER BY l.rowid
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
        columns = database.columns("books")
        has_one = "authorid" in columns or not database.columns("bookauthors")
        database.need("books", ["BookName", "AudioStatus", "AudioFile", *["AuthorID"] * has_one])
        database.need("authors", ["AuthorName"])
        database.need("member", ["SeriesNum"])
        places = {row["book"]: row for row in database.ask(PLACES)}
        authors: dict[str, list[str]] = {}
        for row in database.ask(AUTHORS if has_one else SEVERAL_AUTHORS):
            authors.setdefault(row["book"], []).append(text_of(row["author"], 300))
        narrator = "b.Narrator" if "narrator" in columns else "NULL"
        rows = database.ask(BOOKS.format(narrator=narrator))
        found = [line(row, authors.get(row["id"], []), places.get(row["id"])) for row in rows]
    return sorted(found, key=lambda one: one.authors)


def line(row: Row, authors: list[str], place: Row | None) -> Found:
    """Of further authors nobody says whether they wrote, read or drew."""
    known, file = titled(text_of(row["title"])), text_of(row["file"], 1000)
    known["subtitle"] = text_of(row["subtitle"]) or known["subtitle"]
    if place:
        known["series"] = text_of(place["series"], 300)
        known["position"] = position_of(text_of(place["position"], 20))
    return Found(
        key=f"lazylibrarian:{text_of(row['id'], 100)}",
        authors=tuple(read_name(name) for name in authors[:1] if name),
        narrators=read_names(text_of(row["narrator"], 1000)),
        year=read_year(text_of(row["date"])),
        language=code_of(text_of(row["language"])),
        isbn=read_isbn(text_of(row["isbn"])),
        status=status_of(row),
        elsewhere=folder_of([file]) if is_recording(file) else "",
        notes=(f"With {', '.join(authors[1:])}.",) if authors[1:] else (),
        **known,
    )


def status_of(row: Row) -> Status:
    """Of its audio; what is wanted as an e-book alone is only known."""
    audio = text_of(row["audio"]).lower()
    if audio in THERE and is_recording(row["file"]):
        return Status.HAD
    return Status.WISHED if audio in WISHED else Status.KNOWN
