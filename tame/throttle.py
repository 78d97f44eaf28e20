"""Failed log-ins are slowed down: each one doubles the wait before the next try."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from math import ceil
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

LONGEST_WAIT = 300  # seconds
FORGOTTEN_AFTER = 3600  # seconds without another failure

log = logging.getLogger(__name__)


class Throttle:
    """Counts failures in this process; the web server is one process."""

    def __init__(self, free: int, clock: Callable[[], float] = monotonic) -> None:
        """`free`: failures that cost nothing, for people who mistype."""
        self._free, self._clock = free, clock
        self._failures: dict[Hashable, tuple[int, float]] = {}  # how many, and when the last was
        self._lock = Lock()

    def take(self, who: Hashable) -> int:
        """0 and the try counts as a failure until `forgive`, or the seconds still to wait."""
        now = self._clock()
        with self._lock:
            count, last = self._failures.get(who, (0, now))
            wait = last + self._pause(count) - now
            if wait > 0:
                return ceil(wait)
            self._forget_before(now - FORGOTTEN_AFTER)
            self._failures.pop(who, None)  # so that the oldest failures stay in front
            self._failures[who] = (count + 1, now)
            return 0

    def forgive(self, who: Hashable) -> None:
        with self._lock:
            self._failures.pop(who, None)

    def _pause(self, count: int) -> float:
        beyond = count - self._free
        return min(2.0 ** min(beyond, 30), LONGEST_WAIT) if beyond >= 0 else 0

    def _forget_before(self, moment: float) -> None:
        for who, (_, last) in list(self._failures.items()):
            if last >= moment:
                break
            del self._failures[who]


by_name = Throttle(free=3)  # one name from one address
by_address = Throttle(free=20)  # any names from one address


class ThrottledLoginForm(AdminAuthenticationForm):
    """Refuses before the password is looked at, also the right one."""

    def clean(self) -> dict[str, Any]:
        address = address_of(self.request) if self.request else ""
        name = str(self.cleaned_data.get("username", "")).lower()
        wait = by_name.take((address, name)) or by_address.take(address)
        if wait:
            raise ValidationError(f"Too many failed attempts. Wait {wait} seconds.", "throttled")
        try:
            cleaned = super().clean()
        except ValidationError:
            log.warning("A log-in from %s failed.", address)
            raise
        if self.get_user() is not None:  # None without an error: a field was left empty
            by_name.forgive((address, name))
            by_address.forgive(address)
        return dict(cleaned)


def address_of(request: HttpRequest) -> str:
    """The visitor's; with https that is what our proxy wrote at the end of its header."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.IS_HTTPS else ""
    return told.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
