"""Ends or stops a worker at a named line of its work, or makes a task do nothing or break, or the
scheduler look more often.

Part of a cluster under test only, when TAME_TEST_KILL is set, to JSON like one of
{"at": "before-add", "marker": "hit", "signal": 9}
{"at": "sentinel", "cue": "cue", "marker": "hit"}
{"idle": ["downloads.tasks.push"], "marker": "hit"}
{"broken": "downloads.retry.retry_due"}
{"eager": true}
A hit happens once: its marker holds the process id of whoever was hit. Who is at no line of a
download's work is hit as soon as there is a file called like the cue.
"""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from functools import wraps
from http.client import HTTPConnection, HTTPResponse
from importlib import import_module
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from django.apps import AppConfig

POINTS = {  # name: where the function lives, its name, and on which side of its call
    "before-fetch": ("downloads.obtain", "fetch", "before"),
    "after-fetch": ("downloads.obtain", "fetch", "after"),
    "between-look-and-add": ("downloads.push", "add", "before"),
    "before-add": ("downloads.qbittorrent:QBittorrent", "add", "before"),
    "after-add": ("downloads.qbittorrent:QBittorrent", "add", "after"),
    "before-confirm": ("downloads.confirm", "confirmed_one", "before"),
    "in-search": ("indexers.round:Pass", "collect", "before"),
}
BEFORE_THE_ANSWER = "between-add-and-answer"
IDLE = "idle-worker"
IDLE_AT_THE_QUEUE = "idle-worker-at-the-queue"  # no other gets a task any more (django-q2 #23)
SENTINEL = "sentinel"


class KillsConfig(AppConfig):
    name = "tests.cluster"
    label = "kills"

    def ready(self) -> None:
        plan = json.loads(os.environ["TAME_TEST_KILL"])
        if "broken" in plan:
            make_broken(plan["broken"])
        elif "eager" in plan:
            make_eager()
        elif "idle" in plan:
            for path in plan["idle"]:
                make_idle(path, Path(plan["marker"]))
        elif plan["at"] == BEFORE_THE_ANSWER:
            hit_before_the_answer(plan)
        elif plan["at"] in (IDLE, IDLE_AT_THE_QUEUE):
            hit_while_idle(plan)
        elif plan["at"] == SENTINEL:
            hit_the_sentinel(plan)
        else:
            place, name, side = POINTS[plan["at"]]
            hit_around(place, name, side, plan)


def hit(plan: dict[str, Any]) -> None:
    """Send this process the signal, unless somebody was hit before."""
    with suppress(FileExistsError):
        handle = os.open(plan["marker"], os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        os.kill(os.getpid(), plan.get("signal", signal.SIGKILL))


def hit_around(place: str, name: str, side: str, plan: dict[str, Any]) -> None:
    module, _, inner = place.partition(":")
    owner = import_module(module)
    owner = getattr(owner, inner) if inner else owner
    inside = getattr(owner, name)

    @wraps(inside)
    def outside(*args: Any, **kwargs: Any) -> Any:
        if side == "before":
            hit(plan)
        answer = inside(*args, **kwargs)
        if side == "after":
            hit(plan)
        return answer

    setattr(owner, name, outside)


def hit_before_the_answer(plan: dict[str, Any]) -> None:
    """The client has the whole request and has done it; nobody reads what it says."""
    ask, read = HTTPConnection.putrequest, HTTPConnection.getresponse

    def asking(self: HTTPConnection, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        self.is_an_add = url.endswith("torrents/add")  # type: ignore[attr-defined]
        ask(self, method, url, *args, **kwargs)

    def reading(self: HTTPConnection) -> HTTPResponse:
        answer = read(self)
        if self.is_an_add:  # type: ignore[attr-defined]
            hit(plan)
        return answer

    HTTPConnection.putrequest = asking  # type: ignore[method-assign]
    HTTPConnection.getresponse = reading  # type: ignore[method-assign]


def hit_while_idle(plan: dict[str, Any]) -> None:
    """One that waits at the queue holds its lock; the others wait for the lock."""
    cluster = import_module("django_q.cluster")
    inside = cluster.worker

    @wraps(inside)
    def outside(queue: Any, results: Any, timer: Any, *rest: Any) -> None:
        def watch() -> None:
            while not (Path(plan["cue"]).exists() and timer.value < 0 and at_the_queue() == wanted):
                sleep(0.02)
            hit(plan)

        def at_the_queue() -> bool:
            return bool(queue._rlock._semlock._count())

        wanted = plan["at"] == IDLE_AT_THE_QUEUE
        Thread(target=watch, daemon=True).start()
        inside(queue, results, timer, *rest)

    cluster.worker = outside  # type: ignore[attr-defined]


def hit_the_sentinel(plan: dict[str, Any]) -> None:
    """It says how it is in every cycle."""
    guard = import_module("tame.cluster").Guard
    inside = guard.status

    def outside(self: Any) -> str:
        if Path(plan["cue"]).exists():
            hit(plan)
        return str(inside(self))

    guard.status = outside


def make_eager() -> None:
    """The sentinel's scheduler looks in every cycle, not every 30 s."""
    guard = import_module("tame.cluster").Guard
    look = import_module("django_q.cluster").scheduler
    inside = guard.status

    def outside(self: Any) -> str:
        look(broker=self.broker)
        return str(inside(self))

    guard.status = outside


def make_broken(path: str) -> None:
    module, _, name = path.rpartition(".")

    def broken() -> str:
        raise ZeroDivisionError("a bug")

    setattr(import_module(module), name, broken)


def make_idle(path: str, marker: Path) -> None:
    """The task says ok and does nothing."""
    module, _, name = path.rpartition(".")

    def idle() -> str:
        with marker.open("a") as times:
            times.write(f"{path}\n")
        return "ok"

    setattr(import_module(module), name, idle)
