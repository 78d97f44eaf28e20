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
CREATE TABLE Authors (Id INTEGER PRIMARY KEY, Monitored INTEGER, AuthorMetadataId INTEGER);
CREATE TABLE AuthorMetadata (Id INTEGER PRIMARY KEY, Name TEXT);
CREATE TABLE Books (Id INTEGER PRIMARY KEY, AuthorMetadataId INTEGER, Title TEXT,
    ReleaseDate TEXT, Monitored INTEGER);
CREATE TABLE Editions (Id INTEGER PRIMARY KEY, BookId INTEGER, Isbn13 TEXT, Asin TEXT, Title TEXT,
    Language TEXT, Monitored INTEGER);
CREATE TABLE Series (Id INTEGER PRIMARY KEY, Title TEXT);
CREATE TABLE SeriesBookLink (Id INTEGER PRIMARY KEY, SeriesId INTEGER, BookId INTEGER,
    Position TEXT, IsPrimary INTEGER);
CREATE TABLE BookFiles (Id INTEGER PRIMARY KEY, EditionId INTEGER, Path TEXT);
INSERT INTO AuthorMetadata VALUES (1, 'Anthony Trollope'), (2, 'Jane Austen');
INSERT INTO Authors VALUES (7, 1, 1), (8, 0, 2);
INSERT INTO Books VALUES (1, 1, 'The Warden', '1855-01-05 00:00:00Z', 1),
    (2, 1, 'Barchester Towers', '1857-01-01 00:00:00Z', 1),
    (3, 1, 'Doctor Thorne', '1858-01-01 00:00:00Z', 0),
    (4, 2, 'Emma', '1815-12-23 00:00:00Z', 1);
INSERT INTO Editions VALUES (11, 1, '9780140432145', NULL, 'The Warden', 'eng', 0),
    (12, 1, NULL, 'B002V0PWCM', 'The Warden', 'English', 1),
    (21, 2, '9780140432039', NULL, 'Barchester Towers', 'eng', 1),
    (31, 3, NULL, NULL, 'Doctor Thorne', NULL, 1), (41, 4, NULL, NULL, 'Emma', 'eng', 1);
INSERT INTO Series VALUES (1, 'Barsetshire');
INSERT INTO SeriesBookLink VALUES (1, 1, 1, '1', 1), (2, 1, 2, '2', 1), (3, 1, 3, '3', 1);
"""


def readarr(path: Path, files: Sequence[tuple[int, str]] = ()) -> Path:
    """`files`: an edition's number, and a path."""
    with sqlite3.connect(path) as database:
        database.executescript(READARR)
        database.executemany("INSERT INTO BookFiles (EditionId, Path) VALUES (?, ?)", files)
    database.close()
    return path


LAZYLIBRARIAN = """
CREATE TABLE authors (AuthorID TEXT UNIQUE, AuthorName TEXT UNIQUE);
CREATE TABLE books (AuthorID TEXT, BookName TEXT, BookSub TEXT, BookIsbn TEXT, BookID TEXT UNIQUE,
    BookDate TEXT, BookLang TEXT, Status TEXT, AudioFile TEXT, AudioStatus TEXT);
CREATE TABLE series (SeriesID INTEGER UNIQUE, SeriesName TEXT);
CREATE TABLE member (SeriesID INTEGER, BookID TEXT, WorkID TEXT, SeriesNum TEXT);
INSERT INTO authors VALUES ('a1', 'Charles Dickens');
INSERT INTO books VALUES
    ('a1', 'Bleak House', '', '9780141439723', 'b1', '1853', 'en', 'Open', NULL, 'Wanted'),
    ('a1', 'Hard Times', 'For These Times', '', 'b2', '1854-04-01', 'en', 'Skipped',
     '/audio/Dickens/Hard Times/01.mp3', 'Open'),
    ('a1', 'Little Dorrit', '', '', 'b3', '1857', 'Unknown', 'Wanted', NULL, 'Skipped');
INSERT INTO series VALUES (5, 'Novels in parts');
INSERT INTO member VALUES (5, 'b1', '', '9');
"""


def lazylibrarian(path: Path) -> Path:
    with sqlite3.connect(path) as database:
        database.executescript(LAZYLIBRARIAN)
    database.close()
    return path


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
