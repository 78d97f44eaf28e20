"""Pause everything."""

from __future__ import annotations

from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.switch import pause_everything


class Command(commands.Command):
    help = "Stop all that TAME does by itself, until resume_everything."
    changes = True

    def run(self, options: Options) -> Result:
        return Result(pause_everything(), {"everything_paused": True})
