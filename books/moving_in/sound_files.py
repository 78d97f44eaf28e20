"""The names of files: which kind each is, and in which order they are listened to."""

from __future__ import annotations

import re
from typing import Any

DIGITS = re.compile(r"(\d+)")


def suffix(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def natural_key(path: str) -> list[Any]:
    """CD 2 before CD 10."""
    return [
        [(1, int(bit), "") if bit.isdecimal() else (0, 0, bit.casefold()) for bit in split]
        for split in (DIGITS.split(part) for part in path.split("/"))
    ]
