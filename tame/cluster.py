"""django-q2's cluster in less memory: one process fewer, and as many workers as there is work.

The outer process of `manage.py qcluster` only waits for the sentinel and passes SIGTERM on, and can
lock up while doing so (django-q2 #346): here the sentinel itself is the main process. A worker
costs 17 MB, and most of the time there is nothing to do for five.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from time import monotonic, sleep
from types import FrameType
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connections
from django_q.cluster import Sentinel
from django_q.conf import Conf

PULSE = 0.1  # seconds
BUSY_CYCLES = 2  # of half a second: then one more worker comes, so that one is always free


def work() -> None:
    """Until SIGTERM; what was taken from the queue by then is still done."""
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    Guard(StopFlag(), StopFlag(), uuid4())


class StopFlag:
    """As much of an Event as the sentinel uses; unlike one, a signal handler may set it."""

    def __init__(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True

    def wait(self, seconds: float) -> bool:
        end = monotonic() + seconds
        while not self._is_set and (left := end - monotonic()) > 0:
            sleep(min(PULSE, left))
        return self._is_set


class Guard(Sentinel):  # type: ignore[misc]
    """The sentinel of a pool that grows as soon as all are busy."""

    def spawn_cluster(self) -> None:
        self._busy_cycles = 0
        self.pool_size = min(settings.WORKERS_AT_REST, Conf.WORKERS)
        super().spawn_cluster()

    def spawn_process(self, target: Callable[..., None], *arguments: Any) -> Any:
        """The scheduler runs in this process and leaves a connection open. Through a fork it would
        be shared: two workers would then read each other's answers."""
        connections.close_all()
        return super().spawn_process(target, *arguments)

    def guard(self) -> None:
        signal.signal(signal.SIGTERM, self._told_to_stop)
        super().guard()

    def status(self) -> str:
        """The guard loop asks for it once in every cycle."""
        if self.start_event.is_set() and not self.stop_event.is_set():
            self._grow()
        return str(super().status())

    def reincarnate(self, process: Any) -> None:
        """Who was only here because there was much to do has no successor."""
        is_recycled = process in self.pool and int(process.timer.value) == -2
        if is_recycled and len(self.pool) > self.pool_size and not self._busy():
            self.pool.remove(process)
        else:
            super().reincarnate(process)

    def _grow(self) -> None:
        is_full = len(self._busy()) == len(self.pool)
        self._busy_cycles = self._busy_cycles + 1 if is_full else 0
        if self._busy_cycles > BUSY_CYCLES and len(self.pool) < Conf.WORKERS:
            self.spawn_worker()

    def _busy(self) -> list[Any]:
        return [worker for worker in self.pool if worker.timer.value > 0]

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_event.set()
