"""Take corrections back: the field gets the value that it had before TAME wrote it, unless somebody
has changed it since."""

from __future__ import annotations

from django.utils import timezone

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ShelfBook
from books.correcting import listed_entry, save_written, server_row
from books.corrections import Correction
from books.details import NAMES, identical, in_words, shown_by
from books.models import ShelfCopy
from books.shelf_servers import talking_to
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError
from tame.lib.lease import claim, give_back

Told = tuple[Correction, str, bool]


def undo(row: Correction, *, actor: str) -> str:
    """The field as it was before. Raises BadInputError when somebody has changed it since."""
    copy = copy_of(row)
    token = claim(ShelfCopy.objects.all(), copy.pk)
    if token is None:
        raise ObstacleError(f"“{copy.book}” is being worked on this very moment. Try again.")
    try:
        with talking_to(server_row(copy)) as server:
            put_back(server, copy, row)
        remember_undone(copy, row, actor)
    finally:
        give_back(copy, token)
    return f"The {NAMES[row.field]} of “{copy.book}” is “{in_words(row.old)}” again."


def what_undo_does(row: Correction) -> str:
    """Asks, and changes nothing; raises what `undo` would."""
    copy = copy_of(row)
    with talking_to(server_row(copy)) as server:
        to_be_written(server, copy, row)
    return f"The {NAMES[row.field]} of “{copy.book}” would be “{in_words(row.old)}” again."


def copy_of(row: Correction) -> ShelfCopy:
    if row.undone_at or not row.seen_at:
        raise BadInputError(f"{row} is undone already.")
    return ShelfCopy.objects.select_related("library__server", "book").get(pk=row.copy_id)


def to_be_written(server: Server, copy: ShelfCopy, row: Correction) -> ShelfBook | None:
    """The entry; None where the old value is there already, such as after a kill."""
    seen = listed_entry(server, copy)
    has = shown_by(seen.details)[row.field]
    if identical(row.field, has, row.old):
        return None
    if not identical(row.field, has, row.new):
        raise BadInputError(
            f"The {NAMES[row.field]} of “{copy.book}” was changed since: it is "
            f"“{in_words(has)}” now, and stays so."
        )
    return seen


def put_back(server: Server, copy: ShelfCopy, row: Correction) -> None:
    seen = to_be_written(server, copy, row)
    if seen is None:
        return
    abs_.restore(server, seen.id, {row.field: row.old})
    if not identical(row.field, shown_by(listed_entry(server, copy).details)[row.field], row.old):
        raise ServiceDownError(f"{server.name} did not take the old {NAMES[row.field]} back.")


def remember_undone(copy: ShelfCopy, row: Correction, actor: str) -> None:
    row.undone_at, row.undone_by = timezone.now(), actor
    row.save(update_fields=["undone_at", "undone_by"])
    copy.refresh_from_db(fields=["written"])
    copy.written.get("fields", {}).pop(row.field, None)
    copy.written.setdefault("found", {})[row.field] = row.old
    save_written(copy)


def undo_run(run: str, *, actor: str, only_look: bool = False) -> list[Told]:
    """All that was written together, the last first: each with what was said, and whether it is (or
    would be) undone. Raises ServiceDownError, and BadInputError when there is nothing to undo."""
    rows = list(Correction.objects.filter(run=run, undone_at=None).exclude(seen_at=None))
    if not rows:
        raise BadInputError("Nothing of this run is left to undo.")
    told = []
    for row in rows:
        try:
            said = what_undo_does(row) if only_look else undo(row, actor=actor)
            told.append((row, said, True))
        except (BadInputError, ObstacleError) as error:
            told.append((row, str(error), False))
    return told
