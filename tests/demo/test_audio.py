"""The committed books: small, whole and with tags a player can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.catalogue import BOOKS, Book, books

SHELF = books()
FILES = [(book, path) for book in SHELF for path in book.files]
FILE_IDS = [f"{book.title} {path.name[:2]}" for book, path in FILES]
ID3_FRAMES = {
    "TIT2": "title",
    "TALB": "album",
    "TPE1": "artist",
    "TCOM": "composer",
    "TRCK": "track",
    "TYER": "year",
    "TCON": "genre",
}
MP4_ATOMS = {
    b"\xa9nam": "title",
    b"\xa9alb": "album",
    b"\xa9ART": "artist",
    b"\xa9wrt": "composer",
    b"trkn": "track",
    b"\xa9day": "year",
    b"\xa9gen": "genre",
}


def id3_tags(data: bytes) -> dict[str, str]:
    """Of an ID3v2.3 block: ten bytes of head, then frames of name, size, two flags, encoding."""
    assert data[:4] == b"ID3\x03"
    end, at, found = 10 + _synchsafe(data[6:10]), 10, {}
    while at < end and data[at]:
        name, size = data[at : at + 4].decode(), int.from_bytes(data[at + 4 : at + 8], "big")
        encoding = "utf-16" if data[at + 10] == 1 else "latin-1"
        found[ID3_FRAMES.get(name, name)] = data[at + 11 : at + 10 + size].decode(encoding)
        at += 10 + size
    return {name: text.rstrip("\0") for name, text in found.items()}


def _synchsafe(size: bytes) -> int:
    return sum(byte << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))


def mp4_tags(data: bytes) -> dict[str, str]:
    """Of an `ilst` list: an atom for each tag, with 16 bytes of `data` head before its value."""
    start = data.index(b"ilst")
    at, found = start + 4, {}
    end = start - 4 + int.from_bytes(data[start - 4 : start], "big")
    while at < end:
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        value = data[at + 24 : at + size]
        text = f"{value[3]}/{value[5]}" if name == b"trkn" else value.decode()
        found[MP4_ATOMS.get(name, name.decode("latin-1"))] = text
        at += size
    return found


def tags(path: Path) -> dict[str, str]:
    data = path.read_bytes()
    return id3_tags(data) if path.suffix == ".mp3" else mp4_tags(data)


def test_there_are_four_books_in_both_kinds() -> None:
    assert [book.title for book in SHELF] == [
        "A Study in Scarlet",
        "Cranford",
        "The Time Machine",
        "Around the World in Eighty Days",
    ]
    assert {book.kind for book in SHELF} == {"MP3", "M4B"}


@pytest.mark.parametrize("book", SHELF, ids=lambda book: book.title)
def test_a_book_has_at_least_two_files(book: Book) -> None:
    assert len(book.files) >= 2


def test_the_books_are_small_enough_to_be_committed() -> None:
    assert sum(book.size for book in SHELF) < 3_000_000


@pytest.mark.parametrize(("book", "path"), FILES, ids=FILE_IDS)
def test_a_file_says_what_it_is(book: Book, path: Path) -> None:
    number, title = path.stem.split(" - ", 1)
    expected = {
        "title": title,
        "album": book.title,
        "artist": book.author,
        "composer": "eSpeak NG",
        "track": f"{int(number)}/{len(book.files)}",
        "year": str(book.year),
        "genre": "Audiobook",
    }
    found = tags(path)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(("book", "path"), FILES, ids=FILE_IDS)
def test_a_file_holds_between_15_and_40_seconds_of_sound(book: Book, path: Path) -> None:
    bytes_per_second = 4_000 if book.kind == "MP3" else 5_600  # 32 kbit/s; AAC goes above
    assert 15 < path.stat().st_size / bytes_per_second < 40


@pytest.mark.parametrize(("book", "path"), FILES, ids=FILE_IDS)
def test_a_file_is_of_the_kind_its_name_says(book: Book, path: Path) -> None:
    data = path.read_bytes()
    if book.kind == "M4B":
        assert data[4:11] == b"ftypM4A"
    else:
        start = 10 + _synchsafe(data[6:10])
        assert data[start : start + 2] == b"\xff\xf3"  # MPEG-2 layer III: 22.05 kHz


def test_every_text_was_read() -> None:
    texts = {(path.parent.name, path.stem) for path in BOOKS.parent.glob("texts/*/*.txt")}
    assert texts == {(path.parent.name, path.stem) for _, path in FILES}
