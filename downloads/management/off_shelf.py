"""Commands that take books off the shelf: a word is stored, then the step is done at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.db.models import QuerySet

from books.models import Book
from downloads.models import Import
from downloads.states import IMPORT_OFF_OR_BACK
from downloads.undo import about_listeners
from downloads.undoing import undo_one
from downloads.wrong import meant
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.each import each
from tame.lib.errors import ServiceDownError
from tame.lib.named import numbered
from tame.turns import at_the_files


class OffShelfCommand(commands.Command):
    """Subclasses say what a person's word does, and what it would do."""

    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "books",
            nargs="+",
            type=arguments.number,
            metavar="BOOK",
            help="Numbers, as list_books shows them.",
        )

    def act(self, book: Book, options: Options) -> str:
        raise NotImplementedError

    def would(self, book: Book, options: Options) -> tuple[str, Mapping[str, Any]]:
        raise NotImplementedError

    @at_the_files
    def run(self, options: Options) -> Result:
        books = numbered(Book.objects.all(), options["books"], "book")

        def act(book: Book) -> tuple[str, Mapping[str, Any]]:
            said = self.act(book, options)
            return " ".join([said, *carry_out(book)]), as_it_is(book)

        result = each("book", books, act, self.progress(len(books)))
        stuck = [row["stuck"] for row in result.data["books"] if row.get("stuck")]
        if stuck and result.code == Code.DONE:
            trouble = f"{' '.join(stuck)} TAME tries it again by itself."
            return Result(result.text, result.data, Code.FAILED, trouble)
        return result

    def look(self, options: Options) -> Result:
        books = numbered(Book.objects.all(), options["books"], "book")
        heard = {book.pk: self.listeners(book) for book in books}  # asks a server: not inside

        def would(book: Book) -> tuple[str, Mapping[str, Any]]:
            said, more = self.would(book, options)
            return " ".join([said, *heard[book.pk]]), more

        with transaction.atomic():
            result = each("book", books, would, self.progress(len(books)))
            transaction.set_rollback(True)
        return result

    def listeners(self, book: Book) -> list[str]:
        row = meant(book)
        return about_listeners(row) if row else []


def off_or_back(book: Book) -> QuerySet[Import]:
    return Import.objects.filter(book=book, state__in=IMPORT_OFF_OR_BACK)


def carry_out(book: Book) -> list[str]:
    """What the schedule would do within a minute; a service that is down is asked later."""
    said = []
    for pk in off_or_back(book).values_list("pk", flat=True):
        try:
            if undo_one(pk):
                said += done_by_tame(Import.objects.get(pk=pk))
        except ServiceDownError as error:
            said.append(str(error))
    return said


def done_by_tame(row: Import) -> list[str]:
    """Since the person's word."""
    lines = list(row.history.order_by("-pk")[:3])
    own = [line.actor == "TAME" for line in lines]
    last = own.index(False) if False in own else len(lines)
    return [line.sentence for line in reversed(lines[:last])]


def as_it_is(book: Book) -> dict[str, Any]:
    row = Import.objects.filter(book=book).order_by("-pk").first()
    book.refresh_from_db()
    open_ = off_or_back(book).exclude(last_error="").first()
    return {
        "state": row.state if row else "",
        "on_shelf": book.on_shelf,
        "wish": book.wish,
        "stuck": open_.last_error if open_ else "",
    }
