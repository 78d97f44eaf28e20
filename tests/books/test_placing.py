"""A book appears whole or not at all, by link where that is possible, and the source stays."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from books import linking
from books.copied import NOTE
from books.marks import MARK
from books.placing import BEFORE, HIDDEN, Root, Track, place
from tame.lib.errors import LocalError, ObstacleError
from tests.books.killing import killed_after, killed_copying, trace

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
    ways = place(Root(root, may_copy=False), "A/B", "u1", tracks(seed))
    assert sum(ways.values()) == 3
    assert "copy" not in ways
    assert look(root / "A/B") == CONTENTS
    if ways.get("hard link"):
        assert (root / "A/B/01.mp3").stat().st_ino == (seed / "01.mp3").stat().st_ino
    assert trace(seed) == before


def test_on_another_file_system_it_is_copied(seed: Path, elsewhere: Path) -> None:
    assert place(Root(elsewhere), "A/B", "u1", tracks(seed)) == {"copy": 3}
    assert look(elsewhere / "A/B") == CONTENTS


def test_never_copy_is_kept(seed: Path, elsewhere: Path) -> None:
    with pytest.raises(LocalError, match="says never to copy"):
        place(Root(elsewhere, may_copy=False), "A/B", "u1", tracks(seed))
    assert not (elsewhere / "A").exists()


def test_a_second_try_finds_what_the_first_did(seed: Path, root: Path) -> None:
    place(Root(root), "A/B", "u1", tracks(seed))
    assert place(Root(root), "A/B", "u1", tracks(seed)) == {}


def test_something_else_in_its_place_is_never_overwritten(seed: Path, root: Path) -> None:
    (root / "A/B").mkdir(parents=True)
    (root / "A/B/mine.txt").write_text("mine")
    with pytest.raises(ObstacleError, match="holds something else"):
        place(Root(root), "A/B", "u1", tracks(seed))
    assert look(root / "A/B") == {"mine.txt": b"mine"}


def test_a_book_is_not_placed_inside_of_another(seed: Path, root: Path) -> None:
    place(Root(root), "A/B", "u1", tracks(seed))
    with pytest.raises(ObstacleError, match=f"{root}/A/B is the folder of another book"):
        place(Root(root), "A/B/C", "u2", tracks(seed))
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
        place(Root(root), "A/B", "u1", tracks(seed))
    assert not (root / "A").exists()


def test_a_library_that_is_not_mounted_is_not_made(seed: Path, root: Path) -> None:
    root.rmdir()
    with pytest.raises(LocalError, match="Is its disk mounted"):
        place(Root(root), "A/B", "u1", tracks(seed))
    assert not root.exists()


def test_a_source_that_is_shorter_than_it_should_be_is_seen(seed: Path, root: Path) -> None:
    wrong = [Track(seed / "01.mp3", "01.mp3", 5)]
    with pytest.raises(LocalError, match="2997 bytes in the place of 5"):
        place(Root(root), "A/B", "u1", wrong)
    assert not (root / "A/B").exists()


# --- kill -9 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "by",
    [
        "link",
        pytest.param("copy", marks=pytest.mark.wide),
        pytest.param("copy, and the sources changed", marks=pytest.mark.wide),
    ],
)
def test_killed_at_any_call_the_next_try_ends_it(
    by: str, seed: Path, root: Path, elsewhere: Path
) -> None:
    library = root if by == "link" else elsewhere
    number, died = 0, True
    while died:
        number += 1
        before, contents = trace(seed), read(seed)
        uuid, folder = uuid4().hex, f"Author {number}/Book"
        died = killed_after(
            number, lambda u=uuid, f=folder: place(Root(library), f, u, tracks(seed))
        )
        final = library / folder
        shown = look(final) if final.exists() else {}
        assert shown in ({}, contents), "a part of a book was to be seen"
        assert trace(seed) == before
        if "changed" in by and not shown:
            contents = changed(seed, number)
        place(Root(library), folder, uuid, tracks(seed))
        assert look(final) == contents
        assert [p.name for p in (library / f"Author {number}").iterdir()] == ["Book"]
        assert {p.name for p in final.iterdir()} == {*contents, MARK}
    assert number > 10
    assert [p.name for p in (library / HIDDEN).iterdir()] == [".made.json"]


def read(seed: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in seed.iterdir()}


def changed(seed: Path, number: int) -> dict[str, bytes]:
    """All of them hold something else of the same length."""
    for at, path in enumerate(sorted(seed.iterdir())):
        old, size = path.stat().st_mtime_ns, path.stat().st_size
        path.write_bytes(f"{number} {at} changed ".encode().ljust(size, b".")[:size])
        os.utime(path, ns=(old, old + 1))  # however coarse the clock is
    return read(seed)


# --- A copy goes on where it was stopped ----------------------------------------------------------


def killed_in(name: str, library: Path, seed: Path, *, written: float) -> Path:
    """The stage of a `place` that was killed when so much of that file was written."""
    killed_copying(name, lambda: place(Root(library), "A/B", "u1", tracks(seed)), written)
    return library / HIDDEN / "u1"


@pytest.fixture
def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are copied from now on."""
    names, copy = list[str](), shutil.copyfileobj

    def noted(old: Any, new: Any, size: int) -> None:
        names.append(Path(old.name).name)
        copy(old, new, size)

    monkeypatch.setattr("books.linking.shutil.copyfileobj", noted)
    return names


@pytest.mark.parametrize("written", [0.0, 0.5, 1.0], ids=["nothing", "a half", "every byte"])
def test_what_was_copied_wholly_is_not_copied_again(
    written: float, seed: Path, elsewhere: Path, read_again: list[str]
) -> None:
    """What was killed before it was on the disk is, even with every byte of it written."""
    stage = killed_in("02.mp3", elsewhere, seed, written=written)
    first = (stage / "01.mp3").stat().st_ino
    ways = place(Root(elsewhere), "A/B", "u1", tracks(seed))
    assert ways == {BEFORE: 1, "copy": 2}
    assert read_again == ["02.mp3", "cover.jpg"]
    assert (elsewhere / "A/B/01.mp3").stat().st_ino == first
    assert look(elsewhere / "A/B") == CONTENTS


def test_a_source_that_changed_meanwhile_is_copied_again(
    seed: Path, elsewhere: Path, read_again: list[str]
) -> None:
    killed_in("02.mp3", elsewhere, seed, written=0.5)
    old = (seed / "01.mp3").stat().st_mtime_ns
    (seed / "01.mp3").write_bytes(b"new" * 999)
    os.utime(seed / "01.mp3", ns=(old, old + 1))
    place(Root(elsewhere), "A/B", "u1", tracks(seed))
    assert read_again == ["01.mp3", "02.mp3", "cover.jpg"]
    assert look(elsewhere / "A/B") == CONTENTS | {"01.mp3": b"new" * 999}


def test_another_source_of_that_name_size_and_time_is_copied(seed: Path, elsewhere: Path) -> None:
    """As where a person has chosen another order meanwhile."""
    stage = killed_in("02.mp3", elsewhere, seed, written=0.5)
    was = (seed / "01.mp3").stat().st_mtime_ns
    os.utime(seed / "02.mp3", ns=(was, was))
    turned = [
        Track(seed / "02.mp3", "01.mp3", 2997), Track(seed / "01.mp3", "02.mp3", 2997),
    ]  # fmt: skip
    assert (stage / "01.mp3").stat().st_size == 2997
    place(Root(elsewhere), "A/B", "u1", turned)
    swapped = {"01.mp3": CONTENTS["02.mp3"], "02.mp3": CONTENTS["01.mp3"]}
    assert look(elsewhere / "A/B") == swapped


@pytest.mark.parametrize(
    "spoil",
    [
        lambda stage: (stage / "01.mp3").write_bytes(b"one" * 998),
        lambda stage: (stage / "01.mp3").unlink(),
        lambda stage: (stage / NOTE).write_text('{"01.mp3"'),
        lambda stage: (stage / NOTE).write_text('["01.mp3"]'),
        lambda stage: (stage / NOTE).unlink(),
    ],
    ids=["it is shorter", "it is gone", "half a note", "another note", "no note"],
)
def test_without_proof_it_is_copied_again(
    spoil: Any, seed: Path, elsewhere: Path, read_again: list[str]
) -> None:
    spoil(killed_in("02.mp3", elsewhere, seed, written=0.5))
    assert place(Root(elsewhere), "A/B", "u1", tracks(seed)) == {"copy": 3}
    assert len(read_again) == 3
    assert look(elsewhere / "A/B") == CONTENTS


def test_what_the_stage_holds_besides_is_thrown_away(seed: Path, elsewhere: Path) -> None:
    stage = killed_in("02.mp3", elsewhere, seed, written=0.5)
    (stage / "03.mp3").write_text("of a file that is not this book's any more")
    (stage / "folder").mkdir()
    place(Root(elsewhere), "A/B", "u1", tracks(seed))
    assert look(elsewhere / "A/B") == CONTENTS


def test_a_library_that_copies_no_more_takes_nothing_that_was_copied(
    seed: Path, elsewhere: Path
) -> None:
    stage = killed_in("02.mp3", elsewhere, seed, written=0.5)
    with pytest.raises(LocalError, match="says never to copy"):
        place(Root(elsewhere, may_copy=False), "A/B", "u1", tracks(seed))
    assert not stage.exists()


def test_room_is_needed_for_the_rest_only(
    seed: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_in("02.mp3", elsewhere, seed, written=0.5)
    room = SimpleNamespace(free=round(1.05 * (2997 + 4)))
    monkeypatch.setattr("books.placing.shutil.disk_usage", lambda _: room)
    place(Root(elsewhere), "A/B", "u1", tracks(seed))
    assert look(elsewhere / "A/B") == CONTENTS
