"""Take a copy's folder out of the library and keep it for a while: moved, never copied.

A folder goes whole to `<library>/.tame/trash/<copy>`, with whatever a person put into it. When its
time is over only the files that TAME placed are thrown away; the rest stays there, and is named.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.db.models import QuerySet
from django.utils import timezone

from books import made
from books.linking import USUAL
from books.marks import MARK, is_ours, pictures_of
from books.models import Library, ShelfCopy
from books.placing import (
    HIDDEN,
    check_apart,
    check_root,
    in_words,
    make_folders,
    move_in,
    sync,
)
from books.sidecar import SIDECAR, digest
from books.states import CopyState
from tame.lib.backoff import hurried, retry_time
from tame.lib.errors import LocalError, LostRaceError, ObstacleError
from tame.lib.lease import claim, free, give_back, ripe
from tame.lib.modes import Modes
from tame.lib.numbers import counted
from tame.lib.rounds import one_by_one

TRASH = "trash"
DAY = 24 * 3600
NAMED = 5  # files that are named in a sentence


# --- Folders --------------------------------------------------------------------------------------


def put_away(root: Path, folder: str, uuid: str) -> bool:
    """Move the copy's folder into the trash; False when it was there no more. A second call does
    nothing. Raises LocalError, or ObstacleError when the folder is not as TAME made it."""
    final, kept = place_of(root, folder), trash_of(root, uuid)
    with in_words(root):
        if is_there(final) and not is_ours(kept, uuid):
            check_ours(final, uuid)
            kept.parent.mkdir(parents=True, exist_ok=True)
            final.rename(kept)
            sync(kept.parent)
            sync(final.parent)
        if is_there(kept):
            made.remove_empty(root, final.parent)
        return is_there(kept)


def put_back(root: Path, folder: str, uuid: str, modes: Modes = USUAL) -> None:
    """Out of the trash to where it stood. A second call does nothing. Raises LocalError, or
    ObstacleError when its place is taken or it is not in the trash any more."""
    final, kept = place_of(root, folder), trash_of(root, uuid)
    with in_words(root):
        if is_ours(final, uuid):
            return
        if not is_there(kept):
            raise ObstacleError(f"Its folder is not in the trash of {root} any more.")
        check_apart(root, folder)
        made.remember(root, final.parent)
        make_folders(final.parent, modes)
        move_in(kept, final, modes)
        sync(kept.parent)


def throw_away(root: Path, uuid: str, files: Mapping[str, int]) -> list[str]:
    """Remove what TAME placed: `files` by name, as long as they have their size, and its mark.
    Returns the names of what is left because it is somebody else's. Raises LocalError."""
    check_root(root)
    kept = trash_of(root, uuid)
    with in_words(root):
        if not is_there(kept):
            return []
        if kept.is_symlink():
            return [kept.name]
        for name, size in {**pictures_of(kept), **files}.items():
            if is_as_placed(kept / name, size):
                (kept / name).unlink()
        if digest(kept, f"tame:{uuid}"):  # ours, or as the server has written it again
            (kept / SIDECAR).unlink()
        left = sorted(path.name for path in kept.iterdir() if path.name != MARK)
        if not left:
            (kept / MARK).unlink(missing_ok=True)
            kept.rmdir()
            sync(kept.parent)
        return left


def is_as_placed(path: Path, size: int) -> bool:
    """A file that somebody changed since is theirs."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size


def place_of(root: Path, folder: str) -> Path:
    """Raises LocalError when the disk is not mounted, or the folder would lie elsewhere."""
    check_root(root)
    parts = PurePosixPath(folder).parts
    if not parts or folder.startswith("/") or ".." in parts:
        raise LocalError(f"“{folder}” is no folder of the library {root}.")
    return root / folder


def trash_of(root: Path, uuid: str) -> Path:
    return root / HIDDEN / TRASH / uuid


def is_there(path: Path) -> bool:
    return os.path.lexists(path)


def check_ours(final: Path, uuid: str) -> None:
    """What TAME did not place it does not move."""
    if final.is_symlink() or not is_ours(final, uuid):
        raise ObstacleError(
            f"{final} is not the folder that TAME placed: its mark {MARK} is missing, or names "
            "another import. Look at it, and move it away yourself."
        )


# --- Rows -----------------------------------------------------------------------------------------


def files_of(copy: ShelfCopy) -> dict[str, int]:
    """What TAME placed: name in the folder, bytes."""
    return {line["name"]: line["size"] for line in copy.manifest if line["name"]}


def hold(copy: ShelfCopy) -> str:
    """Its lease, as long as it is in the state in which it was read. Raises LostRaceError."""
    token = claim(ShelfCopy.objects.filter(state=copy.state), copy.pk)
    if token is None:
        raise LostRaceError("Its copy is being worked on this very moment.")
    return token


def kept_until(library: Library) -> datetime:
    return timezone.now() + hurried(library.trash_days * DAY)


def trash_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Throw away what was kept long enough."""
    pks = due().order_by("pk").values_list("pk", flat=True)
    return one_by_one(pks, empty_one, "thrown away", keep_going)


def due() -> QuerySet[ShelfCopy]:
    now = timezone.now()
    rows = ShelfCopy.objects.filter(free(), state=CopyState.TRASHED, trash_until__lte=now)
    return rows.filter(ripe())


def empty_one(pk: int) -> bool:
    """Raises LocalError; it is tried again later."""
    token = claim(due(), pk)
    if token is None:
        return False
    copy = ShelfCopy.objects.select_related("library").get(pk=pk)
    root = Path(copy.library.root)
    try:
        left = throw_away(root, str(copy.uuid), files_of(copy))
        files = counted(len(files_of(copy)), "file was", "files were")
        copy.move_to(
            CopyState.GONE,
            f"{files} thrown away.{about(left, root, copy)}",
            actor="TAME",
            token=token,
            evidence={"left": left},
            last_error="",
            retry_at=None,
        )
    except LocalError as error:
        again = retry_time(copy.attempts)
        give_back(copy, token, keep_attempt=True, last_error=str(error), retry_at=again)
        raise
    except LostRaceError:
        return False
    return True


def about(left: Iterable[str], root: Path, copy: ShelfCopy) -> str:
    names = list(left)
    if not names:
        return ""
    named = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" * (len(names) > NAMED))
    kept = trash_of(root, str(copy.uuid))
    return f" What TAME did not put there stays in {kept}: {named}."
