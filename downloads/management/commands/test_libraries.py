"""Test libraries."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.base import CommandParser

from books.models import Library
from downloads.trying import try_library
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.each import check_each
from tame.lib.errors import BadInputError


class Command(commands.Command):
    help = (
        "Try in libraries what imports need: to write, to link from where the clients save to, to "
        "exchange folders, and whether Audiobookshelf sees the same folder. Nothing is left there."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "libraries", nargs="*", metavar="LIBRARY", help="Names or numbers; all if not given."
        )

    def run(self, options: Options) -> Result:
        rows = list(Library.objects.select_related("server").defer("server__key"))
        if options["libraries"]:
            rows = [the(name, rows) for name in options["libraries"]]
        progress = self.progress(len(rows))
        return check_each("library", rows, try_library, progress, plural="libraries")


def the(name: str, rows: Iterable[Library]) -> Library:
    found = [row for row in rows if name in (row.name, str(row.pk))]
    if len(found) != 1:
        known = ", ".join(f"{row.pk} ({row.name})" for row in rows)
        raise BadInputError(f"“{name}” is not one library. There are: {known or 'none'}.")
    return found[0]
