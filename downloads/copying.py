"""How far a book is on its way into the library: what lies in its stage, noted in the row every few
seconds by whoever places it. A page reads the row; a disk that hangs makes no page hang."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from books.placing import stage_of
from downloads.models import Import
from downloads.states import ImportState
from tame.lib.lease import meanwhile
from tame.lib.progress import Progress
from tame.lib.sizes import readable

SECONDS = 2  # between two looks


def note_copied(row: Import, token: str) -> None:
    """What is linked is there before anybody looks. Called from a thread beside the work."""
    if row.library is None:
        return
    copied = bytes_in(stage_of(Path(row.library.root), str(row.uuid)))
    if copied:
        Import.objects.filter(pk=row.pk, leased_by=token).update(copied=copied)


def bytes_in(stage: Path) -> int:
    try:
        with os.scandir(stage) as files:
            return sum(file.stat(follow_symlinks=False).st_size for file in files)
    except OSError:  # not there yet, or renamed to its place right now
        return 0


def being_copied() -> QuerySet[Import]:
    """Those that somebody works on right now."""
    rows = Import.objects.filter(
        state=ImportState.PENDING, copied__gt=0, leased_until__gt=timezone.now()
    )
    return rows.order_by("pk")


def is_being_copied(row: Import) -> bool:
    """As above, of one that was read."""
    is_held = row.leased_until is not None and row.leased_until > timezone.now()
    return row.state == ImportState.PENDING and row.copied > 0 and is_held


@contextmanager
def shown_on(progress: Progress) -> Iterator[None]:
    """While a command imports."""
    with progress, meanwhile(lambda: show_copies(progress), SECONDS):
        yield


def show_copies(progress: Progress) -> None:
    """The first of them as a bar of a hundred."""
    if row := being_copied().select_related("book").first():
        far = f"{readable(row.copied)} of {readable(whole(row))}"
        progress.to(round(percent(row)), f"% of “{row.book}” are in the library, {far}")


def whole(row: Import) -> int:
    """Bytes of what is to be in the library."""
    return sum(line["size"] for line in row.manifest if line["name"])


def percent(row: Import) -> float:
    """Also where a picture of TAME's own lies beside it."""
    return min(100.0, round(100 * row.copied / (whole(row) or 1), 1))
