"""Correct what Audiobookshelf shows of a book: only what differs, never what a person has touched.

TAME writes by itself only to what it imported; else a person has seen old and new of every field
and confirmed. The old value is stored before the new one is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from books import audiobookshelf as abs_
from books import sidecar
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ShelfBook
from books.corrections import Correction
from books.details import NAMES, identical, known, same, shown_by
from books.differences import Difference, differences, digest_of
from books.models import Book, ShelfCopy
from books.shelf import entry_of, tag_of
from books.shelf_servers import talking_to
from books.states import CopyState, Origin
from tame.lib.backoff import may_be_asked, retry_time
from tame.lib.errors import (
    LocalError,
    LostRaceError,
    ObstacleError,
    ServiceDownError,
    TameError,
)
from tame.lib.lease import claim, free, give_back, ripe

ROUNDS = 2
SEEN = "seen"  # in what was written: when the entry was changed last, by the server's clock


def compare(copy: ShelfCopy) -> list[Difference]:
    """Ask, and change nothing. Raises ServiceDownError, ObstacleError when it is not listed."""
    with talking_to(server_row(copy)) as server:
        return differences(copy, listed_entry(server, copy))


def server_row(copy: ShelfCopy) -> Any:
    if copy.library.server is None:
        raise ObstacleError(f"No Audiobookshelf shows {copy.library}: there is nothing to correct.")
    return copy.library.server


def listed_entry(server: Server, copy: ShelfCopy) -> ShelfBook:
    seen = entry_of(server, copy)
    if seen is None or seen.is_missing:
        raise ObstacleError(f"{server.name} does not list “{copy.book}” in {copy.folder} any more.")
    return seen


@dataclass(frozen=True)
class Word:
    """On whose word it is corrected. `confirmed`: the digest of the differences that a person has
    seen; then all of them are written, or those in `only`."""

    actor: str
    run: str
    confirmed: str = ""
    only: Sequence[str] | None = None

    def covers(self, one: Difference) -> bool:
        if self.confirmed:
            return self.only is None or one.field in self.only
        return not one.held


# --- Correct --------------------------------------------------------------------------------------


def correct_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """What TAME imported and has not corrected yet."""
    run, fields = uuid4().hex, 0
    troubles: dict[int | None, str] = {}  # by server: one that is in trouble is asked once
    for copy in list(due()):
        if not keep_going():
            break
        if copy.library.server_id in troubles:
            continue
        try:
            fields += len(correct(copy, actor="TAME", run=run))
        except ServiceDownError as error:
            troubles[copy.library.server_id] = str(error)
        except (LostRaceError, LocalError, ObstacleError):
            continue  # it stands in the row
    return " ".join([f"{fields} fields corrected.", *dict.fromkeys(troubles.values())])


def due() -> QuerySet[ShelfCopy]:
    servers = may_be_asked("library__server__")
    rows = ShelfCopy.objects.filter(free(), ripe(), servers, library__server__enabled=True)
    to_do = Q(corrected_at=None) | Q(corrected_at__lt=F("book__described_at"))
    rows = rows.filter(to_do, state=CopyState.PROVED, origin=Origin.IMPORT)
    return rows.exclude(shelf_id="").select_related("library__server", "book").order_by("pk")


def is_any_due() -> bool:
    return due().exists()


def correct(
    copy: ShelfCopy,
    *,
    actor: str,
    run: str = "",
    confirmed: str = "",
    only: Sequence[str] | None = None,
) -> list[Correction]:
    """What was written, on this `Word`. Raises ServiceDownError, ObstacleError."""
    token = claim(ShelfCopy.objects.filter(state=CopyState.PROVED), copy.pk)
    if token is None:
        raise LostRaceError(f"“{copy.book}” is being worked on, or is not on the shelf any more.")
    copy.refresh_from_db(fields=["book", "narrator", "written", "attempts", "shelf_id"])
    wanted = known(copy.book, copy.narrator)
    try:
        with talking_to(server_row(copy)) as server:
            word = Word(actor, run or uuid4().hex, confirmed, only)
            done = correct_entry(server, copy, word)
            save_written(copy)
            clear_sidecar(server, copy)
    except ServiceDownError:
        give_back(copy, token)
        raise
    except TameError as error:
        again = retry_time(copy.attempts)
        give_back(copy, token, keep_attempt=True, last_error=str(error), retry_at=again)
        raise
    save_written(copy)
    end(copy, token, wanted)
    return done


def end(copy: ShelfCopy, token: str, wanted: dict[str, Any]) -> None:
    """What a person changed in TAME meanwhile is not corrected yet: then it is due again."""
    with transaction.atomic():
        ShelfCopy.objects.select_for_update().get(pk=copy.pk)
        has_changed = known(Book.objects.get(pk=copy.book_id), copy.narrator) != wanted
        at = None if has_changed else timezone.now()
        give_back(copy, token, last_error=copy.last_error, retry_at=None, corrected_at=at)


def save_written(copy: ShelfCopy) -> None:
    ShelfCopy.objects.filter(pk=copy.pk).update(written=copy.written)


def correct_entry(server: Server, copy: ShelfCopy, word: Word) -> list[Correction]:
    seen = listed_entry(server, copy)
    settle_open(copy, seen)
    found = differences(copy, seen)
    if word.confirmed:
        check_confirmed(copy, found, word.confirmed)
    chosen = [one for one in found if word.covers(one)]
    copy.written["theirs"] = [[o.field, o.old, o.new, o.held] for o in found if o.held]
    rows = [note(copy, word, one) for one in chosen]
    copy.last_error = write(server, copy, seen, rows)
    return [row for row in rows if row.seen_at]


def check_confirmed(copy: ShelfCopy, found: Sequence[Difference], confirmed: str) -> None:
    if digest_of(found) != confirmed:
        raise ObstacleError(f"“{copy.book}” was changed meanwhile. Look at it again.")


def note(copy: ShelfCopy, word: Word, one: Difference) -> Correction:
    return Correction.objects.create(
        copy=copy, run=word.run, by=word.actor, field=one.field, old=one.old, new=one.new
    )


def settle_open(copy: ShelfCopy, seen: ShelfBook) -> None:
    """Rows of somebody who was killed: the field was not written, or it was; then a person may have
    changed it since, and what stood there before is kept all the same."""
    has = shown_by(seen.details)
    for row in copy.corrections.filter(seen_at=None):
        if identical(row.field, has[row.field], row.old):
            row.delete()
        else:
            is_written(copy, row)
    save_written(copy)


def is_written(copy: ShelfCopy, row: Correction) -> None:
    row.seen_at = timezone.now()
    row.save(update_fields=["seen_at", "new"])
    copy.written.setdefault("fields", {})[row.field] = row.new


def write(server: Server, copy: ShelfCopy, seen: ShelfBook, rows: Sequence[Correction]) -> str:
    """Written, read back, and once more where it was not taken. A sentence when it did not hold."""
    left, odd = list(rows), list[Correction]()
    for _ in range(ROUNDS):
        if not left:
            break
        said = abs_.correct(server, seen.id, {row.field: row.new for row in left}).details
        seen = listed_entry(server, copy)
        has = shown_by(seen.details)
        made = shown_by(said) if said else has
        odd += [row for row in left if is_taken(copy, row, made[row.field], has[row.field])]
        left = [row for row in left if row.pk and row.seen_at is None]
    for row in left:
        row.delete()
    copy.written[SEEN] = seen.updated_at.isoformat()
    fields = ", ".join(NAMES[row.field] for row in [*odd, *left])
    return f"{server.name} did not keep what TAME wrote: {fields}." if fields else ""


def is_taken(copy: ShelfCopy, row: Correction, made: Any, has: Any) -> bool:
    """Remembers what the server made of it (`made`), if it took it. True when that did not hold, or
    is not what was asked: it is kept all the same, else nobody could undo it. What is there by now
    (`has`) and is neither, somebody wrote meanwhile: it is theirs, and is not written over."""
    if same(row.field, row.new, made) or same(row.field, row.new, has):
        is_written(copy, row)
        return identical(row.field, has, row.old)
    if not identical(row.field, made, row.old):
        row.new = made
        is_written(copy, row)
        return True
    if not identical(row.field, has, row.old):
        row.delete()
    return False


def clear_sidecar(server: Server, copy: ShelfCopy) -> None:
    """Else it would undo later edits as soon as any file's change time changes."""
    if not copy.written.get("sidecar") or abs_.who_am_i(server).keeps_metadata_with_books:
        return
    if sidecar.remove(copy.path, tag_of(copy), copy.written["sidecar"]):
        copy.written["sidecar"] = ""


def again(copies: QuerySet[ShelfCopy]) -> None:
    """What TAME knows of their books has changed: the shelf is compared once more."""
    copies.filter(state=CopyState.PROVED, origin=Origin.IMPORT).update(corrected_at=None)
