"""Consider releases again that were passed over for a book."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.models import Book
from indexers.labels import pass_over_no_longer
from indexers.models import Release
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.lib.named import numbered


class Command(commands.Command):
    help = "Pass releases over for a book no longer: they may be taken for it again."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("book", type=arguments.number, metavar="BOOK")
        parser.add_argument(
            "releases",
            nargs="+",
            type=arguments.number,
            metavar="RELEASE",
            help="Numbers, as list_releases --book BOOK --state passed_over shows them.",
        )

    def run(self, options: Options) -> Result:
        [book] = numbered(Book.objects.all(), [options["book"]], "book")
        found = Release.objects.filter(verdicts__book=book).defer("link", "magnet")
        shown = f"The command list_releases --book {book.pk}"
        rows = numbered(found, options["releases"], "release", shown=shown)
        progress = self.progress(len(rows))

        def act(row: Release) -> tuple[str, dict[str, str]]:
            return pass_over_no_longer(book, row, actor=options["by"]), {}

        return each("release", rows, act, progress)
