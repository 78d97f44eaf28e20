"""Downloads as pages show them while they move, and the word that somebody watches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse

from downloads import copying
from downloads.models import Download, Import
from downloads.states import UNFINISHED, ImportState, State
from tame.lib import bell
from tame.lib.sizes import readable
from tame.runners import is_watched, note_watcher

SYNC = "downloads.tasks.sync"
COPY = "import-"  # before its number, where the number alone is a download's
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
        "url": reverse("admin:downloads_download_change", args=[download.pk]),
        "title": download.title,
        "state": download.state,
        "label": download.get_state_display(),
        "percent": f"{percent(download):g}",
        "figures": figures(download),
        "warning": download.warning,
    }


def rows(downloads: Iterable[Download]) -> list[dict[str, Any]]:
    return [row(download) for download in downloads]


def is_copy(name: str) -> bool:
    return name.startswith(COPY) and name[len(COPY) :].isdigit()


def copies_of(names: Iterable[str]) -> list[Import]:
    """By what `copy` calls them."""
    pks = [int(name[len(COPY) :]) for name in names if is_copy(name)]
    rows = copying.being_copied().filter(pk__in=pks) if pks else Import.objects.none()
    return list(rows.select_related("book"))


def copy(row: Import) -> dict[str, Any]:
    """A book that is copied into its library right now."""
    return {
        "id": f"{COPY}{row.pk}",
        "url": reverse("admin:downloads_import_change", args=[row.pk]),
        "title": str(row.book),
        "state": "downloading",
        "label": "goes into the library",
        "percent": f"{copying.percent(row):g}",
        "figures": f"{readable(row.copied)} of {readable(copying.whole(row))}",
        "warning": "",
    }


def copies(imports: Iterable[Import]) -> list[dict[str, Any]]:
    """Of these, with their books."""
    return [copy(row) for row in imports if copying.is_being_copied(row)]


def answer(
    downloads: Sequence[Download], imports: Sequence[Import] = (), stamp: str = ""
) -> dict[str, Any]:
    """What a page is told that asks what has changed. `imports`: whose turn has come."""
    is_moving = any(is_active(download) for download in downloads)
    if is_moving:
        watched()
    waits = any(row.state == ImportState.PENDING for row in imports)
    told = rows(downloads) + copies(imports)
    return {"rows": told, "stamp": stamp, "busy": is_moving or waits}


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
