"""Give downloads another category."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads import steer
from downloads.management.chosen import AskingCommand
from downloads.models import Download
from tame.lib import arguments
from tame.lib.commands import Options


class Command(AskingCommand):
    help = "Give downloads another category; the client gets it when it has none of that name."
    what = "set the category of"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("category", type=arguments.short_text(200))
        super().arguments(parser)

    def act(self, download: Download, options: Options) -> str:
        return steer.set_category(download, options["category"], actor=options["by"])
