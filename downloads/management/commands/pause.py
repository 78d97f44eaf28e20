"""Pause downloads."""

from __future__ import annotations

from downloads import steer
from downloads.management.chosen import WishCommand
from downloads.models import Download
from tame.lib.commands import Options


class Command(WishCommand):
    help = "Pause downloads: their torrents stop."

    def act(self, download: Download, options: Options) -> str:
        return steer.pause(download, actor=options["by"])
