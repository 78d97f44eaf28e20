"""Search books."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from books.models import Book
from indexers.as_json import search_as_json
from indexers.models import Indexer, Query, Search
from indexers.search import search_books
from indexers.tiers import questions
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError
from tame.lib.named import numbered
from tame.runners import everything_is_paused


class Command(commands.Command):
    help = "Ask every usable indexer for books, each at its own pace."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("books", nargs="*", type=arguments.number, metavar="BOOK")
        parser.add_argument(
            "--due",
            action="store_true",
            help=f"Those whose turn has come, {settings.BOOKS_PER_PASS} at most.",
        )

    def run(self, options: Options) -> Result:
        books, usable = chosen(options), usable_indexers()
        with self.progress(len(books) * len(usable)) as step:
            searches = search_books(
                books, asked_by=options["by"], told=lambda query: step(query.sentence)
            )
        return told(searches)

    def look(self, options: Options) -> Result:
        books, usable = chosen(options), usable_indexers()
        asked = [(book, questions(book)) for book in books]
        names = [indexer.name for indexer in usable]
        lines = [f"{', '.join(names)}: {'; then '.join(texts)}" for _, texts in asked]
        told = [{"id": b.pk, "title": b.title, "asked": texts} for b, texts in asked]
        return Result("\n".join(lines) or "No book is due.", {"books": told, "indexers": names})


def chosen(options: Options) -> list[Book]:
    if bool(options["books"]) == options["due"]:
        raise BadInputError("Name books by their numbers (list_books shows them), or give --due.")
    if options["books"]:
        return numbered(Book.objects.all(), options["books"], "book")
    if everything_is_paused():
        raise ObstacleError("Everything is paused. The command resume_everything ends that.")
    return list(Book.searchable()[: settings.BOOKS_PER_PASS])


def usable_indexers() -> list[Indexer]:
    usable = list(Indexer.usable())
    if usable:
        return usable
    if not Indexer.objects.exists():
        raise ObstacleError("There is no indexer to ask. The command add_indexer connects one.")
    raise ServiceDownError(
        "No indexer can be asked right now: all are switched off or left alone after a failure. "
        "The command test_indexers asks them at once and says why."
    )


def told(searches: list[Search]) -> Result:
    lines, documents, outcomes = [], [], []
    for search in searches:
        document = search_as_json(search)
        outcomes += [query["outcome"] for query in document["queries"]]
        lines += [f"{search.book}: {query['sentence']}" for query in document["queries"]]
        if search.finished_at is None:
            lines.append(f"{search.book}: it is being searched already, by somebody else.")
        documents.append({"id": search.book_id, "title": search.book.title, "search": document})
    code, trouble = ended(outcomes)
    return Result("\n".join(lines) or "No book is due.", {"books": documents}, code, trouble)


def ended(outcomes: list[Any]) -> tuple[Code, str]:
    """An indexer that is switched off is no failure."""
    failed = outcomes.count(Query.Outcome.FAILED)
    if not failed:
        return Code.DONE, ""
    if Query.Outcome.ANSWERED in outcomes:
        return Code.FAILED, f"{failed} of {len(outcomes)} questions were not answered."
    return Code.SERVICE_DOWN, "No indexer answered."
