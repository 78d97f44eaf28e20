"""Test indexers."""

from __future__ import annotations

from django.core.management.base import CommandParser

from indexers.connect import check_indexer
from indexers.models import Indexer
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.each import check_each
from tame.lib.named import named


class Command(commands.Command):
    help = "Ask indexers what they can do and what is new. A good answer ends a pause."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "indexers",
            nargs="*",
            metavar="INDEXER",
            help="Names or numbers; without any: all that are switched on.",
        )

    def run(self, options: Options) -> Result:
        rows = [named(Indexer.objects.all(), text, "indexer") for text in options["indexers"]]
        rows = rows if options["indexers"] else list(Indexer.objects.filter(enabled=True))
        return check_each("indexer", rows, check_indexer, self.progress(len(rows)))
