"""Announce downloads again."""

from __future__ import annotations

from downloads import steer
from downloads.management.chosen import AskingCommand
from downloads.models import Download
from tame.lib.commands import Options


class Command(AskingCommand):
    help = "Have the client ask the trackers of downloads for peers again."
    what = "announce"

    def act(self, download: Download, options: Options) -> str:
        return steer.reannounce(download, actor=options["by"])
