"""Shelve what was placed: prove that the book stands in its library, file by file.

Without an Audiobookshelf the files are the proof.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from books.placing import Track, check
from books.states import CopyState
from downloads.importing import try_later
from downloads.models import Import
from downloads.states import ImportState
from tame.lib.errors import LocalError, LostRaceError
from tame.lib.lease import claim, free


def shelve_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    done = sum(shelve_one(pk) for pk in due() if keep_going())
    return f"{done} on the shelf."


def due() -> list[int]:
    rows = Import.objects.filter(free(), state=ImportState.PLACED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def is_any_due() -> bool:
    return bool(due())


def shelve_one(pk: int) -> bool:
    """True when it was proved; every trouble ends in the row."""
    token = claim(Import.objects.filter(state=ImportState.PLACED), pk)
    if token is None:
        return False
    row = Import.objects.select_related("copy__library", "book").get(pk=pk)
    try:
        prove(row, token)
    except LostRaceError:
        return False
    except LocalError as error:
        try_later(row, str(error), token)
        return False
    return True


def prove(row: Import, token: str) -> None:
    copy = row.copy
    if copy is None:
        raise LocalError("Its copy is not known.")
    folder = Path(copy.library.root) / copy.folder
    files = [line for line in copy.manifest if line["name"]]
    check(folder, [Track(folder, line["name"], line["size"]) for line in files])
    sentence = f"“{row.book}” stands in {folder}: {len(files)} files, each with its size."
    with transaction.atomic():
        copy.move_to(CopyState.PROVED, sentence, actor="TAME", proved_at=timezone.now())
        row.move_to(ImportState.SHELVED, sentence, actor="TAME", token=token, last_error="")
