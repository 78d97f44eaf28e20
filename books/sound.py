"""What a sound file says of itself: which kind it is and how long, read from its content and not
from its name."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from tinytag import TinyTag, TinyTagException

from books.sound_cut import is_cut
from books.sound_kinds import AAC, CALLED, MATROSKA, aac_seconds, kind_of, matroska_seconds

SUFFIXES = frozenset(
    re.findall(r"\w+", "m4b mp3 m4a flac opus ogg oga mp4 aac wma aiff aif wav webma mka")
)
OWN = {AAC: aac_seconds, MATROSKA: matroska_seconds}  # what TinyTag does not know
PROPERTIES = {  # of the file, which TinyTag tells among its tags
    "filename", "filesize", "mime_type", "duration", "channels", "bitrate", "bitdepth",
    "samplerate", "is_lossless",
}  # fmt: skip
CANNOT = (TinyTagException, ValueError, OSError, UnicodeError, struct.error)


@dataclass(frozen=True)
class Sound:
    """`format`: as its suffix, if that is true of the content. `seconds`: 0 for what cannot be read
    and is taken all the same. `bitrate`: kbit/s. `track` and
    `disc`: what its tags number it, `album`: what they call the whole, if they do."""

    seconds: float
    bitrate: float | None = None
    track: int | None = None
    disc: int | None = None
    album: str = ""
    format: str = ""
    tags: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def is_sound(name: str) -> bool:
    """By its name alone."""
    return PurePath(name).suffix.lower().lstrip(".") in SUFFIXES


def read_sound(path: Path) -> Sound | None:
    """None for what is no whole sound: no bytes, another content, no duration, or cut off."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            kind = kind_of(file)
            if not kind or is_cut(file, kind, size):
                return None
            if kind in OWN:
                seconds = OWN[kind](file, size)
                rate = size * 8 / seconds / 1000 if seconds > 0 else None
                if seconds <= 0:
                    return None
                return Sound(seconds, rate, format=kind, tags=read_tags(path))
            file.seek(0)
            tag = TinyTag.get(f"a.{CALLED[kind][0]}", file)
    except CANNOT:
        return None
    if not tag.duration or tag.duration <= 0:
        return None
    return Sound(
        tag.duration,
        tag.bitrate,
        number(tag.track),
        number(tag.disc),
        tag.album or "",
        called(kind, path),
        tags_of(tag),
    )


def unread(path: Path) -> Sound:
    """Of what is no whole sound by its content: as it is called, with the tags that it may have."""
    tags, kind = read_tags(path), path.suffix.lower().lstrip(".")
    return Sound(0, album=tags.get("album", ""), format=kind, tags=tags)


def called(kind: str, path: Path) -> str:
    suffix = path.suffix.lower().lstrip(".")
    return suffix if suffix in CALLED[kind] else CALLED[kind][0]


def has_picture(path: Path) -> bool:
    """Whether there is one within the sound, as Audiobookshelf shows it where no file is."""
    try:
        return TinyTag.get(path, image=True, duration=False).images.any is not None
    except (TinyTagException, ValueError, OSError, UnicodeError, struct.error):
        return False


def read_tags(path: Path) -> dict[str, str]:
    """What its tags say, by their names in small letters; nothing for what cannot be read."""
    try:
        return tags_of(TinyTag.get(path, image=False, duration=False))
    except CANNOT:
        return {}


def tags_of(tag: TinyTag) -> dict[str, str]:
    said = {name: one for name, one in tag.as_dict().items() if one and name not in PROPERTIES}
    first = {name: one[0] if isinstance(one, list) else one for name, one in said.items()}
    return {name.lower(): " ".join(str(one).split()) for name, one in first.items() if one}


def number(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
