"""What is sound by its name, and in which order it is listened to."""

from __future__ import annotations

import re
from typing import Any

AUDIO = frozenset(
    re.findall(r"\w+", "m4b mp3 m4a flac opus ogg oga mp4 aac wma aiff aif wav webma mka")
)
DIGITS = re.compile(r"(\d+)")


def suffix(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def natural_key(path: str) -> list[Any]:
    """CD 2 before CD 10."""
    return [
        [(1, int(bit), "") if bit.isdecimal() else (0, 0, bit.casefold()) for bit in split]
        for split in (DIGITS.split(part) for part in path.split("/"))
    ]
