"""Folders are read by the server's own rules; tags fill what they leave open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from books.moving_in import folders
from books.moving_in.scan import scan
from tame.lib.errors import LocalError
from tests.books.moving_in.sources import BY_HAND, SOUND, put, snapshot


def test_the_first_folder_with_sound_is_a_book(tmp_path: Path) -> None:
    put(tmp_path, *BY_HAND, ".tame/x/01.mp3", "Notes/readme.jpg")
    found = {book.folder: [file.path for file in book.files] for book in scan(tmp_path).books}
    assert found == {
        "Jane Austen/Emma": ["01.mp3", "02.mp3", "cover.jpg"],
        "Anthony Trollope/Barsetshire/Vol 2 - 1857 - Barchester Towers {Nick Whitley}": ["1.mp3"],
        "Elizabeth Gaskell/Cranford": ["CD 1/01.mp3", "CD 2/01.mp3"],
        "H. G. Wells - The Time Machine.m4b": [""],
    }


def test_books_are_known_by_their_folders(tmp_path: Path) -> None:
    before = snapshot(put(tmp_path, *BY_HAND))
    found = {one.title: one for one in folders.read(tmp_path)}
    assert set(found) == {"Emma", "Barchester Towers", "Cranford", "The Time Machine"}
    towers = found["Barchester Towers"]
    assert (towers.authors, towers.series, towers.position, towers.year, towers.narrators) == (
        ("Anthony Trollope",), "Barsetshire", "2", 1857, ("Nick Whitley",),
    )  # fmt: skip
    assert found["The Time Machine"].authors == ("H. G. Wells",)
    assert found["The Time Machine"].format == "m4b"
    assert found["Emma"].seconds
    assert snapshot(tmp_path) == before


def test_tags_tell_more_and_the_folder_is_heard(tmp_path: Path) -> None:
    put(tmp_path, "Jane Austen/Sense/01.mp3")
    shutil.copy(SOUND["mp3"], tmp_path / "Jane Austen/Sense/01.mp3")
    [found] = folders.read(tmp_path)
    assert found.title != "Sense"
    assert found.authors == ("Jane Austen",)
    assert found.notes == ("Its folder calls it “Sense”.",)


def test_several_books_in_one_folder_are_doubted(tmp_path: Path) -> None:
    put(tmp_path, "Jane Austen/01.mp3", "Jane Austen/Emma/01.mp3")
    [found] = folders.read(tmp_path)
    assert found.doubt.endswith("perhaps several books.")


def test_what_cannot_be_played_is_said(tmp_path: Path) -> None:
    put(tmp_path, "Jane Austen/Emma/01.mp3")
    (tmp_path / "Jane Austen/Emma/02.mp3").write_bytes(b"a text")
    [found] = folders.read(tmp_path)
    assert "1 of its files cannot be played, the first: 02.mp3." in found.notes


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="Is its disk mounted"):
        folders.read(tmp_path, "nowhere")
