"""Put files into a library: staged in its hidden folder, linked or copied, renamed into place.

A book appears whole or not at all, and a second try finds what the first one did. The source is
never written, moved or touched.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from books.made import remember
from tame.lib.errors import LocalError, ObstacleError

HIDDEN = ".tame"  # Audiobookshelf looks into no folder that begins with a dot
MARK = ".tame.json"
FICLONE = 0x40049409
FOLDER_MODE, FILE_MODE = 0o775, 0o664
NO_WAY = {  # this way is not possible here; the next may be
    errno.ENOTSUP, errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EINVAL, errno.ENOTTY, errno.ENOSYS,
}  # fmt: skip
REFLINK, HARD_LINK, COPY = "reflink", "hard link", "copy"


@dataclass(frozen=True)
class Track:
    """A file to be placed: from where, under which name in the book's folder, how many bytes."""

    source: Path
    name: str
    size: int


def place(
    root: Path, folder: str, uuid: str, tracks: Sequence[Track], *, may_copy: bool
) -> dict[str, int]:
    """The tracks as the folder below the root; how many came by which way.

    Raises LocalError, ObstacleError when something else is in the folder's place.
    """
    final, stage = root / folder, root / HIDDEN / uuid
    if not root.is_dir():  # never made: a disk that is not mounted looks like this
        raise LocalError(f"The library's folder {root} is not there. Is its disk mounted?")
    if is_ours(final, uuid):
        check(final, tracks)
        return {}
    try:
        ways = fill(stage, tracks, may_copy=may_copy)
        mark(stage, uuid, tracks)
        check(stage, tracks)
        remember(root, final.parent)
        final.parent.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        move_in(stage, final)
    except OSError as error:
        raise LocalError(sentence_of(error, root)) from error
    check(final, tracks)
    return ways


def is_ours(final: Path, uuid: str) -> bool:
    """A try before this one has done it."""
    try:
        known: dict[str, Any] = json.loads((final / MARK).read_text())
    except (OSError, ValueError):
        return False
    return known.get("import") == uuid


def fill(stage: Path, tracks: Sequence[Track], *, may_copy: bool) -> dict[str, int]:
    """A fresh stage: what a killed worker left in it is thrown away."""
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(FOLDER_MODE, parents=True)
    stage.chmod(FOLDER_MODE)  # whatever the umask says
    ways: dict[str, int] = {}
    for track in tracks:
        way = bring(track.source, stage / track.name, may_copy=may_copy)
        ways[way] = ways.get(way, 0) + 1
    return ways


def bring(source: Path, target: Path, *, may_copy: bool) -> str:
    """By reflink, else by hard link, else by copying. Only trying tells which is possible."""
    for way, act in ((REFLINK, reflink), (HARD_LINK, os.link)):
        try:
            act(source, target)
        except OSError as error:
            target.unlink(missing_ok=True)
            if error.errno not in NO_WAY:
                raise
        else:
            return way
    if not may_copy:
        raise LocalError(
            f"{source} cannot be linked to {target.parent.parent.parent}, which is on another file "
            "system, and the library says never to copy."
        )
    copy(source, target)
    return COPY


def reflink(source: Path, target: Path) -> None:
    """Shares the blocks until one of the two is written to."""
    with source.open("rb") as old, target.open("xb") as new:
        fcntl.ioctl(new.fileno(), FICLONE, old.fileno())
    target.chmod(FILE_MODE)


def copy(source: Path, target: Path) -> None:
    with source.open("rb") as old, target.open("xb") as new:
        shutil.copyfileobj(old, new, 1 << 20)
        os.fsync(new.fileno())
    target.chmod(FILE_MODE)


def mark(stage: Path, uuid: str, tracks: Sequence[Track]) -> None:
    """Whose folder it is, for a second try and for whoever looks into it."""
    files = {track.name: track.size for track in tracks}
    with (stage / MARK).open("w") as file:
        json.dump({"import": uuid, "files": files}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    sync(stage)


def move_in(stage: Path, final: Path) -> None:
    """Onto an empty folder made for it: works on every file system, and overwrites nothing."""
    try:
        final.mkdir(FOLDER_MODE)
    except FileExistsError:  # ours, if it is empty: a try that was killed right here
        if not final.is_dir() or any(final.iterdir()):
            raise ObstacleError(
                f"{final} is there already and holds something else. Move it away, or take it in "
                "as a copy of the book."
            ) from None
    stage.rename(final)
    sync(final.parent)


def sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def check(folder: Path, tracks: Sequence[Track]) -> None:
    """Nothing is believed until it is seen: every file with its size. Raises LocalError."""
    for track in tracks:
        path = folder / track.name
        try:
            size = path.stat().st_size
        except OSError as error:
            raise LocalError(f"{path} was placed and cannot be seen: {error.strerror}.") from error
        if size != track.size:
            raise LocalError(f"{path} has {size} bytes in the place of {track.size}.")


def sentence_of(error: OSError, root: Path) -> str:
    """What a person can do about it."""
    where = error.filename or root
    said = {
        errno.ENOSPC: f"There is no room left in {root}.",
        errno.EROFS: f"{root} is on a file system that is read-only.",
        errno.EACCES: f"TAME may not write {where}. Give its user the right to, or a shared group.",
        errno.ENOENT: f"{where} is not there any more.",
    }
    return said.get(error.errno or 0, f"{where}: {error.strerror}.")
