"""Which indexers there are."""

from __future__ import annotations

from django.core.management.base import CommandParser

from indexers.as_json import indexer_as_json
from indexers.models import Indexer
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, page


class Command(commands.Command):
    help = "List indexers, in the order in which they are preferred."

    def arguments(self, parser: CommandParser) -> None:
        add_page(parser)

    def run(self, options: Options) -> Result:
        columns = ("id", "usable", "kind", "name", "last_error")
        rows = Indexer.objects.defer("key")
        return page("indexer", rows, options, as_json=indexer_as_json, columns=columns)
