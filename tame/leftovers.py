"""Processes of an earlier run, whose supervisor was killed before it could end them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

PROC = Path("/proc")
GRACE = 5  # seconds; the kernel has already told them that their supervisor is gone


class _Stat(NamedTuple):
    session: int
    started: int  # in clock ticks since boot
    is_alive: bool


def remember(note: Path, leaders: Iterable[int]) -> None:
    """Write down which sessions are ours, so that the next run finds what this one leaves."""
    sessions = [[pid, stat.started] for pid in leaders if (stat := _stat(pid))]
    partial = note.with_suffix(".partial")
    partial.write_text(json.dumps({"boot": _boot(), "sessions": sessions}))
    partial.replace(note)


def end(note: Path) -> int:
    """End what is left of the run that wrote `note`; how many processes that were."""
    left = _left(note)
    _wait_until_gone(note, GRACE)
    for pid in _left(note):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _wait_until_gone(note, GRACE)
    note.unlink(missing_ok=True)
    return len(left)


def _wait_until_gone(note: Path, seconds: float) -> None:
    deadline = monotonic() + seconds
    while _left(note) and monotonic() < deadline:
        sleep(0.05)


def _left(note: Path) -> list[int]:
    sessions = _sessions(note)
    stats = {pid: stat for pid in _pids() if (stat := _stat(pid))}
    # A number that belongs to somebody else by now has another start time.
    ours = {pid for pid, born in sessions if pid not in stats or stats[pid].started == born}
    return [pid for pid, stat in stats.items() if stat.session in ours and stat.is_alive]


def _sessions(note: Path) -> list[tuple[int, int]]:
    try:
        found = json.loads(note.read_text())
        return [(pid, born) for pid, born in found["sessions"] if found["boot"] == _boot()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _boot() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _pids() -> list[int]:
    return [int(path.name) for path in PROC.glob("[0-9]*")]


def _stat(pid: int) -> _Stat | None:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    return _Stat(int(fields[3]), int(fields[19]), fields[0] not in "ZX")
