"""Switch clients on and off."""

from __future__ import annotations

from django.db.models import QuerySet

from downloads.models import Client
from tame.lib.row_command import SwitchCommand


class Command(SwitchCommand):
    help = "Switch clients on or off, or end the pause of those that are left alone for a while."
    noun = "client"

    def rows(self) -> QuerySet[Client]:
        return Client.objects.defer("password", "api_key")
