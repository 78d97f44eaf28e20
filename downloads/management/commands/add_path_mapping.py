"""Say where a client's folder is on this machine."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads.connect import add_path_mapping
from downloads.diagnose import check_mapping
from downloads.models import Client
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.named import named


class Command(commands.Command):
    help = "Say where a client's folder is on this machine; a known folder is mapped anew."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", metavar="CLIENT", help="Name or number.")
        parser.add_argument("theirs", help="The folder as the client calls it.")
        parser.add_argument("ours", help="The same folder as TAME sees it.")

    def run(self, options: Options) -> Result:
        client = named(Client.objects.all(), options["client"], "client")
        mapping, is_new = add_path_mapping(client, options["theirs"], options["ours"])
        check = check_mapping(client, mapping.client_prefix)
        paths = {"client": mapping.client_prefix, "here": mapping.our_prefix}
        told = {"ok": check.is_well, "sentence": check.sentence}
        return Result(check.sentence, {"new": is_new, "mapping": paths, "check": told})
