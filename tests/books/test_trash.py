"""A folder goes whole to the trash and comes back whole; only what TAME placed is thrown away."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from books.marks import MARK
from books.models import Library, ShelfCopy
from books.placing import Root, Track, place
from books.states import COPY_ENDS, COPY_MOVES, COPY_OWNERS, CopyState
from books.trash import hold, put_away, put_back, throw_away, trash_due
from tame.lib.errors import LocalError, LostRaceError, ObstacleError
from tame.schedules import SCHEDULES
from tests.factory import make_book

FILES = {"01.mp3": b"one" * 999, "02.mp3": b"two" * 999, "cover.jpg": b"face"}
SIZES = {name: len(content) for name, content in FILES.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library with one book of three files."""
    seed, folder = tmp_path / "seed", tmp_path / "library"
    seed.mkdir()
    folder.mkdir()
    for name, content in FILES.items():
        (seed / name).write_bytes(content)
    tracks = [Track(seed / name, name, size) for name, size in SIZES.items()]
    place(Root(folder), "Gaskell/Cranford", "u1", tracks)
    return folder


def trash(root: Path) -> Path:
    return root / ".tame/trash/u1"


def look(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != MARK}


def test_it_is_moved_whole_and_no_byte_is_copied(root: Path) -> None:
    inode = (root / "Gaskell/Cranford/01.mp3").stat().st_ino
    assert put_away(root, "Gaskell/Cranford", "u1")
    assert look(trash(root)) == FILES
    assert (trash(root) / "01.mp3").stat().st_ino == inode
    assert not (root / "Gaskell").exists()


def test_it_comes_back_to_where_it_stood(root: Path) -> None:
    put_away(root, "Gaskell/Cranford", "u1")
    put_back(root, "Gaskell/Cranford", "u1")
    assert look(root / "Gaskell/Cranford") == FILES
    assert not trash(root).exists()


def test_a_second_call_changes_nothing(root: Path) -> None:
    for _ in range(2):
        assert put_away(root, "Gaskell/Cranford", "u1")
    for _ in range(2):
        put_back(root, "Gaskell/Cranford", "u1")
    assert look(root / "Gaskell/Cranford") == FILES


def test_a_folder_that_is_gone_is_no_trouble(root: Path) -> None:
    for path in (root / "Gaskell/Cranford").iterdir():
        path.unlink()
    (root / "Gaskell/Cranford").rmdir()
    assert not put_away(root, "Gaskell/Cranford", "u1")


def test_an_author_s_folder_that_a_person_made_stays(root: Path) -> None:
    (root / ".tame/.made.json").write_text("[]")
    put_away(root, "Gaskell/Cranford", "u1")
    assert list((root / "Gaskell").iterdir()) == []


def test_a_folder_with_something_else_in_it_stays(root: Path) -> None:
    (root / "Gaskell/notes.txt").write_text("mine")
    put_away(root, "Gaskell/Cranford", "u1")
    assert (root / "Gaskell/notes.txt").read_text() == "mine"


def test_what_takes_its_place_is_never_overwritten(root: Path) -> None:
    put_away(root, "Gaskell/Cranford", "u1")
    (root / "Gaskell/Cranford").mkdir(parents=True)
    (root / "Gaskell/Cranford/mine.mp3").write_text("mine")
    with pytest.raises(ObstacleError, match="holds something else"):
        put_back(root, "Gaskell/Cranford", "u1")
    assert look(root / "Gaskell/Cranford") == {"mine.mp3": b"mine"}
    assert look(trash(root)) == FILES


def test_it_does_not_come_back_into_another_book(root: Path, tmp_path: Path) -> None:
    put_away(root, "Gaskell/Cranford", "u1")
    place(Root(root), "Gaskell", "u2", [Track(tmp_path / "seed/01.mp3", "1.mp3", 2997)])
    with pytest.raises(ObstacleError, match="is the folder of another book"):
        put_back(root, "Gaskell/Cranford", "u1")
    assert look(trash(root)) == FILES


@pytest.mark.parametrize("mark", [None, '{"import": "u2"}', "no json"])
def test_what_tame_did_not_place_is_not_moved(root: Path, mark: str | None) -> None:
    path = root / "Gaskell/Cranford" / MARK
    path.unlink()
    if mark is not None:
        path.write_text(mark)
    with pytest.raises(ObstacleError, match="is not the folder that TAME placed"):
        put_away(root, "Gaskell/Cranford", "u1")
    assert look(root / "Gaskell/Cranford") == FILES


def test_a_link_in_its_place_is_not_followed(root: Path, tmp_path: Path) -> None:
    (root / "Gaskell/Cranford").rename(tmp_path / "elsewhere")
    (root / "Gaskell/Cranford").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ObstacleError):
        put_away(root, "Gaskell/Cranford", "u1")
    assert look(tmp_path / "elsewhere") == FILES


@pytest.mark.parametrize("folder", ["", "/etc", "../seed", "Gaskell/../../seed"])
def test_no_folder_outside_the_library_is_touched(root: Path, folder: str) -> None:
    with pytest.raises(LocalError, match="is no folder of the library"):
        put_away(root, folder, "u1")


def test_a_library_that_is_not_mounted_is_a_sentence(tmp_path: Path) -> None:
    for act in (lambda r: put_away(r, "A", "u1"), lambda r: throw_away(r, "u1", {})):
        with pytest.raises(LocalError, match="Is its disk mounted"):
            act(tmp_path / "nowhere")


def test_what_may_not_be_written_is_a_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(root / "Gaskell"))

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(LocalError, match="TAME may not write"):
        put_away(root, "Gaskell/Cranford", "u1")
    assert look(root / "Gaskell/Cranford") == FILES


# --- Thrown away ----------------------------------------------------------------------------------


def test_what_tame_placed_is_thrown_away(root: Path, tmp_path: Path) -> None:
    put_away(root, "Gaskell/Cranford", "u1")
    assert throw_away(root, "u1", SIZES) == []
    assert not trash(root).exists()
    assert look(tmp_path / "seed") == FILES
    assert throw_away(root, "u1", SIZES) == []


def test_what_a_person_put_there_or_changed_is_kept_and_named(root: Path) -> None:
    folder = root / "Gaskell/Cranford"
    (folder / "bookmarks.txt").write_text("chapter 3")
    (folder / "cover.jpg").unlink()
    (folder / "cover.jpg").write_bytes(b"a nicer face")
    (folder / "02.mp3").unlink()
    (folder / "02.mp3").symlink_to("/etc/hostname")
    put_away(root, "Gaskell/Cranford", "u1")
    assert throw_away(root, "u1", SIZES) == ["02.mp3", "bookmarks.txt", "cover.jpg"]
    assert (trash(root) / "bookmarks.txt").read_text() == "chapter 3"
    assert (trash(root) / MARK).exists()


@pytest.fixture
def copy(root: Path, db: None) -> ShelfCopy:
    library = Library.objects.create(name="Audiobooks", root=str(root))
    manifest = [{"path": name, "name": name, "size": size} for name, size in SIZES.items()]
    put_away(root, "Gaskell/Cranford", "u1")
    copy = ShelfCopy.objects.create(
        book=make_book(), library=library, folder="Gaskell/Cranford", manifest=manifest,
        state=CopyState.TRASHED, trash_until=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    trash(root).rename(root / ".tame/trash" / str(copy.uuid))
    return copy


def test_when_its_time_is_over_it_is_gone(root: Path, copy: ShelfCopy) -> None:
    assert trash_due() == "1 thrown away."
    copy.refresh_from_db()
    assert copy.state == CopyState.GONE
    assert copy.history.get().sentence == "3 files were thrown away."
    assert list((root / ".tame/trash").iterdir()) == []
    assert trash_due() == "0 thrown away."


def test_until_then_it_is_kept(root: Path, copy: ShelfCopy) -> None:
    ShelfCopy.objects.update(trash_until=timezone.now() + timedelta(days=1))
    assert trash_due() == "0 thrown away."
    ShelfCopy.objects.update(trash_until=None)  # being put back
    assert trash_due() == "0 thrown away."
    assert look(root / ".tame/trash" / str(copy.uuid)) == FILES


def test_what_is_left_is_named_in_its_history(root: Path, copy: ShelfCopy) -> None:
    (root / ".tame/trash" / str(copy.uuid) / "notes.txt").write_text("mine")
    trash_due()
    said = copy.history.get()
    assert said.sentence.endswith(f"stays in {root}/.tame/trash/{copy.uuid}: notes.txt.")
    assert said.evidence == {"left": ["notes.txt"]}


def test_a_disk_that_is_not_mounted_is_tried_again_later(root: Path, copy: ShelfCopy) -> None:
    root.rename(root.parent / "unmounted")
    assert "Is its disk mounted" in trash_due()
    copy.refresh_from_db()
    assert (copy.state, "mounted" in copy.last_error) == (CopyState.TRASHED, True)
    assert trash_due() == "0 thrown away."


def test_a_copy_that_has_moved_on_is_not_held(copy: ShelfCopy) -> None:
    """Its files would be moved, and then its row would not."""
    ShelfCopy.objects.filter(pk=copy.pk).update(state=CopyState.GONE)
    with pytest.raises(LostRaceError):
        hold(copy)
    copy.refresh_from_db()
    assert hold(copy)


def test_every_state_of_a_copy_has_an_owner() -> None:
    assert set(COPY_OWNERS) == set(CopyState) - COPY_ENDS == set(COPY_MOVES) - COPY_ENDS
    assert set(COPY_OWNERS.values()) - {""} <= set(SCHEDULES)
