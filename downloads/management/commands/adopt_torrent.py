"""Adopt a torrent that is in a client as a book."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.models import Book
from downloads.by_hand import adopt
from downloads.models import Client
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import NotListedError
from tame.lib.named import named, numbered


class Command(commands.Command):
    help = (
        "Follow a complete torrent of a client and import it as a book. In the client nothing is "
        "changed."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", metavar="CLIENT", help="Name or number.")
        parser.add_argument("hash", metavar="HASH", help="As client_torrents shows it.")
        parser.add_argument(
            "--book",
            type=arguments.number,
            metavar="BOOK",
            required=True,
            help="As list_books shows it.",
        )

    def run(self, options: Options) -> Result:
        client = named(Client.objects.all(), options["client"], "client")
        [book] = numbered(Book.objects.all(), [options["book"]], "book")
        row = adopt(client, options["hash"].lower(), book, actor=options["by"])
        if row.download is None:
            raise NotListedError(f"{client} does not list this torrent.")
        said = f"“{row.download}” is download {row.download.pk} now, and imported as “{book}” next."
        return Result(said, {"download": row.download.pk, "import": row.pk})
