"""Import complete downloads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from books.models import Library
from downloads.importing import NO_LIBRARY, due, import_due, would_be
from downloads.models import Import
from downloads.shelving import shelve_due
from tame.lib import commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import ObstacleError, TameError
from tame.turns import at_the_files


class Command(commands.Command):
    help = "Import every book whose download is complete, and prove that it stands in the library."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        """It takes all that are due."""

    @at_the_files
    def run(self, options: Options) -> Result:
        need_a_library()
        before = due()
        said = f"{import_due()} {shelve_due()}"
        rows = Import.objects.filter(pk__in=before).select_related("book").order_by("pk")
        told = [as_json(row) for row in rows]
        stuck = [row for row in rows if row.last_error]
        trouble = "\n".join(f"{row.book}: {row.last_error}" for row in stuck)
        return Result(said, {"imports": told}, Code.FAILED if stuck else Code.DONE, trouble)

    def look(self, options: Options) -> Result:
        """Which files would come under which names; nothing is placed."""
        need_a_library()
        rows = Import.objects.filter(pk__in=due()).select_related("download__client", "book")
        told, lines = [], []
        for row in rows:
            document = would(row)
            told.append(document)
            lines.append(f"{row.book}: {document.get('folder') or document['error']}")
        return Result("\n".join(lines) or "Nothing is to be imported.", {"imports": told})


def need_a_library() -> None:
    if not Library.objects.exists():
        raise ObstacleError(f"{NO_LIBRARY} The command add_library does it, too.")


def would(row: Import) -> dict[str, Any]:
    document: dict[str, Any] = {"id": row.pk, "book": row.book.title}
    try:
        plan = would_be(row)
    except TameError as error:
        return document | {"error": str(error)}
    files = [line.as_json() for line in plan.lines]
    return document | {"folder": plan.folder, "library": plan.library.name, "files": files}


def as_json(row: Import) -> dict[str, Any]:
    return {
        "id": row.pk,
        "book": row.book.title,
        "state": row.state,
        "folder": row.final_folder,
        "error": row.last_error,
    }
