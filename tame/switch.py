"""Pause everything, and go on."""

from __future__ import annotations

from tame.lib import bell
from tame.models import Switch
from tame.schedules import SCHEDULES


def pause_everything() -> str:
    """No task asks a service for anything until somebody goes on. Clients go on by themselves."""
    Switch.objects.update_or_create(pk=1, defaults={"everything_paused": True})
    return "Everything is paused. What qBittorrent has goes on there."


def go_on() -> str:
    Switch.objects.update_or_create(pk=1, defaults={"everything_paused": False})
    for path, minutes in SCHEDULES.values():
        if minutes == 1:
            bell.ring(path)
    return "TAME goes on."
