"""Everything that is known of a download."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads.as_json import download_as_json, history_as_json, import_as_json
from downloads.models import Download, DownloadHistory
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import numbered
from tame.lib.pages import cell


class Command(commands.Command):
    help = "Show all that is known of a download, with its history."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("download", type=arguments.number, metavar="DOWNLOAD")

    def run(self, options: Options) -> Result:
        rows = Download.objects.select_related("client").prefetch_related("imports__book")
        [row] = numbered(rows, [options["download"]], "download")
        moves = list(DownloadHistory.objects.filter(row=row))
        document = download_as_json(row) | {
            "decision": row.decision,
            "imports": [import_as_json(delivery) for delivery in row.imports.all()],
            "history": [history_as_json(move) for move in moves],
        }
        return Result(as_text(document, moves), {"download": document})


def as_text(document: dict[str, Any], moves: list[DownloadHistory]) -> str:
    known = [
        (name, cell(value))
        for name, value in document.items()
        if name not in ("decision", "imports", "history") and value not in (None, "", [])
    ]
    lines = [f"{name:18}{value}" for name, value in known]
    lines += [f"{move.at:%Y-%m-%d %H:%M:%S}  {move.sentence}" for move in moves]
    return "\n".join(lines)
