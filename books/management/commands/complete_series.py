"""Complete the list of a series' volumes, and want what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.asking import AT_ONCE
from books.completing import complete, preview
from books.following import missing, want_missing
from books.management.followed import FollowedCommand, as_json, as_text
from books.models import Author, Series
from tame.lib.commands import Options, Result, each


class Command(FollowedCommand):
    help = "Ask the sources for every volume of series, and say how each stands here."

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument(
            "--want", action="store_true", help="Want all that is missing; the brakes hold."
        )
        parser.add_argument(
            "--no-novellas", action="store_true", help="Want none that stands between two volumes."
        )

    def run(self, options: Options) -> Result:
        def act(row: Series | Author) -> tuple[str, Mapping[str, Any]]:
            completed = complete(row, fresh=AT_ONCE)
            said = [f"“{row}”: {len(completed.new)} not known before. {completed.sentence}"]
            if options["want"] and missing(row, with_novellas=not options["no_novellas"]):
                said.append(want_missing(row, with_novellas=not options["no_novellas"]))
            more = {**as_json(row), "new": [volume.pk for volume in completed.new]}
            return "\n".join([" ".join(said), as_text(row)]).rstrip(), more

        rows = self.rows(options)
        return each("row", rows, act, self.progress(len(rows)))

    def look(self, options: Options) -> Result:
        """The sources are asked, and nothing is changed."""

        def act(row: Series | Author) -> tuple[str, Mapping[str, Any]]:
            found, outcomes = preview(row, fresh=AT_ONCE)
            said = " ".join(outcome.sentence for outcome in outcomes)
            volumes = [
                {"position": str(one.position), "title": one.title, "sources": one.sources}
                for one in found.volumes
            ]
            lines = [f"  {one['position']:>5}  {one['title']}" for one in volumes]
            more = {"name": row.name, "volumes": volumes, "gaps": found.gaps}
            return "\n".join([f"“{row}”: {said}".rstrip(), *lines]), more

        rows = self.rows(options)
        return each("row", rows, act, self.progress(len(rows)))
