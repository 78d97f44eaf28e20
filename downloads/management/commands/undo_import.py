"""Take books off the shelf again, or put them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.models import Book
from downloads.management.off_shelf import OffShelfCommand
from downloads.models import Import
from downloads.off_shelf import on_shelf, put_on_shelf, take_off_shelf
from downloads.states import Then
from downloads.undo import what_undo_does
from tame.lib.commands import Options
from tame.lib.errors import BadInputError

THEN = {then.value: then for then in Then if then.value}


class Command(OffShelfCommand):
    help = "Take books off the shelf: their files go to the trash, their torrents stay as they are."

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument(
            "--then",
            choices=THEN,
            default="want",
            help="What follows: another release (want), the next best at once (next), the same "
            "torrent again (again), the copy that it had replaced (back), or the book is parked; "
            "want if not given.",
        )
        parser.add_argument(
            "--back", action="store_true", help="Put back what was taken off, from the trash."
        )

    def act(self, book: Book, options: Options) -> str:
        if options["back"]:
            return put_on_shelf(book, actor=options["by"])
        return take_off_shelf(book, actor=options["by"], then=THEN[options["then"]])

    def would(self, book: Book, options: Options) -> tuple[str, Mapping[str, Any]]:
        if options["back"]:
            return put_on_shelf(book, actor=options["by"]), {}
        row = on_shelf(book)
        if row is None or row.copy is None:
            raise BadInputError(f"TAME has put no copy of “{book}” on the shelf.")
        return " ".join(what_undo_does(row)), about(row)


def about(row: Import) -> dict[str, Any]:
    files = [line for line in row.copy.manifest if line["name"]] if row.copy else []
    return {
        "import": row.pk,
        "folder": row.final_folder,
        "files": len(files),
        "size": sum(line["size"] for line in files),
    }
