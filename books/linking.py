"""Bring one file from the client's folder into the library: by reflink, hard link or copy.

Only trying tells which is possible. The source is never written, moved or touched.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tame.lib.modes import Modes

USUAL = Modes()
FICLONE = 0x40049409
NO_WAY = {  # this way is not possible here; the next may be
    errno.ENOTSUP, errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EINVAL, errno.ENOTTY, errno.ENOSYS,
}  # fmt: skip
REFLINK, HARD_LINK, COPY = "reflink", "hard link", "copy"


def link(source: Path, target: Path, modes: Modes, *, first: str = "") -> str:
    """The way that was possible, without copying a byte; else empty. `first`: what the file before
    came by, which is most likely possible again."""
    ways: list[tuple[str, Callable[[Path, Path], None]]] = [
        (REFLINK, lambda old, new: reflink(old, new, modes)), (HARD_LINK, os.link),
    ]  # fmt: skip
    for way, act in sorted(ways, key=lambda one: one[0] != first):
        try:
            act(source, target)
        except OSError as error:
            target.unlink(missing_ok=True)
            if error.errno not in NO_WAY:
                raise
        else:
            return way  # a hard link has the permissions of the file in the client
    return ""


def reflink(source: Path, target: Path, modes: Modes = USUAL) -> None:
    """Shares the blocks until one of the two is written to."""
    with source.open("rb") as old, target.open("xb") as new:
        fcntl.ioctl(new.fileno(), FICLONE, old.fileno())
        keep(new.fileno(), modes)


def copy(source: Path, target: Path, modes: Modes) -> str:
    with source.open("rb") as old, target.open("xb") as new:
        shutil.copyfileobj(old, new, 1 << 20)
        new.flush()
        keep(new.fileno(), modes)
    return COPY


def write(target: Path, content: bytes, modes: Modes) -> None:
    with target.open("xb") as new:
        new.write(content)
        new.flush()
        keep(new.fileno(), modes)


def keep(number: int, modes: Modes) -> None:
    """With its permissions, on the disk. On some file systems the mount's own hold for all."""
    with suppress(PermissionError):
        os.fchmod(number, modes.file)
    os.fsync(number)


# --- Why not --------------------------------------------------------------------------------------


def never_copied(source: Path, target: Path) -> str:
    return (
        f"{source} cannot be linked into the library, and that says never to copy. "
        f"{why_not_linked(source, target)}"
    )


def why_not_linked(source: Path, target: Path) -> str:
    """The cause and its remedy, by trying once more."""
    try:
        os.link(source, target)
    except OSError as error:
        number, said = error.errno, f"The system says: {error.strerror}."
    else:
        target.unlink()
        return "It can by now: try again."
    if number == errno.EXDEV:
        return (
            "They are on two file systems, or on two mounts of one: mount one folder that holds "
            "both."
        )
    if number == errno.EPERM and is_another_user_s(source):
        return (
            f"It belongs to user {source.stat().st_uid}, and TAME, user {os.geteuid()}, may not "
            "write to it: then the system allows no hard link. Run TAME and qBittorrent as one "
            "user, or in one group that may write."
        )
    if number in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
        return "Its file system knows no hard links."
    return said


def is_another_user_s(file: Path) -> bool:
    return file.stat().st_uid != os.geteuid() and not os.access(file, os.W_OK)
