"""Say what becomes of imports that wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.models import Book
from downloads.models import Import
from downloads.reviewing import another_book, drop, import_anyway, import_by_tags, try_again
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.lib.errors import BadInputError
from tame.lib.named import numbered

CHOICES = {
    "again": try_again,
    "anyway": import_anyway,
    "anyway-by-tags": import_by_tags,
    "drop": drop,
}


class Command(commands.Command):
    help = (
        "Say of imports that wait for you: try again, import anyway, do not import, or it is "
        "another book."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "choice",
            metavar="CHOICE",
            type=arguments.one_of([*CHOICES, "another"], "choice"),
            help="again, anyway (what is in doubt is passed over; an order is that of the names), "
            "anyway-by-tags (its order is that of the track tags), drop, or another (with --book).",
        )
        parser.add_argument(
            "imports",
            nargs="+",
            type=arguments.number,
            metavar="IMPORT",
            help="Numbers, as show_download and import_downloads show them.",
        )
        parser.add_argument(
            "--book", type=arguments.number, metavar="BOOK", help="Which book it is instead."
        )

    def run(self, options: Options) -> Result:
        rows = Import.objects.select_related("book", "library", "download")
        chosen = numbered(rows, options["imports"], "import")
        if (options["choice"] == "another") != bool(options["book"]):
            raise BadInputError("--book goes with another, and another needs it.")

        def act(row: Import) -> tuple[str, Mapping[str, Any]]:
            return self.act(row, options), {"state": row.state}

        return each("import", chosen, act, self.progress(len(chosen)))

    def act(self, row: Import, options: Options) -> str:
        actor = options["by"]
        if options["choice"] == "another":
            [book] = numbered(Book.objects.all(), [options["book"]], "book")
            return another_book(row, actor=actor, book=book)
        return CHOICES[options["choice"]](row, actor=actor)
