"""Keeps the web server and the task cluster alive, and leaves nothing running behind."""

from __future__ import annotations

import select
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tame import kernel, leftovers
from tame.children import Child, Program

PULSE = 0.25  # seconds between two turns

Tell = Callable[[str], None]


class Supervisor:
    """Single-threaded on purpose: it forks."""

    def __init__(self, *, note: Path, first_wait: float, tell: Tell) -> None:
        self.children: list[Child] = []
        self.watchers: list[Callable[[], None]] = []  # called at every turn while all is well
        self._note, self._first_wait, self._tell = note, first_wait, tell
        self._signals = self._heeded = self._code = 0
        self._leaders: list[int] = []

    def add(self, program: Program) -> Child:
        child = Child(program, first_wait=self._first_wait, tell=self._tell)
        self.children.append(child)
        return child

    def run(self) -> int:
        """Until SIGTERM, SIGINT or a child that cannot live; the exit code."""
        for number in kernel.CAUGHT:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, self._count)
        kernel.name_process("tame")
        kernel.adopt_orphans()
        while self._turn():
            self._listen()
        kernel.end_orphans()
        self._note.unlink(missing_ok=True)
        self._tell("TAME has stopped.")
        return self._code

    def _turn(self) -> bool:
        """One look at everything; False when all is over."""
        for child in self.children:
            child.turn()
        self._remember()
        kernel.reap_orphans(self._leaders)
        if self._signals > self._heeded:
            self._heed_signal()
        if self._heeded or self._code:
            return bool(self._leaders)
        for watch in self.watchers:
            watch()
        self._give_up()
        return True

    def _heed_signal(self) -> None:
        self._heeded = self._signals
        again = self._signals > 1
        self._tell("Ending it at once." if again else "Stopping; once more, and it ends at once.")
        for child in self.children:
            child.stop(0 if again else None)

    def _give_up(self) -> None:
        for hopeless in [child for child in self.children if child.gave_up]:
            self._tell_last_words(hopeless)
            if hopeless.program.vital:
                self._code = 1
            else:
                self.children.remove(hopeless)
        if self._code:
            for child in self.children:
                child.stop()

    def _tell_last_words(self, child: Child) -> None:
        what = "stops" if child.program.vital else "goes on without it"
        self._tell(f"{child.program.name} cannot live here; TAME {what}. Its last words:")
        for line in child.last_lines:
            self._tell(f"    {line}")

    def _remember(self) -> None:
        leaders = [child.life.pid for child in self.children if child.life]
        if leaders != self._leaders:
            self._leaders = leaders
            leftovers.remember(self._note, leaders)

    def _listen(self) -> None:
        """Pass on what the children say, for one pulse at most."""
        by_pipe = {child.life.output: child for child in self.children if child.life}
        for pipe in select.select(list(by_pipe), [], [], PULSE)[0]:
            by_pipe[pipe].read()

    def _count(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
