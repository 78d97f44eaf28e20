"""Prove copies again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.models import ShelfCopy
from downloads.copies import CAN_BE_PROVED, prove_again, proved_by
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.lib.named import numbered


class Command(commands.Command):
    help = (
        "Look at every file of copies, and at their entries where an Audiobookshelf shows them. "
        "Nothing is written there; one that was missing and is whole counts as on the shelf again."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "copies",
            nargs="*",
            type=arguments.number,
            metavar="COPY",
            help="Numbers, as list_copies shows them; without any: all on the shelf or missing.",
        )

    def run(self, options: Options) -> Result:
        rows = chosen(options)

        def act(copy: ShelfCopy) -> tuple[str, Mapping[str, Any]]:
            said = prove_again(copy, actor=options["by"])
            copy.refresh_from_db(fields=["state", "proved_at"])
            return said, {"state": copy.state, "proved_by": proved_by(copy)}

        progress, service = self.progress(len(rows)), lambda copy: copy.library.server_id
        return each("copy", rows, act, progress, service=service, plural="copies")

    def look(self, options: Options) -> Result:
        rows = chosen(options)
        lines = [f"The files of “{row.book}” in {row.folder} would be looked at." for row in rows]
        told = [{"id": row.pk, "ok": True, "state": row.state} for row in rows]
        return Result("\n".join(lines) or "There is nothing to prove.", {"copies": told})


def chosen(options: Options) -> list[ShelfCopy]:
    rows = ShelfCopy.objects.select_related("book", "library__server").order_by("pk")
    if options["copies"]:
        return numbered(rows, options["copies"], "copy", "copies")
    return list(rows.filter(state__in=CAN_BE_PROVED))
