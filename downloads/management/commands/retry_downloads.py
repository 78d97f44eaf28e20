"""Try downloads again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.management.base import CommandParser
from django.utils import timezone

from downloads import steer
from downloads.management.chosen import ChosenCommand, refuse_while_paused
from downloads.models import Download
from downloads.retry import due, try_again
from tame.lib import arguments
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError


class Command(ChosenCommand):
    help = "Try failed, waiting or given-up downloads again with all their tries: now, or later."

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        when = parser.add_mutually_exclusive_group()
        when.add_argument(
            "--on", type=arguments.moment, metavar="TIME", help="For example 2026-12-01T08:00."
        )
        when.add_argument(
            "--in-days", type=arguments.whole_number(1, 30), metavar="DAYS", help="1 to 30."
        )
        when.add_argument(
            "--due", action="store_true", help="All whose next try is due, as the schedule does."
        )

    def run(self, options: Options) -> Result:
        if not options["due"]:
            return super().run(options)
        if options["downloads"] or options["state"]:
            raise BadInputError("--due chooses by itself: give it without numbers and states.")
        refuse_while_paused()
        return try_due()

    def act(self, download: Download, options: Options) -> str:
        if when := moment_of(options):
            return steer.retry_on(download, when, actor=options["by"])
        return steer.retry(download, actor=options["by"])


def try_due() -> Result:
    rows = due()
    lines, told = [try_again(rows)], []
    for row in rows:
        row.refresh_from_db(fields=["state"])
        sentence = f"“{row}” is {row.get_state_display()}: {row.history.first()}"
        lines.append(sentence)
        told.append({"id": row.pk, "ok": True, "sentence": sentence, "state": row.state})
    return Result("\n".join(lines), {"downloads": told})


def moment_of(options: Options) -> datetime | None:
    if options["in_days"]:
        return timezone.localtime() + timedelta(days=options["in_days"])
    on: datetime | None = options["on"]
    return on
