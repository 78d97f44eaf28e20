"""One runner of each kind of long work at a time, so that one worker is always free."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

from django.conf import settings
from django.db import models
from django.utils import timezone
from django_q.models import Schedule

from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.lease import free, new_token, renewed
from tame.models import NamedLease, SchedulePreference, Switch

RUNNERS = ("tick", "push", "search", "files")
BUSY = "busy: another runner is at it"
PAUSED = "paused: everything is paused"
GO_ON = "Everything is paused: go on with the switch on the first page."
CRASHED = "stopped by an error that TAME did not expect"
PREFIX = "tame:"  # of our schedules among those of django-q
WATCHED = "watched"
WATCHED_SECONDS = 30
LOOK_SECONDS = 0.05
A_MOMENT = 0.2  # seconds of patience where nobody waits: the canary stands in the same queue


def everything_is_paused() -> bool:
    return Switch.objects.filter(everything_paused=True).exists()


class Runner:
    """The right to do one kind of work, for `settings.RUNNER_SECONDS` at most."""

    def __init__(self, name: str) -> None:
        self.name, self.token = name, owner(os.getpid())
        self.ends = monotonic() + hurried(settings.RUNNER_SECONDS).total_seconds()

    @property
    def has_time(self) -> bool:
        """False also as soon as somebody pauses everything: what is begun is ended, no more."""
        return self.keep() and monotonic() < self.ends and not everything_is_paused()

    def keep(self) -> bool:
        """Hold on for another lease; False when another runner has taken over meanwhile."""
        until = timezone.now() + hurried(settings.LEASE_SECONDS)
        return bool(self._mine().update(until=until))

    def take(self) -> bool:
        """Nobody waits for the end of a lease whose owner is known to be dead."""
        seen, _ = NamedLease.objects.get_or_create(name=self.name)
        same = NamedLease.objects.filter(pk=seen.pk, owner=seen.owner, until=seen.until)
        if not is_dead(seen.owner):
            same = same.filter(free("until"))
        until = timezone.now() + hurried(settings.LEASE_SECONDS)
        return bool(same.update(owner=self.token, until=until))

    def take_within(self, seconds: float) -> bool:
        give_up = monotonic() + hurried(seconds).total_seconds()
        while not self.take():
            if monotonic() > give_up:
                return False
            sleep(LOOK_SECONDS)
        return True

    def release(self) -> None:
        self._mine().update(owner="", until=None)

    def _mine(self) -> models.QuerySet[NamedLease]:
        return NamedLease.objects.filter(name=self.name, owner=self.token)


def place() -> str:
    """This machine, and on it the container, among all that share the database."""
    here = socket.gethostname()
    with suppress(OSError):
        here += str(Path("/proc/self/ns/pid").readlink())
    return sha256(here.encode()).hexdigest()[:8]


def owner(process: int) -> str:
    return f"{place()}-{process}-{new_token()[:8]}"


def is_dead(owner: str) -> bool:
    """Whether it was a process of this machine that runs no more; else nothing can be said."""
    where, _, rest = owner.partition("-")
    process = rest.partition("-")[0]
    if where != place() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it lives, and is not ours
        return False
    return False


def noted(name: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """The schedule's row remembers when its task last ran and what it said."""

    def wrap(task: Callable[[], str]) -> Callable[[], str]:
        @wraps(task)
        def inner() -> str:
            started, said = timezone.now(), CRASHED
            try:
                said = task()
            finally:
                note_run(name, started, said)
            return said

        return inner

    return wrap


def note_run(name: str, started: datetime, said: str) -> None:
    if said == BUSY:
        come_back(name)
        return
    SchedulePreference.objects.update_or_create(
        name=name,
        defaults={
            "last_started_at": started,
            "last_ended_at": timezone.now(),
            "last_result": said,
        },
    )


def come_back(name: str) -> None:
    """Whoever found no turn is due again when the scheduler next looks: what runs every hour would
    else meet the same neighbour an hour later."""
    soon = timezone.now() + timedelta(seconds=settings.AGAIN_SECONDS)
    Schedule.objects.filter(name=PREFIX + name, next_run__gt=soon).update(next_run=soon)


def run_alone(name: str, work: Callable[[Runner], str], *, patience: float = 0) -> str:
    """`work` as the only runner of this kind; "busy" when there is still one after so many
    seconds."""
    if everything_is_paused():
        return PAUSED
    runner = Runner(name)
    if not runner.take_within(patience):
        return BUSY
    with kept(runner):
        return work(runner)


@contextmanager
def kept(runner: Runner) -> Iterator[None]:
    """Released in the end; until then the work may take longer than a lease lasts."""
    try:
        with renewed(runner.keep):
            yield
    finally:
        runner.release()


def did_run(said: str) -> bool:
    """Whether a task did its work, by what it says."""
    return said not in (BUSY, PAUSED)


def hand_over(said: str, path: str, is_due: Callable[[], bool]) -> None:
    """After a task's work: ring for one that found its runner busy meanwhile, or for what it left
    itself. `said`: what the task says."""
    if did_run(said) and is_due():
        ring_later(path, settings.AGAIN_SECONDS)


def ring_later(path: str, seconds: float) -> None:
    """Run the task at that path after a while. However many ask for it, it runs once."""
    wait, now = hurried(seconds), timezone.now()
    lease, _ = NamedLease.objects.get_or_create(name=f"later:{path}")
    rows = NamedLease.objects.filter(free("until"), pk=lease.pk)
    if rows.update(until=now + wait):
        bell.ring(path, after=wait.total_seconds())


def note_watcher() -> None:
    """Somebody looks at a page that shows progress."""
    until = timezone.now() + timedelta(seconds=WATCHED_SECONDS)
    NamedLease.objects.update_or_create(name=WATCHED, defaults={"until": until})


def is_watched() -> bool:
    return NamedLease.objects.filter(name=WATCHED, until__gt=timezone.now()).exists()


def note_beat() -> None:
    """A worker took a task from the queue just now."""
    NamedLease.objects.update_or_create(name="canary", defaults={"until": timezone.now()})
