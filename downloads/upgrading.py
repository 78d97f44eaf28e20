"""Put a better copy into the place of the one on the shelf.

The old copy stays until the new one is whole, goes to the trash, and comes back if the new one does
not stay. Nothing is exchanged while somebody is in the middle of the book.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.db import transaction

from books.apart import check_holds_no_other
from books.libraries import root_of
from books.marks import is_ours, placed
from books.models import ShelfCopy
from books.placing import Track
from books.profiles import Profile
from books.replacing import replace, settle, take_back
from books.shelf import has_listener
from books.states import COPY_ON_SHELF, CopyState
from books.trash import hold, kept_until, put_away, throw_away
from downloads.grab import How
from downloads.models import Import
from downloads.states import IMPORT_OFF_OR_BACK, ImportState
from indexers.decisions.edition import rank_of
from indexers.values import taste_of, with_names
from tame.lib.errors import LocalError, LostRaceError, ObstacleError, TameError
from tame.lib.lease import claim, free, give_back, renew
from tame.lib.moments import moment

Keep = Callable[[Mapping[str, int]], None]
TRACKS = "tracks"  # in what was written: the order of the old files
WAIT_SECONDS = 3600  # until it is asked again whether somebody still listens


class StillListenedToError(TameError):
    """It may be exchanged later: no fault of anybody, so no try is used up."""


def replaced(row: Import) -> ShelfCopy | None:
    """The copy in whose place it goes, if that still stands; what a killed try left is ended.
    Raises StillListenedToError, and LostRaceError while the old one is being taken off."""
    old = row.replaces
    if old is None:
        return None
    if old.state not in COPY_ON_SHELF:  # taken off meanwhile: this is an import like any other
        Import.objects.filter(pk=row.pk).update(replaces=None, exchanging=False)
        row.replaces, row.exchanging = None, False
        return None
    made_by = Import.objects.filter(copy=old).first()
    if made_by is not None and made_by.state in IMPORT_OFF_OR_BACK:
        restore(row, old)
        raise LostRaceError("The copy that it replaces is being taken off the shelf.")
    if row.exchanging:
        settle(*where(row, old))
    check_nobody_listens(old)
    return old


def check_nobody_listens(old: ShelfCopy, waits: str = "the better copy waits") -> None:
    if has_listener(old):
        raise StillListenedToError(
            f"Somebody is in the middle of “{old.book}”, or {old.library.server} does not say: "
            f"{waits} until they have finished."
        )


def check_better(row: Import, old: ShelfCopy, found: str) -> None:
    """`found`: by its content now; a name may promise what it likes. A person may have taken it
    anyway."""
    decision = row.download.decision if row.download else {}
    if decision.get("how", How.BY_HAND) in (How.BY_HAND, How.ANYWAY):
        return
    [book] = with_names(type(row.book)._default_manager.filter(pk=row.book_id))
    formats = taste_of(book, Profile.usual()).formats
    if rank_of(found, formats) >= rank_of(old.format, formats):
        raise ObstacleError(f"It is {found}: no better than the copy in {old.format} there.")


def instead(row: Import, old: ShelfCopy, tracks: Sequence[Track], token: str, keep: Keep) -> None:
    """The files, then the rows: the old copy is in the trash and the new one there, or neither.
    `keep` writes the new copy."""
    check_holds_no_other(old)
    renew(row, token)
    held = hold(old)
    try:
        Import.objects.filter(pk=row.pk, leased_by=token).update(exchanging=True)
        _, folder, new, kept = where(row, old)
        ways = replace(
            root_of(old.library), folder, new, kept, tracks, lambda: check_nobody_listens(old)
        )
        with transaction.atomic():
            retire(row, old, held)
            keep(ways)
            inherit(row, old)
            Import.objects.filter(pk=row.pk).update(exchanging=False)
    except TameError:
        give_back(old, held)
        raise


def inherit(row: Import, old: ShelfCopy) -> None:
    """It is the server's same entry: what TAME wrote there before it knows as its own, and what a
    person has changed since stays the person's."""
    written = {name: value for name, value in old.written.items() if name != TRACKS}
    ShelfCopy.objects.filter(made_by=row).update(
        shelf_id=old.shelf_id, written=written, corrected_at=old.corrected_at
    )


def retire(row: Import, old: ShelfCopy, held: str) -> None:
    until = kept_until(old.library)
    said = f"Its place was taken by a better copy; it is in the trash until {moment(until)}."
    old.move_to(CopyState.TRASHED, said, actor="TAME", token=held, trash_until=until)
    made_by = Import.objects.filter(copy=old).first()
    if made_by is not None and made_by.state == ImportState.UNDOING:
        raise LostRaceError("The copy that it replaces is being taken off the shelf.")
    if made_by is not None and made_by.state == ImportState.SHELVED:
        made_by.move_to(ImportState.UNDONE, said, actor="TAME")


def where(row: Import, old: ShelfCopy) -> tuple[Path, str, str, str]:
    return Path(old.library.root), old.folder, str(row.uuid), str(old.uuid)


# --- What does not stay ---------------------------------------------------------------------------


def restore_due() -> int:
    """Put back the old copies of upgrades that were given up in the middle; how many."""
    rows = Import.objects.filter(free(), exchanging=True).exclude(state=ImportState.PENDING)
    done = 0
    for pk in rows.values_list("pk", flat=True):
        token = claim(rows, pk)
        if token is None:
            continue
        row = Import.objects.select_related("replaces__library").get(pk=pk)
        try:
            if row.replaces is not None:
                restore(row, row.replaces)
            done += 1
        except (LocalError, ObstacleError, StillListenedToError) as error:
            row.refresh_from_db(fields=["last_error"])
            Import.objects.filter(pk=pk).update(last_error=row.last_error or str(error))
        finally:
            give_back(row, token)
    return done


def restore(row: Import, old: ShelfCopy) -> None:
    """As if it had never been tried. Raises StillListenedToError."""
    root, folder, new, _ = where(row, old)
    if row.exchanging and old.state in COPY_ON_SHELF:
        if is_ours(root / folder, new):  # it stands there: somebody may have begun to listen to it
            check_nobody_listens(old, "what was there before it waits")
        take_back(*where(row, old))
    elif row.exchanging:
        leave(*where(row, old)[:3])
    Import.objects.filter(pk=row.pk).update(exchanging=False)
    row.exchanging = False


def leave(root: Path, folder: str, new: str) -> None:
    """The old one was taken off meanwhile, and the new one is not wanted either."""
    if is_ours(root / folder, new):
        files = placed(root / folder)
        put_away(root, folder, new)
        throw_away(root, new, files)
