"""Cancel downloads."""

from __future__ import annotations

from django.core.management.base import CommandParser

from downloads import steer
from downloads.management.chosen import WishCommand
from downloads.models import Download
from downloads.states import Wish
from tame.lib.commands import Options

TORRENT = {"keep": Wish.NONE, "remove": Wish.GONE, "remove-with-files": Wish.GONE_WITH_FILES}


class Command(WishCommand):
    help = "Cancel downloads. A torrent that was in the client before TAME always stays there."

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument(
            "--torrent",
            choices=TORRENT,
            default="remove",
            help="What becomes of it in the client; remove if not given, which keeps the files.",
        )

    def act(self, download: Download, options: Options) -> str:
        return steer.cancel(download, actor=options["by"], torrent=TORRENT[options["torrent"]])
