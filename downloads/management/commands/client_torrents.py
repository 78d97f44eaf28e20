"""What a client lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.core.management.base import CommandParser

from downloads.as_json import seen_as_json
from downloads.clients import talking_to
from downloads.listed import matched
from downloads.models import Client, Download
from downloads.qbittorrent import Seen
from downloads.states import LIVE
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import named
from tame.lib.pages import add_page, told

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FILTERS: dict[str, Callable[[Seen], bool]] = {  # ours: the client answers unknown words with all
    "all": lambda seen: True,
    "downloading": lambda seen: not seen.is_complete,
    "complete": lambda seen: seen.is_complete,
    "stopped": lambda seen: seen.is_stopped,
    "running": lambda seen: not seen.is_stopped,
    "checking": lambda seen: seen.is_checking,
    "errored": lambda seen: seen.is_errored or seen.is_missing_files,
}


class Command(commands.Command):
    help = "List all torrents of a client, the newest first, and which downloads they are."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", metavar="CLIENT", help="Name or number.")
        parser.add_argument(
            "--filter",
            default="all",
            type=arguments.one_of(FILTERS, "filter"),
            help=f"One of {', '.join(FILTERS)}.",
        )
        add_page(parser)

    def run(self, options: Options) -> Result:
        client = named(Client.objects.all(), options["client"], "client")
        with talking_to(client) as gateway:
            everything = gateway.all()
        wanted = [seen for seen in everything if FILTERS[options["filter"]](seen)]
        wanted.sort(key=lambda seen: (seen.added_at or NEVER, seen.hash), reverse=True)
        shown = wanted[options["offset"] :][: options["limit"]]
        rows = Download.objects.filter(client=client, state__in=LIVE).defer("decision")
        downloads = {seen.hash: pk for pk, seen in matched(rows, shown).items()}
        documents = [seen_as_json(seen, downloads.get(seen.hash)) for seen in shown]
        columns = ("hash", "state", "progress", "download", "category", "name")
        return told("torrent", documents, options["offset"], len(wanted), columns)
