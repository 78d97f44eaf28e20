"""Ask the metadata sources about books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.asking import AT_ONCE
from books.describe import Described, describe, preview
from books.models import Book
from books.origins import lock, unlock
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.each import Act, each
from tame.lib.named import numbered


class Command(commands.Command):
    help = "Ask the metadata sources about books, and take over what is sure."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        what = "Numbers, as list_books shows them."
        parser.add_argument("books", nargs="+", type=arguments.number, metavar="BOOK", help=what)
        parser.add_argument(
            "--lock", action="append", default=[], metavar="FIELD", help="Never write it."
        )
        parser.add_argument(
            "--unlock",
            action="append",
            default=[],
            metavar="FIELD",
            help="A source may write it, also in the place of what a person wrote.",
        )

    def run(self, options: Options) -> Result:
        def act(book: Book) -> tuple[str, Mapping[str, Any]]:
            said = [lock(book, name) for name in options["lock"]]
            said += [unlock(book, name) for name in options["unlock"]]
            if options["lock"] and not options["unlock"]:
                return " ".join(said), {"changes": [], "sources": []}
            return told(book, describe(book, fresh=AT_ONCE), said)

        return self.of_each(options, act)

    def look(self, options: Options) -> Result:
        return self.of_each(options, lambda book: told(book, preview(book, fresh=AT_ONCE)))

    def of_each(self, options: Options, act: Act[Book]) -> Result:
        rows = numbered(Book.objects.all(), options["books"], "book")
        return each("book", rows, act, self.progress(len(rows)))


def told(
    book: Book, described: Described, before: list[str] | None = None
) -> tuple[str, Mapping[str, Any]]:
    changes = [
        {"field": change.field, "old": change.old, "new": change.new, "source": change.source}
        for change in described.changes
    ]
    sources = [
        {"source": one.kind, "books": len(one.proposals), "error": one.error}
        for one in described.outcomes
    ]
    sentence = " ".join([*(before or []), described.sentence(book)])
    return sentence, {"changes": changes, "sources": sources}
