"""Which clients there are."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads.as_json import client_as_json
from downloads.models import Client
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, page


class Command(commands.Command):
    help = "List the qBittorrents that TAME knows."

    def arguments(self, parser: CommandParser) -> None:
        add_page(parser)

    def run(self, options: Options) -> Result:
        columns = ("id", "usable", "name", "address", "version", "last_error")
        rows = Client.objects.prefetch_related("paths").defer("password", "api_key")
        return page("client", rows, options, as_json=client_as_json, columns=columns)
