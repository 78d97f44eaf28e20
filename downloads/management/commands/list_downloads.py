"""Which downloads there are."""

from __future__ import annotations

from django.core.management.base import CommandParser
from django.utils import timezone

from downloads.as_json import download_as_json
from downloads.models import Download
from downloads.states import State
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, add_states, page


class Command(commands.Command):
    help = "List downloads, the newest first."

    def arguments(self, parser: CommandParser) -> None:
        add_states(parser, State.values)
        parser.add_argument(
            "--retry-due", action="store_true", help="Only failed ones whose next try is due."
        )
        add_page(parser)

    def run(self, options: Options) -> Result:
        rows = Download.objects.select_related("client").prefetch_related("imports__book")
        rows = rows.defer("decision", "client__password", "client__api_key")
        if options["state"]:
            rows = rows.filter(state__in=options["state"])
        if options["retry_due"]:
            rows = rows.filter(state=State.FAILED, retry_at__lte=timezone.now())
        columns = ("id", "state", "progress", "client", "title", "last_error")
        return page("download", rows, options, as_json=download_as_json, columns=columns)
