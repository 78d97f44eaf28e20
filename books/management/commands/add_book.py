"""Want a book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from books import typed
from books.as_json import book_as_json
from books.asking import Outcome
from books.describe import describe
from books.finding import (
    Box,
    ask_sources,
    filler,
    numbered,
    read_box,
    want_found,
    want_link,
)
from books.metadata import Proposal
from books.metadata.links import is_link, read_link
from books.models import Book
from books.people import LONGEST_NAME
from books.want import want
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError


class Command(commands.Command):
    help = "Want a book. A book that is known already is wanted again and stays as it is."
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("title", nargs="?", type=arguments.short_text(typed.LONGEST_TITLE))
        parser.add_argument(
            "--author",
            action="append",
            default=[],
            type=arguments.short_text(LONGEST_NAME),
            metavar="NAME",
            help="May be given several times.",
        )
        parser.add_argument("--asin", default="", help="Without a title the sources say it.")
        parser.add_argument("--isbn", default="", help="Without a title the sources say it.")
        parser.add_argument(
            "--link", default="", help="Its page at Audible, Open Library, LibriVox or elsewhere."
        )
        parser.add_argument(
            "--find", default="", metavar="WORDS", help="List what the sources have; add nothing."
        )
        parser.add_argument(
            "--take", type=arguments.number, metavar="NUMBER", help="Want this one of --find."
        )
        parser.add_argument(
            "--priority",
            default=0,
            type=arguments.whole_number(-32768, 32767),
            help="Higher goes first; 0 if not given.",
        )

    def run(self, options: Options) -> Result:
        if options["title"]:
            given = {name: options[name] for name in ("priority", "asin", "isbn")}
            link = read_link(options["link"]).link if options["link"] else ""
            book, is_new = want(options["title"], options["author"], actor=options["by"], **given)
            if link and is_new:
                Book.objects.filter(pk=book.pk).update(link=link)
            return told(book, is_new)
        box = box_of(options)
        if options["find"] or box.pasted is None:
            return self.of_found(box, options)
        book, is_new = want_link(box.pasted, actor=options["by"])
        Book.objects.filter(pk=book.pk).update(priority=options["priority"])
        described = describe(book) if is_new else None
        more = "" if described and described.changes else f" {filler(box.pasted)}"
        return told(Book.objects.get(pk=book.pk), is_new, more)

    def look(self, options: Options) -> Result:
        """Without a title the sources are asked: not within a transaction."""
        if options["title"]:
            return super().look(options)
        box = box_of(options)
        outcomes = ask_sources(box)
        if options["take"]:
            one = chosen(outcomes, options["take"])
            return Result(f"“{one.title}” would be wanted.", {"book": as_json(one)})
        said = listed(outcomes)
        if box.pasted is None:
            return said
        text = f"“{box.pasted.title}” would be wanted. {filler(box.pasted)}\n{said.text}"
        return Result(text, {"title": box.pasted.title, **said.data}, said.code, said.trouble)

    def of_found(self, box: Box, options: Options) -> Result:
        outcomes = ask_sources(box)
        if not options["take"]:
            return listed(outcomes)
        book, is_new = want_found(chosen(outcomes, options["take"]), actor=options["by"])
        Book.objects.filter(pk=book.pk).update(priority=options["priority"])
        return told(book, is_new)


def box_of(options: Options) -> Box:
    given = [options[name] for name in ("find", "link", "asin", "isbn") if options[name]]
    if len(given) != 1:
        raise BadInputError("Give a title, or one of --find, --link, --asin and --isbn.")
    box = read_box(given[0])
    if options["link"] and not is_link(options["link"]):
        raise BadInputError(f"“{options['link']}” is no link.")
    if not options["find"] and box.pasted is None:
        raise BadInputError(f"“{given[0]}” is neither an ASIN nor an ISBN.")
    return box


def chosen(outcomes: Sequence[Outcome], number: int) -> Proposal:
    found = numbered(outcomes)
    if number > len(found):
        raise BadInputError(f"There is no number {number}: {len(found)} were found.")
    return found[number - 1]


def told(book: Book, is_new: bool, more: str = "") -> Result:
    book.refresh_from_db()
    what = "wanted" if is_new else f"known already ({book.status})"
    text = f"“{book}” is {what}: book {book.pk}.{more}"
    return Result(text, {"new": is_new, "book": book_as_json(book)})


def listed(outcomes: Sequence[Outcome]) -> Result:
    """Numbered through all sources, as --take counts."""
    found = numbered(outcomes)
    lines = [
        f"{at}. {one.title} by {', '.join(one.authors) or '?'}"
        + (f" ({one.year})" if one.year else "")
        + (f", read by {', '.join(one.narrators)}" if one.narrators else "")
        + f" [{one.source}]"
        for at, one in enumerate(found, 1)
    ]
    troubles = [outcome.error for outcome in outcomes if outcome.error]
    said = [{"source": o.kind, "books": len(o.proposals), "error": o.error} for o in outcomes]
    code = Code.SERVICE_DOWN if troubles and not found else Code.DONE
    text = "\n".join([*(lines or ["Nothing was found."]), *troubles])
    trouble = "\n".join(troubles) if code else ""
    data = {"found": [as_json(one) for one in found], "sources": said}
    return Result("" if code else text, data, code, trouble)


def as_json(one: Proposal) -> dict[str, Any]:
    return {
        "source": one.source, "title": one.title, "subtitle": one.subtitle,
        "authors": list(one.authors), "narrators": list(one.narrators), "year": one.year,
        "series": [{"name": name, "position": position} for name, position in one.series],
        "language": one.language, "asin": one.asin, "isbn": one.isbn, "seconds": one.seconds,
        "link": one.link,
    }  # fmt: skip
