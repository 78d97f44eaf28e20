"""What files say of their book: tags that are right, tags that are not, and names of folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from books.metadata import Proposal
from books.metadata.files import of_files, of_folder, readers, two_readings
from books.metadata.folder_names import of_names

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
VERNE = ["Jules Verne", "Around the World in Eighty Days"]


def read(folders: list[str], *files: dict[str, str]) -> Proposal:
    return of_files(folders, files)


def test_the_demo_s_books_are_read_from_the_disk() -> None:
    found = of_folder(BOOKS / "Elizabeth Gaskell - Cranford (1853)", BOOKS)
    assert (found.title, found.authors, found.year) == ("Cranford", ("Elizabeth Gaskell",), 1853)
    assert found.narrators == ("eSpeak NG",)


def test_a_folder_without_sound_says_its_name_only(tmp_path: Path) -> None:
    (tmp_path / "Jane Austen" / "Emma").mkdir(parents=True)
    (tmp_path / "Jane Austen" / "Emma" / "01.mp3").write_bytes(b"no sound")
    found = of_folder(tmp_path / "Jane Austen" / "Emma", tmp_path)
    assert (found.title, found.authors, found.narrators) == ("Emma", ("Jane Austen",), ())


@pytest.mark.parametrize(
    ("folders", "title", "authors", "series", "year"),
    [
        (["Jane Austen", "Emma"], "Emma", ["Jane Austen"], (), None),
        (["Trollope, Anthony", "Barsetshire", "Vol 1 - 1855 - The Warden"], "The Warden",
         ["Anthony Trollope"], (("Barsetshire", "1"),), 1855),
        (["Anthony Trollope", "Barsetshire", "2. Barchester Towers"], "Barchester Towers",
         ["Anthony Trollope"], (("Barsetshire", "2"),), None),
        (["Anthony Trollope - Barsetshire 01 - The Warden (1855)"], "The Warden",
         ["Anthony Trollope"], (("Barsetshire", "1"),), 1855),
        (["The Time Machine by H. G. Wells"], "The Time Machine", ["H. G. Wells"], (), None),
        (["Jane Austen", "Jane Austen - Emma (1815)"], "Emma", ["Jane Austen"], (), 1815),
        (["Leo Tolstoy", "War and Peace", "CD 1"], "War and Peace", ["Leo Tolstoy"], (), None),
        (["Emma.m4b"], "Emma", [], (), None),
        (["George Orwell", "1984"], "1984", ["George Orwell"], (), None),
        ([], "", [], (), None),
    ],
)  # fmt: skip
def test_folders_are_read(
    folders: list[str], title: str, authors: list[str], series: object, year: int | None
) -> None:
    found = of_names(folders)
    assert (found.title, list(found.authors), found.series, found.year) \
        == (title, authors, series, year)  # fmt: skip


def test_narrator_and_asin_stand_in_brackets_of_their_own() -> None:
    found = of_names(["Jane Austen", "Emma {Ann Reader, Bob Reader} [B002V1A0WE]"])
    assert (found.title, found.asin) == ("Emma", "B002V1A0WE")
    assert found.narrators == ("Ann Reader", "Bob Reader")


@pytest.mark.parametrize(
    "tags",
    [
        {"composer": "Mark F. Smith", "artist": "Jules Verne"},
        {"narrator": "Mark F. Smith", "composer": "Jules Verne", "artist": "Jules Verne"},
        {"artist": "Jules Verne", "comment": "Read by Mark F. Smith. A LibriVox recording."},
        {"artist": "Mark F. Smith", "albumartist": "Verne, Jules"},
        {"artist": "Mark F. Smith"},
        {"artist": "Jules Verne, Mark F. Smith"},
        {"artist": "Mark F. Smith", "composer": "JULES VERNE"},
        {
            "artist": "Jules Verne",
            "album": "Around the World in Eighty Days, read by Mark F. Smith",
        },
    ],
)
def test_the_narrator_stands_in_many_places(tags: dict[str, str]) -> None:
    found = read(VERNE, {"album": VERNE[1]} | tags)
    assert (found.title, found.authors) == (VERNE[1], ("Jules Verne",))
    assert found.narrators == ("Mark F. Smith",)


@pytest.mark.parametrize(
    "album", ["", "Chapter 1", "01 - Chapter One", "Track 3", "CD 2", "Part 4"]
)
def test_a_chapter_is_not_the_book(album: str) -> None:
    assert read(VERNE, {"album": album, "title": "Chapter 1"}).title == VERNE[1]


def test_the_series_is_not_the_book_either() -> None:
    found = read(["Anthony Trollope", "Barsetshire", "1. The Warden"], {"album": "Barsetshire"})
    assert (found.title, found.series) == ("The Warden", (("Barsetshire", "1"),))


def test_a_name_may_be_the_other_way_round() -> None:
    found = read(["Cranford - Elizabeth Gaskell"], {"artist": "Gaskell, Elizabeth"})
    assert (found.title, found.authors) == ("Cranford", ("Elizabeth Gaskell",))


@pytest.mark.parametrize(
    ("folders", "tags", "differ"),
    [
        ("Jane Austen/Emma", {"album": "Cranford", "artist": "Elizabeth Gaskell"}, True),
        ("Jane Austen - Emma", {"album": "Cranford", "artist": "Elizabeth Gaskell"}, True),
        ("Jane Austen/Emma", {"album": "Cranford"}, True),
        ("Jane Austen/Sense", {"album": "Sense and Sensibility"}, False),
        ("Jane Austen/x", {"album": "Emma", "artist": "Austen, Jane"}, False),
        ("Jane Austen/Emma", {"album": "Emma (Unabridged)", "artist": "Ann Reader"}, False),
        ("Jane Austen/Emma", {"album": "Jane Austen", "artist": "Ann Reader"}, False),
        ("Jane Austen/Emma", {"album": "Chapter 1", "artist": "Ann Reader"}, False),
        ("Cranford - Elizabeth Gaskell", {"album": "Cranford", "artist": "E. Gaskell"}, False),
        ("Emma", {"album": "Cranford", "artist": "Elizabeth Gaskell"}, False),
    ],
)
def test_names_and_tags_may_speak_of_two_books(
    folders: str, tags: dict[str, str], differ: bool
) -> None:
    assert (two_readings(folders.split("/"), [tags]) is not None) is differ


@pytest.mark.parametrize(
    "tags",
    [
        {"series": "Barsetshire", "series-part": "1"},
        {"show": "The Barsetshire Series", "episode_id": "01"},
        {"grouping": "Barsetshire #1"},
        {"album": "The Warden (Barsetshire, Book 1)"},
    ],
)
def test_the_series_stands_in_many_places(tags: dict[str, str]) -> None:
    assert read(["The Warden"], {"album": "The Warden"} | tags).series == (("Barsetshire", "1"),)


def test_what_most_files_say_counts() -> None:
    files = [{"album": "Emma"}, {"album": "Emma"}, {"album": "Persuasion"}]
    assert read(["x"], *files).title == "Emma"


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ({"artist": "Jules Verne", "composer": "Ann Reader"}, ("Ann Reader",)),
        ({"artist": "Ann Reader", "composer": "Jules Verne"}, ("Ann Reader",)),
        ({"artist": "Ann Reader", "albumartist": "Verne, Jules"}, ("Ann Reader",)),
        ({"artist": "Jules Verne", "comment": "Read by Ann Reader."}, ("Ann Reader",)),
        ({"artist": "Some Publishing House"}, ()),
        ({"artist": "Jules Verne"}, ()),
        ({"artist": "LibriVox"}, ()),
        ({}, ()),
    ],
)
def test_who_reads_is_who_the_tags_name_as_such(
    tags: dict[str, str], names: tuple[str, ...]
) -> None:
    assert readers([tags], ["Jules Verne"]) == names
