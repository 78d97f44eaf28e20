"""What the supervisor asks of the operating system about processes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

CAUGHT = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PATIENCE = 2  # seconds; SIGKILL takes far less
PR_SET_PDEATHSIG, PR_SET_NAME, PR_SET_CHILD_SUBREAPER = 1, 15, 36
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def end_with_parent(parent: int) -> None:
    """SIGTERM to this process as soon as its parent has ended, however it ended."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        sys.exit(1)


def name_process(name: str) -> None:
    """What `top` and `ps -o comm` show, 15 characters at most; forks are called the same."""
    if _prctl is not None:
        _prctl(PR_SET_NAME, name.encode())


def adopt_orphans() -> None:
    """Grandchildren whose parent ended become ours, as they would be of process 1."""
    if _prctl is not None:
        _prctl(PR_SET_CHILD_SUBREAPER, 1)


def has_ended(pid: int) -> bool:
    """The process stays a zombie, so that its number is not given to another one meanwhile."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def reap_orphans(children: Collection[int]) -> None:
    """Let the kernel forget every ended process that is not among `children`."""
    with suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in children:
                return
            os.waitpid(ended.si_pid, 0)


def end_orphans() -> None:
    """SIGKILL to whatever is still ours, and wait until the kernel has forgotten it."""
    deadline = monotonic() + PATIENCE
    while (orphans := _children()) and monotonic() < deadline:
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        reap_orphans([])
        sleep(0.02)


def _children() -> list[int]:
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:
        return []
    return [int(pid) for pid in text.split()]
