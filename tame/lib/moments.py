"""A moment as a sentence names it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format


def is_today(when: datetime) -> bool:
    return timezone.localtime(when).date() == timezone.localdate()


def moment(when: datetime) -> str:
    """The time of today, else day and time; by the clock of the pages."""
    return date_format(timezone.localtime(when), "H:i" if is_today(when) else "j M, H:i")


def at(when: datetime) -> str:
    """As a sentence ends: at 18:03; on 3 Dec, 18:03."""
    return f"{'at' if is_today(when) else 'on'} {moment(when)}"


def day(when: date) -> str:
    return date_format(when, "j F Y")
