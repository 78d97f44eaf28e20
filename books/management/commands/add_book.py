"""Want a book."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.as_json import book_as_json
from books.want import LONGEST_NAME, LONGEST_TITLE, want
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result


class Command(commands.Command):
    help = "Want a book. A book that is known already is wanted again and stays as it is."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("title", type=arguments.short_text(LONGEST_TITLE))
        parser.add_argument(
            "--author",
            action="append",
            default=[],
            type=arguments.short_text(LONGEST_NAME),
            metavar="NAME",
            help="May be given several times.",
        )
        parser.add_argument("--asin", default="")
        parser.add_argument("--isbn", default="")
        parser.add_argument(
            "--priority",
            default=0,
            type=arguments.whole_number(-32768, 32767),
            help="Higher goes first; 0 if not given.",
        )

    def run(self, options: Options) -> Result:
        given = {name: options[name] for name in ("priority", "asin", "isbn")}
        book, is_new = want(options["title"], options["author"], **given)
        book.refresh_from_db()
        what = "wanted" if is_new else f"known already ({book.status})"
        text = f"“{book}” is {what}: book {book.pk}."
        return Result(text, {"new": is_new, "book": book_as_json(book)})
