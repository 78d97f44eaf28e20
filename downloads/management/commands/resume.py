"""Resume downloads."""

from __future__ import annotations

from downloads import steer
from downloads.management.chosen import WishCommand
from downloads.models import Download
from tame.lib.commands import Options


class Command(WishCommand):
    help = "Resume downloads that were paused."

    def act(self, download: Download, options: Options) -> str:
        return steer.resume(download, actor=options["by"])
