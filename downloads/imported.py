"""How an import ends: in the library, later, or with a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db import IntegrityError, transaction

from books.models import Library, ShelfCopy
from books.sound import Sound
from books.states import Origin
from downloads.models import Import
from downloads.states import Doubt, ImportState
from tame.lib import bell
from tame.lib.backoff import retry_time
from tame.lib.errors import ObstacleError

SHELVE = "downloads.tasks.shelve"


@dataclass(frozen=True)
class Placed:
    """Files that stand in a library, before a row says so. `ways`: how many came by which."""

    library: Library
    folder: str
    sounds: Sequence[Sound]
    ways: Mapping[str, int]

    @property
    def sentence(self) -> str:
        told = ", ".join(f"{count} by {way}" for way, count in self.ways.items())
        where = PurePosixPath(self.library.root) / self.folder
        return f"Placed in {where}: {told or 'by an earlier try'}."

    @property
    def bitrate(self) -> int | None:
        """On average, in bits per second."""
        rates = [one.bitrate for one in self.sounds if one.bitrate]
        return round(1000 * sum(rates) / len(rates)) if rates else None


def keep(row: Import, placed: Placed, token: str) -> None:
    """The copy and the move in one transaction."""
    try:
        with transaction.atomic():
            row.move_to(
                ImportState.PLACED,
                placed.sentence,
                actor="TAME",
                token=token,
                copy=copy_of(row, placed),
                last_error="",
                retry_at=None,
            )
            bell.ring(SHELVE)
    except IntegrityError as error:
        raise ObstacleError(
            f"Another copy of “{row.book}” is in {placed.library} already."
        ) from error


def copy_of(row: Import, placed: Placed) -> ShelfCopy:
    """A new one, unless an earlier try has stored it."""
    copy = ShelfCopy.objects.filter(uuid=row.uuid).first()
    if copy is None:
        return new_copy(row, placed)
    copy.manifest, copy.scans = row.manifest, 0
    copy.save(update_fields=["manifest", "scans"])
    copy.after_move("")
    return copy


def new_copy(row: Import, placed: Placed) -> ShelfCopy:
    copy = ShelfCopy(
        uuid=row.uuid,
        book=row.book,
        library=placed.library,
        folder=placed.folder,
        manifest=row.manifest,
        format=placed.sounds[0].format,
        bitrate=placed.bitrate,
        seconds=row.measured.get("seconds"),
        narrator=narrator_of(row),
        origin=Origin.IMPORT,
    )
    return copy.begin(placed.sentence, actor="TAME")


def try_later(row: Import, sentence: str, token: str) -> None:
    row.refresh_from_db(fields=["attempts"])
    row.move_to(
        ImportState.FAILED,
        sentence,
        actor="TAME",
        token=token,
        last_error=sentence,
        retry_at=retry_time(row.attempts),
    )


def ask_a_person(row: Import, sentence: str, token: str, doubt: Doubt = Doubt.NONE) -> None:
    row.move_to(
        ImportState.REVIEW,
        sentence,
        actor="TAME",
        token=token,
        last_error=sentence,
        retry_at=None,
        doubt=doubt,
    )


def narrator_of(row: Import) -> str:
    """Who really reads it, as far as its files or its release say."""
    return ", ".join(row.measured.get("narrators", ()))[:300]
