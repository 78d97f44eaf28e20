"""Say where the audiobooks stand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import IntegrityError, transaction

from books.bells import IMPORT
from books.libraries import check_library, read_root
from books.library_shelves import read_shelf, shelf_named
from books.models import Library
from books.template import TEMPLATE, check_template
from tame.lib import arguments, bell, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError
from tame.lib.modes import read_mode


class Command(commands.Command):
    help = "Add a library: the folder into which complete books are imported."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("root", help="The folder, as TAME sees it.")
        parser.add_argument("--name", default="Audiobooks", type=arguments.short_text(100))
        parser.add_argument("--template", default=TEMPLATE, help="The folders of a book.")
        parser.add_argument(
            "--never-copy", action="store_true", help="Fail where linking is not possible."
        )
        parser.add_argument(
            "--shelf", default="", help="Name of the library in Audiobookshelf that shows it."
        )
        parser.add_argument(
            "--shelf-folder", default="", help="The folder as Audiobookshelf sees it."
        )
        parser.add_argument("--folder-mode", default="775", help="Permissions of its folders.")
        parser.add_argument("--file-mode", default="664", help="Permissions of copied files.")
        parser.add_argument(
            "--default", action="store_true", help="Every book goes there that names no other."
        )

    def run(self, options: Options) -> Result:
        root, template = read_root(options["root"]), options["template"]
        check_template(template)
        columns: dict[str, Any] = {
            "template": template,
            "may_copy": not options["never_copy"],
            "folder_mode": read_mode(options["folder_mode"], is_folder=True),
            "file_mode": read_mode(options["file_mode"], is_folder=False),
            "default": not Library.objects.filter(default=True).exists(),
        }
        columns |= read_shelf(shelf_named(options["shelf"]), options["shelf_folder"])
        try:
            with transaction.atomic():
                row = Library.objects.create(name=options["name"], root=root, **columns)
        except IntegrityError as error:
            raise BadInputError(f"{root} is a library already.") from error
        if options["default"]:
            row.make_default()
        bell.ring(IMPORT)
        checks = check_library(row)
        lines = [f"“{row}” is library {row.pk}.", *(check.sentence for check in checks)]
        told = {"id": row.pk, "name": row.name, "root": row.root, "template": row.template}
        return Result("\n".join(lines), {"library": told})
