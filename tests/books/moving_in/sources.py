"""Folders, tables and databases as other programs leave them, with books of the public domain."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

DEMO = Path(__file__).resolve().parents[3] / "demo" / "books"
SOUND = {suffix: min(DEMO.rglob(f"*.{suffix}"), key=lambda p: p.stat().st_size)
         for suffix in ("mp3", "m4b")}  # fmt: skip
BY_HAND = (
    "Jane Austen/Emma/01.mp3",
    "Jane Austen/Emma/02.mp3",
    "Jane Austen/Emma/cover.jpg",
    "Anthony Trollope/Barsetshire/Vol 2 - 1857 - Barchester Towers {Nick Whitley}/1.mp3",
    "Elizabeth Gaskell/Cranford/CD 1/01.mp3",
    "Elizabeth Gaskell/Cranford/CD 2/01.mp3",
    "H. G. Wells - The Time Machine.m4b",
)


def untagged(sound: bytes) -> bytes:
    """The same sound, and nothing that it says of itself."""
    if sound[:3] == b"ID3":
        a, b, c, d = sound[6:10]
        sound = sound[10 + (a << 21 | b << 14 | c << 7 | d) :]
    return sound.replace(b"ilst", b"free")


def put(root: Path, *paths: str) -> Path:
    """Files that can be listened to, or a picture."""
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".jpg":
            target.write_bytes(b"\xff\xd8picture")
        else:
            target.write_bytes(untagged(SOUND[target.suffix[1:]].read_bytes()))
    return root


def snapshot(root: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Everything below: number on the disk, size, time and bytes."""
    return {
        str(path.relative_to(root)): (
            path.stat().st_ino,
            path.stat().st_size,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(root.rglob("*"))
    }


READARR = """
CREATE TABLE "Authors" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "CleanName" TEXT NOT NULL,
    "Path" TEXT NOT NULL, "Monitored" INTEGER NOT NULL, "LastInfoSync" DATETIME, "SortName" TEXT,
    "QualityProfileId" INTEGER, "Tags" TEXT, "Added" DATETIME, "AddOptions" TEXT,
    "MetadataProfileId" INTEGER NOT NULL DEFAULT 1, "AuthorMetadataId" INTEGER NOT NULL,
    "MonitorNewItems" INTEGER NOT NULL DEFAULT 0);
CREATE TABLE "AuthorMetadata" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "ForeignAuthorId" TEXT NOT NULL, "TitleSlug" TEXT NOT NULL, "Name" TEXT NOT NULL,
    "Overview" TEXT, "Disambiguation" TEXT, "Gender" TEXT, "Hometown" TEXT, "Born" DATETIME,
    "Died" DATETIME, "Status" INTEGER NOT NULL, "Images" TEXT NOT NULL, "Links" TEXT, "Genres" TEXT,
    "Ratings" TEXT, "Aliases" TEXT NOT NULL DEFAULT '[]', "SortName" TEXT, "NameLastFirst" TEXT,
    "SortNameLastFirst" TEXT);
CREATE TABLE "Books" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "AuthorMetadataId" INTEGER NOT NULL DEFAULT 0, "ForeignBookId" TEXT NOT NULL,
    "TitleSlug" TEXT NOT NULL, "Title" TEXT NOT NULL, "ReleaseDate" DATETIME, "Links" TEXT,
    "Genres" TEXT, "Ratings" TEXT, "CleanTitle" TEXT NOT NULL, "Monitored" INTEGER NOT NULL,
    "AnyEditionOk" INTEGER NOT NULL, "LastInfoSync" DATETIME, "Added" DATETIME, "AddOptions" TEXT,
    "RelatedBooks" TEXT NOT NULL DEFAULT '[]', "LastSearchTime" DATETIME);
CREATE TABLE "Editions" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "BookId" INTEGER NOT NULL DEFAULT 0, "ForeignEditionId" TEXT NOT NULL, "Isbn13" TEXT,
    "Asin" TEXT, "Title" TEXT NOT NULL, "TitleSlug" TEXT NOT NULL, "Language" TEXT, "Overview" TEXT,
    "Format" TEXT, "IsEbook" INTEGER, "Disambiguation" TEXT, "Publisher" TEXT, "PageCount" INTEGER,
    "ReleaseDate" DATETIME, "Images" TEXT NOT NULL, "Links" TEXT, "Ratings" TEXT,
    "Monitored" INTEGER NOT NULL, "ManualAdd" INTEGER NOT NULL);
CREATE TABLE "Series" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "ForeignSeriesId" TEXT NOT NULL, "Title" TEXT NOT NULL, "Description" TEXT,
    "Numbered" INTEGER NOT NULL, "WorkCount" INTEGER NOT NULL, "PrimaryWorkCount" INTEGER NOT NULL);
CREATE TABLE "SeriesBookLink" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "SeriesId" INTEGER NOT NULL, "BookId" INTEGER NOT NULL, "Position" TEXT,
    "IsPrimary" INTEGER NOT NULL, "SeriesPosition" INTEGER NOT NULL DEFAULT 0);
CREATE TABLE "BookFiles" ("Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "EditionId" INTEGER NOT NULL, "CalibreId" INTEGER NOT NULL, "Quality" TEXT NOT NULL,
    "Size" INTEGER NOT NULL, "SceneName" TEXT, "DateAdded" DATETIME NOT NULL, "ReleaseGroup" TEXT,
    "MediaInfo" TEXT, "Modified" DATETIME NOT NULL DEFAULT '2000-01-01 00:00:00Z',
    "Path" TEXT NOT NULL UNIQUE, "Part" INTEGER NOT NULL DEFAULT 1);
INSERT INTO AuthorMetadata (Id, ForeignAuthorId, TitleSlug, Name, Status, Images) VALUES
    (1, '20524', 'anthony-trollope', 'Anthony Trollope', 0, '[]'),
    (2, '1265', 'jane-austen', 'Jane Austen', 1, '[]');
INSERT INTO Authors (Id, CleanName, Path, Monitored, AuthorMetadataId) VALUES
    (7, 'anthonytrollope', '/books/Anthony Trollope', 1, 1),
    (8, 'janeausten', '/books/Jane Austen', 0, 2);
INSERT INTO Books (Id, AuthorMetadataId, ForeignBookId, TitleSlug, Title, ReleaseDate, CleanTitle,
    Monitored, AnyEditionOk) VALUES
    (1, 1, 'w1', 'w1', 'The Warden', '1855-01-05 00:00:00Z', 'thewarden', 1, 1),
    (2, 1, 'w2', 'w2', 'Barchester Towers', '1857-01-01 00:00:00Z', 'barchestertowers', 1, 1),
    (3, 1, 'w3', 'w3', 'Doctor Thorne', '1858-01-01 00:00:00Z', 'doctorthorne', 0, 1),
    (4, 2, 'w4', 'w4', 'Emma', '1815-12-23 00:00:00Z', 'emma', 1, 0);
INSERT INTO Editions (Id, BookId, ForeignEditionId, Isbn13, Asin, Title, TitleSlug, Language,
    IsEbook, Images, Monitored, ManualAdd) VALUES
    (11, 1, 'e11', '9780140432145', NULL, 'The Warden', 'e11', 'eng', 0, '[]', 0, 0),
    (12, 1, 'e12', NULL, 'B002V0PWCM', 'The Warden', 'e12', 'English', 0, '[]', 1, 0),
    (21, 2, 'e21', '9780140432039', NULL, 'Barchester Towers', 'e21', 'eng', 0, '[]', 1, 0),
    (31, 3, 'e31', NULL, NULL, 'Doctor Thorne', 'e31', NULL, 1, '[]', 1, 0),
    (41, 4, 'e41', NULL, NULL, 'Emma', 'e41', 'eng', 0, '[]', 1, 0);
INSERT INTO Series (Id, ForeignSeriesId, Title, Numbered, WorkCount, PrimaryWorkCount) VALUES
    (1, 's1', 'Barsetshire', 1, 7, 6);
INSERT INTO SeriesBookLink (SeriesId, BookId, Position, IsPrimary) VALUES
    (1, 1, '1', 1), (1, 2, '2', 1), (1, 3, '3', 1);
"""


def readarr(path: Path, files: Sequence[tuple[int, str]] = ()) -> Path:
    """`files`: an edition's number, and a path."""
    with sqlite3.connect(path) as database:
        database.executescript(READARR)
        database.executemany(
            "INSERT INTO BookFiles (EditionId, CalibreId, Quality, Size, DateAdded, Path) "
            "VALUES (?, 0, '{}', 5, '2020-01-01 00:00:00Z', ?)",
            files,
        )
    database.close()
    return path


OF_BOOKS = """BookName TEXT, BookSub TEXT, BookDesc TEXT, BookGenre TEXT, BookIsbn TEXT,
    BookPub TEXT, BookRate INTEGER, BookImg TEXT, BookPages INTEGER, BookLink TEXT,
    BookID TEXT UNIQUE, BookFile TEXT, BookDate TEXT, BookLang TEXT, BookAdded TEXT, Status TEXT,
    WorkPage TEXT, Manual TEXT, SeriesDisplay TEXT, BookLibrary TEXT, AudioFile TEXT,
    AudioLibrary TEXT, AudioStatus TEXT, WorkID TEXT, ScanResult TEXT, OriginalPubDate TEXT,
    Requester TEXT, AudioRequester TEXT"""
LAZYLIBRARIAN = """
CREATE TABLE authors (AuthorID TEXT UNIQUE, AuthorName TEXT UNIQUE, AuthorImg TEXT, AuthorLink TEXT,
    DateAdded TEXT, Status TEXT, LastBook TEXT, HaveBooks INTEGER DEFAULT 0,
    TotalBooks INTEGER DEFAULT 0, Manual TEXT, Reason TEXT);
CREATE TABLE series (SeriesID INTEGER UNIQUE, SeriesName TEXT, Status TEXT, Have INTEGER DEFAULT 0,
    Total INTEGER DEFAULT 0, Updated INTEGER DEFAULT 0);
INSERT INTO authors (AuthorID, AuthorName) VALUES
    ('a1', 'Charles Dickens'), ('a2', 'Hablot Browne');
INSERT INTO books (BookID, BookName, BookSub, BookIsbn, BookDate, BookLang, Status, AudioFile,
    AudioStatus) VALUES
    ('b1', 'Bleak House', '', '9780141439723', '1853', 'en', 'Open', NULL, 'Wanted'),
    ('b2', 'Hard Times', 'For These Times', '', '1854-04-01', 'en', 'Skipped',
     '/audio/Dickens/Hard Times/01.mp3', 'Open'),
    ('b3', 'Little Dorrit', '', '', '1857', 'Unknown', 'Wanted', NULL, 'Skipped');
INSERT INTO series (SeriesID, SeriesName) VALUES (5, 'Novels in parts');
INSERT INTO member VALUES (5, 'b1', '', '9');
"""
UNTIL_59 = f"""
CREATE TABLE books (AuthorID TEXT, {OF_BOOKS});
CREATE TABLE member (SeriesID INTEGER, BookID TEXT, WorkID TEXT, SeriesNum TEXT);
{LAZYLIBRARIAN}
UPDATE books SET AuthorID = 'a1';
"""  # noqa: S608 - our own words
SINCE_60 = f"""
CREATE TABLE books ({OF_BOOKS}, LT_WorkID TEXT, gr_id TEXT, Narrator TEXT, ol_id TEXT, gb_id TEXT,
    hc_id TEXT);
CREATE TABLE bookauthors (AuthorID TEXT, BookID TEXT, Role TEXT, UNIQUE (AuthorID, BookID, Role));
CREATE TABLE member (SeriesID INTEGER, BookID TEXT, WorkID TEXT, SeriesNum TEXT);
{LAZYLIBRARIAN}
UPDATE books SET Narrator = 'Mil Nicholson' WHERE BookID = 'b1';
INSERT INTO bookauthors VALUES
    ('a1', 'b1', ''), ('a2', 'b1', '2'), ('a1', 'b2', ''), ('a1', 'b3', '');
"""  # noqa: S608 - our own words


def lazylibrarian(path: Path, script: str = UNTIL_59) -> Path:
    with sqlite3.connect(path) as database:
        database.executescript(script)
    database.close()
    return path


def lazylibrarian_now(path: Path) -> Path:
    return lazylibrarian(path, SINCE_60)


GOODREADS = '''\
Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,\
Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,\
Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies
1,"The Warden (Chronicles of Barsetshire, #1)",Anthony Trollope,"Trollope, Anthony",David Skilton,\
"=""0140432140""","=""9780140432145""",0,3.8,Penguin,Paperback,336,2004,1855,,2020/01/01,to-read,\
to-read (#1),to-read,,,,0,0
2,Middlemarch: A Study of Provincial Life,George Eliot,"Eliot, George",,"=""""","=""""",5,4.0,,,,\
2003,1871,2021/02/02,2020/01/01,,,read,,,,1,0
'''
