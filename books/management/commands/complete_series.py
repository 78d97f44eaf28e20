"""Complete the list of a series' volumes, and want what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.management.base import CommandParser

from books.asking import AT_ONCE
from books.completing import Completed, preview
from books.following import ask_now, news_of, what_is_known
from books.known_volumes import missing, volumes_of
from books.management.followed import FollowedCommand, as_json, as_text
from books.models import Author, Series, Volume
from books.volume_books import ask_for_author, of_nobody
from books.volume_wishes import want_missing
from tame.lib.checked import Partly
from tame.lib.commands import Options, Result
from tame.lib.each import each


class Command(FollowedCommand):
    help = "Ask the sources for every volume of series, and say how each stands here."
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument(
            "--want", action="store_true", help="Want all that is missing; the brakes hold."
        )
        parser.add_argument(
            "--written-by",
            metavar="NAME",
            default="",
            help="Who wrote the volumes of which nobody knows it; without it they are not wanted.",
        )
        parser.add_argument(
            "--no-novellas", action="store_true", help="Want none that stands between two volumes."
        )

    def run(self, options: Options) -> Result:
        def act(row: Series | Author) -> tuple[str, Mapping[str, Any]]:
            news = ask_now(row)
            said = [f"“{row}”: {news.sentence}"]
            if options["want"] and wanted(row, options):
                said.append(want_all(row, options))
            return told(row, " ".join(said), news.completed)

        rows = self.rows(options)
        return each("row", rows, act, self.progress(len(rows)))

    def look(self, options: Options) -> Result:
        """The sources are asked, and nothing is changed."""

        def act(row: Series | Author) -> tuple[str, Mapping[str, Any]]:
            before, stored = what_is_known(row), {volume.pk for volume in volumes_of(row)}

            def seen(completed: Completed) -> tuple[str, Mapping[str, Any]]:
                new = news_of(row, completed.new, before) if row.followed else []
                said, more = told(row, f"“{row}”: {completed.sentence}", completed)
                wants = wanted(row, options) if options["want"] else []
                unknown = [] if options["written_by"] else of_nobody(wants)
                wants = [volume for volume in wants if volume not in unknown]
                lines = [said, line("taken up as new", new), line("wanted", wants)]
                lines.append(f"  {ask_for_author(unknown)}" if unknown else "")
                would = {"would_take_up": titles(new), "would_want": titles(wants)}
                volumes = [v if v["id"] in stored else v | {"id": None} for v in more["volumes"]]
                return "\n".join(filter(None, lines)), {**more, "volumes": volumes, **would}

            return preview(row, seen, fresh=AT_ONCE)

        rows = self.rows(options)
        return each("row", rows, act, self.progress(len(rows)))


def want_all(row: Series | Author, options: Options) -> str:
    with_novellas = not options["no_novellas"]
    author, actor = options["written_by"], options["by"]
    said = want_missing(row, actor=actor, with_novellas=with_novellas, author=author)
    return f"{said.done} {said.rest}" if isinstance(said, Partly) else said


def wanted(row: Series | Author, options: Options) -> list[Volume]:
    return missing(row, with_novellas=not options["no_novellas"])


def told(row: Series | Author, said: str, completed: Completed) -> tuple[str, Mapping[str, Any]]:
    row.refresh_from_db()  # the sources were asked
    more = {**as_json(row), "new": titles(completed.new)}
    return "\n".join([said, as_text(row)]).rstrip(), more


def titles(volumes: Sequence[Volume]) -> list[str]:
    return [volume.title for volume in volumes]


def line(what: str, volumes: Sequence[Volume]) -> str:
    return f"  {len(volumes)} would be {what}: {', '.join(titles(volumes))}." if volumes else ""
