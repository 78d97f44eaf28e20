"""One login per process and client: the same session again and again, logged out at the end."""

from __future__ import annotations

import os
import threading
from collections.abc import Hashable
from contextlib import suppress
from multiprocessing.util import Finalize

from downloads.qbittorrent import TIMEOUT, QBittorrent
from downloads.sessions import Gate, Login, Timeout
from tame.lib.errors import TameError

_open: dict[Hashable, QBittorrent] = {}  # by the key of the gate
_opening = threading.Lock()
_farewell: Finalize | None = None


def connect(login: Login, gate: Gate, *, timeout: Timeout = TIMEOUT) -> QBittorrent:
    """This process's session with the client: the same one again, logged out at the end.

    Other credentials, or another address, replace it.
    """
    global _farewell
    with _opening:
        before = _open.get(gate.key)
        if before and (before.login, before.timeout) == (login, timeout):
            before.through(gate, login)
            return before
        client = _open[gate.key] = QBittorrent(login, gate, timeout=timeout)
        # Not atexit: processes that multiprocessing started never come to it.
        _farewell = _farewell or Finalize(None, log_out_all, exitpriority=1)
    if before:
        with suppress(TameError):
            before.log_out()
    return client


def log_out_all() -> None:
    for client in _open.values():
        with suppress(TameError):
            client.log_out()
    _open.clear()


def _forget() -> None:
    """A forked child shares no session with its parent, nor a lock that a thread there holds."""
    global _opening, _farewell
    _opening, _farewell = threading.Lock(), None
    _open.clear()


os.register_at_fork(after_in_child=_forget)
