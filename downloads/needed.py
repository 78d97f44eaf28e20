"""Whether a book still needs what a torrent holds."""

from __future__ import annotations

from pathlib import Path

from books.models import ShelfCopy
from books.placing import check
from books.states import CopyState
from books.trash import files_of
from downloads.models import Download, Import
from downloads.states import ImportState
from tame.lib.errors import LocalError

ON_ITS_WAY = {
    ImportState.PENDING: "is still to be imported",
    ImportState.FAILED: "is still to be imported",
    ImportState.PLACED: "is not proved on the shelf yet",
    ImportState.REVIEW: "waits for you in Imports",
    ImportState.UNDOING: "is just being taken off the shelf",
    ImportState.REDOING: "is just being put back on the shelf",
}


def is_needed(row: Download, *, with_files: bool) -> str:
    """Why its torrent has to stay, by the rows; empty when it may go."""
    deliveries = list(row.imports.select_related("book"))
    for one in deliveries:
        if one.state in ON_ITS_WAY:
            return f"“{one.book}” {ON_ITS_WAY[ImportState(one.state)]}."
    shelved = {one.book_id for one in deliveries if one.state == ImportState.SHELVED}
    if not with_files:
        return ""
    undone = [one.book for one in deliveries if one.state == ImportState.UNDONE]
    if left := [book for book in undone if book.pk not in shelved]:
        return f"“{left[0]}” was taken off the shelf: these files may be all that is left of it."
    return "" if shelved else "No book of it stands in a library: these files are all there is."


def is_only_copy(row: Download) -> str:
    """Looks at the files: every book must stand by itself when those of the torrent go."""
    shelved = row.imports.filter(state=ImportState.SHELVED)
    for one in shelved.select_related("book", "copy__library"):
        copies = standing_of(one)
        if not copies:
            return f"“{one.book}” is not proved in any library."
        for copy in copies:
            if reason := what_lacks(copy, one):
                return reason
    return ""


def standing_of(delivery: Import) -> list[ShelfCopy]:
    """The copy that was made of it, or what has replaced that one since."""
    copies = ShelfCopy.objects.filter(book=delivery.book_id, state=CopyState.PROVED)
    proved = list(copies.select_related("library"))
    return [copy for copy in proved if copy.pk == delivery.copy_id] or proved


def what_lacks(copy: ShelfCopy, delivery: Import) -> str:
    files = files_of(copy)
    try:
        check(copy.path, files)
    except LocalError as error:
        return str(error)
    seed = {(Path(delivery.mapped_path) / line["path"]).resolve() for line in delivery.manifest}
    for path in (copy.path / name for name in files):
        if path.resolve() in seed:
            return f"{path} is the torrent's own file, not a copy or a link of it."
    return "" if files else f"Which files of {copy.path} are the book is not known."
