"""kill -9 at any call of the file system, and what must never be seen after it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

CALLS = (
    "mkdir", "link", "rename", "replace", "fsync", "unlink", "rmdir", "chmod", "fchmod",
)  # fmt: skip
EVENTS = (
    "open",
    "fcntl.ioctl",
    "shutil.copyfile",
    "os.scandir",
)  # as Python's own audit calls them


def trace(folder: Path) -> dict[str, Any]:
    """What must not change of a seed: inode, size, content, and the time of its last change."""
    return {
        p.name: (p.stat().st_ino, p.stat().st_size, p.stat().st_mtime_ns,
                 hashlib.sha256(p.read_bytes()).hexdigest())
        for p in folder.iterdir()
    }  # fmt: skip


def die_at(number: int, *more: tuple[Any, str]) -> Any:
    """In a child: it dies before its nth call of the file system. `more`: functions of modules
    that count as such a call, too. Returns what counts one more."""
    left = [number]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), 9)

    def counted(call: Any) -> Any:
        def act(*given: Any, **how: Any) -> Any:
            count()
            return call(*given, **how)

        return act

    for where, name in (*((os, name) for name in CALLS), *more):
        setattr(where, name, counted(getattr(where, name)))
    sys.addaudithook(lambda event, _: count() if event in EVENTS else None)
    return count


def killed_after(number: int, work: Any, *more: tuple[Any, str]) -> bool:
    """Do the work in a child that dies at its nth call of the file system; whether it died."""
    return died(lambda: die_at(number, *more), work)


def killed_copying(name: str, work: Any, written: float = 0.5) -> None:
    """Do the work in a child that dies when so much of that source was copied."""

    def copy(old: Any, new: Any, size: int) -> None:
        content = old.read()
        is_the_one = Path(old.name).name == name
        new.write(content[: round(len(content) * written)] if is_the_one else content)
        if is_the_one:
            new.flush()
            os.kill(os.getpid(), 9)

    assert died(lambda: setattr(shutil, "copyfileobj", copy), work)


def died(prepare: Any, work: Any) -> bool:
    """Both in a child; whether something killed it."""
    child = os.fork()
    if child == 0:
        prepare()
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
