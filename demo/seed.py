"""What a web seed does: parts of files, as slowly as asked."""

from __future__ import annotations

import re
import threading
import time
from typing import BinaryIO

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CHUNKS_PER_SECOND = 10
FASTEST_CHUNK = 64 * 1024


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last, or None when the whole file is meant.

    `ValueError` when no byte of the file is in the range.
    """
    asked = RANGE.fullmatch(header.strip())
    if not asked or asked.group() == "bytes=-":
        return None
    first, last = asked.groups()
    start, end = (int(first), int(last or size)) if first else (max(size - int(last), 0), size)
    if start > end or start >= size:
        raise ValueError("no such bytes")
    return start, min(end + 1, size)


class Throttle:
    """Lets so many bytes per second pass, over all connections together; 0 means any number."""

    def __init__(self, speed: int = 0) -> None:
        self.speed = speed
        self._lock = threading.Lock()
        self._free_at = 0.0

    def send(self, data: bytes, out: BinaryIO) -> None:
        step = max(self.speed // CHUNKS_PER_SECOND, 1) if self.speed else FASTEST_CHUNK
        for start in range(0, len(data), step):
            chunk = data[start : start + step]
            self._wait(len(chunk))
            out.write(chunk)

    def _wait(self, amount: int) -> None:
        if not self.speed:
            return
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic()) + amount / self.speed
            free_at = self._free_at
        time.sleep(max(free_at - time.monotonic(), 0))
