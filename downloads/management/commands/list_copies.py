"""Which copies there are, those in the trash among them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from books.models import Book, ShelfCopy
from books.states import CopyState
from books.trash import files_of
from downloads.copies import path_of, proved_by, size_of, where_is, with_places
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import numbered
from tame.lib.pages import add_page, add_states, page


class Command(commands.Command):
    help = (
        "List the copies in the libraries, the newest first. Those of --state trashed are kept "
        "until the day that is shown, and come back by undo_import --back."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--book", type=arguments.number, metavar="BOOK", help="Number, as list_books shows it."
        )
        add_states(parser, CopyState.values)
        add_page(parser)

    def run(self, options: Options) -> Result:
        rows = with_places(ShelfCopy.objects.select_related("book", "library__server"))
        rows = rows.defer("library__server__key").order_by("-pk")
        if options["book"]:
            rows = rows.filter(book__in=numbered(Book.objects.all(), [options["book"]], "book"))
        if options["state"]:
            rows = rows.filter(state__in=options["state"])
        columns = ("id", "book", "where", "files", "size", "path")
        return page("copy", rows, options, as_json=as_json, columns=columns, plural="copies")


def as_json(copy: ShelfCopy) -> dict[str, Any]:
    return {
        "id": copy.pk,
        "book": copy.book.title,
        "book_id": copy.book_id,
        "library": copy.library.name,
        "state": copy.state,
        "where": where_is(copy),
        "is_replaced": vars(copy)["is_replaced"],
        "trash_until": copy.trash_until,
        "path": str(path_of(copy)),
        "files": len(files_of(copy)),
        "size": size_of(copy),
        "origin": copy.origin,
        "proved_at": copy.proved_at,
        "proved_by": proved_by(copy),
    }
