"""Say how urgent downloads are."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads import steer
from downloads.management.chosen import ChosenCommand
from downloads.models import Download
from tame.lib import arguments
from tame.lib.commands import Options


class Command(ChosenCommand):
    help = "Say which downloads go first: the higher number does."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("priority", type=arguments.whole_number(-32768, 32767))
        super().arguments(parser)

    def act(self, download: Download, options: Options) -> str:
        return steer.set_priority(download, options["priority"], actor=options["by"])
