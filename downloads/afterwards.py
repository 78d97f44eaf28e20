"""What follows once a book is off the shelf, as a person chose: in the transaction of that move."""

from __future__ import annotations

from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import Book, ShelfCopy
from books.profiles import Profile
from books.states import CopyState
from downloads.by_hand import import_folder
from downloads.grab import deliver, grab
from downloads.models import Download, Import
from downloads.next_best import offers, still_stands
from downloads.states import GONE_WISHES, ImportState, State, Then
from indexers.decide import decide_book
from indexers.values import with_names
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError, TameError

SEARCH = "indexers.tasks.search"
IMPORT = "downloads.tasks.import_"
UNDO = "downloads.tasks.undo"


def afterwards(row: Import) -> str:
    """What was done is said in the history, and returned; so is what could not be done: the book is
    then wanted, and searched."""
    actor = row.decided.get("by", "TAME")
    try:
        with transaction.atomic():
            said = act(row, actor)
    except TameError as error:
        said = str(error)
    except IntegrityError:
        said = f"“{row.book}” is coming by another import already."
    if said:
        row.note(said, actor="TAME")
    bell.ring(SEARCH)
    return said


def act(row: Import, actor: str) -> str:
    if row.then == Then.AGAIN:
        return import_again(row, actor)
    if row.then == Then.NEXT:
        new = take_another(row.book, actor)
        return f"“{new}” of {new.indexer_name} is queued instead."
    if row.then == Then.BACK:
        return put_replaced_back(row)
    return ""


def put_replaced_back(row: Import) -> str:
    """The import whose copy this one replaced; its way back is that of any undone one."""
    earlier = Import.objects.filter(copy__replaced_by=row, state=ImportState.UNDONE).first()
    rows = ShelfCopy.objects.filter(replaced_by=row, state=CopyState.TRASHED)
    if earlier is None or not rows.filter(trash_until__gt=timezone.now()).update(trash_until=None):
        raise ObstacleError("The copy that it had replaced is not in the trash any more.")
    earlier.move_to(
        ImportState.REDOING, "It comes back for the better one.", actor="TAME", attempts=0
    )
    bell.ring(UNDO)
    return "The copy that it had replaced comes back."


def check_again(row: Import) -> None:
    """Raises BadInputError when its torrent is not there to import from. A folder is looked at by
    the import itself."""
    download = row.download
    if download is None:
        return
    if download.state != State.COMPLETED or download.client_wish in GONE_WISHES:
        raise BadInputError(
            f"The torrent of “{row.book}” is not complete in a client any more: it cannot be "
            "imported again from it."
        )


def import_again(row: Import, actor: str) -> str:
    """From the same files, those that a person gave to this book."""
    check_again(row)
    book = Book.objects.get(pk=row.book_id)  # by now it is off the shelf
    if row.download is None:
        new = import_folder(Path(row.source_folder), book, actor=actor)
    else:
        new = deliver(row.download, book, actor)
    Import.objects.filter(pk=new.pk).update(chosen_files=row.chosen_files)
    bell.ring(IMPORT)
    return "It is imported again from where it came."


def take_another(book: Book, actor: str) -> Download:
    """The best other release that stands at this moment: while the book was on the shelf it was
    judged as an upgrade. Raises what `grab` raises."""
    [known] = with_names(Book.objects.filter(pk=book.pk))
    decide_book(known, Profile.usual())
    found = next((release for release in offers(book) if still_stands(book, release)), None)
    if found is None:
        raise ObstacleError(f"No other release is known for “{book}”: it is searched for.")
    return grab(book, found, actor=actor)
