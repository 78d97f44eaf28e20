"""Import a folder on the disk as a book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from books.models import Book
from downloads.by_hand import Preview, files_in, import_folder, preview, read_folder
from downloads.copying import shown_on
from downloads.giving import matching
from downloads.importing import NO_LIBRARY, import_one
from downloads.models import Import
from downloads.shelving import shelve_due
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError, ObstacleError
from tame.lib.named import numbered
from tame.turns import at_the_files


class Command(commands.Command):
    help = (
        "Import a folder as a book: linked, or copied where that is not possible. The folder "
        "itself stays as it is."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", help="Its whole path, as TAME sees it.")
        parser.add_argument(
            "--book",
            type=arguments.number,
            metavar="BOOK",
            help="As list_books shows it. Else the one that the folder's name or tags name wholly.",
        )
        parser.add_argument(
            "--files",
            action="append",
            default=[],
            metavar="FILES",
            help="Only these are the book: a path in the folder, a folder in it, or a pattern with "
            "*. May be given several times; covers and texts beside them come along.",
        )

    def look(self, options: Options) -> Result:
        """What it would be, and under which names; nothing is stored."""
        _, shown = self.seen(options)
        if shown.book is None or shown.plan is None:
            raise ObstacleError(shown.trouble or which_book(shown))
        files = [line.as_json() for line in shown.plan.lines]
        told = {"book": shown.book.pk, "title": shown.book.title, "folder": shown.plan.folder}
        where = Path(shown.plan.library.root) / shown.plan.folder
        lines = [f"“{shown.book}” would come to {where}:"]
        lines += [f"  {line['name'] or line['why']}  {line['path']}" for line in files]
        return Result("\n".join(lines), told | {"files": files})

    @at_the_files
    def run(self, options: Options) -> Result:
        folder, shown = self.seen(options)
        if shown.book is None:
            raise BadInputError(which_book(shown))
        if shown.book.chosen_library() is None:
            raise ObstacleError(f"{NO_LIBRARY} The command add_library does it, too.")
        files = matching(options["files"], files_in(folder))
        row = import_folder(folder, shown.book, actor=options["by"], files=files)
        with shown_on(self.progress(100)):
            import_one(row.pk)
            shelve_due()
        return ended(Import.objects.select_related("book").get(pk=row.pk))

    def seen(self, options: Options) -> tuple[Path, Preview]:
        folder, number = read_folder(options["folder"]), options["book"]
        book = numbered(Book.objects.all(), [number], "book")[0] if number else None
        return folder, preview(folder, book, matching(options["files"], files_in(folder)))


def which_book(shown: Preview) -> str:
    if not shown.books:
        return f"No book that TAME knows is called like {shown.folder}. Name one with --book."
    maybe = ", ".join(f"{book.pk} (“{book}”)" for book in shown.books)
    return f"Which book {shown.folder} is cannot be told. Name it with --book, for example {maybe}."


def ended(row: Import) -> Result:
    told: dict[str, Any] = {
        "import": {
            "id": row.pk,
            "book": row.book.title,
            "state": row.state,
            "folder": row.final_folder,
            "error": row.last_error,
        }
    }
    if row.last_error:
        return Result("", told, Code.FAILED, row.last_error)
    return Result(f"“{row.book}” stands in {row.library}: {row.final_folder}.", told)
