"""Grab a release for a book."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.models import Book
from downloads.approve import take_by_hand
from downloads.as_json import download_as_json
from downloads.models import Client
from indexers.models import Release
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import named, numbered


class Command(commands.Command):
    help = "Take a release for a book: it is queued for its client."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", type=arguments.number, metavar="BOOK")
        parser.add_argument("release", type=arguments.number, metavar="RELEASE")
        parser.add_argument(
            "--anyway",
            action="store_true",
            help="Although the rules reject it, or there is no room; that is noted.",
        )
        parser.add_argument("--client", metavar="CLIENT", help="Name or number; else it is chosen.")

    def run(self, options: Options) -> Result:
        [book] = numbered(Book.objects.all(), [options["book"]], "book")
        [release] = numbered(
            Release.objects.select_related("indexer"), [options["release"]], "release"
        )
        client = options["client"] and named(Client.objects.all(), options["client"], "client")
        how = {"client": client or None, "anyway": options["anyway"]}
        row = take_by_hand(book, release, actor=options["by"], **how)
        text = f"“{row}” is {row.get_state_display()} for “{book}”: download {row.pk}."
        return Result(text, {"download": download_as_json(row)})
