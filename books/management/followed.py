"""Commands for series and authors, which are named by name or number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.models import Author, Series
from books.series_page import Line, counts, lines_of
from tame.lib import commands
from tame.lib.commands import Options
from tame.lib.errors import BadInputError
from tame.lib.words import normalise


class FollowedCommand(commands.Command):
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names", nargs="+", metavar="NAME", help="Names or numbers of series, or of authors."
        )
        parser.add_argument(
            "--author", action="store_true", help="They are authors; else they are series."
        )

    def rows(self, options: Options) -> list[Series | Author]:
        model = Author if options["author"] else Series
        return list(dict.fromkeys(the_one(model, text) for text in options["names"]))


def the_one(model: type[Series] | type[Author], text: str) -> Series | Author:
    """By its name, else by its number."""
    noun = str(model._meta.verbose_name)
    found: list[Series | Author] = list(model.objects.filter(normalised=normalise(text))[:2])
    if not found and text.isascii() and text.isdecimal() and len(text) < 19:
        found = list(model.objects.filter(pk=int(text)))
    if not found:
        raise BadInputError(f"There is no {noun} “{text}”. The page {noun.capitalize()} shows all.")
    if len(found) > 1:
        raise BadInputError(f"Several {noun} are called “{text}”: give the number of one.")
    return found[0]


def as_json(row: Series | Author) -> Mapping[str, Any]:
    lines = lines_of(row)
    return {
        "name": row.name,
        "followed": row.followed,
        "wants_new": row.wants_new,
        "counts": counts(lines),
        "volumes": [line_as_json(line) for line in lines],
    }


def line_as_json(line: Line) -> dict[str, Any]:
    volume = line.volume
    return {
        "id": volume.pk if volume else None,
        "position": line.position,
        "title": line.title,
        "year": line.year,
        "out_on": volume.out_on if volume else None,
        "state": line.state,
        "detail": line.detail,
        "book": volume.book_id if volume else None,
    }


def as_text(row: Series | Author) -> str:
    return "\n".join(
        f"  {line.position:>5}  {line.title or '?'}: {line.standing}" for line in lines_of(row)
    )
