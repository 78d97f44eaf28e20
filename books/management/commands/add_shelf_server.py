"""Connect an Audiobookshelf."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.as_json import server_as_json
from books.shelf_servers import add_shelf_server
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result


class Command(commands.Command):
    help = "Connect an Audiobookshelf. One that is known by its address gets the new key."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="For example http://192.168.1.10:13378.")
        parser.add_argument("--name", type=arguments.short_text(100))
        arguments.add_secret(parser, "key", "the API key")

    def run(self, options: Options) -> Result:
        key = arguments.secret(options, "key", "API key: ")
        row, is_new = add_shelf_server(options["address"], key=key, name=options["name"] or "")
        said = f"{row} is {'added' if is_new else 'known already'}: server {row.pk}."
        return Result(said, {"new": is_new, "server": server_as_json(row)})
