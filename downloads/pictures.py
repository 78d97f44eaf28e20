"""The cover that an import brings, or that TAME puts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from books.covers import fetched
from books.placing import Own
from books.sound import has_picture
from downloads.delivered import found
from downloads.manifest import Line, sound, suffix
from downloads.models import Import
from tame.lib.pictures import SUFFIXES


def picture_for(row: Import, lines: Sequence[Line], here: Path) -> list[Own]:
    """None where the torrent brings a picture, as a file or within its sound, or none was fetched:
    no book waits for one."""
    if any(line.name and suffix(line.path) in SUFFIXES for line in lines):
        return []
    first = found(here / sound(lines)[0].path)
    if first is None or has_picture(first):
        return []
    picture = fetched(row.book)
    return [Own(f"cover.{picture.kind}", picture.content, is_picture=True)] if picture else []
