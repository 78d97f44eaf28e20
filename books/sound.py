"""What a sound file says of itself: how long it is, read from its content and not from its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinytag import TinyTag, TinyTagException


@dataclass(frozen=True)
class Sound:
    """`bitrate`: kbit/s. `track` and `disc`: what its tags number it, if they do."""

    seconds: float
    bitrate: float | None = None
    track: int | None = None
    disc: int | None = None


def read_sound(path: Path) -> Sound | None:
    """None for what is no sound: no bytes, another content, or no duration."""
    try:
        tag = TinyTag.get(path, image=False)
    except (TinyTagException, ValueError, OSError, UnicodeError):
        return None
    if not tag.duration or tag.duration <= 0:
        return None
    return Sound(tag.duration, tag.bitrate, number(tag.track), number(tag.disc))


def number(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
