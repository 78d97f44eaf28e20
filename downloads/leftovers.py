"""What killed tries have left in the hidden folder of a library, once nobody goes on with them."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from books.libraries import PROBE
from books.marks import MARK, is_ours
from books.models import Library
from books.placing import HIDDEN
from downloads.models import Import
from downloads.states import ImportState
from downloads.upgrading import leave
from tame.lib.errors import LocalError, ObstacleError
from tame.lib.lease import free

GOES_ON = (ImportState.PENDING, ImportState.FAILED, ImportState.REVIEW)
A_DAY = 24 * 3600
A_WEEK = 7 * A_DAY


def clear_leftovers() -> None:
    """Stages of imports that ended otherwise, or in another library, and probes of a killed *Test*.
    What is no stage of TAME's stays."""
    for library in Library.objects.all():
        hidden = Path(library.root) / HIDDEN
        stages = {uuid: path for path in inside(hidden) if (uuid := uuid_of(path.name))}
        done = Import.objects.filter(free(), uuid__in=stages, exchanging=False) if stages else []
        for row in done:
            goes_on = row.state in GOES_ON and row.library_id in (None, library.pk)
            if not goes_on and is_stage(stages[row.uuid], str(row.uuid)):
                shutil.rmtree(stages[row.uuid], ignore_errors=True)
        for path in inside(hidden):
            with suppress(OSError):  # whoever made it may remove it right now
                if path.name.startswith(PROBE) and time.time() - path.stat().st_mtime > A_DAY:
                    shutil.rmtree(path, ignore_errors=True)


def leave_dropped() -> None:
    """What was placed in the very moment in which somebody dropped it."""
    rows = Import.objects.filter(free(), state=ImportState.DROPPED, copy=None, exchanging=False)
    lately = timezone.now() - timedelta(seconds=A_WEEK)
    for row in rows.filter(final_folder__gt="", state_since__gte=lately).select_related("library"):
        if row.library is not None:
            with suppress(LocalError, ObstacleError):  # its disk is away: it is looked for again
                leave(Path(row.library.root), row.final_folder, str(row.uuid))


def inside(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []


def uuid_of(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def is_stage(folder: Path, uuid: str) -> bool:
    """Not yet marked, or by this import: another's may be a copy that was just exchanged."""
    return is_ours(folder, uuid) or not (folder / MARK).exists()
