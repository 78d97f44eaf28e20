"""Whether a file can be listened to, and what it is, is read from its content."""

from __future__ import annotations

import random
import struct
import sys
import time
from pathlib import Path

import pytest

from books.sound import SUFFIXES, read_sound, read_tags
from books.sound_kinds import CALLED
from tests.fakes.sounds import aac, matroska, mp3, ogg, wav

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
FILES = sorted(path for path in BOOKS.rglob("*") if path.suffix in (".mp3", ".m4b"))
M4B = next(path for path in FILES if path.suffix == ".m4b")
MP3 = next(path for path in FILES if path.suffix == ".mp3")


def write(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_whole_file_tells_its_duration(path: Path) -> None:
    sound = read_sound(path)
    assert sound
    assert sound.seconds > 1
    assert sound.format == path.suffix[1:]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_was_cut_is_none(path: Path, share: float, tmp_path: Path) -> None:
    whole = path.read_bytes()
    sound = read_sound(write(tmp_path, path.name, whole[: int(len(whole) * share)]))
    if sound is None:
        return
    # An mp3 without a header of its own tells what is left of it, and no more.
    known = read_sound(path)
    assert known
    assert path.suffix == ".mp3"
    assert sound.seconds < known.seconds * (share + 0.05)


def with_header(mark: bytes, told: int) -> bytes:
    """An mp3 whose first frame says how many bytes there are."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer 3, 128 kbit/s, 44.1 kHz
    frames, size = struct.pack(">I", 21), struct.pack(">I", told)
    said = bytes(6) + size + frames if mark == b"VBRI" else struct.pack(">I", 3) + frames + size
    first = frame[:36] + mark + said
    return first.ljust(len(frame), b"\0") + frame * 20


@pytest.mark.parametrize("mark", [b"Xing", b"Info", b"VBRI"])
def test_an_mp3_whose_header_names_more_than_there_is_is_none(mark: bytes, tmp_path: Path) -> None:
    assert read_sound(write(tmp_path, "cut.mp3", with_header(mark, 50_000_000))) is None
    assert read_sound(write(tmp_path, "whole.mp3", with_header(mark, 21 * 417)))


def test_the_word_info_in_a_tag_is_no_header(tmp_path: Path) -> None:
    """It would be damaged, and nobody could say otherwise."""
    tag = b"TXXX\0\0\0\x20\0\0Info" + b"\xff" * 26
    twice = b"".join(b"ID3\3\0\0\0\0\0" + bytes([len(tag)]) + tag for _ in range(2))
    assert read_sound(write(tmp_path, "a.mp3", twice + mp3(5)))


@pytest.mark.parametrize("tail", [b"TAG" + bytes(125), bytes(4), bytes(900)])
def test_what_some_programs_append_is_no_damage(tail: bytes, tmp_path: Path) -> None:
    assert read_sound(write(tmp_path, "a.m4b", M4B.read_bytes() + tail))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 5000, b"A text.", b"ID3", b"\x00\x00\x00\x08ftyp", b"\x1a\x45\xdf\xa3\x80"],
)
@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_what_is_no_sound_is_none(suffix: str, content: bytes, tmp_path: Path) -> None:
    assert read_sound(write(tmp_path, f"text.{suffix}", content)) is None


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"", b"ID3\3" + bytes(6)),
        (b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7, b"\xec\x80"),
        (b"\0\0\0\x08ftyp", b"\0\0\0\x08free"),
    ],
    ids=["tags", "elements", "boxes"],
)
def test_a_file_made_to_keep_us_busy_does_not(
    begins: bytes, goes_on: bytes, tmp_path: Path
) -> None:
    """In a torrent, such a file would hold up all imports."""
    file = write(tmp_path, "a.mp3", begins + goes_on * 4_000_000)
    began = time.process_time()
    assert read_sound(file) is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_neither_a_program_nor_noise_is_sound_whatever_it_is_called(
    suffix: str, tmp_path: Path
) -> None:
    program = Path(sys.executable).resolve().read_bytes()[:2_000_000]
    assert read_sound(write(tmp_path, f"program.{suffix}", program)) is None
    for seed in range(5):
        noise = random.Random(seed).randbytes(200_000)  # noqa: S311
        assert read_sound(write(tmp_path, f"noise.{suffix}", noise)) is None


# --- What it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("called", ["mp3", "m4b", "flac", "wma"])
def test_its_format_is_that_of_the_content(called: str, tmp_path: Path) -> None:
    names = {"mp3": MP3, "m4b": M4B}
    for is_, path in names.items():
        known, sound = (
            read_sound(path),
            read_sound(write(tmp_path, f"a.{called}", path.read_bytes())),
        )
        assert known
        assert sound
        assert (sound.format, sound.seconds) == (is_, known.seconds)


def test_its_tags_are_read_with_it_and_say_nothing_of_the_file(tmp_path: Path) -> None:
    content = mp3(3, album="Emma", artist="Jane Austen")
    sound = read_sound(write(tmp_path, "Gaskell.mp3", content))
    assert sound
    assert sound.tags == {"album": "Emma", "artist": "Jane Austen"}
    assert read_tags(tmp_path / "Gaskell.mp3") == sound.tags


def test_every_suffix_is_that_of_a_kind() -> None:
    assert {suffix for names in CALLED.values() for suffix in names} == SUFFIXES


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.aac", aac(60)),
        ("a.mka", matroska(60)),
        ("a.wav", wav(60)),
        ("a.ogg", ogg(60)),
    ],
)
def test_further_kinds_tell_their_duration(name: str, content: bytes, tmp_path: Path) -> None:
    sound = read_sound(write(tmp_path, name, content))
    assert sound
    assert sound.seconds == pytest.approx(60, rel=0.01)
    assert sound.format == Path(name).suffix[1:]
    if not name.endswith(".aac"):  # of which nothing but the end of the file says where it ends
        assert read_sound(write(tmp_path, name, content[: len(content) // 2])) is None
