"""Take off the shelf, or put back, what a person said: its files go to the trash and return.

It goes on with what was killed at any line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from books.apart import check_holds_no_other
from books.models import ShelfCopy
from books.shelf import take_off
from books.states import COPY_HOLDS_THE_BOOK, CopyState
from books.trash import hold, kept_until, put_away, put_back
from downloads.afterwards import afterwards
from downloads.models import Import
from downloads.states import IMPORT_OFF_OR_BACK, ImportState
from downloads.undo import size_of, until
from tame.lib import bell
from tame.lib.backoff import retry_time
from tame.lib.errors import LocalError, LostRaceError, ObstacleError, ServiceDownError
from tame.lib.lease import claim, free, give_back, ripe
from tame.lib.rounds import one_by_one

SHELVE = "downloads.tasks.shelve"


def undo_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Take off, or put back, what a person said."""
    return one_by_one(due(), undo_one, "undone or put back", keep_going)


def due() -> list[int]:
    rows = Import.objects.filter(free(), ripe(), state__in=IMPORT_OFF_OR_BACK)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def is_any_due() -> bool:
    return bool(due())


def undo_one(pk: int) -> bool:
    """True when it is over. Raises ServiceDownError; every other trouble stays in the row, and it
    is tried again later."""
    token = claim(Import.objects.filter(state__in=IMPORT_OFF_OR_BACK), pk)
    if token is None:
        return False
    row = Import.objects.select_related("copy__library", "book", "download__client").get(pk=pk)
    step = take_away if row.state == ImportState.UNDOING else bring_back
    try:
        step(row, token)
    except LostRaceError:
        give_back(row, token)
        return False
    except ServiceDownError as error:
        give_back(row, token, last_error=str(error), retry_at=retry_time(1))
        raise
    except (LocalError, ObstacleError) as error:
        again = retry_time(row.attempts)
        give_back(row, token, keep_attempt=True, last_error=str(error), retry_at=again)
        return False
    return True


def take_away(row: Import, token: str) -> None:
    copy = row.copy
    if copy is None or copy.state not in COPY_HOLDS_THE_BOOK:
        nothing = "Nothing of it is in the library."
        row.move_to(ImportState.UNDONE, nothing, actor="TAME", token=token, last_error="")
        return
    check_holds_no_other(copy)
    held = hold(copy)
    try:
        said = [take_off(copy)]
        is_kept = put_away(Path(copy.library.root), copy.folder, str(copy.uuid))
    except (ServiceDownError, LocalError, ObstacleError):
        give_back(copy, held)
        raise
    said.append(about_files(copy, is_kept))
    with transaction.atomic():
        trashed(copy, held, said[-1], is_kept)
        row.move_to(
            ImportState.UNDONE,
            " ".join(sentence for sentence in said if sentence),
            actor="TAME",
            token=token,
            last_error="",
            retry_at=None,
        )
        afterwards(row)


def trashed(copy: ShelfCopy, held: str, sentence: str, is_kept: bool) -> None:
    """What was not there any more need not be kept."""
    until = kept_until(copy.library) if is_kept else timezone.now()
    copy.move_to(CopyState.TRASHED, sentence, actor="TAME", token=held, trash_until=until)


def bring_back(row: Import, token: str) -> None:
    copy = row.copy
    if copy is None:
        row.move_to(ImportState.UNDONE, "There is nothing to put back.", actor="TAME", token=token)
        return
    try:
        put_back(Path(copy.library.root), copy.folder, str(copy.uuid), copy.library.modes)
    except ObstacleError as error:
        stay_away(row, copy, str(error), token)
        return
    sentence = f"Put back into {copy.path}."
    with transaction.atomic():
        if copy.state != CopyState.PLACED:
            copy.move_to(CopyState.PLACED, sentence, actor="TAME", trash_until=None)
        row.move_to(
            ImportState.PLACED, sentence, actor="TAME", token=token, last_error="", attempts=0
        )
        bell.ring(SHELVE)


def stay_away(row: Import, copy: ShelfCopy, sentence: str, token: str) -> None:
    """Its place is taken, or its files are gone: it stays undone, and says why."""
    with transaction.atomic():
        ShelfCopy.objects.filter(pk=copy.pk, state=CopyState.TRASHED).update(
            trash_until=kept_until(copy.library)
        )
        row.move_to(ImportState.UNDONE, sentence, actor="TAME", token=token, last_error=sentence)


def about_files(copy: ShelfCopy, is_kept: bool) -> str:
    if not is_kept:
        return f"{copy.path} was not there any more."
    return f"{copy.path} is in the trash until {until(copy)}: {size_of(copy)}."
