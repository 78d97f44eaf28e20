"""Which kind of sound a file holds, told by its content: its name may say what it likes.

Formats: ISO/IEC 11172-3 and 13818-7 (frames of mp3 and of plain AAC), RFC 9559 (Matroska).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

MP3, MP4, AAC, MATROSKA = "mp3", "mp4", "aac", "mka"
CALLED = {  # by kind: suffixes that are true of it, first the one it has without any
    MP3: ("mp3",),
    MP4: ("m4b", "m4a", "mp4", "aac"),
    AAC: ("aac",),
    MATROSKA: ("mka", "webma"),
    "flac": ("flac",),
    "ogg": ("ogg", "opus", "oga"),
    "wav": ("wav",),
    "aiff": ("aiff", "aif"),
    "wma": ("wma",),
}
BEGINNINGS = {
    b"fLaC": "flac",
    b"OggS": "ogg",
    b"\x1a\x45\xdf\xa3": MATROSKA,
    bytes.fromhex("3026B2758E66CF11A6D900AA0062CE6C"): "wma",
}
LONG_NAMES = {(b"RIFF", b"WAVE"): "wav", (b"FORM", b"AIFF"): "aiff", (b"FORM", b"AIFC"): "aiff"}
HEAD = 64 * 1024  # bytes in which the first frame begins
MOST_TAGS, MOST_ELEMENTS = 16, 10_000  # a file made to keep us busy has more
CHAIN = 3  # frames in a row: no other content has them by chance
KBITS = {  # of layer 3, by version; of the other layers, which nobody uses for books, none
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
KBITS[0] = KBITS[2]
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
AAC_RATES = (
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
)  # fmt: skip
SAMPLED = 2000  # frames of which the mean length is taken
INFO, CLUSTER, SEGMENT = 0x1549A966, 0x1F43B675, 0x18538067
SCALE, DURATION = 0x2AD7B1, 0x4489
Frames = Callable[[bytes, int], int]


def kind_of(file: BinaryIO) -> str:
    """A key of `CALLED`; empty for what is no sound."""
    start = behind_tags(file)
    file.seek(start)
    head = file.read(HEAD)
    for beginning, kind in BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    if head[4:8] == b"ftyp":
        return MP4
    if kind := LONG_NAMES.get((head[:4], head[8:12]), ""):
        return kind
    if first_frame(head, aac_frame) == 0:
        return AAC
    return MP3 if first_frame(head, mp3_frame) is not None else ""


def behind_tags(file: BinaryIO) -> int:
    """Where the sound begins: ID3 tags stand before it."""
    start = 0
    for _ in range(MOST_TAGS):
        file.seek(start)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3":
            break
        a, b, c, d = head[6:10]
        start += 10 + (a << 21 | b << 14 | c << 7 | d) + (10 if head[5] & 0x10 else 0)
    return start


# --- Frames ---------------------------------------------------------------------------------------


def first_frame(head: bytes, length: Frames) -> int | None:
    """Where the first of some frames in a row begins, or of all that there are."""
    at = head.find(0xFF)
    while at >= 0:
        if is_chain(head, at, length):
            return at
        at = head.find(0xFF, at + 1)
    return None


def is_chain(head: bytes, at: int, length: Frames) -> bool:
    for _ in range(CHAIN):
        step = length(head, at)
        if not step:
            return False
        at += step
        if at >= len(head):
            return len(head) < HEAD and at == len(head)
    return True


def mp3_frame(head: bytes, at: int) -> int:
    """Its length in bytes; 0 where none begins."""
    if at + 4 > len(head):
        return 0
    _, b, c, _ = head[at : at + 4]
    version, layer, kbits, rate = b >> 3 & 3, b >> 1 & 3, c >> 4, c >> 2 & 3
    if b & 0xE0 != 0xE0 or layer != 1 or version == 1 or rate == 3 or kbits in (0, 15):
        return 0
    samples = 144 if version == 3 else 72
    return samples * KBITS[version][kbits] * 1000 // RATES[version][rate] + (c >> 1 & 1)


def aac_frame(head: bytes, at: int) -> int:
    """As `mp3_frame`, of plain AAC."""
    if at + 7 > len(head) or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return 0
    if head[at + 2] >> 2 & 15 >= len(AAC_RATES):
        return 0
    length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return length if length > 7 else 0


def aac_seconds(file: BinaryIO, size: int) -> float:
    """By the mean length of its first frames: plain AAC names no duration."""
    start = at = behind_tags(file)
    frames = rate = 0
    while frames < SAMPLED:
        file.seek(at)
        head = file.read(7)
        step = aac_frame(head, 0)
        if not step:
            break
        rate, at, frames = AAC_RATES[head[2] >> 2 & 15], at + step, frames + 1
    if not frames:
        return 0
    return (size - start) / ((at - start) / frames) * 1024 / rate


# --- Matroska -------------------------------------------------------------------------------------


def matroska_seconds(file: BinaryIO, size: int) -> float:
    """0 for one that names none, and for one that was cut."""
    file.seek(0)
    _, length = element(file)
    file.seek(length, 1)
    number, length = element(file)
    if number != SEGMENT or (length and file.tell() + length > size):
        return 0
    for _ in range(MOST_ELEMENTS):
        number, length = element(file)
        if number == INFO:
            return told(file, file.tell() + length)
        if number == CLUSTER:
            break
        file.seek(length, 1)
    return 0


def told(file: BinaryIO, end: int) -> float:
    scale, duration = 1_000_000, 0.0
    for _ in range(MOST_ELEMENTS):
        if file.tell() >= end:
            break
        number, length = element(file)
        if length > 8:
            file.seek(length, 1)
            continue
        value = file.read(length)
        if number == SCALE:
            scale = int.from_bytes(value, "big")
        elif number == DURATION and length in (4, 8):
            [duration] = struct.unpack(">f" if length == 4 else ">d", value)
    return duration * scale / 10**9


def element(file: BinaryIO) -> tuple[int, int]:
    """Its number and length in bytes; a length that is not known is 0. Raises ValueError."""
    number = variable(file, with_mark=True)
    return number, variable(file, with_mark=False)


def variable(file: BinaryIO, *, with_mark: bool) -> int:
    first = file.read(1)
    if not first or not first[0]:
        raise ValueError("No number of Matroska's begins so.")
    more = 8 - first[0].bit_length()
    value = int.from_bytes(first + file.read(more), "big")
    if with_mark:
        return value
    value -= 1 << 7 * (more + 1)
    return 0 if value == (1 << 7 * (more + 1)) - 1 else value
