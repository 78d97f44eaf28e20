"""Go on."""

from __future__ import annotations

from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.switch import go_on


class Command(commands.Command):
    help = "Let TAME work by itself again."
    changes = True

    def run(self, options: Options) -> Result:
        return Result(go_on(), {"everything_paused": False})
