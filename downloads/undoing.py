"""Take an import off the shelf again, and put it back: its files go to the trash and return.

A person's word is stored at once, with all that is nothing but rows; the schedule does the rest,
and goes on with what was killed at any line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from books.models import Book, ShelfCopy
from books.shelf import take_off
from books.states import COPY_HOLDS_THE_BOOK, CopyState
from books.states import Wish as BookWish
from books.trash import files_of, kept_until, put_away, put_back
from books.want import AT_ONCE
from downloads.afterwards import afterwards, check_again
from downloads.approve import correct_download
from downloads.failing import block_release
from downloads.models import Import
from downloads.states import IMPORT_LIVE, ImportState, Then
from indexers.models import Block, Label
from tame.lib import bell
from tame.lib.backoff import retry_time
from tame.lib.errors import (
    BadInputError,
    LocalError,
    LostRaceError,
    ObstacleError,
    ServiceDownError,
)
from tame.lib.lease import claim, free, give_back
from tame.lib.moments import moment

UNDO = "downloads.tasks.undo"
SHELVE = "downloads.tasks.shelve"
GIGABYTE = 10**9
ON_SHELF = (ImportState.SHELVED, ImportState.PLACED, ImportState.FAILED, ImportState.REVIEW)
FOR_ANOTHER = (Then.WANT, Then.NEXT)  # this release is not taken for the book again


# --- What a person decides ------------------------------------------------------------------------


def can_undo(row: Import) -> bool:
    """It has put something into the library, and that is still there."""
    copy = row.copy
    return row.state in ON_SHELF and copy is not None and copy.state in COPY_HOLDS_THE_BOOK


def undo(row: Import, *, actor: str, then: str = Then.WANT) -> str:
    """Take it off the shelf; `then`: what follows. Raises BadInputError."""
    return begin(row, actor, Then(then), f"{actor} takes it off the shelf", {})


def begin(row: Import, actor: str, then: Then, said: str, decided: dict[str, Any]) -> str:
    """`decided`: what was changed for it already. In one transaction, so that it is whole."""
    copy = row.copy
    if copy is None or not can_undo(row):
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: nothing to take off.")
    if then == Then.AGAIN:
        check_again(row)
    with transaction.atomic():
        decided = decide(row, actor, then, said) | decided
        row.move_to(
            ImportState.UNDOING,
            f"{said}; then: {then.label}.",
            actor=actor,
            evidence=decided,
            then=then,
            decided=decided,
            attempts=0,
            retry_at=None,
            last_error="",
        )
        bell.ring(UNDO)
    return f"“{row.book}” leaves the shelf; its files are kept until {until(copy)}."


def decide(row: Import, actor: str, then: Then, said: str) -> dict[str, Any]:
    """The rows that change with it, and how they were before."""
    decided: dict[str, Any] = {"wish": row.book.wish, "by": actor}
    download = row.download
    if download is not None and then in FOR_ANOTHER:
        correct_download(download)
        known = set(Block.objects.filter(book=row.book).values_list("pk", flat=True))
        block = block_release(download, f"{said}.", actor, book=row.book)
        if block is not None and block.pk not in known:
            decided["block"] = block.pk
    books = Book.objects.filter(pk=row.book_id)
    if then in FOR_ANOTHER:
        books.update(wish=BookWish.WANTED, next_search_at=AT_ONCE)
    elif then == Then.PARK:
        books.update(wish=BookWish.PARKED)
    return decided


def can_redo(row: Import) -> bool:
    copy = row.copy
    if row.state == ImportState.UNDOING:
        return copy is not None
    return row.state == ImportState.UNDONE and copy is not None and is_kept(copy)


def is_kept(copy: ShelfCopy) -> bool:
    kept = copy.trash_until
    return copy.state == CopyState.TRASHED and kept is not None and kept > timezone.now()


def redo(row: Import, *, actor: str) -> str:
    """Undo the undo: put it back from the trash, and take back what was decided with it."""
    copy = row.copy
    if copy is None or not can_redo(row):
        raise BadInputError(f"“{row.book}” cannot be put back: it is not in the trash any more.")
    check_free(row, copy)
    try:
        with transaction.atomic():
            if row.state == ImportState.UNDONE:
                take_from_trash(copy)
            row.move_to(
                ImportState.REDOING,
                f"{actor} puts it back.",
                actor=actor,
                attempts=0,
                retry_at=None,
                last_error="",
            )
            take_back(row)
            bell.ring(UNDO)
    except IntegrityError as error:
        raise ObstacleError(f"“{row.book}” is coming by another import now.") from error
    return f"“{row.book}” is put back from the trash, and proved again."


def check_free(row: Import, copy: ShelfCopy) -> None:
    coming = Import.objects.filter(book=row.book_id, state__in=IMPORT_LIVE).exclude(pk=row.pk)
    if other := coming.select_related("download").first():
        what = other.download or other.source_folder
        raise ObstacleError(f"“{row.book}” is already coming: {what}. Cancel that first.")
    same = ShelfCopy.objects.filter(book=row.book_id, library=copy.library_id)
    if same.filter(state__in=COPY_HOLDS_THE_BOOK).exclude(pk=copy.pk).exists():
        raise ObstacleError(f"Another copy of “{row.book}” is on the shelf. Take it off first.")


def take_from_trash(copy: ShelfCopy) -> None:
    """From now on nobody throws it away."""
    rows = ShelfCopy.objects.filter(pk=copy.pk, state=CopyState.TRASHED)
    if not rows.filter(free(), trash_until__gt=timezone.now()).update(trash_until=None):
        raise LostRaceError("It is being thrown away this very moment.")


def take_back(row: Import) -> None:
    """The rows as they were, as far as nobody has changed them since."""
    decided = row.decided
    Block.objects.filter(pk=decided.get("block")).delete()
    Label.objects.filter(pk=decided.get("label")).delete()
    if row.then == Then.PARK:
        Book.objects.filter(pk=row.book_id, wish=BookWish.PARKED).update(wish=decided["wish"])


# --- What the schedule does -----------------------------------------------------------------------


def undo_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Take off, or put back, what a person said."""
    done, troubles = 0, []
    for pk in due():
        if not keep_going():
            break
        try:
            done += undo_one(pk)
        except ServiceDownError as error:
            troubles.append(str(error))
    return " ".join([f"{done} undone or put back.", *dict.fromkeys(troubles)])


def due() -> list[int]:
    states = (ImportState.UNDOING, ImportState.REDOING)
    rows = Import.objects.filter(free(), state__in=states)
    rows = rows.filter(Q(retry_at=None) | Q(retry_at__lte=timezone.now()))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def is_any_due() -> bool:
    return bool(due())


def undo_one(pk: int) -> bool:
    """True when it is over. Raises ServiceDownError; every other trouble stays in the row, and it
    is tried again later."""
    states = (ImportState.UNDOING, ImportState.REDOING)
    token = claim(Import.objects.filter(state__in=states), pk)
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
    if copy is None:
        row.move_to(
            ImportState.UNDONE, "It had put nothing into the library.", actor="TAME", token=token
        )
        return
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
    if copy.state == CopyState.TRASHED:  # it went by another way meanwhile
        give_back(copy, held)
    elif is_kept and copy.state != CopyState.MISSING:
        kept = kept_until(copy.library)
        copy.move_to(CopyState.TRASHED, sentence, actor="TAME", token=held, trash_until=kept)
    elif copy.state == CopyState.MISSING:
        copy.move_to(CopyState.GONE, sentence, actor="TAME", token=held)
    else:
        now = timezone.now()
        copy.move_to(CopyState.TRASHED, sentence, actor="TAME", token=held, trash_until=now)


def bring_back(row: Import, token: str) -> None:
    copy = row.copy
    if copy is None:
        row.move_to(ImportState.UNDONE, "There is nothing to put back.", actor="TAME", token=token)
        return
    try:
        put_back(Path(copy.library.root), copy.folder, str(copy.uuid))
    except ObstacleError as error:
        stay_away(row, copy, str(error), token)
        return
    sentence = f"Put back into {Path(copy.library.root) / copy.folder}."
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


def hold(copy: ShelfCopy) -> str:
    token = claim(ShelfCopy.objects.all(), copy.pk)
    if token is None:
        raise LostRaceError("Its copy is being worked on this very moment.")
    return token


# --- What is said ---------------------------------------------------------------------------------


def what_undo_does(row: Import) -> list[str]:
    """Before anybody presses: which folder, how much, and what the torrent does."""
    copy = row.copy
    if copy is None:
        return [f"“{row.book}” has put nothing into a library."]
    files = files_of(copy)
    folder = Path(copy.library.root) / copy.folder
    return [
        f"“{row.book}” leaves the shelf: {folder} with {len(files)} files, {size_of(copy)}, goes "
        f"to the trash of {copy.library}. It can be put back until {until(copy)}.",
        about_torrent(row),
    ]


def about_torrent(row: Import) -> str:
    if row.download is None:
        return f"The folder it came from, {row.source_folder}, is not touched."
    return f"Its torrent “{row.download}” in {row.download.client} is not touched."


def about_files(copy: ShelfCopy, is_kept: bool) -> str:
    folder = Path(copy.library.root) / copy.folder
    if not is_kept:
        return f"{folder} was not there any more."
    return f"{folder} is in the trash until {until(copy)}: {size_of(copy)}."


def size_of(copy: ShelfCopy) -> str:
    return f"{sum(files_of(copy).values()) / GIGABYTE:.2f} GB"


def until(copy: ShelfCopy) -> str:
    return moment(kept_until(copy.library))
