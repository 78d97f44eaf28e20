"""Test whether a client's folder is there for TAME too."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads.diagnose import check_folders, check_mapping
from downloads.models import Client
from tame.lib import commands
from tame.lib.commands import Code, Options, Result
from tame.lib.named import named


class Command(commands.Command):
    help = "Look whether a folder of a client is there for TAME too, by its path mappings."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", metavar="CLIENT", help="Name or number.")
        parser.add_argument(
            "path", nargs="?", default="", help="Of the client; its default folder if not given."
        )

    def run(self, options: Options) -> Result:
        client = named(Client.objects.prefetch_related("paths"), options["client"], "client")
        path = options["path"]
        check = check_mapping(client, path) if path else check_folders(client)
        data = {"client": client.name, "sentence": check.sentence}
        if check.is_well:
            return Result(check.sentence, data)
        return Result(data=data, code=Code.FAILED, trouble=check.sentence)
