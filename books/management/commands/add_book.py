"""Want a book."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError

from django.core.management.base import CommandParser

from books.as_json import book_as_json
from books.want import want
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result


class Command(commands.Command):
    help = "Want a book. A book that is known already is wanted again and stays as it is."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("title", type=arguments.short_text(500))
        parser.add_argument(
            "--author",
            action="append",
            default=[],
            type=arguments.short_text(300),
            metavar="NAME",
            help="May be given several times.",
        )
        parser.add_argument("--asin", default="", type=asin)
        parser.add_argument("--isbn", default="", type=isbn)
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


def asin(text: str) -> str:
    found = text.strip().upper()
    if found and not re.fullmatch("[A-Z0-9]{10}", found):
        raise ArgumentTypeError(f"“{text}” is no ASIN: ten letters and digits.")
    return found


def isbn(text: str) -> str:
    found = re.sub("[ -]", "", text).upper()
    if found and not re.fullmatch("[0-9]{9}[0-9X]|[0-9]{13}", found):
        raise ArgumentTypeError(f"“{text}” is no ISBN: 10 or 13 digits.")
    return found
