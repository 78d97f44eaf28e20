"""Have Audiobookshelf look for new books."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.models import Library
from books.scanning import scan_now
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.each import each
from tame.lib.named import named
from tame.turns import at_the_files


class Command(commands.Command):
    help = "Ask Audiobookshelf for a scan of libraries, unless one is running. TAME does so itself."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "libraries",
            nargs="*",
            metavar="LIBRARY",
            help="Names or numbers; without any: all that an Audiobookshelf shows.",
        )

    @at_the_files
    def run(self, options: Options) -> Result:
        return self.scan(options, only_look=False)

    def look(self, options: Options) -> Result:
        return self.scan(options, only_look=True)

    def scan(self, options: Options, *, only_look: bool) -> Result:
        rows = Library.objects.select_related("server")
        where = "The page Libraries"
        chosen = [
            named(rows, text, "library", "libraries", shown=where) for text in options["libraries"]
        ]
        chosen = chosen if options["libraries"] else list(rows.exclude(server=None))
        progress = self.progress(len(chosen))

        def act(library: Library) -> tuple[str, dict[str, object]]:
            return scan_now(library, only_look=only_look), {"name": library.name}

        return each(
            "library",
            chosen,
            act,
            progress,
            service=lambda row: row.server_id,
            plural="libraries",
        )
