"""Which files of a stage are whole, after whoever copied them was killed.

A file is noted once it is on the disk, with the size and the time that its source had before the
first byte was read. What has no note, or whose source has changed since, is copied anew.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

NOTE = ".tame.copied.json"
Stamp = tuple[str, int, int]  # path, bytes, the time of the last change in nanoseconds


def stamp_of(source: Path) -> Stamp:
    """Its path, too: in another order another file may have the same name, size and time."""
    seen = source.stat()
    return str(source), seen.st_size, seen.st_mtime_ns


def note(stage: Path, whole: Mapping[str, Stamp]) -> None:
    """All of them anew: the note is whole as well, or the one before."""
    new = stage / f"{NOTE}.new"
    with new.open("w") as file:
        json.dump(whole, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(stage / NOTE)


def forget(stage: Path) -> None:
    (stage / NOTE).unlink(missing_ok=True)


def kept(stage: Path, sources: Iterable[tuple[str, Path]]) -> dict[str, Stamp]:
    """What is whole, by its name in the stage; everything else there is thrown away."""
    told, whole = noted(stage), dict[str, Stamp]()
    for name, source in sources:
        with suppress(OSError):
            stamp = stamp_of(source)
            if told.get(name) == stamp and is_whole(stage / name, stamp):
                whole[name] = stamp
    if whole:
        clear(stage, but={*whole, NOTE})
        note(stage, whole)
    else:
        shutil.rmtree(stage, ignore_errors=True)
    return whole


def noted(stage: Path) -> dict[str, Stamp]:
    try:
        told = json.loads((stage / NOTE).read_text())
        return {name: (path, size, time) for name, (path, size, time) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def is_whole(copy: Path, stamp: Stamp) -> bool:
    seen = copy.lstat()
    return stat.S_ISREG(seen.st_mode) and seen.st_size == stamp[1]


def clear(stage: Path, but: set[str]) -> None:
    for path in stage.iterdir():
        if path.name in but:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
