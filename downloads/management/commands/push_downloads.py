"""Push downloads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from downloads.management.chosen import client_of, refuse_while_paused
from downloads.management.pushing import push
from downloads.models import Download, most_urgent_first
from downloads.states import State, Wish
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.lib.named import numbered


class Command(commands.Command):
    help = "Hand downloads to their clients: those named, also failed ones, or all that wait."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("downloads", nargs="*", type=arguments.number, metavar="DOWNLOAD")
        parser.add_argument(
            "--confirm", action="store_true", help="Wait until the client lists each of them."
        )

    def run(self, options: Options) -> Result:
        rows, is_named = chosen(options), bool(options["downloads"])

        def act(row: Download) -> tuple[str, Mapping[str, Any]]:
            return push(row, options["by"], is_named=is_named, confirm=options["confirm"])

        result = each("download", rows, act, self.progress(len(rows)), service=client_of)
        return result if rows else Result("Nothing waits to be pushed.", result.data)

    def look(self, options: Options) -> Result:
        rows = chosen(options)
        lines = [f"“{row}” would be handed to {row.client}." for row in rows]
        told = [{"id": row.pk, "ok": True, "state": row.state} for row in rows]
        return Result("\n".join(lines) or "Nothing waits to be pushed.", {"downloads": told})


def chosen(options: Options) -> list[Download]:
    rows = Download.objects.select_related("client", "indexer", "release")
    if options["downloads"]:
        return numbered(rows, options["downloads"], "download")
    refuse_while_paused()
    waiting = rows.filter(state=State.QUEUED).exclude(client_wish=Wish.STOPPED)
    return list(most_urgent_first(waiting))
