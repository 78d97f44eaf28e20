"""Which releases indexers have listed, and what stands in the way of each."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db.models import Case, Exists, OuterRef, Prefetch, Value, When
from django.utils import timezone

from books.models import Book
from downloads.models import Download
from downloads.states import LIVE
from indexers.as_json import release_as_json
from indexers.models import Release, Verdict
from indexers.verdicts import blocks_on
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.named import numbered
from tame.lib.pages import add_page, add_states, page

STATES = ("taken", "blocked", "passed_over", "open")


class Command(commands.Command):
    help = "List releases, the last seen first; with --book those found for that book."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", type=arguments.number, metavar="BOOK")
        add_states(parser, STATES)
        add_page(parser)

    def run(self, options: Options) -> Result:
        named = [options["book"]] if options["book"] else []
        book = next(iter(numbered(Book.objects.all(), named, "book")), None)
        verdicts = Verdict.objects.filter(book=book)
        rows = Release.objects.select_related("indexer").defer("link", "magnet")
        rows = rows.filter(verdicts__book=book) if book else rows
        rows = rows.prefetch_related(Prefetch("verdicts", verdicts, to_attr="asked_verdicts"))
        stated = rows.annotate(state=state_of(book))
        if options["state"]:
            stated = stated.filter(state__in=options["state"])
        columns = ("id", "state", "seeders", "size", "indexer", "title")
        return page("release", stated, options, as_json=as_json, columns=columns)


def state_of(book: Book | None) -> Case:
    """The state of a release, for the book or for everybody: the first that is true."""
    taken = Download.objects.filter(release=OuterRef("pk"), state__in=LIVE)
    passed_over = Verdict.objects.filter(
        release=OuterRef("pk"), passed_over_until__gt=timezone.now()
    )
    if book is not None:
        passed_over = passed_over.filter(book=book)
    return Case(
        When(Exists(taken), Value("taken")),
        When(Exists(blocks_on("", book)), Value("blocked")),
        When(Exists(passed_over), Value("passed_over")),
        default=Value("open"),
    )


def as_json(release: Release) -> dict[str, Any]:
    added = vars(release)  # what `run` added to the row
    verdicts = added["asked_verdicts"]
    return release_as_json(release, added["state"], verdicts[0] if verdicts else None)
