"""Merge two books into one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from books.as_json import book_as_json
from books.models import Book
from downloads.merging import Plan, merge, plan
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.named import numbered


class Command(commands.Command):
    help = "Merge two books into one. No file is touched."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keep", type=arguments.number, help="The book that stays.")
        parser.add_argument("gone", type=arguments.number, help="The book that is merged into it.")

    def run(self, options: Options) -> Result:
        keep, gone = books_of(options)
        planned = plan(keep, gone)
        sentence = merge(keep, gone, actor=options["by"])
        keep.refresh_from_db()
        return Result(sentence, {"book": book_as_json(keep), **moves_of(planned)})

    def look(self, options: Options) -> Result:
        keep, gone = books_of(options)
        planned = plan(keep, gone)
        lines = [f"“{gone}” ({gone.pk}) would be merged into “{keep}” ({keep.pk}).", *told(planned)]
        code = Code.OBSTACLE if planned.obstacles else Code.DONE
        return Result("\n".join(lines), moves_of(planned), code, " ".join(planned.obstacles))


def books_of(options: Options) -> list[Book]:
    return [numbered(Book.objects.all(), [options[name]], "book")[0] for name in ("keep", "gone")]


def told(planned: Plan) -> list[str]:
    moves = [f"{len(one.rows)} {one.what}" for one in planned.all_moves if one.rows]
    filled = [name.replace("_", " ") for name in planned.filled]
    lines = [("What goes over", moves), ("What is taken over, being empty", filled)]
    return [f"{what}: {', '.join(names)}." for what, names in lines if names]


def moves_of(planned: Plan) -> dict[str, Any]:
    return {
        "moves": {one.what: len(one.rows) for one in planned.all_moves},
        "dropped": {one.what: one.left for one in planned.all_moves if one.left},
        "filled": list(planned.filled),
        "obstacles": list(planned.obstacles),
    }
