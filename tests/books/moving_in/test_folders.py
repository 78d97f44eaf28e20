"""Folders are read by the server's own rules; tags fill what they leave open."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from books.moving_in import folders
from books.moving_in.preview import lines_of
from books.moving_in.scan import BookFolder, scan
from tame.lib.errors import LocalError
from tests.books.moving_in.sources import BY_HAND, SOUND, put, snapshot
from tests.factory import make_book


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
    put(tmp_path, "Arthur Conan Doyle/Scarlet/01.mp3")
    shutil.copy(SOUND["mp3"], tmp_path / "Arthur Conan Doyle/Scarlet/01.mp3")
    [found] = folders.read(tmp_path)
    assert (found.title, found.authors) == ("A Study in Scarlet", ("Arthur Conan Doyle",))
    assert (found.doubt, found.notes) == ("", ("Its folder calls it “Scarlet”.",))


@pytest.mark.parametrize("is_here", [False, True])
def test_tags_and_folder_of_two_books_are_not_mixed(
    tmp_path: Path, db: None, is_here: bool
) -> None:
    """Neither the title of one by the author of the other, nor decided."""
    if is_here:
        make_book("Emma", "Jane Austen")
    put(tmp_path, "Jane Austen/Emma/01.mp3")
    shutil.copy(SOUND["m4b"], tmp_path / "Jane Austen/Emma/01.m4b")
    (tmp_path / "Jane Austen/Emma/01.mp3").unlink()
    [line] = lines_of(folders.read(tmp_path))
    sentence = (
        "Its folder says “Emma” by Jane Austen, its tags say “Cranford” by Elizabeth Gaskell: say "
        "which it is."
    )
    assert (line.match, line.action, line.why) == ("unsure", "", sentence)
    assert (line.title, line.authors, line.notes) == ("Emma", "Jane Austen", sentence)
    assert len(line.alike) == is_here


def test_several_books_in_one_folder_are_doubted(tmp_path: Path) -> None:
    put(tmp_path, "Jane Austen/01.mp3", "Jane Austen/Emma/01.mp3")
    [found] = folders.read(tmp_path)
    assert found.doubt.endswith("perhaps several books.")


def test_several_books_in_an_author_s_folder_are_doubted() -> None:
    """Audiobookshelf takes all of them for one book."""
    tags = [{"album": "Emma"}, {"album": ""}, {}, {"album": "Persuasion (Disc 1)"}]
    doubt = folders.doubt_of(BookFolder("Jane Austen", ()), tags)
    assert doubt == "Its files are of several books: Emma, Persuasion."


def test_a_single_file_in_an_author_s_folder_is_a_question(tmp_path: Path, db: None) -> None:
    """Nothing tells whether the folder is a title or an author."""
    put(tmp_path, "Jane Austen/Emma.m4b")
    [line] = lines_of(folders.read(tmp_path))
    assert (line.match, line.why) == ("unsure", "No author is known.")


@pytest.mark.parametrize("albums", [("Emma (Disc 1)", "Emma (Disc 2)"), ("Emma CD1", "Emma CD2")])
def test_discs_are_one_book(albums: tuple[str, str]) -> None:
    tags = [{"album": album} for album in albums]
    assert folders.doubt_of(BookFolder("Emma", ()), tags) == ""


def test_a_name_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    put(tmp_path, "Jane Austen/Emma/01.mp3")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/Jane Austen/Emma/\xe9.mp3")).write_bytes(b"x")
    with pytest.raises(LocalError, match="its name is not UTF-8") as caught:
        folders.read(tmp_path)
    str(caught.value).encode()


SHAPES = {
    "by author": {"Jane Austen/Emma/1.mp3": ("Emma", "Jane Austen", "")},
    "by series": {"Anthony Trollope/Barsetshire/1 - The Warden/1.mp3": (
        "The Warden", "Anthony Trollope", "Barsetshire 1")},
    "all in one": {"Jane Austen - Emma/1.mp3": ("Emma", "Jane Austen", "")},
    "loose files": {"Jane Austen - Emma.m4b": ("Emma", "Jane Austen", "")},
    "discs": {"Jane Austen/Emma/Disc 2/1.mp3": ("Emma", "Jane Austen", "")},
    "by letters": {"A-C/Jane Austen/Emma/1.mp3": ("Emma", "Jane Austen", "")},
    "by letter": {"A/Jane Austen/Emma/1.mp3": ("Emma", "Jane Austen", "")},
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_trees_of_many_shapes(tmp_path: Path, shape: dict[str, tuple[str, str, str]]) -> None:
    put(tmp_path, *shape)
    [found] = folders.read(tmp_path)
    [(title, author, series)] = shape.values()
    assert (found.title, found.authors) == (title, (author,))
    assert f"{found.series} {found.position}".strip() == series


def test_what_cannot_be_played_is_said(tmp_path: Path) -> None:
    put(tmp_path, "Jane Austen/Emma/01.mp3")
    (tmp_path / "Jane Austen/Emma/02.mp3").write_bytes(b"a text")
    [found] = folders.read(tmp_path)
    assert "1 of its files cannot be played, the first: 02.mp3." in found.notes


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="Is its disk mounted"):
        folders.read(tmp_path, "nowhere")
