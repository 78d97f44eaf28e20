"""Follow series and authors, or follow them no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from books.following import follow, unfollow
from books.management.followed import FollowedCommand
from books.models import Author, Series
from tame.lib.commands import Options, Result
from tame.lib.each import each


class Command(FollowedCommand):
    help = "Follow series or authors: the sources are asked every week what is new."

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument("--off", action="store_true", help="Follow them no more.")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--want-new", action="store_true", default=None, help="What is new is wanted by itself."
        )
        how.add_argument(
            "--ask-first",
            action="store_false",
            dest="want_new",
            default=None,
            help="What is new is put under “asked for”.",
        )

    def run(self, options: Options) -> Result:
        def act(row: Series | Author) -> tuple[str, Mapping[str, Any]]:
            said = unfollow(row) if options["off"] else follow(row, wants_new=options["want_new"])
            row.refresh_from_db()
            more = {"name": row.name, "followed": row.followed, "wants_new": row.wants_new}
            return said, more | {"asked_next": row.next_ask_at}

        rows = self.rows(options)
        return each("row", rows, act, self.progress(len(rows)))
