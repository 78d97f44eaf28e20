"""Want books that were asked for or parked."""

from __future__ import annotations

from django.db.models import QuerySet

from books.models import Book
from books.want import want_this
from tame.lib.commands import Options
from tame.lib.row_command import RowCommand


class Command(RowCommand):
    help = "Want books that are here and were asked for or parked: they are searched."
    noun = "book"
    is_noted = True

    def rows(self) -> QuerySet[Book]:
        return Book.objects.all()

    def act(self, row: Book, options: Options) -> str:
        return want_this(row, actor=options["by"])
