"""A task through the queue every few seconds: it tells a dead cluster from a quiet one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import Error, connection, transaction
from django_q.tasks import async_task

from tame import schedules
from tame.children import Child
from tame.models import NamedLease


class Canary:
    """At most one is under way. django-q's own log looks healthy when no task ever starts again."""

    def __init__(self, tasks: Child, *, tell: Callable[[str], None]) -> None:
        self._tasks, self._tell = tasks, tell
        self._birth = 0  # of the cluster all this is about
        self._sent_at: float | None = None
        self._due = 0.0
        self._seen: datetime | None = None
        self._blind_since: float | None = None
        self.has_answered = False

    def look(self) -> None:
        """Called at every turn of the supervisor."""
        now = monotonic()
        is_new = self._birth != self._tasks.births
        if not self._tasks.is_up or (now < self._due and not is_new):
            return
        try:
            if is_new:
                self._begin(now)
            self._look(now)
            self._blind_since = None
        except Error as error:
            self._note_blindness(now, error)
        finally:
            connection.close_if_unusable_or_obsolete()

    def _begin(self, now: float) -> None:
        self._birth = self._tasks.births
        self._sent_at, self._due, self.has_answered = None, now, False

    def _look(self, now: float) -> None:
        if self._sent_at is None:
            self._seen, self._sent_at = _last_answer(), now
            send()
        elif _last_answer() != self._seen:
            self._note_answer(now - self._sent_at)
            schedules.heed_clock()
            self._due, self._sent_at = self._sent_at + settings.BEAT_SECONDS, None
        elif now - self._sent_at > self._patience:
            _prove_writable()
            self._tell(f"tasks took nothing from its queue for {self._patience:.0f} s: replaced.")
            self._tasks.replace(settings.DEAD_GRACE_SECONDS)

    def _note_blindness(self, now: float, error: Error) -> None:
        """An error of the database says nothing about the cluster; one that lasts may be its
        doing, because a process that stands still may hold SQLite's only write lock."""
        self._sent_at, self._due = None, now + settings.BEAT_SECONDS
        self._tell(f"The task queue cannot be looked at, the database says: {error}")
        if self._blind_since is None:
            self._blind_since = now
        elif connection.vendor == "sqlite" and now - self._blind_since > settings.STALL_SECONDS:
            self._tell("That lasts; the tasks are replaced, in case one of them holds the lock.")
            self._blind_since = None
            self._tasks.replace(settings.DEAD_GRACE_SECONDS)

    @property
    def _patience(self) -> float:
        """A cluster that has just begun gets twice the time: the machine may be slow."""
        return settings.STALL_SECONDS * (1 if self.has_answered else 2)

    def _note_answer(self, seconds: float) -> None:
        if not self.has_answered:
            self.has_answered = True
            self._tell(f"tasks answers through its queue ({seconds:.1f} s)")
            schedules.wake()


def send() -> None:
    """Into the queue; who takes it notes the moment (`note_beat`)."""
    async_task("tame.tasks.beat", timeout=5, save=False, group="tame:canary")


def _last_answer() -> datetime | None:
    return NamedLease.objects.filter(name="canary").values_list("until", flat=True).first()


def _prove_writable() -> None:
    """DatabaseError when nobody can write: then a worker could not answer either."""
    with transaction.atomic():
        NamedLease.objects.filter(name="canary").update(owner="")
