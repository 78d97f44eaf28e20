"""Write the schedules."""

from __future__ import annotations

from typing import Any

from django_q.models import Schedule

from tame import schedules
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import table
from tame.runners import PREFIX


class Command(commands.Command):
    help = "Make the task queue's schedules equal to TAME's and to your timing."
    changes = True

    def run(self, options: Options) -> Result:
        said = schedules.sync()
        rows = [as_json(row) for row in Schedule.objects.filter(name__startswith=PREFIX)]
        rows.sort(key=lambda row: row["name"])
        lines = table(("name", "minutes", "paused", "function"), rows)
        return Result("\n".join([f"{said}.", *lines]), {"schedules": rows})


def as_json(row: Schedule) -> dict[str, Any]:
    return {
        "name": row.name.removeprefix(PREFIX),
        "function": row.func,
        "minutes": row.minutes,
        "paused": row.repeats == 0,
        "next_run": row.next_run,
    }
