"""Import complete downloads."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from books.models import Library
from downloads.assigning import can_be_assigned
from downloads.copying import shown_on
from downloads.giving import files_for, give
from downloads.importing import NO_LIBRARY, due, import_due, import_one, would_be
from downloads.models import Import
from downloads.shelving import shelve_due
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError, ObstacleError, TameError
from tame.lib.named import numbered
from tame.turns import at_the_files

JOINED = ("download__client", "book")


class Command(commands.Command):
    help = (
        "Import every book whose download is complete, and prove that it stands in the library. "
        "With --give only those imports, of exactly those files."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--give",
            action="append",
            default=[],
            type=given,
            metavar="IMPORT=FILES",
            help="These files are this book: the number of an import that waits, and a path, a "
            "folder or a pattern with *, as list_imports shows them. May be given several times; "
            "what is given to no book stays where it is.",
        )

    @at_the_files
    def run(self, options: Options) -> Result:
        need_a_library()
        with shown_on(self.progress(100)):
            return import_all(options)

    def look(self, options: Options) -> Result:
        """Which files would come under which names; nothing is placed."""
        need_a_library()
        rows = list(Import.objects.filter(pk__in=due()).select_related(*JOINED))
        if options["give"]:
            rows, files = chosen(options)
            for row in rows:
                row.chosen_files = files[row.pk]
        told = [would(row) for row in rows]
        lines = [f"{row['book']}: {row.get('folder') or row['error']}" for row in told]
        return Result("\n".join(lines) or "Nothing is to be imported.", {"imports": told})


def import_all(options: Options) -> Result:
    if not options["give"]:
        before = due()
        return ended(before, f"{import_due()} {shelve_due()}")
    rows, files = chosen(options)
    said = give(rows, files, actor=options["by"])
    numbers = [row.pk for row in rows]
    for number in numbers:
        import_one(number)
    return ended(numbers, f"{said} {shelve_due()}")


def given(text: str) -> tuple[int, str]:
    number, sign, files = text.partition("=")
    if not sign or not files.strip():
        raise ArgumentTypeError(f"Write “{text}” like 7=Cranford/Disc 1.")
    return arguments.number(number), files.strip()


def chosen(options: Options) -> tuple[list[Import], dict[int, list[str]]]:
    """The imports that were named, and the paths for each."""
    named: dict[int, list[str]] = {}
    for number, files in options["give"]:
        named.setdefault(number, []).append(files)
    rows = numbered(Import.objects.select_related(*JOINED), list(named), "import")
    for row in rows:
        if not can_be_assigned(row):
            raise BadInputError(f"“{row.book}” is {row.get_state_display()}: too late for that.")
    return rows, files_for(rows, named)


def ended(numbers: Sequence[int], said: str) -> Result:
    rows = Import.objects.filter(pk__in=numbers).select_related("book").order_by("pk")
    told = [as_json(row) for row in rows]
    stuck = [row for row in rows if row.last_error]
    trouble = "\n".join(f"{row.book}: {row.last_error}" for row in stuck)
    return Result(said, {"imports": told}, Code.FAILED if stuck else Code.DONE, trouble)


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
