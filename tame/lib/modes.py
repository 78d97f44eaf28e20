"""Permissions of files and folders, as chmod takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tame.lib.errors import BadInputError


@dataclass(frozen=True)
class Modes:
    """Of what TAME makes; numbers as os.chmod takes them."""

    folder: int = 0o775
    file: int = 0o664


def read_mode(text: str, *, is_folder: bool) -> str:
    """Three octal digits, without which TAME itself could not go on. Raises BadInputError."""
    mode = text.strip().removeprefix("0o").lstrip("0") or "0"
    if not re.fullmatch("[0-7]{3,4}", mode):
        raise BadInputError(f"“{text}” are no permissions: three digits from 0 to 7, as in 775.")
    least = 0o700 if is_folder else 0o600
    if int(mode, 8) & least != least:
        needed = "read, write and enter it" if is_folder else "read and write them"
        raise BadInputError(f"With “{text}” TAME itself could not {needed}.")
    return mode
