"""Rings for the next step: the only place that enqueues a task.

A lost bell costs a period of the schedule, never a row; so a broker that is away is only logged.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django_q.tasks import async_task

log = logging.getLogger(__name__)


def ring(path: str) -> None:
    """Run the task at the dotted path soon, once this transaction has been committed.

    Rung many times within one transaction it runs once.
    """
    if not settings.BELLS:
        return
    key = f"bell:{path}"
    waiting = [func for _, func, *_ in connection.run_on_commit]
    if any(getattr(func, "key", "") == key for func in waiting):
        return
    transaction.on_commit(_Ring(path, key))


class _Ring:
    """A callable that can be recognised among the functions waiting for the commit."""

    def __init__(self, path: str, key: str) -> None:
        self.path, self.key = path, key

    def __call__(self) -> None:
        try:
            async_task(self.path, group=self.key, save=False)
        except DatabaseError as error:
            log.warning("The bell for %s was lost: %s", self.path, error)
