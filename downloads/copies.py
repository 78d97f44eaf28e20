"""A copy in a library, as a person asks about it: where it is, what proved it, take it off the
shelf or put it back, and prove it again."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from books.models import ShelfCopy, ShelfServer
from books.proof import compare
from books.shelf import entry_of
from books.shelf_servers import talking_to
from books.states import CopyState
from books.trash import files_of, trash_of
from downloads.entries import check_files
from downloads.manifest import AUDIO, suffix
from downloads.models import Import
from downloads.states import ImportState, Then
from downloads.undo import (
    about_earlier,
    about_listeners,
    can_put_earlier_back,
    can_redo,
    can_undo,
    is_kept,
    put_earlier_back,
    redo,
    undo,
    what_undo_does,
)
from tame.lib.errors import BadInputError, ObstacleError
from tame.lib.moments import moment

JOINED = ("copy__library__server", "replaces__library", "download__client", "book")
CAN_BE_PROVED = (CopyState.PROVED, CopyState.MISSING)


# --- Where it is ----------------------------------------------------------------------------------


def with_places(copies: QuerySet[ShelfCopy]) -> QuerySet[ShelfCopy]:
    """`is_replaced`: a better one stands where it stood."""
    better = Import.objects.filter(
        replaces=OuterRef("pk"), state__in=(ImportState.PLACED, ImportState.SHELVED)
    )
    return copies.annotate(is_replaced=Exists(better))


def where_is(copy: ShelfCopy) -> str:
    """Of one that was read `with_places`."""
    said = str(copy.get_state_display())
    if copy.state == CopyState.TRASHED:
        kept = copy.trash_until
        said += f" until {moment(kept)}" if kept else ", and put back now"
    return f"{said}, replaced" if vars(copy).get("is_replaced") else said


def path_of(copy: ShelfCopy) -> Path:
    """Where its files are, or were."""
    if copy.state == CopyState.TRASHED:
        return trash_of(Path(copy.library.root), str(copy.uuid))
    return copy.path


def size_of(copy: ShelfCopy) -> int:
    return sum(files_of(copy).values())


def proved_by(copy: ShelfCopy) -> str:
    """Empty for what nobody has proved yet."""
    if copy.proved_at is None:
        return ""
    is_shown = copy.shelf_id and copy.library.server
    return str(copy.library.server) if is_shown else "its files"


# --- Prove it again -------------------------------------------------------------------------------


def can_be_proved(copy: ShelfCopy) -> bool:
    return copy.state in CAN_BE_PROVED


def prove_again(copy: ShelfCopy, *, actor: str) -> str:
    """Look at every file, and at its entry where a server shows it; nothing is written there.
    Raises BadInputError, LocalError, ObstacleError and ServiceDownError with what is not so."""
    if not can_be_proved(copy):
        raise BadInputError(
            f"“{copy.book}” is {copy.get_state_display()}: only what is on the shelf, or missing, "
            "is proved again."
        )
    sentence = f"{check_files(copy)} files stand in {path_of(copy)}, each with its size."
    if copy.shelf_id and copy.library.server:
        sentence += f" {check_entry(copy, copy.library.server)}"
    with transaction.atomic():
        if copy.state == CopyState.MISSING:
            copy.move_to(CopyState.PROVED, sentence, actor=actor, proved_at=timezone.now())
        else:
            ShelfCopy.objects.filter(pk=copy.pk).update(proved_at=timezone.now())
            copy.note(sentence, actor=actor)
    return f"“{copy.book}”: {sentence}"


def check_entry(copy: ShelfCopy, row: ShelfServer) -> str:
    with talking_to(row) as server:
        seen = entry_of(server, copy)
        if seen is None or seen.is_missing:
            raise ObstacleError(f"{server.name} does not list “{copy.book}” in {copy.folder}.")
        lines = [line for line in copy.manifest if line["name"]]
        sounds = [line for line in lines if suffix(line["name"]) in AUDIO]
        proof = compare(seen, [(line["name"], line["size"]) for line in sounds], server.name)
        if not proof.is_proved:
            raise ObstacleError(proof.trouble or f"{server.name} plays its files in another order.")
        return f"{server.name} shows all of them, in their order."


# --- Off the shelf, and back ----------------------------------------------------------------------


def import_of(copy: ShelfCopy) -> Import | None:
    """What put it there; None for what moved in."""
    return Import.objects.filter(copy=copy).select_related(*JOINED).first()


def replaced_by(copy: ShelfCopy) -> Import | None:
    """The import that put a better one in its place."""
    rows = Import.objects.filter(replaces=copy).select_related(*JOINED)
    return next((row for row in rows if can_put_earlier_back(row)), None)


def can_take_off(copy: ShelfCopy) -> bool:
    row = import_of(copy)
    return row is not None and can_undo(row)


def take_off(copy: ShelfCopy, *, actor: str, then: str = Then.WANT) -> str:
    row = import_of(copy)
    if row is None:
        raise BadInputError(
            f"“{copy.book}” stood in {copy.folder} before TAME: what TAME did not place, it does "
            "not move."
        )
    return undo(row, actor=actor, then=then)


def can_put_back(copy: ShelfCopy) -> bool:
    if copy.state != CopyState.TRASHED or not is_kept(copy):
        return False
    row = import_of(copy)
    return replaced_by(copy) is not None or (row is not None and can_redo(row))


def put_back(copy: ShelfCopy, *, actor: str) -> str:
    """Out of the trash; the better one that replaced it goes there. Raises BadInputError."""
    if (better := replaced_by(copy)) is not None:
        return put_earlier_back(better, actor=actor)
    row = import_of(copy)
    if row is None or not can_redo(row):
        raise BadInputError(f"“{copy.book}” cannot be put back: it is {where_is(copy)}.")
    return redo(row, actor=actor)


def what_take_off_does(copies: QuerySet[ShelfCopy], most: int = 10) -> str:
    rows = [row for copy in copies[:most] if (row := import_of(copy))]
    said = [(*what_undo_does(row), *about_listeners(row)) for row in rows]
    return "\n".join(line for lines in said for line in lines)


def what_put_back_does(copies: QuerySet[ShelfCopy], most: int = 10) -> str:
    return "\n".join(about_return(copy) for copy in copies.select_related("library")[:most])


def about_return(copy: ShelfCopy) -> str:
    if (better := replaced_by(copy)) is not None:
        return " ".join([*what_undo_does(better)[:1], about_earlier(better)])
    return f"“{copy.book}” comes back from the trash to {copy.path}."
