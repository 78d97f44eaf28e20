"""The labelled pairs as lines that `judge` reads."""

from __future__ import annotations

import json

from indexers.labels import as_line
from indexers.models import Label
from tame.lib import commands
from tame.lib.commands import Options, Result


class Command(commands.Command):
    help = (
        "Write what people said of releases, right or wrong: a line of JSON each, with `is_match` "
        "1 or 0, as the command judge reads them."
    )

    def run(self, options: Options) -> Result:
        lines = [as_line(row) for row in Label.objects.order_by("pk")]
        return Result("\n".join(json.dumps(line) for line in lines), lines=lines)
