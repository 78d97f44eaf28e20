"""A process under test with its lines, and the processes below it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil

ROOT = Path(__file__).resolve().parents[2]


def wait_until(is_so: Callable[[], object], seconds: float, why: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


class Running:
    """Started at once; every process below it is killed at the end of the `with`."""

    def __init__(self, argv: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        self._seen: set[psutil.Process] = set()
        with log.open("w") as output:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self.below(), *self._seen]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def text(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str, seconds: float = 20, times: int = 1) -> None:
        wait_until(
            lambda: self.text.count(text) >= times,
            seconds,
            lambda: f"No {text!r} within {seconds} s in:\n{self.text}",
        )

    def below(self) -> list[psutil.Process]:
        """All processes below it, the oldest first."""
        try:
            found = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            found = []
        self._seen.update(found)
        return sorted(found, key=lambda process: (process.create_time(), process.pid))

    def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = 60) -> int:
        self.below()
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def left(self) -> list[psutil.Process]:
        """What was once below it and still runs."""
        return [process for process in self._seen if is_alive(process)]


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
