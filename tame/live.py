"""Downloads as pages show them while they move, and the word that somebody watches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from downloads.models import Download
from downloads.states import UNFINISHED, State
from tame.lib import bell
from tame.lib.sizes import readable
from tame.runners import is_watched, note_watcher

SYNC = "downloads.tasks.sync"
MINUTE, HOUR, DAY = 60, 3600, 86400
ENDLESS = 100 * DAY  # qBittorrent says 8640000 when it cannot tell


def watched() -> None:
    """A page with progress is open: have the clients asked every few seconds."""
    began = not is_watched()
    note_watcher()
    if began:
        bell.ring(SYNC)


def row(download: Download) -> dict[str, Any]:
    return {
        "id": download.pk,
        "title": download.title,
        "state": download.state,
        "label": download.get_state_display(),
        "percent": f"{percent(download)}",
        "figures": figures(download),
        "warning": download.warning,
    }


def rows(downloads: Iterable[Download]) -> list[dict[str, Any]]:
    return [row(download) for download in downloads]


def is_active(download: Download) -> bool:
    return download.state in UNFINISHED


def percent(download: Download) -> float:
    return round(100 * download.progress, 1)


def figures(download: Download) -> str:
    """Speed, time left and seeds; nothing for one that stands still."""
    if download.state != State.DOWNLOADING:
        return ""
    said = [f"{readable(download.speed)}/s"] if download.speed else []
    if download.speed and download.eta is not None and download.eta < ENDLESS:
        said.append(f"{duration(download.eta)} left")
    if download.seeds is not None:
        said.append(f"{download.seeds} seeds" if download.seeds != 1 else "1 seed")
    return ", ".join(said)


def duration(seconds: int) -> str:
    """Rounded to what a person waits for."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= unit:
            number = round(seconds / unit)
            return f"{number} {name}{'s'[: number > 1]}"
    return "less than a minute"
