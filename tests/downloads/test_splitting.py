"""Several books in one torrent: each file goes to its book, or a person says which it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from downloads.splitting import Named, Split, labels_of, may_be_in, split, words_in

TROLLOPE = ("Anthony Trollope",)
WARDEN = Named(1, "The Warden", people=TROLLOPE, series=("Barsetshire",), number=1)
TOWERS = Named(2, "Barchester Towers", people=TROLLOPE, series=("Barsetshire",), number=2)
THORNE = Named(3, "Doctor Thorne", people=TROLLOPE, series=("Barsetshire",), number=3)
EMMA = Named(4, "Emma", people=("Jane Austen",))
LIFE = Named(5, "The Life of Emma Brown", people=("Jane Austen",))
SET = (WARDEN, TOWERS, THORNE)


def parted(
    *paths: str, books: Sequence[Named] = SET, albums: Mapping[str, str] | None = None
) -> Split:
    told = albums or {}

    def with_books(some: Sequence[Named]) -> Split:
        return split(paths, some, lambda path: told.get(path, ""))

    labels = [words_in(label) for label in (*labels_of(paths), *told.values())]
    whole = with_books(books)
    named = [b for b in books if may_be_in(labels, b.title, [(s, b.number) for s in b.series])]
    assert with_books(named) == whole  # of the others nothing has to be known
    return whole


@pytest.mark.parametrize(
    "label",
    [
        "The Warden",
        "01 - The Warden",
        "1. Warden",
        "Barsetshire 1 - The Warden (1855) {Ann Reader} [B00ABCDEFG]",
        "Anthony Trollope - [Barsetshire 01] - The Warden",
        "the_warden_mp3_64kbps",
        "The Warden (Unabridged)",
        "The Warden read by Ann Reader",
        "Book 1 - The Warden",
        "Barsetshire 1",
        "Book 1",
        "WARDEN, THE",
        "The Warden - complete",
    ],
)
def test_a_folder_is_the_book_that_its_name_names(label: str) -> None:
    own, other = f"Set/{label}/01.mp3", "Set/Barchester Towers/01.mp3"
    assert parted(own, other).of == {own: 1, other: 2}


@pytest.mark.parametrize(
    "label", ["The Warden of Windsor", "The Warden and the Wolf", "Extras", "The Last Chronicle"]
)
def test_another_name_is_not_the_book(label: str) -> None:
    own, other = f"Set/{label}/01.mp3", "Set/Barchester Towers/01.mp3"
    assert parted(own, other).of == {other: 2}


def test_what_may_be_the_book_is_told() -> None:
    assert parted("Set/The Warden and the Wolf/1.mp3", "Set/Doctor Thorne/1.mp3").doubtful == {
        1: ["The Warden and the Wolf"]
    }


def test_the_longer_title_takes_its_words() -> None:
    own, other = "Set/Emma/1.mp3", "Set/The Life of Emma Brown/1.mp3"
    assert parted(own, other, books=(EMMA, LIFE)).of == {own: 4, other: 5}


def test_discs_of_a_book_stay_together() -> None:
    paths = [f"Set/The Warden/CD {disc}/01.mp3" for disc in (1, 2)]
    other = "Set/Doctor Thorne/Barchester Towers.mp3"  # a chapter with another book's title
    assert parted(*paths, other).of == dict.fromkeys(paths, 1) | {other: 3}


def test_folders_that_hold_several_are_looked_into() -> None:
    own = "Set/The Warden and Barchester Towers/The Warden.m4b"
    second = "Set/The Warden and Barchester Towers/Barchester Towers.m4b"
    third = "Set/Doctor Thorne.m4b"
    assert parted(own, second, third).of == {own: 1, second: 2, third: 3}


def test_files_are_told_apart_by_name() -> None:
    paths = ["Set/01 The Warden.m4b", "Set/02 Barchester Towers.m4b", "Set/03 Doctor Thorne.m4b"]
    assert list(parted(*paths).of.values()) == [1, 2, 3]


def test_a_chapter_behind_the_title_does_no_harm() -> None:
    own, other = "Set/The Warden - 02 - Hiram.mp3", "Set/Doctor Thorne - 01 - Greshamsbury.mp3"
    assert parted(own, other).of == {own: 1, other: 3}


def test_where_names_say_nothing_the_album_does() -> None:
    own, other = "Set/a/01.mp3", "Set/b/01.mp3"
    albums = {own: "The Warden (Unabridged)", other: "Barchester Towers"}
    assert parted(own, other, albums=albums).of == {own: 1, other: 2}


def test_what_nothing_names_belongs_to_nobody() -> None:
    assert parted("Set/a/01.mp3", "Set/b/01.mp3").of == {}


def test_a_numbered_folder_alone_is_a_disc() -> None:
    assert parted("Set/1/01.mp3", "Set/2/01.mp3").of == {}
