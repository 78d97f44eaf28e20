"""Switch indexers on and off."""

from __future__ import annotations

from django.db.models import QuerySet

from indexers.models import Indexer
from tame.lib.row_command import SwitchCommand


class Command(SwitchCommand):
    help = "Switch indexers on or off, or end the pause of those that are left alone for a while."
    noun = "indexer"

    def rows(self) -> QuerySet[Indexer]:
        return Indexer.objects.defer("key")
