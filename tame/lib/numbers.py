"""A number and what it counts."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """1 file, 3 files, no exception for 0: 0 files."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
