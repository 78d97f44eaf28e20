"""Test Audiobookshelf servers."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.models import ShelfServer
from books.shelf_servers import check_server
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.each import check_each
from tame.lib.named import named


class Command(commands.Command):
    help = (
        "Ask Audiobookshelf servers whose key TAME has, what that may do, and for their libraries. "
        "A good answer ends a pause."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "shelf_servers",
            nargs="*",
            metavar="SERVER",
            help="Names or numbers; without any: all that are switched on.",
        )

    def run(self, options: Options) -> Result:
        rows = [
            named(ShelfServer.objects.all(), text, "shelf server")
            for text in options["shelf_servers"]
        ]
        if not options["shelf_servers"]:
            rows = list(ShelfServer.objects.filter(enabled=True))
        return check_each("shelf_server", rows, check_server, self.progress(len(rows)))
