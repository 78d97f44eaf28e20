"""Put a better copy into the place of another, at the same path.

What stands there is whole at any moment: one of the two, or, where the file system cannot exchange
folders, nothing for the time between two renames. What a killed try left is told by the marks.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from books.linking import copy, link
from books.marks import MARK, is_ours, pictures_of, placed
from books.placing import (
    Root,
    Track,
    check,
    check_root,
    fill,
    in_words,
    make_folders,
    mark,
    move_in,
    sizes,
    stage_of,
    sync,
)
from books.sidecar import SIDECAR, digest
from books.sound import is_sound
from books.trash import check_ours, is_as_placed, is_there, throw_away, trash_of
from tame.lib.modes import Modes
from tame.lib.pictures import SUFFIXES as PICTURES

HERE, EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
CANNOT = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EXDEV}


def replace(
    root: Root,
    folder: str,
    new: str,
    old: str,
    tracks: Sequence[Track],
    allowed: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """The tracks in the place of the old copy, which goes to the trash; how many came by which way.
    `new`, `old`: what their marks say. `allowed` is asked right before the exchange, and raises.

    Raises LocalError, or ObstacleError when what stands there is not the old copy.
    """
    final, stage = root.path / folder, stage_of(root.path, new)
    settle(root.path, folder, new, old)
    ways: dict[str, int] = {}
    with in_words(root.path, lambda: clear(stage, old)):
        if not is_ours(final, new):
            check_ours(final, old)
            tracks = without_theirs(tracks, final, old)
            ways = fill(stage, tracks, root)
            carry_over(final, old, stage, root.modes)
            mark(stage, new, tracks, carried(final, stage, tracks))
            check(stage, sizes(tracks))
            allowed()
            exchange(final, stage, trash_of(root.path, old))
    known = placed(final)
    check(final, {name: size for name, size in sizes(tracks).items() if name in known})
    return ways


def settle(root: Path, folder: str, new: str, old: str) -> None:
    """End what a killed try began: forward if the new copy is whole, else back."""
    check_root(root)
    final, stage, kept = root / folder, stage_of(root, new), trash_of(root, old)
    with in_words(root):
        if is_ours(final, new) and is_ours(stage, old):
            put_into_trash(stage, kept)
        elif is_free(final) and is_ours(kept, old):
            move_in(stage if is_whole(stage, new) else kept, final)


def take_back(root: Path, folder: str, new: str, old: str) -> None:
    """The old copy where it stood, whatever a try of the new one has left. Twice is once."""
    check_root(root)
    final, stage, kept = root / folder, stage_of(root, new), trash_of(root, old)
    gone = trash_of(root, new)
    with in_words(root):
        held = stage if is_ours(stage, old) else kept
        if is_ours(final, new) and is_ours(held, old):
            exchange(final, held, gone)
        elif is_free(final) and is_ours(held, old):
            move_in(held, final)
        if is_ours(kept, new):  # a try that was killed after it had exchanged them
            put_into_trash(kept, gone)
        throw_away(root, new, placed(gone))
        clear(stage, old)


def exchange(final: Path, other: Path, kept: Path) -> None:
    """`other` to where `final` is, and what was there to `kept`."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    if swap(other, final):
        sync(final.parent)
        put_into_trash(other, kept)
    else:
        final.rename(kept)
        sync(kept.parent)
        move_in(other, final)


def put_into_trash(folder: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(kept)
    sync(kept.parent)


def swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where that is not possible. Raises OSError."""
    rename: Any = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def carry_over(final: Path, old: str, stage: Path, modes: Modes) -> None:
    """What a person, or the server, put beside the book stays beside it; not sound, which would
    become a part of it: that goes to the trash with the old copy."""
    beside(final, stage, modes, but=ours_in(final, old))


def ours_in(final: Path, old: str) -> set[str]:
    """What TAME placed and nobody has changed since: a cover that a person, or the server, wrote
    over is theirs."""
    kept = {name for name, size in placed(final).items() if is_as_placed(final / name, size)}
    return kept | {MARK} | ({SIDECAR} if digest(final, f"tame:{old}") else set())


def without_theirs(tracks: Sequence[Track], final: Path, old: str) -> list[Track]:
    """Without the pictures and texts for which another is beside the old copy that is not ours; a
    picture of another kind, but of the same name, would win over it or not."""
    fetched = {n for n, size in pictures_of(final).items() if is_as_placed(final / n, size)}
    ours = ours_in(final, old) | fetched
    theirs = {
        called(path.name)
        for path in final.iterdir()
        if path.is_file() and not (path.is_symlink() or path.name in ours or is_sound(path.name))
    }
    return [t for t in tracks if is_sound(t.name) or called(t.name) not in theirs]


def called(name: str) -> str:
    path = Path(name.lower())
    return path.stem if path.suffix.lstrip(".") in PICTURES else path.name


def carried(final: Path, stage: Path, tracks: Sequence[Track]) -> dict[str, int]:
    """The pictures of ours that came along."""
    names = {track.name for track in tracks}
    return {
        name: size
        for name, size in pictures_of(final).items()
        if name not in names and is_as_placed(stage / name, size)
    }


def beside(folder: Path, stage: Path, modes: Modes, but: AbstractSet[str] = frozenset()) -> None:
    """Its files that are no sound, those in its folders too, linked or copied."""
    for path in sorted(folder.iterdir()):
        target = stage / path.name
        if path.is_symlink() or path.name in but:
            continue
        if path.is_dir() and not is_there(target):
            make_folders(target, modes)
            beside(path, target, modes)
            sync(target)
        elif path.is_file() and not (is_sound(path.name) or is_there(target)):
            _ = link(path, target, modes) or copy(path, target, modes)


def is_whole(folder: Path, uuid: str) -> bool:
    files = placed(folder).items()
    return is_ours(folder, uuid) and all(is_as_placed(folder / name, size) for name, size in files)


def is_free(final: Path) -> bool:
    """Nothing is there, or the empty folder of a try that was killed."""
    return not is_there(final) or (final.is_dir() and not any(final.iterdir()))


def clear(stage: Path, old: str) -> None:
    """The new copy's own links; never the old one, which may be there for a moment."""
    if is_there(stage) and not is_ours(stage, old):
        shutil.rmtree(stage, ignore_errors=True)
