"""Connect one indexer."""

from __future__ import annotations

from django.core.management.base import CommandParser

from indexers.as_json import indexer_as_json
from indexers.connect import add_indexer
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result


class Command(commands.Command):
    help = "Connect an indexer by its address. One that is known already gets the new key."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "address", help="As Jackett or Prowlarr shows it; it may hold the key (apikey=...)."
        )
        parser.add_argument("--name", type=arguments.short_text(200))
        arguments.add_secret(parser, "key", "the API key")

    def run(self, options: Options) -> Result:
        key = arguments.secret(options, "key")
        row, is_new = add_indexer(options["address"], key=key, name=options["name"] or "")
        text = f"{row} is {'added' if is_new else 'known already'}: indexer {row.pk}."
        return Result(text, {"new": is_new, "indexer": indexer_as_json(row)})
