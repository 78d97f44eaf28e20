"""What an Audiobookshelf is asked, what it answers with, and all that it knows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from demo.audiobookshelf.shelf import Shelves

API_KEY = "nautilus.captain-nemo.1870-key"
OLD_TOKEN = "nautilus.pacific.1868-token"
NEVER_EXPIRES = "nautilus.never-expires.1869-token"
VERSION = "2.36.0"
PERMISSIONS = {"download": True, "update": True, "upload": True, "delete": True}


@dataclass(frozen=True)
class Answer:
    """`body`: bytes and texts as they are, everything else as JSON."""

    status: int = 200
    body: Any = "OK"
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    hang_up: bool = False


PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
UNAUTHORIZED = Answer(401, "Unauthorized", kind=PLAIN)
FORBIDDEN = Answer(403, "Forbidden", kind=PLAIN)
NOT_FOUND = Answer(404, "Not Found", kind=PLAIN)
TOO_MANY = Answer(
    429, {"error": "Too many authentication requests"}, headers={"Retry-After": "600"}
)
LOGIN_PAGE = Answer(200, "<!doctype html><title>Sign in</title>", kind="text/html")
GARBAGE = Answer(200, f'{{"user": {{"token": "{NEVER_EXPIRES}"', kind="application/json")
BROKEN = Answer(500, f"Error: {NEVER_EXPIRES}", kind=PLAIN)
NO_GATEWAY = Answer(502, "<html><h1>502 Bad Gateway</h1></html>", kind="text/html")


@dataclass(frozen=True)
class Asked:
    """One request; `path` without the base path and the query."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class Person:
    """`listens`: by book, the share that was heard (1: finished)."""

    id: str
    username: str
    type: str = "user"
    token: str = NEVER_EXPIRES
    permissions: dict[str, bool] = field(default_factory=lambda: dict(PERMISSIONS))
    listens: dict[str, float] = field(default_factory=dict)


class State:
    """All that it knows. `trouble` answers every request when it is set, `next` the next one whose
    path holds its key. `meanwhile` is what somebody does right after the next request whose method
    and path hold its key was carried out."""

    def __init__(self) -> None:
        self.shelves = Shelves()
        self.me = Person("root-1", "tame", "admin")
        self.people = [self.me]
        self.keys = {API_KEY, OLD_TOKEN}
        self.version = VERSION
        self.asked: list[Asked] = []
        self.faults: list[str] = []
        self.trouble: Answer | None = None
        self.next: dict[str, list[Answer]] = {}
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.covers: dict[str, bytes] = {}
        self.online: list[dict[str, Any]] = []  # what its sources would find; empty: offline
        self.providers = {"google": "Google Books", "audible.uk": "Audible.co.uk"}
        self.lock = threading.RLock()
