"""Take corrections back: the field gets the value that it had before TAME wrote it, unless somebody
has changed it since."""

from __future__ import annotations

from django.utils import timezone

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.correcting import listed_entry, save_written, server_row
from books.corrections import Correction
from books.details import NAMES, identical, in_words, shown_by
from books.models import ShelfCopy
from books.shelf_servers import talking_to
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError
from tame.lib.lease import claim, give_back


def undo(row: Correction, *, actor: str) -> str:
    """The field as it was before. Raises BadInputError when somebody has changed it since."""
    if row.undone_at or not row.seen_at:
        raise BadInputError(f"{row} is undone already.")
    copy = ShelfCopy.objects.select_related("library__server", "book").get(pk=row.copy_id)
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


def put_back(server: Server, copy: ShelfCopy, row: Correction) -> None:
    """Where the old value is there already nothing is left to do, such as after a kill."""
    seen = listed_entry(server, copy)
    has = shown_by(seen.details)[row.field]
    if identical(row.field, has, row.old):
        return
    if not identical(row.field, has, row.new):
        raise BadInputError(
            f"The {NAMES[row.field]} of “{copy.book}” was changed since: it is "
            f"“{in_words(has)}” now, and stays so."
        )
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


def undo_run(run: str, *, actor: str) -> list[tuple[Correction, str, bool]]:
    """All that was written together, the last first: each with what was said, and whether it is
    undone. Raises ServiceDownError, and BadInputError when there is nothing to undo."""
    rows = list(Correction.objects.filter(run=run, undone_at=None).exclude(seen_at=None))
    if not rows:
        raise BadInputError("Nothing of this run is left to undo.")
    told = []
    for row in rows:
        try:
            told.append((row, undo(row, actor=actor), True))
        except (BadInputError, ObstacleError) as error:
            told.append((row, str(error), False))
    return told
