"""Say that what came is not the book that was wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.models import Book
from downloads.management.off_shelf import OffShelfCommand
from downloads.models import Import
from downloads.wrong import called_wrong, meant, right_after_all, what_wrong_does, wrong_book
from indexers.models import Label
from tame.lib.commands import Options
from tame.lib.errors import BadInputError

TORRENT = {
    "keep": {"remove_torrent": False},
    "remove": {"with_files": False},
    "remove-with-files": {},
}
BECAUSE = [why.value for why in Label.Because if why.value]


class Command(OffShelfCommand):
    help = (
        "Say that what came is the wrong book: it leaves the shelf, its torrent the client, and "
        "the next best release is taken."
    )

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument("--because", choices=BECAUSE, help="Why; kept with the release's name.")
        parser.add_argument("--keep-on-shelf", action="store_true", help="Leave its files there.")
        parser.add_argument(
            "--torrent",
            choices=TORRENT,
            default="remove-with-files",
            help="What becomes of it in the client, unless its indexer's minimum is not reached.",
        )
        parser.add_argument("--no-block", action="store_true", help="It may be taken again.")
        parser.add_argument(
            "--no-want", action="store_true", help="Search for no other: it is parked."
        )
        parser.add_argument("--no-next-best", action="store_true", help="Take no other at once.")
        parser.add_argument(
            "--take-back", action="store_true", help="It was right after all: undo all that."
        )

    def act(self, book: Book, options: Options) -> str:
        if options["take_back"]:
            return right_after_all(the(called_wrong(book), book), actor=options["by"])
        if not options["because"]:
            raise BadInputError(f"Say why with --because: {', '.join(BECAUSE)}.")
        ticks = {
            "off_shelf": not options["keep_on_shelf"],
            "block": not options["no_block"],
            "want": not options["no_want"],
            "next_best": not (options["no_next_best"] or options["no_want"]),
            **TORRENT[options["torrent"]],
        }
        row = the(meant(book), book)
        return wrong_book(row, actor=options["by"], because=options["because"], **ticks)

    def would(self, book: Book, options: Options) -> tuple[str, Mapping[str, Any]]:
        """As told, and rolled back; with what every tick is about."""
        if options["take_back"]:
            return self.act(book, options), {}
        row = the(meant(book), book)
        lines = what_wrong_does(row)
        said = self.act(book, options)
        return "\n".join([*lines, said]), {"import": row.pk, "folder": row.final_folder}


def the(row: Import | None, book: Book) -> Import:
    if row is None:
        raise BadInputError(f"Nothing of “{book}” is here that could be wrong, or was said to be.")
    return row
