"""A book appears whole or not at all, by link where that is possible, and the source stays."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from books import linking
from books.placing import HIDDEN, MARK, Track, place
from tame.lib.errors import LocalError, ObstacleError
from tests.books.killing import killed_after, trace

CONTENTS = {"01.mp3": b"one" * 999, "02.mp3": b"two" * 999, "cover.jpg": b"face"}


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    folder = tmp_path / "seed"
    folder.mkdir()
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


def tracks(seed: Path) -> list[Track]:
    return [Track(seed / name, name, len(content)) for name, content in CONTENTS.items()]


def look(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != MARK}


def test_it_is_linked_without_copying_a_byte(seed: Path, root: Path) -> None:
    before = trace(seed)
    ways = place(root, "A/B", "u1", tracks(seed), may_copy=False)
    assert sum(ways.values()) == 3
    assert "copy" not in ways
    assert look(root / "A/B") == CONTENTS
    if ways.get("hard link"):
        assert (root / "A/B/01.mp3").stat().st_ino == (seed / "01.mp3").stat().st_ino
    assert trace(seed) == before


def test_on_another_file_system_it_is_copied(seed: Path, elsewhere: Path) -> None:
    assert place(elsewhere, "A/B", "u1", tracks(seed), may_copy=True) == {"copy": 3}
    assert look(elsewhere / "A/B") == CONTENTS


def test_never_copy_is_kept(seed: Path, elsewhere: Path) -> None:
    with pytest.raises(LocalError, match="says never to copy"):
        place(elsewhere, "A/B", "u1", tracks(seed), may_copy=False)
    assert not (elsewhere / "A").exists()


def test_a_second_try_finds_what_the_first_did(seed: Path, root: Path) -> None:
    place(root, "A/B", "u1", tracks(seed), may_copy=True)
    assert place(root, "A/B", "u1", tracks(seed), may_copy=True) == {}


def test_something_else_in_its_place_is_never_overwritten(seed: Path, root: Path) -> None:
    (root / "A/B").mkdir(parents=True)
    (root / "A/B/mine.txt").write_text("mine")
    with pytest.raises(ObstacleError, match="holds something else"):
        place(root, "A/B", "u1", tracks(seed), may_copy=True)
    assert look(root / "A/B") == {"mine.txt": b"mine"}


def test_a_book_is_not_placed_inside_of_another(seed: Path, root: Path) -> None:
    place(root, "A/B", "u1", tracks(seed), may_copy=True)
    with pytest.raises(ObstacleError, match=f"{root}/A/B is the folder of another book"):
        place(root, "A/B/C", "u2", tracks(seed), may_copy=True)
    assert look(root / "A/B") == CONTENTS


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "There is no room left in"),
        (errno.EROFS, "is read-only. Let TAME write there"),
        (errno.EACCES, "TAME may not write"),
    ],
)
def test_trouble_with_the_disk_is_a_sentence(
    seed: Path, root: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number), str(root))

    monkeypatch.setattr(linking, "reflink", refuse)
    with pytest.raises(LocalError, match=sentence):
        place(root, "A/B", "u1", tracks(seed), may_copy=True)
    assert not (root / "A").exists()


def test_a_library_that_is_not_mounted_is_not_made(seed: Path, root: Path) -> None:
    root.rmdir()
    with pytest.raises(LocalError, match="Is its disk mounted"):
        place(root, "A/B", "u1", tracks(seed), may_copy=True)
    assert not root.exists()


def test_a_source_that_is_shorter_than_it_should_be_is_seen(seed: Path, root: Path) -> None:
    wrong = [Track(seed / "01.mp3", "01.mp3", 5)]
    with pytest.raises(LocalError, match="2997 bytes in the place of 5"):
        place(root, "A/B", "u1", wrong, may_copy=True)
    assert not (root / "A/B").exists()


# --- kill -9 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["link", "copy"])
def test_killed_at_any_call_the_next_try_ends_it(
    by: str, seed: Path, root: Path, elsewhere: Path
) -> None:
    library = root if by == "link" else elsewhere
    before, number, died = trace(seed), 0, True
    while died:
        number += 1
        uuid, folder = uuid4().hex, f"Author {number}/Book"
        died = killed_after(
            number, lambda u=uuid, f=folder: place(library, f, u, tracks(seed), may_copy=True)
        )
        final = library / folder
        shown = look(final) if final.exists() else {}
        assert shown in ({}, CONTENTS), "a part of a book was to be seen"
        place(library, folder, uuid, tracks(seed), may_copy=True)
        assert look(final) == CONTENTS
        assert [p.name for p in (library / f"Author {number}").iterdir()] == ["Book"]
    assert number > 10
    assert trace(seed) == before
    assert [p.name for p in (library / HIDDEN).iterdir()] == [".made.json"]
