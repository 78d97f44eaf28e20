"""Small files of sound that last and are tagged as a test says."""

from __future__ import annotations

import struct

FRAME = b"\xff\xf3\x18\xc4" + bytes(32)  # 36 bytes of silence: MPEG 2 layer 3, 8 kbit/s, 16 kHz
FRAME_SECONDS = 576 / 16_000


def mp3(
    seconds: float = 3,
    *,
    track: int = 0,
    disc: int = 0,
    album: str = "",
    title: str = "",
    albumartist: str = "",
    artist: str = "",
    composer: str = "",
    picture: bytes = b"",
) -> bytes:
    texts = {
        b"TRCK": str(track) if track else "",
        b"TPOS": str(disc) if disc else "",
        b"TALB": album,
        b"TIT2": title,
        b"TPE1": artist,
        b"TPE2": albumartist,
        b"TCOM": composer,
    }
    tag = b"".join(text_frame(name, text) for name, text in texts.items() if text)
    if picture:
        tag += frame(b"APIC", b"\0image/jpeg\0\x03\0" + picture)
    return (head(len(tag)) + tag if tag else b"") + FRAME * round(seconds / FRAME_SECONDS)


def text_frame(name: bytes, text: str) -> bytes:
    return frame(name, b"\x01" + text.encode("utf-16"))


def frame(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + b"\0\0" + content


def head(size: int) -> bytes:
    """Of an ID3 tag, its size in seven bits a byte."""
    return b"ID3\x03\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def aac(seconds: float) -> bytes:
    """Plain: frames of 1,024 samples at 16 kHz, no container."""
    length = 100
    head = bytes([0xFF, 0xF1, 8 << 2, 0x40 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5])
    return (head + bytes(length - len(head))) * round(seconds * 16_000 / 1024)


def matroska(seconds: float) -> bytes:
    def element(number: str, content: bytes) -> bytes:
        return bytes.fromhex(number) + (len(content) | 1 << 28).to_bytes(4, "big") + content

    told = element("2AD7B1", (1_000_000).to_bytes(3, "big"))
    told += element("4489", struct.pack(">d", seconds * 1000))
    inside = element("EC", bytes(30)) + element("1549A966", told) + element("1F43B675", bytes(9000))
    return element("1A45DFA3", element("4282", b"matroska")) + element("18538067", inside)


def wav(seconds: float, rate: int = 8000) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    data = bytes(round(seconds * rate))
    inside = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(inside)) + inside


def ogg(seconds: float, rate: int = 16_000) -> bytes:
    """Vorbis: its first page, and one that ends after so many samples."""
    first = b"\x01vorbis" + struct.pack("<IBIIIIBB", 0, 1, rate, 0, 64_000, 0, 0xB8, 1)
    return (
        page(2, 0, first)
        + page(0, 0, b"\x03vorbis" + bytes(200))
        + b"".join(
            page(4 if n == 9 else 0, round(seconds * rate * (n + 1) / 10), bytes(250))
            for n in range(10)
        )
    )


def page(flags: int, samples: int, content: bytes) -> bytes:
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, samples, 1, 0, 0, 1)
    return head + bytes([len(content)]) + content
