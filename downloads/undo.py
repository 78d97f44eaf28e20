"""A person's word: take an import off the shelf, or put it back. All that is nothing but rows is
stored at once; the schedule (`undoing.py`) does the rest."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import Book, ShelfCopy
from books.shelf import Listening, who_listens
from books.states import COPY_HOLDS_THE_BOOK, CopyState
from books.states import Wish as BookWish
from books.trash import files_of, kept_until
from books.want import AT_ONCE
from books.wishes import set_wish
from downloads.afterwards import check_again
from downloads.approve import correct_download
from downloads.failing import block_release, pass_over
from downloads.models import Download, Import
from downloads.states import IMPORT_LIVE, ImportState, Then, Wish
from indexers.models import Block, Label
from tame.lib import bell
from tame.lib.errors import BadInputError, LostRaceError, ObstacleError
from tame.lib.lease import free
from tame.lib.moments import moment
from tame.lib.numbers import counted
from tame.lib.sizes import readable

UNDO = "downloads.tasks.undo"
ON_SHELF = (ImportState.SHELVED, ImportState.PLACED, ImportState.FAILED, ImportState.REVIEW)
FOR_ANOTHER = (Then.WANT, Then.NEXT)
NOT_AGAIN = (*FOR_ANOTHER, Then.BACK)  # this release is not taken for the book once more


def can_undo(row: Import) -> bool:
    """It has put something into the library, and that is still there."""
    copy = row.copy
    return row.state in ON_SHELF and copy is not None and copy.state in COPY_HOLDS_THE_BOOK


def undo(row: Import, *, actor: str, then: str = Then.WANT) -> str:
    """Take it off the shelf; `then`: what follows. Raises BadInputError."""
    then = Then(then)
    if then == Then.NOTHING:  # it would be searched again, as it is still wanted
        raise BadInputError("Say what follows: wanted again, imported again, or parked.")
    if then == Then.AGAIN:
        check_again(row)
    if then == Then.BACK and row.replaces is None:
        raise BadInputError(f"This import of “{row.book}” has replaced no other copy.")
    said = "Taken off the shelf"
    with transaction.atomic():
        decided = decide(row, actor, then, f"{said}.", blocks=then in NOT_AGAIN)
        return begin(row, actor, then, said, decided)


def can_put_earlier_back(row: Import) -> bool:
    """It has replaced a copy that is still in the trash."""
    return can_undo(row) and row.replaces is not None and is_kept(row.replaces)


def put_earlier_back(row: Import, *, actor: str) -> str:
    """Undo an upgrade."""
    return undo(row, actor=actor, then=Then.BACK)


def begin(row: Import, actor: str, then: Then, said: str, decided: dict[str, Any]) -> str:
    """`decided`: what was changed with it, to be taken back with it."""
    copy = row.copy
    if copy is None or not can_undo(row):
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: nothing to take off.")
    row.move_to(
        ImportState.UNDOING,
        follows(said, then),
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


def decide(row: Import, actor: str, then: Then, why: str, *, blocks: bool) -> dict[str, Any]:
    """The rows that change with it, and how they were before."""
    decided: dict[str, Any] = {"wish": row.book.wish, "by": actor}
    download = row.download
    if download is not None and (blocks or then in FOR_ANOTHER):
        correct_download(download)
    if download is not None and blocks:
        known = set(Block.objects.filter(book=row.book).values_list("pk", flat=True))
        block = block_release(download, why, actor, book=row.book)
        decided |= {"block": block.pk} if block is not None and block.pk not in known else {}
    elif download is not None and then in FOR_ANOTHER:
        pass_over(download, why)
    books = Book.objects.filter(pk=row.book_id)
    if then in FOR_ANOTHER:
        set_wish(books, BookWish.WANTED, follows(why, then), actor=actor, next_search_at=AT_ONCE)
    elif then == Then.PARK:
        set_wish(books, BookWish.PARKED, follows(why, then), actor=actor)
    return decided


def follows(said: str, then: Then) -> str:
    return f"{said.rstrip('.')}; then: {then.label}."


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
            take_back(row, actor)
            row.move_to(
                ImportState.REDOING,
                "Put back.",
                actor=actor,
                then=Then.NOTHING,
                decided={},
                attempts=0,
                retry_at=None,
                last_error="",
            )
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


def take_back(row: Import, actor: str) -> None:
    """The rows as they were, as far as nobody has changed them since."""
    decided = row.decided
    Block.objects.filter(pk=decided.get("block")).delete()
    Label.objects.filter(pk=decided.get("label")).delete()
    if row.then == Then.PARK:
        parked = Book.objects.filter(pk=row.book_id, wish=BookWish.PARKED)
        set_wish(parked, decided["wish"], "As before: that was taken back.", actor=actor)
    if wished := decided.get("torrent"):  # it may be out of the client already
        rows = Download.objects.filter(imports=row, client_wish=wished)
        rows.filter(client_agrees_at=None).update(client_wish=Wish.NONE)


# --- What is said ---------------------------------------------------------------------------------


def what_undo_does(row: Import) -> list[str]:
    """Before anybody presses: which folder, how much, and what the torrent does."""
    copy = row.copy
    if copy is None:
        return [f"“{row.book}” has put nothing into a library."]
    files = files_of(copy)
    inside = f"{counted(len(files), 'file')}, {size_of(copy)}"
    return [
        f"“{row.book}” leaves the shelf: {copy.path} with {inside}, goes to the trash of "
        f"{copy.library}. It can be put back until {until(copy)}.",
        about_torrent(row),
    ]


def about_torrent(row: Import) -> str:
    if row.download is None:
        return f"The folder it came from, {row.source_folder}, is not touched."
    return f"Its torrent “{row.download}” in {row.download.client} is not touched."


def about_listeners(row: Import) -> list[str]:
    """Asks the server: never in a transaction."""
    copy = row.copy
    if copy is None or copy.library.server is None:
        return []
    server = copy.library.server
    said = {
        Listening.SOMEBODY: f"Somebody is in the middle of it: {server} forgets where.",
        Listening.UNKNOWN: f"{server} does not say whether anybody is in the middle of it.",
    }
    listening = said.get(who_listens(copy))
    return [listening] if listening else []


def about_earlier(row: Import) -> str:
    if row.replaces is None:
        return ""
    return f"The earlier copy, in {row.replaces.format}, {size_of(row.replaces)}, comes back there."


def size_of(copy: ShelfCopy) -> str:
    return readable(sum(files_of(copy).values()))


def until(copy: ShelfCopy) -> str:
    return moment(kept_until(copy.library))
