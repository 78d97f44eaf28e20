"""Switch Audiobookshelf servers on and off."""

from __future__ import annotations

from django.db.models import QuerySet

from books.models import ShelfServer
from tame.lib.row_command import SwitchCommand


class Command(SwitchCommand):
    help = "Switch Audiobookshelf servers on or off, or end the pause of those left alone."
    noun = "shelf_server"

    def rows(self) -> QuerySet[ShelfServer]:
        return ShelfServer.objects.defer("key")
