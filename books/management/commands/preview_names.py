"""Where books would go."""

from __future__ import annotations

from django.core.management.base import CommandParser

from books.models import Book
from books.naming import folder_of, read_before
from books.template import TEMPLATE, check_template
from indexers.values import with_names
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError


class Command(commands.Command):
    help = "Show into which folders books go, or would go by another template."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("books", nargs="*", type=arguments.number, metavar="BOOK")
        parser.add_argument("--template", help="Else that of the library it goes to.")
        parser.add_argument(
            "--dry-run", dest="as_others", action="store_true", help="It changes nothing anyway."
        )

    def run(self, options: Options) -> Result:
        if options["template"]:
            check_template(options["template"])
        rows = with_names(Book.objects.order_by("-pk"))
        rows = rows.select_related("library", "profile__library")
        if options["books"]:
            rows = rows.filter(pk__in=options["books"])
            if missing := set(options["books"]) - set(rows.values_list("pk", flat=True)):
                raise BadInputError(f"There is no book {min(missing)}. list_books shows all.")
        names = [(book, folder(book, options["template"] or own(book))) for book in rows]
        told = [{"id": book.pk, "title": book.title, "folder": name} for book, name in names]
        return Result("\n".join(name for _, name in names), {"books": told})


def folder(book: Book, template: str) -> str:
    return str(folder_of(book, template, read_before(book)))


def own(book: Book) -> str:
    library = book.chosen_library()
    return library.template if library else TEMPLATE
