"""Say that downloads failed, and why."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads import steer
from downloads.management.chosen import ChosenCommand
from downloads.models import Download
from tame.lib import arguments
from tame.lib.commands import Options


class Command(ChosenCommand):
    help = "Say that downloads failed. They are tried again, or with --block given up."

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument(
            "--because", required=True, type=arguments.short_text(2000), help="Kept with it."
        )
        parser.add_argument(
            "--block", action="store_true", help="The release is bad: do not take it again."
        )

    def act(self, download: Download, options: Options) -> str:
        reason, block = options["because"], options["block"]
        return steer.failed_because(download, reason, actor=options["by"], block=block)
