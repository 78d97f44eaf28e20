"""Whether a sound file was cut off: it still names its whole duration.

So the containers that name their own size (the boxes of an MP4, the first frame of an mp3, the
header of a wav or aiff, the pages of an ogg) are compared with what is there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

from books.sound_kinds import HEAD, MP3, MP4, behind_tags, first_frame, mp3_frame

HAS_FRAMES, HAS_BYTES = 0x1, 0x2  # flags of a Xing header
SLACK = 4096  # bytes; encoders count the first frame in or not
MOST_BOXES = 200_000  # of an MP4 in fragments; a file made to keep us busy has more
OLD_TAG = 128  # bytes of an ID3v1 tag, which some programs append to anything
NOT_TOLD = (0, 0xFFFFFFFF)  # the size of a stream whose end was not known


def is_cut(file: BinaryIO, kind: str, size: int) -> bool:
    check = CHECKS.get(kind)
    return bool(check and check(file, size))


def mp4_ends_early(file: BinaryIO, size: int) -> bool:
    """A box reaches beyond the end, or there is none with the sound."""
    at, seen = 0, set[bytes]()
    for _ in range(MOST_BOXES):
        if at + 8 > size:
            break
        file.seek(at)
        begins = file.read(8)
        if size - at == OLD_TAG and begins.startswith(b"TAG"):
            return b"mdat" not in seen
        length, name = struct.unpack(">I4s", begins)
        seen.add(name)
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0]
        if length == 0:  # to the end of the file
            return b"mdat" not in seen
        if length < 8 or at + length > size:
            return True
        at += length
    file.seek(at)
    return b"mdat" not in seen or bool(file.read(8).strip(b"\0") and at + 8 > size)


def mp3_is_shorter_than_it_says(file: BinaryIO, size: int) -> bool:
    start = behind_tags(file)
    file.seek(start)
    head = file.read(HEAD)
    at = first_frame(head, mp3_frame)
    named = bytes_named(head[at : at + mp3_frame(head, at)]) if at is not None else 0
    return named > size - start + SLACK


def bytes_named(frame: bytes) -> int:
    """By a Xing or a VBRI header in the first frame; 0 for none."""
    for mark in (b"Xing", b"Info"):
        if (found := frame.find(mark)) >= 0 and len(frame) >= found + 8:
            [flags] = struct.unpack(">I", frame[found + 4 : found + 8])
            behind = found + 8 + (4 if flags & HAS_FRAMES else 0)
            return number(frame[behind : behind + 4]) if flags & HAS_BYTES else 0
    found = frame.find(b"VBRI")
    return number(frame[found + 10 : found + 14]) if found >= 0 else 0


def number(four: bytes) -> int:
    return int.from_bytes(four, "big") if len(four) == 4 else 0


def wav_is_shorter_than_it_says(file: BinaryIO, size: int) -> bool:
    return says_more(file, size, "<I")


def aiff_is_shorter_than_it_says(file: BinaryIO, size: int) -> bool:
    return says_more(file, size, ">I")


def says_more(file: BinaryIO, size: int, form: str) -> bool:
    start = behind_tags(file)
    file.seek(start + 4)
    [named] = struct.unpack(form, file.read(4))
    return named not in NOT_TOLD and named > size - start


def ogg_ends_in_a_page(file: BinaryIO, size: int) -> bool:
    """A page has at most 65,307 bytes, so the last one begins in these."""
    file.seek(max(0, size - HEAD))
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return True
    lengths = tail[at + 27 : at + 27 + tail[at + 26]]
    return len(lengths) < tail[at + 26] or at + 27 + len(lengths) + sum(lengths) > len(tail)


CHECKS: dict[str, Callable[[BinaryIO, int], bool]] = {
    MP4: mp4_ends_early,
    MP3: mp3_is_shorter_than_it_says,
    "wav": wav_is_shorter_than_it_says,
    "aiff": aiff_is_shorter_than_it_says,
    "ogg": ogg_ends_in_a_page,
}
