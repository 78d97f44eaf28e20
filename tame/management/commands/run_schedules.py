"""Run schedules now."""

from __future__ import annotations

from django.core.management.base import CommandParser

from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.models import SchedulePreference
from tame.schedules import SCHEDULES, run_now


class Command(commands.Command):
    help = "Have schedules run as soon as a worker is free; sync_schedules shows their names."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "schedules",
            nargs="+",
            type=arguments.one_of(SCHEDULES, "schedule"),
            metavar="SCHEDULE",
            help=f"{', '.join(SCHEDULES)}.",
        )

    def run(self, options: Options) -> Result:
        names = dict.fromkeys(options["schedules"])
        rows = [SchedulePreference.objects.get_or_create(name=name)[0] for name in names]
        return each("schedule", rows, lambda row: (run_now(row), {}), self.progress(len(rows)))
