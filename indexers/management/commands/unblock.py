"""Allow blocked releases again."""

from __future__ import annotations

from django.db.models import QuerySet

from indexers.labels import unblock
from indexers.models import Block
from tame.lib.commands import Options
from tame.lib.row_command import RowCommand


class Command(RowCommand):
    help = "Take releases off the blocklist: they may be taken again."
    noun = "block"
    is_noted = True

    def rows(self) -> QuerySet[Block]:
        return Block.objects.select_related("book")

    def act(self, row: Block, options: Options) -> str:
        return unblock(row, actor=options["by"])
