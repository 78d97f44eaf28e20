"""Which imports there are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from downloads.as_json import copied_as_json
from downloads.models import Import
from downloads.states import ImportState
from downloads.two_orders import as_json as two_orders
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, add_states, page


class Command(commands.Command):
    help = "List imports, the newest first: those that wait for you are in the state review."

    def arguments(self, parser: CommandParser) -> None:
        add_states(parser, ImportState.values)
        add_page(parser)

    def run(self, options: Options) -> Result:
        rows = Import.objects.select_related("book", "download").defer("download__decision")
        if options["state"]:
            rows = rows.filter(state__in=options["state"])
        columns = ("id", "state", "book", "last_error")
        return page("import", rows, options, as_json=as_json, columns=columns)


def as_json(row: Import) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "state_since": row.state_since,
        "book": row.book.title,
        "book_id": row.book_id,
        "download": row.download_id,
        "source": str(row.download or row.source_folder),
        "folder": row.final_folder,
        "doubt": row.doubt,
        "orders": two_orders(row),
        "seconds": row.measured.get("seconds"),
        "last_error": row.last_error,
        "copied": copied_as_json(row),
        "files": row.manifest,
    }
