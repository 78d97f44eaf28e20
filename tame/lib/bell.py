"""Rings for the next step: the only place that enqueues a task.

A lost bell costs a period of the schedule, never a row; so a broker that is away is only logged.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.brokers.orm import ORM
from django_q.tasks import async_task

log = logging.getLogger(__name__)


def ring(path: str, *, after: float = 0) -> None:
    """Run the task at the dotted path, `after` so many seconds, once this transaction has been
    committed.

    Rung many times within one transaction it runs once.
    """
    if not settings.BELLS:
        return
    key = f"bell:{path}"
    waiting = [func for _, func, *_ in connection.run_on_commit]
    if any(getattr(func, "key", "") == key for func in waiting):
        return
    transaction.on_commit(_Ring(path, key, after))


class _Ring:
    """A callable that can be recognised among the functions waiting for the commit."""

    def __init__(self, path: str, key: str, after: float) -> None:
        self.path, self.key, self.after = path, key, after

    def __call__(self) -> None:
        broker = _Later(self.after) if self.after else get_broker()
        try:
            async_task(self.path, group=self.key, save=False, broker=broker, **time_of(self.path))
        except DatabaseError as error:
            log.warning("The bell for %s was lost: %s", self.path, error)


def time_of(path: str) -> dict[str, int]:
    """Options of django-q for a task that may take longer than others."""
    seconds = settings.TASK_SECONDS.get(path)
    return {"timeout": seconds} if seconds else {}


class _Later(ORM):  # type: ignore[misc]
    """Nobody takes a task from the queue as long as it is locked."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def enqueue(self, task: str) -> int:
        rows = self.get_connection()
        lock = timezone.now() + timedelta(seconds=self.seconds)
        return int(rows.create(key=self.list_key, payload=task, lock=lock).pk)
