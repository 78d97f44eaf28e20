"""What a disk refuses is one sentence with its remedy; nothing of a book is left behind."""

from __future__ import annotations

import os
import resource
import shutil
import signal
from pathlib import Path

import pytest

from books import placing
from books.placing import HIDDEN, Root, Track, place
from tame.lib.errors import LocalError
from tame.lib.modes import Modes
from tests.disks import become_nobody, mounted, open_to_all, remount, said_by_a_child

MEGABYTE = 2**20


def book(folder: Path, size: int = 1000, files: int = 2) -> list[Track]:
    folder.mkdir(parents=True, exist_ok=True)
    tracks = [Track(folder / f"{n}.mp3", f"{n}.mp3", size) for n in range(files)]
    for track in tracks:
        track.source.write_bytes(b"a" * size)
    return tracks


def left_in(root: Path) -> list[str]:
    """Files and folders, but for the hidden one that stages."""
    return [
        str(p.relative_to(root)) for p in root.rglob("*") if p.name not in (HIDDEN, ".made.json")
    ]


def test_a_disk_that_is_too_small_is_seen_before_a_byte_is_copied(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> str:  # else a mistake would fill the machine's memory
        raise AssertionError("It was copied.")

    monkeypatch.setattr(placing, "copy", never)
    source = tmp_path / "1.m4b"
    size = shutil.disk_usage(elsewhere).free + MEGABYTE
    with source.open("wb") as file:
        file.truncate(size)  # sparse: it takes no room itself
    with pytest.raises(LocalError) as caught:
        place(Root(elsewhere), "A/B", "u1", [Track(source, "1.m4b", size)])
    said = str(caught.value)
    assert said.startswith(f"There is no room left in {elsewhere}: the book needs ")
    assert "GB are free. Make room, or take another library; it is tried again by itself." in said
    assert left_in(elsewhere) == []


def test_a_link_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "SPARE", 10**15)  # whatever is copied would be too much
    root = tmp_path / "library"
    root.mkdir()
    assert "copy" not in place(Root(root), "A/B", "u1", book(tmp_path / "seed"))


def test_five_in_a_hundred_stay_free(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=1m") as root:
        size = shutil.disk_usage(root).free
        with pytest.raises(LocalError, match="There is no room left in"):
            place(Root(root), "A/B", "u1", book(tmp_path / "seed", size // 2))


def test_a_disk_that_fills_up_meanwhile_is_not_left_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "check_room", lambda *_: None)  # it was free a moment ago
    with mounted(tmp_path / "small", "size=1m") as root:
        before = shutil.disk_usage(root).free
        tracks = book(tmp_path / "seed", MEGABYTE * 3 // 4)
        with pytest.raises(LocalError) as caught:
            place(Root(root), "A/B", "u1", tracks)
        assert str(caught.value) == (
            f"There is no room left in {root}. Make some; it is tried again by itself."
        )
        assert left_in(root) == []
        assert before - shutil.disk_usage(root).free < 64 * 1024
        (root / "A").mkdir()
        assert place(Root(root), "A/C", "u2", tracks[:1]) == {"copy": 1}


def test_a_file_that_is_larger_than_it_may_be(tmp_path: Path, elsewhere: Path) -> None:
    """As a quota or an old file system has it; without any right to mount."""
    tracks = book(tmp_path / "seed", MEGABYTE, 1)

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    said = said_by_a_child(lambda: place(Root(elsewhere), "A/B", "u1", tracks), limit)
    assert said.startswith("LocalError: ")
    assert "is larger than a file may be in" in said
    assert left_in(elsewhere) == []


def test_a_read_only_disk_is_named(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=1m") as root:
        remount(root, "ro")
        with pytest.raises(LocalError) as caught:
            place(Root(root), "A/B", "u1", book(tmp_path / "seed"))
        assert str(caught.value) == (
            f"{root} is read-only. Let TAME write there; it is tried again by itself."
        )


def test_a_library_that_may_not_be_written_is_named() -> None:
    with open_to_all() as folder:
        tracks = book(folder / "seed")
        root = folder / "library"
        root.mkdir()
        root.chmod(0o555)
        said = said_by_a_child(lambda: place(Root(root), "A/B", "u1", tracks), become_nobody)
        assert said == (
            f"LocalError: TAME may not write {root / HIDDEN}. Give its user the right to, or a "
            "shared group."
        )
        assert left_in(root) == []


def test_a_file_that_may_not_be_read_is_named(elsewhere: Path) -> None:
    elsewhere.chmod(0o777)
    with open_to_all() as folder:
        tracks = book(folder / "seed")
        tracks[0].source.chmod(0o600)
        said = said_by_a_child(lambda: place(Root(elsewhere), "A/B", "u1", tracks), become_nobody)
        assert said == (
            f"LocalError: TAME may not read {tracks[0].source}. Give its user the right to, or a "
            "shared group."
        )
        assert left_in(elsewhere) == []


def test_a_source_that_vanished_is_named(tmp_path: Path) -> None:
    root = tmp_path / "library"
    root.mkdir()
    tracks = book(tmp_path / "seed")
    tracks[1].source.unlink()
    with pytest.raises(LocalError) as caught:
        place(Root(root), "A/B", "u1", tracks)
    assert str(caught.value) == f"{tracks[1].source} is not there any more."
    assert left_in(root) == []


def test_permissions_are_the_library_s_whatever_the_umask_says(
    tmp_path: Path, elsewhere: Path
) -> None:
    tracks = book(tmp_path / "seed")
    modes = Modes(0o750, 0o640)

    def strictly() -> None:
        os.umask(0o077)

    said_by_a_child(lambda: place(Root(elsewhere, modes=modes), "A/S/B", "u1", tracks), strictly)
    found = {p.name: oct(p.stat().st_mode & 0o777) for p in elsewhere.rglob("*")
             if not p.name.startswith(".")}  # fmt: skip
    assert found == dict.fromkeys("ASB", "0o750") | dict.fromkeys(("0.mp3", "1.mp3"), "0o640")


def test_a_linked_file_keeps_the_permissions_of_the_seed(tmp_path: Path) -> None:
    root = tmp_path / "library"
    root.mkdir()
    tracks = book(tmp_path / "seed")
    tracks[0].source.chmod(0o604)
    ways = place(Root(root, modes=Modes(0o755, 0o640)), "A/B", "u1", tracks)
    if ways.get("hard link"):
        assert tracks[0].source.stat().st_mode & 0o777 == 0o604


def test_another_user_s_file_that_cannot_be_linked_says_why() -> None:
    if Path("/proc/sys/fs/protected_hardlinks").read_text().strip() != "1" or os.getuid():
        pytest.skip("here anybody's files can be linked, or only root can give some away")
    with open_to_all() as folder:
        tracks = book(folder / "seed")
        root = folder / "library"
        root.mkdir()
        root.chmod(0o777)
        said = said_by_a_child(
            lambda: place(Root(root, may_copy=False), "A/B", "u1", tracks), become_nobody
        )
        assert said == (
            f"LocalError: {tracks[0].source} cannot be linked into the library, and that says "
            "never to copy. It belongs to user 0, and TAME, user 65534, may not write to it: then "
            "the system allows no hard link. Run TAME and qBittorrent as one user, or in one group "
            "that may write."
        )
        assert left_in(root) == []
