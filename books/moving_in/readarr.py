"""Readarr's database, readarr.db: its books, the monitored ones, and where their files are.

Tables and columns are those of Readarr's public source, migrations 001 to 045 in
`src/NzbDrone.Core/Datastore/Migration` (read in November 2026): Books belong to AuthorMetadata,
Editions to Books, BookFiles to Editions; SeriesBookLink has the position as text. A book is
monitored when it and its author are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from books.languages import code_of
from books.metadata.cleaning import position_of, read_asin, read_isbn, read_name, read_year
from books.moving_in.database import Database, Row
from books.moving_in.found import Found, text_of, titled
from books.moving_models import Status
from books.sound import is_sound

PROGRAM = "Readarr"
BOOKS = """
    SELECT b.Id AS id, b.Title AS title, b.ReleaseDate AS released,
           b.Monitored AS wished, a.Monitored AS author_wished, m.Name AS author
    FROM Books b
    JOIN AuthorMetadata m ON m.Id = b.AuthorMetadataId
    LEFT JOIN Authors a ON a.AuthorMetadataId = m.Id
    ORDER BY m.Name, b.ReleaseDate, b.Id
"""
EDITIONS = """
    SELECT BookId AS book, Isbn13 AS isbn, Asin AS asin, Title AS title, Language AS language
    FROM Editions ORDER BY Monitored, Id DESC
"""
PLACES = """
    SELECT l.BookId AS book, s.Title AS series, l.Position AS position
    FROM SeriesBookLink l JOIN Series s ON s.Id = l.SeriesId ORDER BY l.IsPrimary, l.Id DESC
"""
FILES = """
    SELECT e.BookId AS book, f.Path AS path FROM BookFiles f JOIN Editions e ON e.Id = f.EditionId
    ORDER BY f.Path
"""


def read(path: Path) -> list[Found]:
    """Raises BadInputError."""
    with Database(path, PROGRAM) as database:
        database.need("Books", ["AuthorMetadataId", "Title", "Monitored"])
        database.need("Editions", ["BookId", "Isbn13", "Asin", "Monitored"])
        database.need("BookFiles", ["EditionId", "Path"])
        editions = {row["book"]: row for row in database.ask(EDITIONS)}  # the monitored one is last
        places = {row["book"]: row for row in database.ask(PLACES)}
        files = by_book(database.ask(FILES))
        return list(lines(database.ask(BOOKS), editions, places, files))


def by_book(rows: Iterable[Row]) -> dict[int, list[str]]:
    files: dict[int, list[str]] = {}
    for row in rows:
        if is_recording(row["path"]):
            files.setdefault(row["book"], []).append(row["path"])
    return files


def lines(
    books: Iterable[Row],
    editions: dict[int, Row],
    places: dict[int, Row],
    files: dict[int, list[str]],
) -> Iterator[Found]:
    for row in books:
        edition, place = editions.get(row["id"], {}), places.get(row["id"], {})
        have, wished = files.get(row["id"], []), row["wished"] and row["author_wished"] != 0
        known = titled(text_of(row["title"]))
        if place:
            known["series"] = text_of(place["series"], 300)
            known["position"] = position_of(text_of(place["position"], 20))
        yield Found(
            key=f"readarr:{row['id']}",
            authors=(read_name(text_of(row["author"], 300)),) if row["author"] else (),
            year=read_year(text_of(row["released"])),
            language=code_of(text_of(edition.get("language"))),
            asin=read_asin(text_of(edition.get("asin"))),
            isbn=read_isbn(text_of(edition.get("isbn"))),
            status=Status.HAD if have else Status.WISHED if wished else Status.KNOWN,
            elsewhere=folder_of(have),
            **known,
        )


def is_recording(path: object) -> bool:
    """A database of another program may hold anything."""
    return isinstance(path, str) and is_sound(path)


def folder_of(files: list[str]) -> str:
    """The folder that holds them all, as the other program's machine calls it."""
    if not files:
        return ""
    kind = PureWindowsPath if "\\" in files[0] else PurePosixPath
    parents = [kind(file).parent.parts for file in files]
    common = parents[0]
    for parts in parents[1:]:
        same = [one for one, other in zip(common, parts, strict=False) if one == other]
        common = common[: len(same)]
    return str(kind(*common)) if common else ""
