"""Which Audiobookshelf servers there are."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.as_json import server_as_json
from books.models import ShelfServer
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, page


class Command(commands.Command):
    help = "List the Audiobookshelf servers that TAME knows."

    def arguments(self, parser: CommandParser) -> None:
        add_page(parser)

    def run(self, options: Options) -> Result:
        columns = ("id", "usable", "name", "address", "version", "last_error")
        rows = ShelfServer.objects.defer("key")
        return page("shelf_server", rows, options, as_json=server_as_json, columns=columns)
