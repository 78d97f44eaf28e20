"""What is not taken again."""

from __future__ import annotations

from django.core.management.base import CommandParser

from indexers.as_json import block_as_json
from indexers.models import Block
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, page


class Command(commands.Command):
    help = "List the releases that are not taken again, the newest first."

    def arguments(self, parser: CommandParser) -> None:
        add_page(parser)

    def run(self, options: Options) -> Result:
        columns = ("id", "title", "book", "blocked_by", "reason")
        rows = Block.objects.select_related("book", "indexer").defer("indexer__key")
        return page("block", rows, options, as_json=block_as_json, columns=columns)
