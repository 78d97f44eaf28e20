"""Whether a file can be listened to is read from its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from books.sound import read_sound

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
FILES = sorted(path for path in BOOKS.rglob("*") if path.suffix in (".mp3", ".m4b"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_whole_file_tells_its_duration(path: Path) -> None:
    sound = read_sound(path)
    assert sound
    assert sound.seconds > 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_was_cut_is_none(path: Path, share: float, tmp_path: Path) -> None:
    whole = path.read_bytes()
    cut = tmp_path / path.name
    cut.write_bytes(whole[: int(len(whole) * share)])
    sound = read_sound(cut)
    if sound is None:
        return
    # An mp3 without a header of its own tells what is left of it, and no more.
    known = read_sound(path)
    assert known
    assert path.suffix == ".mp3"
    assert sound.seconds < known.seconds * (share + 0.05)


def test_an_mp3_whose_header_names_more_than_there_is_is_none(tmp_path: Path) -> None:
    header = b"\xff\xfb\x90\x00" + bytes(32) + b"Xing" + (3).to_bytes(4) + (999).to_bytes(4)
    file = tmp_path / "cut.mp3"
    file.write_bytes(header + (50_000_000).to_bytes(4) + bytes(5000))
    assert read_sound(file) is None


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 5000, b"A text.", b"ID3", b"\x00\x00\x00\x08ftyp"]
)
def test_what_is_no_sound_is_none(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "text.mp3"
    file.write_bytes(content)
    assert read_sound(file) is None
