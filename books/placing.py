"""Put files into a library: staged in its hidden folder, linked or copied, renamed into place.

A book appears whole or not at all, and a second try finds what the first one did. The source is
never written, moved or touched.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from books.copied import forget, kept, note, stamp_of
from books.linking import COPY, USUAL, copy, link, never_copied, write
from books.made import remember
from books.marks import MARK, is_ours
from tame.lib.errors import LocalError, LostRaceError, ObstacleError, TameError
from tame.lib.modes import Modes
from tame.lib.seeing import is_folder
from tame.lib.sizes import readable

HIDDEN = ".tame"  # Audiobookshelf looks into no folder that begins with a dot
BEFORE = "an earlier try"  # the way of what was copied before whoever did so was killed
SPARE = 1.05  # of the bytes that are copied: a file system needs some for itself


@dataclass(frozen=True)
class Track:
    """A file to be placed: from where, under which name in the book's folder, how many bytes."""

    source: Path
    name: str
    size: int


@dataclass(frozen=True)
class Own:
    """A file that TAME writes beside them, never linked; a picture is known by the mark."""

    name: str
    content: bytes
    is_picture: bool = False


@dataclass(frozen=True)
class Root:
    """A library's folder, and how files come to stand in it."""

    path: Path
    may_copy: bool = True
    modes: Modes = USUAL


def place(
    root: Root,
    folder: str,
    uuid: str,
    tracks: Sequence[Track],
    own: Sequence[Own] = (),
    allowed: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """The tracks as the folder below the root; how many came by which way. `allowed` is asked
    before each file that is copied and before the book is to be seen, and raises.

    Raises LocalError, ObstacleError when something else is in the folder's place.
    """
    final, stage = root.path / folder, stage_of(root.path, uuid)
    check_root(root.path)
    if is_ours(final, uuid):
        check(final, sizes(tracks))
        return {}
    check_apart(root.path, folder)
    with in_words(root.path, lambda: shutil.rmtree(stage, ignore_errors=True)):
        ways = fill(stage, tracks, root, allowed)
        for file in own:
            write(stage / file.name, file.content, root.modes)
        mark(stage, uuid, tracks, {one.name: len(one.content) for one in own if one.is_picture})
        check(stage, sizes(tracks))
        remember(root.path, final.parent)
        make_folders(final.parent, root.modes)
        allowed()
        move_in(stage, final, root.modes)
    check(final, sizes(tracks))
    return ways


def check_root(root: Path) -> None:
    """It is never made: a disk that is not mounted looks like this. Raises LocalError."""
    if not is_folder(root):
        raise LocalError(f"The library's folder {root} is not there. Is its disk mounted?")


@contextmanager
def in_words(root: Path, clear: Callable[[], None] = lambda: None) -> Iterator[None]:
    """What the system refuses is said with its remedy. After any trouble `clear` is called, else a
    full disk stays full; unless another worker was first, whose the rest may be by now. Raises
    LocalError."""
    try:
        yield
    except LostRaceError:
        raise
    except OSError as error:
        clear()
        raise LocalError(sentence_of(error, root)) from error
    except TameError:
        clear()
        raise


def stage_of(root: Path, uuid: str) -> Path:
    """Where its files are gathered until all are there."""
    return root / HIDDEN / uuid


def check_apart(root: Path, folder: str) -> None:
    """Raises ObstacleError."""
    if other := book_above(root, PurePosixPath(folder)):
        raise ObstacleError(
            f"{other} is the folder of another book: inside it this one would be taken for a part "
            "of that, and go to the trash with it. Take that one off the shelf and import it "
            "again, or choose another library for this one."
        )


def book_above(root: Path, folder: PurePosixPath) -> Path | None:
    """A folder with a book of TAME's that this one would be in."""
    above = [root / one for one in folder.parents[:-1]]
    return next((one for one in above if (one / MARK).exists()), None)


def make_folders(folder: Path, modes: Modes) -> None:
    """Whatever the umask says; those that are there stay as they are."""
    if folder.is_dir():
        return
    make_folders(folder.parent, modes)
    folder.mkdir(exist_ok=True)
    with suppress(PermissionError):  # as of a file's
        folder.chmod(modes.folder)
    sync(folder.parent)


def fill(
    stage: Path,
    tracks: Sequence[Track],
    root: Root,
    allowed: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """The stage; of what a killed worker left in it, what it had copied wholly stays."""
    may_copy, modes = root.may_copy, root.modes
    whole = kept(stage, ((t.name, t.source) for t in tracks) if may_copy else ())
    make_folders(stage, modes)
    left = [track for track in tracks if track.name not in whole]
    ways = {BEFORE: len(whole)} if whole else {}
    way = ""
    for number, track in enumerate(left):
        target = stage / track.name
        way = link(track.source, target, modes, first=way)
        if not way:
            if not may_copy:
                raise LocalError(never_copied(track.source, target))
            allowed()
            if COPY not in ways:
                check_room(stage, left[number:])
            stamp = stamp_of(track.source)
            way = copy(track.source, target, modes)
            whole[track.name] = stamp
            note(stage, whole)
        ways[way] = ways.get(way, 0) + 1
    return ways


def check_room(stage: Path, tracks: Sequence[Track]) -> None:
    """Before the first byte is copied. Raises LocalError."""
    needed = round(sum(track.size for track in tracks) * SPARE)
    free = shutil.disk_usage(stage).free
    if needed > free:
        raise LocalError(
            f"There is no room left in {stage.parent.parent}: the book needs "
            f"{readable(needed)}, and {readable(free)} are free. Make room, or "
            "take another library; it is tried again by itself."
        )


def mark(
    stage: Path, uuid: str, tracks: Sequence[Track], pictures: Mapping[str, int] | None = None
) -> None:
    """Whose folder it is, for a second try and for whoever looks into it."""
    told: dict[str, Any] = {"import": uuid, "files": sizes(tracks)}
    if pictures:
        told["pictures"] = dict(pictures)
    forget(stage)
    with (stage / MARK).open("w") as file:
        json.dump(told, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    sync(stage)


def move_in(stage: Path, final: Path, modes: Modes = USUAL) -> None:
    """Onto an empty folder made for it: works on every file system, and overwrites nothing."""
    try:
        final.mkdir(modes.folder)
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


def sizes(tracks: Sequence[Track]) -> dict[str, int]:
    return {track.name: track.size for track in tracks}


def check(folder: Path, files: Mapping[str, int]) -> None:
    """Nothing is believed until it is seen: every file, by its name, with its size. Raises
    LocalError."""
    for name, expected in files.items():
        path = folder / name
        try:
            size = path.stat().st_size
        except OSError as error:
            raise LocalError(f"{path} was placed and cannot be seen: {error.strerror}.") from error
        if size != expected:
            raise LocalError(f"{path} has {size} bytes in the place of {expected}.")


def sentence_of(error: OSError, root: Path) -> str:
    """What a person can do about it."""
    where = error.filename2 or error.filename or root  # of a link the second is the new one
    said = {
        errno.ENOSPC: f"There is no room left in {root}. Make some; it is tried again by itself.",
        errno.EDQUOT: f"The quota of TAME's user in {root} is used up.",
        errno.EFBIG: f"{where} is larger than a file may be in {root}.",
        errno.EROFS: f"{root} is read-only. Let TAME write there; it is tried again by itself.",
        errno.EACCES: may_not(Path(where), root),
        errno.ENOENT: f"{error.filename or root} is not there any more.",
        errno.ENAMETOOLONG: f"The name of {where} is too long for the file system of {root}.",
    }
    return said.get(error.errno or 0, f"{where}: {error.strerror}.")


def may_not(where: Path, root: Path) -> str:
    what = "write" if where.is_relative_to(root) else "read"
    return f"TAME may not {what} {where}. Give its user the right to, or a shared group."
