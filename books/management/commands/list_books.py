"""Which books there are."""

from __future__ import annotations

from django.core.management.base import CommandParser
from django.db.models import Q

from books.as_json import book_as_json
from books.models import Book
from books.states import Wish
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.pages import add_page, add_states, page

ON_ITS_WAY = {
    "available": Q(on_shelf=True, missing=False),
    "coming": Q(on_shelf=False, coming=True),
    "missing": Q(missing=True),
}
WISHES = {str(wish): Q(on_shelf=False, coming=False, wish=wish) for wish in Wish}
STATES = ON_ITS_WAY | WISHES


class Command(commands.Command):
    help = "List books, the newest first."

    def arguments(self, parser: CommandParser) -> None:
        add_states(parser, STATES)
        add_page(parser)

    def run(self, options: Options) -> Result:
        rows = Book.objects.prefetch_related("credits__author")
        if options["state"]:
            wanted = Q(pk=None)
            for state in options["state"]:
                wanted |= STATES[state]
            rows = rows.filter(wanted)
        columns = ("id", "state", "title", "authors")
        return page("book", rows, options, as_json=book_as_json, columns=columns)
