"""A bar on stderr for long work, seen on a terminal only: pipes and logs get nothing."""

from __future__ import annotations

from collections.abc import Callable
from shutil import get_terminal_size
from types import TracebackType
from typing import Protocol

WIDTH = 24
CLEAR = "\r\x1b[K"


class Stream(Protocol):
    """Django's output wrapper."""

    def isatty(self) -> bool: ...
    def write(
        self,
        msg: str = "",
        style_func: Callable[[str], str] | None = None,
        ending: str | None = None,
    ) -> None: ...
    def flush(self) -> None: ...


class Progress:
    """Entered, it gives the function that is called after every step, with a word about it."""

    def __init__(self, total: int, stream: Stream) -> None:
        self.total, self.stream, self.done = total, stream, 0
        self.is_shown = total > 1 and stream.isatty()

    def __enter__(self) -> Callable[..., None]:
        self._show("")
        return self.step

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_shown:
            self._write(CLEAR)

    def step(self, said: str = "") -> None:
        self.done += 1
        self._show(said)

    def to(self, done: int, said: str = "") -> None:
        """So far in all."""
        self.done = done
        self._show(said)

    def _show(self, said: str) -> None:
        if not self.is_shown:
            return
        filled = WIDTH * min(self.done, self.total) // self.total
        bar = "#" * filled + "." * (WIDTH - filled)
        line = f"[{bar}] {self.done} of {self.total} {said}"
        self._write(CLEAR + "".join(filter(str.isprintable, line))[: get_terminal_size().columns])

    def _write(self, text: str) -> None:
        self.stream.write(text, style_func=str, ending="")
        self.stream.flush()
