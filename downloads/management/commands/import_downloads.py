"""Import complete downloads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from books.models import Library
from books.naming import folder_of
from downloads.importing import NO_LIBRARY, due, import_due, look, tracks_of
from downloads.models import Import
from downloads.shelving import shelve_due
from indexers.values import with_names
from tame.lib import commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import ObstacleError, TameError


class Command(commands.Command):
    help = "Import every book whose download is complete, and prove that it stands in the library."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        """It takes all that are due."""

    def run(self, options: Options) -> Result:
        the_library()
        before = due()
        said = f"{import_due()} {shelve_due()}"
        rows = Import.objects.filter(pk__in=before).select_related("book").order_by("pk")
        told = [as_json(row) for row in rows]
        stuck = [row for row in rows if row.last_error]
        trouble = "\n".join(f"{row.book}: {row.last_error}" for row in stuck)
        return Result(said, {"imports": told}, Code.FAILED if stuck else Code.DONE, trouble)

    def look(self, options: Options) -> Result:
        """Which files would come under which names; nothing is placed."""
        library = the_library()
        rows = Import.objects.filter(pk__in=due()).select_related("download__client", "book")
        told, lines = [], []
        for row in rows:
            document = would(row, library)
            told.append(document)
            lines.append(f"{row.book}: {document.get('folder') or document['error']}")
        return Result("\n".join(lines) or "Nothing is to be imported.", {"imports": told})


def the_library() -> Library:
    library = Library.objects.order_by("pk").first()
    if library is None:
        raise ObstacleError(f"{NO_LIBRARY} The command add_library does it, too.")
    return library


def would(row: Import, library: Library) -> dict[str, Any]:
    document: dict[str, Any] = {"id": row.pk, "book": row.book.title}
    try:
        lines, here = look(row)
        tracks_of(lines, here)
    except TameError as error:
        return document | {"error": str(error)}
    [book] = with_names(type(row.book)._default_manager.filter(pk=row.book_id))
    folder = str(folder_of(book, library.template))
    return document | {"folder": folder, "files": [line.as_json() for line in lines]}


def as_json(row: Import) -> dict[str, Any]:
    return {
        "id": row.pk,
        "book": row.book.title,
        "state": row.state,
        "folder": row.final_folder,
        "error": row.last_error,
    }
