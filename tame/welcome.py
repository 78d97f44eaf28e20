"""The last words of a start: the address, and who can reach it."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

from tame.lib import addresses

PATIENCE = 20  # seconds; the address is told even if the task queue is still silent by then


class Welcome:
    """Told once, as soon as the pages answer and the task queue does."""

    def __init__(self, tell: Callable[[str], None], *, queue_answers: Callable[[], bool]) -> None:
        self._tell, self._queue_answers = tell, queue_answers
        self._began = monotonic()
        self._answered_after: float | None = None
        self._is_told = False

    def look(self) -> None:
        """Called at every turn of the supervisor."""
        if self._is_told:
            return
        if self._answered_after is None and pages_answer():
            self._answered_after = monotonic() - self._began
            self._tell(f"web answers ({self._answered_after:.1f} s)")
        is_late = monotonic() - self._began > PATIENCE
        if self._answered_after is not None and (self._queue_answers() or is_late):
            self._is_told = True
            for line in last_words():
                self._tell(line)


def pages_answer() -> bool:
    line = HTTPConnection("127.0.0.1", settings.PORT, timeout=1)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def last_words() -> list[str]:
    """Who can reach it, and, at the very end, where."""
    address = f"TAME is at {settings.TAME_URL}/ - Ctrl-C stops it."
    if settings.LAN:
        names = [f"http://{name}:{settings.PORT}/" for name in addresses.own_names()]
        return [f"Everyone in your network can reach it: {' '.join(names)}", address]
    if urlsplit(settings.TAME_URL).hostname in addresses.LOOPBACK:
        return [
            "Only this machine can reach it; bin/start --lan opens it to your network.",
            address,
        ]
    return [f"It listens on 127.0.0.1:{settings.PORT}, for a proxy on this machine.", address]
