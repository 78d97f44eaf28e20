"""What a sound file says of itself: how long it is, read from its content and not from its name.

A file that was cut still names its whole duration. So the containers that name their own size
(MP4 boxes, the Xing header of an mp3) are compared with what is there.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tinytag import TinyTag, TinyTagException

SUFFIXES = frozenset(
    re.findall(r"\w+", "m4b mp3 m4a flac opus ogg oga mp4 aac wma aiff aif wav webma mka")
)
XING = (b"Xing", b"Info")
HEAD = 64 * 1024  # bytes behind the ID3 tag in which a Xing header stands
HAS_BYTES = 0x2  # the flag that the header names the stream's length
SLACK = 4096  # bytes; encoders count the first frame in or not


@dataclass(frozen=True)
class Sound:
    """`bitrate`: kbit/s. `track` and `disc`: what its tags number it, `album`: what they call the
    whole, if they do."""

    seconds: float
    bitrate: float | None = None
    track: int | None = None
    disc: int | None = None
    album: str = ""


def read_sound(path: Path) -> Sound | None:
    """None for what is no whole sound: no bytes, another content, no duration, or cut off."""
    try:
        if is_cut(path):
            return None
        tag = TinyTag.get(path, image=False)
    except (TinyTagException, ValueError, OSError, UnicodeError, struct.error):
        return None
    if not tag.duration or tag.duration <= 0:
        return None
    return Sound(tag.duration, tag.bitrate, number(tag.track), number(tag.disc), tag.album or "")


def read_tags(path: Path) -> dict[str, str]:
    """What its tags say, by their names in small letters; nothing for what cannot be read."""
    try:
        said = TinyTag.get(path, image=False, duration=False).as_dict()
    except (TinyTagException, ValueError, OSError, UnicodeError, struct.error):
        return {}
    first = {name: one[0] if isinstance(one, list) else one for name, one in said.items() if one}
    return {name.lower(): " ".join(str(one).split()) for name, one in first.items() if one}


def number(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def is_cut(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        first = file.read(12)
        if first[4:8] == b"ftyp":
            return ends_early(file, size)
        return is_shorter_than_it_says(file, first, size)


def ends_early(file: BinaryIO, size: int) -> bool:
    """Whether a box of the MP4 reaches beyond the end."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        length, _ = struct.unpack(">I4s", file.read(8))
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0]
        if length == 0:  # to the end of the file
            return False
        if length < 8 or at + length > size:
            return True
        at += length
    return at != size


def is_shorter_than_it_says(file: BinaryIO, first: bytes, size: int) -> bool:
    """Whether the Xing header of an mp3 names more bytes than there are."""
    start = 0
    if first[:3] == b"ID3":
        a, b, c, d = first[6:10]
        start = 10 + (a << 21 | b << 14 | c << 7 | d)
    file.seek(start)
    head = file.read(HEAD)
    found = next((head.find(mark) for mark in XING if mark in head), -1)
    if found < 0:
        return False
    flags = struct.unpack(">I", head[found + 4 : found + 8])[0]
    if not flags & HAS_BYTES:
        return False
    behind = found + 8 + (4 if flags & 1 else 0)
    named = struct.unpack(">I", head[behind : behind + 4])[0]
    return bool(named > size - start + SLACK)
