"""kill -9 at any call of the file system, and what must never be seen after it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

CALLS = (
    "mkdir", "link", "rename", "replace", "fsync", "unlink", "rmdir", "open", "chmod", "fchmod",
)  # fmt: skip


def trace(folder: Path) -> dict[str, Any]:
    """What must not change of a seed: inode, size, content, and the time of its last change."""
    return {
        p.name: (p.stat().st_ino, p.stat().st_size, p.stat().st_mtime_ns,
                 hashlib.sha256(p.read_bytes()).hexdigest())
        for p in folder.iterdir()
    }  # fmt: skip


def killed_after(number: int, work: Any, *more: tuple[Any, str]) -> bool:
    """Do the work in a child that dies at its nth call of the file system; whether it died.
    `more`: functions of modules that count as such a call, too."""
    child = os.fork()
    if child == 0:
        left = [number]

        def counted(call: Any) -> Any:
            def act(*given: Any, **how: Any) -> Any:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), 9)
                return call(*given, **how)

            return act

        for where, name in (*((os, name) for name in CALLS), *more):
            setattr(where, name, counted(getattr(where, name)))
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
