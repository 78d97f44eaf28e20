"""Recheck downloads."""

from __future__ import annotations

from downloads import steer
from downloads.management.chosen import AskingCommand
from downloads.models import Download
from tame.lib.commands import Options


class Command(AskingCommand):
    help = "Have the client check the files of downloads again."
    what = "recheck"

    def act(self, download: Download, options: Options) -> str:
        return steer.recheck(download, actor=options["by"])
