"""How long to leave a troubled service or a failed row alone, and the columns that remember it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tame.lib.errors import LoginRefusedError, ServiceDownError

PAUSE_MINUTES = (1, 5, 15, 30, 60)
RETRY_MINUTES = (1, 5, 30, 120, 360)


def hurried(wait: float | timedelta) -> timedelta:
    """A wait, or one of that many seconds, divided by `settings.HURRY` (1, more in tests and the
    demo)."""
    whole = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
    return whole / settings.HURRY


def step(minutes: tuple[int, ...], failures: int) -> timedelta:
    """The wait after that many failures in a row (1 is the first); the last step stays."""
    return hurried(60 * minutes[min(max(failures, 1), len(minutes)) - 1])


def retry_time(attempts: int) -> datetime:
    """When a failed row is due again, spread by up to a tenth so that rows do not march in step."""
    spread = 1 + random.random() / 10  # noqa: S311 - not a secret, only a spread
    return timezone.now() + step(RETRY_MINUTES, attempts) * spread


class Pause(models.Model):
    """A service that is left alone for a while after it failed."""

    failures = models.PositiveIntegerField("failures in a row", default=0, editable=False)
    off_until = models.DateTimeField("left alone until", null=True, editable=False)
    last_error = models.TextField(blank=True, default="", editable=False)
    last_ok_at = models.DateTimeField("last good answer", null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_off(self) -> bool:
        return self.off_until is not None and self.off_until > timezone.now()

    @property
    def key_was_refused(self) -> bool:
        """It failed without an end to its pause: only a new key helps."""
        return self.failures > 0 and self.off_until is None

    @property
    def how_it_is(self) -> str:
        """For a list: its trouble, else whether it ever answered."""
        return self.last_error or ("answers" if self.last_ok_at else "not tested yet")

    def note_failure(self, error: ServiceDownError) -> None:
        """Leave the service alone for the next step, or for as long as it asked.

        A refused login stops it without an end: only new credentials help.
        """
        self.failures += 1
        wait = step(PAUSE_MINUTES, self.failures)
        if error.retry_after is not None:
            wait = max(wait, timedelta(seconds=error.retry_after))
        off = None if isinstance(error, LoginRefusedError) else timezone.now() + wait
        self._write(failures=self.failures, off_until=off, last_error=str(error))

    def note_failed_test(self, error: ServiceDownError) -> None:
        """A person tried it: that lengthens no pause. A refused login stops it, as ever."""
        stopped = {"failures": 1, "off_until": None}
        is_refused = isinstance(error, LoginRefusedError)
        self._write(last_error=str(error), **(stopped if is_refused else {}))

    def note_success(self) -> None:
        self._write(failures=0, off_until=None, last_error="", last_ok_at=timezone.now())

    def reset(self) -> None:
        """Ask again at once: a person says that the cause is gone."""
        self._write(failures=0, off_until=None, last_error="")

    def _write(self, **columns: object) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        type(self)._default_manager.filter(pk=self.pk).update(**columns)


def may_be_asked(prefix: str = "") -> Q:
    """Rows of services, or with a prefix of what belongs to one, that are neither left alone for a
    while nor wait for new credentials."""
    is_well = Q(**{f"{prefix}failures": 0, f"{prefix}off_until": None})
    return is_well | Q(**{f"{prefix}off_until__lte": timezone.now()})
