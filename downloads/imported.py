"""How an import ends: in the library, later, or with a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from django.db import IntegrityError, transaction

from books.models import Library, ShelfCopy, ShelfCopyHistory
from books.sound import Sound
from books.states import CopyState
from downloads.models import Import
from downloads.states import Doubt, ImportState
from tame.lib import bell
from tame.lib.backoff import retry_time
from tame.lib.errors import ObstacleError

SHELVE = "downloads.tasks.shelve"


def keep(
    row: Import,
    library: Library,
    folder: str,
    sounds: Sequence[Sound],
    ways: dict[str, int],
    token: str,
) -> None:
    """The copy and the move in one transaction."""
    told = ", ".join(f"{count} by {way}" for way, count in ways.items()) or "by an earlier try"
    sentence = f"Placed in {PurePosixPath(library.root) / folder}: {told}."
    rates = [one.bitrate for one in sounds if one.bitrate]
    try:
        with transaction.atomic():
            copy, is_new = ShelfCopy.objects.update_or_create(
                uuid=row.uuid,
                defaults={"manifest": row.manifest, "scans": 0},
                create_defaults={
                    "book": row.book,
                    "library": library,
                    "folder": folder,
                    "manifest": row.manifest,
                    "format": sounds[0].format,
                    "bitrate": round(1000 * sum(rates) / len(rates)) if rates else None,
                    "seconds": row.measured.get("seconds"),
                    "narrator": narrator_of(row),
                    "origin": "import",
                },
            )
            if is_new:
                ShelfCopyHistory.objects.create(
                    row=copy, to_state=CopyState.PLACED, actor="TAME", sentence=sentence
                )
            copy.after_move("")
            row.move_to(
                ImportState.PLACED,
                sentence,
                actor="TAME",
                token=token,
                copy=copy,
                last_error="",
                retry_at=None,
            )
            bell.ring(SHELVE)
    except IntegrityError as error:
        raise ObstacleError(f"Another copy of “{row.book}” is in {library} already.") from error


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
