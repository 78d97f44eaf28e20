"""One program under the supervisor: its own process group, its lines, its deaths."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from time import monotonic
from typing import cast

from django.db import connections

from tame import kernel

# Forked, not executed anew: all children share the pages of what the supervisor has imported.
FORK = multiprocessing.get_context("fork")
LONGEST_WAIT = 20  # seconds between two tries
LONG_LIFE = 60  # seconds; who lived longer begins with the shortest wait again
SHORT_LIFE = 30  # seconds; five deaths in a row within it are no accident
DEATHS_TO_GIVE_UP = 5
LINES_KEPT = 20


@dataclass(frozen=True)
class Program:
    name: str
    run: Callable[[], None]
    grace: float  # seconds from SIGTERM to SIGKILL
    vital: bool = True  # TAME ends when it cannot live; without the others TAME goes on


class Life:
    """One process from its birth to its burial, and the pipe that carries its lines."""

    def __init__(self, program: Program) -> None:
        self.output, writing = os.pipe()
        os.set_blocking(self.output, False)
        arguments = (program.name, program.run, writing, os.getpid())
        self.process = FORK.Process(target=_live, args=arguments, name=program.name)
        connections.close_all()  # what the watchers left open must not be shared with the child
        self.process.start()
        os.close(writing)
        self.pid = cast(int, self.process.pid)
        self.born = monotonic()
        self.kill_at: float | None = None  # set as soon as it was asked to end
        self._rest = b""

    @property
    def has_ended(self) -> bool:
        return kernel.has_ended(self.pid)

    def ask_to_end(self, grace: float) -> None:
        """SIGTERM to the main process alone: sent to its group, django-q's main hangs for ever."""
        if self.kill_at is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)
        self.kill_at = min(self.kill_at or float("inf"), monotonic() + grace)

    def lines(self) -> list[str]:
        """What it has written since the last look."""
        try:
            chunk = os.read(self.output, 65536)
        except BlockingIOError:
            return []
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        return [line.decode(errors="replace").rstrip() for line in lines]

    def bury(self) -> tuple[int, list[str]]:
        """Its exit code and its last lines. Its workers, which may outlive it, end here too."""
        kernel.kill_group(self.pid)
        self.process.join()
        code = self.process.exitcode or 0
        self.process.close()
        lines = self.lines() + [self._rest.decode(errors="replace")] * bool(self._rest)
        os.close(self.output)
        return code, lines


class Child:
    """Lives again whenever it ends, until it is told to stop for good."""

    def __init__(self, program: Program, *, first_wait: float, tell: Callable[[str], None]) -> None:
        self.program, self.first_wait, self._tell = program, first_wait, tell
        self.life: Life | None = None
        self.births = 0
        self.last_lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._deaths = self._quick_deaths = 0
        self._due = 0.0
        self._is_over = False
        self._before: Callable[[], None] = nothing

    @property
    def is_up(self) -> bool:
        return self.life is not None and self.life.kill_at is None

    @property
    def gave_up(self) -> bool:
        return self._quick_deaths >= DEATHS_TO_GIVE_UP

    def turn(self) -> None:
        """Do what is due: start, notice an end, lose patience."""
        if self.life is None:
            if not self._is_over and monotonic() >= self._due:
                self._before()
                self._before = nothing
                self.life = Life(self.program)
                self.births += 1
        elif self.life.has_ended:
            self._bury(self.life)
        elif self.life.kill_at is not None and monotonic() >= self.life.kill_at:
            kernel.kill_group(self.life.pid)

    def stop(self, grace: float | None = None) -> None:
        """End for good: SIGTERM, then SIGKILL to all of it after `grace` seconds."""
        self._is_over = True
        if self.life is not None:
            self.life.ask_to_end(self.program.grace if grace is None else grace)

    def replace(self, grace: float, before: Callable[[], None] | None = None) -> None:
        """End this one, if it runs, and start another; `before` is done between the two."""
        self._is_over = False
        self._before = before or nothing
        if self.life is not None:
            self.life.ask_to_end(grace)

    def read(self) -> None:
        if self.life is not None:
            self._pass_on(self.life.lines())

    def _bury(self, life: Life) -> None:
        code, lines = life.bury()
        self._pass_on(lines)
        self.life = None
        if life.kill_at is None:
            self._mourn(code, monotonic() - life.born)
        else:
            self._due = 0.0

    def _mourn(self, code: int, lived: float) -> None:
        self._deaths = 1 if lived > LONG_LIFE else self._deaths + 1
        self._quick_deaths = self._quick_deaths + 1 if lived < SHORT_LIFE else 0
        wait = pause(self._deaths, self.first_wait)
        self._due = monotonic() + wait
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        last = "" if self.gave_up else f"; it starts again in {wait:.0f} s"
        self._tell(f"{self.program.name} {how} after {lived:.0f} s{last}.")

    def _pass_on(self, lines: list[str]) -> None:
        self.last_lines.extend(lines)
        for line in lines:
            self._tell(f"{self.program.name:5} | {line}")


def nothing() -> None:
    pass


def pause(deaths: int, first: float) -> float:
    """Seconds to wait after that many deaths in a row (1 is the first)."""
    return min(first * 2.0 ** min(deaths - 1, 30), LONGEST_WAIT)


def _live(name: str, run: Callable[[], None], output: int, parent: int) -> None:
    """The child's own life, in a session of its own; it is told to end if the supervisor dies."""
    os.setsid()
    kernel.end_with_parent(parent)
    kernel.name_process(f"tame {name}")
    for number in kernel.CAUGHT:
        signal.signal(number, signal.SIG_DFL)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    cast(TextIOWrapper, sys.stdout).reconfigure(line_buffering=True)
    run()
