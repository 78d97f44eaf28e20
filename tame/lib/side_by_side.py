"""Do several slow things at once, in threads that only wait for the network.

A database connection belongs to its thread, SQLite has one writer, and a row read in a thread would
be another transaction's. So what touches rows is handed back, by `here`, to the thread that asked:
it does these errands while it waits for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Lock, local
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
Errand = tuple[Callable[[], Any], "Future[Any]"]


class _Mine(local):
    desk: _Desk | None = None


_mine = _Mine()


def here(act: Callable[[], T]) -> T:
    """Done by the thread that asked, in the others; at once, where there are none."""
    return act() if _mine.desk is None else _mine.desk.hand(act)


def at_once(acts: Sequence[Callable[[], T]], seconds: float | None = None) -> list[Future[T]]:
    """The end of each, in their order. One that is not done after that many seconds stays so."""
    if not acts:
        return []
    desk = _Desk()
    pool = ThreadPoolExecutor(len(acts), "aside", initializer=desk.take)
    try:
        ends = [pool.submit(act) for act in acts]
        for end in ends:
            end.add_done_callback(lambda _: desk.errands.put(None))
        desk.serve(ends, seconds)
    finally:
        desk.close()
        pool.shutdown(wait=False, cancel_futures=True)
    return ends


class _Desk:
    """Where errands are handed in and done."""

    def __init__(self) -> None:
        self.errands: SimpleQueue[Errand | None] = SimpleQueue()
        self.lock = Lock()
        self.is_open = True

    def take(self) -> None:
        """In a new thread: its errands come to this desk."""
        _mine.desk = self

    def hand(self, act: Callable[[], T]) -> T:
        """Raises CancelledError where nobody waits for it any more."""
        end: Future[T] = Future()
        with self.lock:
            if self.is_open:
                self.errands.put((act, end))
            else:
                end.cancel()
        return end.result()

    def serve(self, ends: Sequence[Future[Any]], seconds: float | None) -> None:
        until = None if seconds is None else monotonic() + seconds
        while not all(end.done() for end in ends):
            left = None if until is None else until - monotonic()
            if left is not None and left <= 0:
                return
            try:
                errand = self.errands.get(timeout=left)
            except Empty:
                return
            if errand is not None:
                do(*errand)

    def close(self) -> None:
        """What was handed in too late is told so."""
        with self.lock:
            self.is_open = False
        while not self.errands.empty():
            errand = self.errands.get()
            if errand is not None:
                errand[1].cancel()


def do(act: Callable[[], Any], end: Future[Any]) -> None:
    """What goes wrong here is a fault of ours: it is raised here, too."""
    try:
        end.set_result(act())
    except BaseException:
        end.cancel()
        raise
