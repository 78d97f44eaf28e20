"""Correct what Audiobookshelf shows of books, or undo that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandParser

from books.correcting import check_confirmed, compare, correct
from books.corrections import Correction
from books.differences import Difference, digest_of
from books.models import Book, ShelfCopy
from books.states import CopyState, Origin
from books.taking_back import undo, undo_run, what_undo_does
from tame.lib import arguments, commands
from tame.lib.commands import Code, Options, Result
from tame.lib.each import Act, each
from tame.lib.errors import BadInputError
from tame.lib.named import numbered
from tame.turns import at_the_files


class Command(commands.Command):
    help = (
        "Write to Audiobookshelf what TAME knows better of books that it imported. What a person "
        "changed there stays. Old values are kept: --undo takes a correction back, --undo-run all "
        "that were written together."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("books", nargs="*", type=arguments.number, metavar="BOOK")
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--confirm",
            metavar="SEEN",
            help="Write all that --dry-run showed of one book, by the word that it gave: also what "
            "TAME would leave alone.",
        )
        one.add_argument("--undo", type=arguments.number, metavar="CORRECTION")
        one.add_argument("--undo-run", metavar="RUN")

    @at_the_files
    def run(self, options: Options) -> Result:
        if options["undo"]:
            return self.undo(options)
        if options["undo_run"]:
            return self.undo_run(options)
        return self.correct(options)

    def look(self, options: Options) -> Result:
        if options["undo"]:
            row = correction(options)
            return Result(what_undo_does(row), {"corrections": [correction_as_json(row)]})
        if options["undo_run"]:
            return self.undo_run(options, only_look=True)
        return self.each(chosen(options), lambda copy: differing(copy, options["confirm"] or ""))

    def correct(self, options: Options) -> Result:
        rows, run = chosen(options), uuid4().hex

        def act(copy: ShelfCopy) -> tuple[str, dict[str, Any]]:
            seen = options["confirm"] or ""
            done = correct(copy, actor=options["by"], run=run, confirmed=seen)
            fields = ", ".join(row.field for row in done) or "nothing to correct"
            said = [correction_as_json(row) for row in done]
            return f"{copy.book}: {fields}.", {"book": copy.book_id, "corrections": said}

        result = self.each(rows, act)
        return Result(result.text, {**result.data, "run": run}, result.code, result.trouble)

    def each(self, rows: list[ShelfCopy], act: Act[ShelfCopy]) -> Result:
        progress = self.progress(len(rows))
        return each("copy", rows, act, progress, service=server_of, plural="copies")

    def undo(self, options: Options) -> Result:
        row = correction(options)
        said = undo(row, actor=options["by"])
        return Result(said, {"corrections": [correction_as_json(row)]})

    def undo_run(self, options: Options, *, only_look: bool = False) -> Result:
        told = undo_run(options["undo_run"], actor=options["by"], only_look=only_look)
        rows = [
            {**correction_as_json(row), "ok": done, "sentence": said} for row, said, done in told
        ]
        kept = [said for _, said, done in told if not done]
        lines = "\n".join(said for _, said, done in told if done)
        code = Code.FAILED if kept else Code.DONE
        return Result(lines, {"corrections": rows}, code, "\n".join(kept))


def correction(options: Options) -> Correction:
    where = "The page Corrections"
    [row] = numbered(Correction.objects.all(), [options["undo"]], "correction", shown=where)
    return row


def chosen(options: Options) -> list[ShelfCopy]:
    rows = copies(options)
    if options["confirm"] and len(rows) != 1:
        raise BadInputError("--confirm takes one book, as --dry-run showed it.")
    return rows


def copies(options: Options) -> list[ShelfCopy]:
    """Of the named books all that a server shows; without a name all that TAME imported."""
    rows = ShelfCopy.objects.filter(state=CopyState.PROVED).exclude(library__server=None)
    rows = rows.select_related("library__server", "book").order_by("pk")
    if not options["books"]:
        return list(rows.filter(origin=Origin.IMPORT))
    numbered(Book.objects.all(), options["books"], "book")
    return list(rows.filter(book__in=options["books"]))


def server_of(copy: ShelfCopy) -> object:
    return copy.library.server_id


def differing(copy: ShelfCopy, confirmed: str) -> tuple[str, dict[str, Any]]:
    """What is confirmed is written, whatever it is; raises ObstacleError where it changed since."""
    found = compare(copy)
    if confirmed:
        check_confirmed(copy, found, confirmed)
        found = [replace(one, held="") for one in found]
    lines = [
        f"{copy.book}: {one.name}: “{one.shown}” → “{one.wanted}”."
        if not one.held
        else f"{copy.book}: {one.name} stays “{one.shown}” (TAME has “{one.wanted}”). {one.held}"
        for one in found
    ]
    said = "\n".join(lines) or f"{copy.book}: nothing to correct."
    told = [difference_as_json(one) for one in found]
    return said, {"book": copy.book_id, "seen": digest_of(found), "differences": told}


def difference_as_json(one: Difference) -> dict[str, Any]:
    return {"field": one.field, "old": one.old, "new": one.new, "left_because": one.held}


def correction_as_json(row: Correction) -> dict[str, Any]:
    return {
        "id": row.pk,
        "book": row.copy.book_id,
        "field": row.field,
        "old": row.old,
        "new": row.new,
        "by": row.by,
        "at": row.at,
        "run": row.run,
        "undone_at": row.undone_at,
    }
