"""Variables of the environment as values; one that is empty counts as not set.

What cannot be read is an `ImproperlyConfigured` with a sentence that names the variable.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

YES = ("yes", "y", "true", "t", "on", "ok", "1")
NO = ("no", "n", "false", "f", "off", "0")
ZONES = Path("/usr/share/zoneinfo")  # Django asks there, too


def refusal(name: str, given: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {given!r}, but must be {allowed}.")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name) or default


def word(name: str, default: str = "") -> str:
    """`text` where a space at an end can only be a slip."""
    return text(name).strip() or default


def words(name: str) -> list[str]:
    """What stands there with commas between."""
    return [part for piece in text(name).split(",") if (part := piece.strip())]


def switch(name: str, *, default: bool = False) -> bool:
    given = word(name)
    if given and given.lower() not in YES + NO:
        raise refusal(name, given, "yes or no")
    return given.lower() in YES if given else default


def port(name: str, default: int) -> int:
    given = word(name)
    if not given:
        return default
    if not (given.isascii() and given.isdigit()) or not 1 <= int(given[:6]) <= 65535:
        raise refusal(name, given, "a number from 1 to 65535")
    return int(given)


def factor(name: str, default: float) -> float:
    given = word(name)
    try:
        number = float(given or default)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise refusal(name, given, "a number above 0, for example 1")
    return number


def one_of(name: str, allowed: Sequence[str], default: str) -> str:
    given = word(name, default)
    if given.upper() not in allowed:
        raise refusal(name, given, f"one of {', '.join(allowed)}")
    return given.upper()


def time_zone(name: str, default: str) -> str:
    given = word(name)
    if given and not _is_time_zone(given):
        raise refusal(name, given, "a time zone of this machine, for example Europe/Berlin or UTC")
    return given or default


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown, no name at all, a folder of zones
        return False
    return not ZONES.exists() or (ZONES / name).is_file()
