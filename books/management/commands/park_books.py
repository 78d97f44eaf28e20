"""Park books."""

from __future__ import annotations

from django.db.models import QuerySet

from books.models import Book
from books.want import park
from tame.lib.commands import Options
from tame.lib.row_command import RowCommand


class Command(RowCommand):
    help = "Search for books no more; what is already coming still comes."
    noun = "book"
    is_noted = True

    def rows(self) -> QuerySet[Book]:
        return Book.objects.all()

    def act(self, row: Book, options: Options) -> str:
        return park(row, actor=options["by"])
