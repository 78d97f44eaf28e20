"""What is not taken again."""

from __future__ import annotations

from django.core.management.base import CommandParser
from django.db.models import Q

from books.models import Book
from indexers.as_json import block_as_json
from indexers.models import Block
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import numbered
from tame.lib.pages import add_page, page


class Command(commands.Command):
    help = "List the releases that are not taken again, the newest first."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--book",
            type=arguments.number,
            metavar="BOOK",
            help="Only those in its way; number, as list_books shows it.",
        )
        add_page(parser)

    def run(self, options: Options) -> Result:
        columns = ("id", "title", "book", "until", "blocked_by", "reason")
        rows = Block.objects.filter(Block.in_force()).select_related("book", "indexer")
        rows = rows.defer("indexer__key")
        if options["book"]:
            [book] = numbered(Book.objects.all(), [options["book"]], "book")
            rows = rows.filter(Q(book=None) | Q(book=book))
        return page("block", rows, options, as_json=block_as_json, columns=columns)
