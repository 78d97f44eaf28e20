"""Move in books from elsewhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from books.models import Library, MoveIn, MoveInLine
from books.moving_in.reading import (
    HANDED_OVER,
    begin_with_file,
    begin_with_folder,
    begin_with_shelf,
    read_run,
)
from books.moving_in.storing import decided, store
from books.moving_models import Action, Kind
from downloads.adopting import adopt_due, is_any_due
from tame.lib import commands
from tame.lib.arguments import one_of
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError, ServiceDownError
from tame.turns import at_the_files

SAID = {
    Action.SHELF: "on the shelf where they stand",
    Action.WANTED: "wanted",
    Action.PARKED: "parked",
    Action.MERGE: "with a book that is here",
    Action.SKIP: "left out",
    Action.UNDECIDED: "waiting for you under Moving in",
}
KINDS = [str(kind) for kind in (*HANDED_OVER, Kind.SHELF)]


class Command(commands.Command):
    help = (
        "Move in the books of a folder, a table (CSV), a Goodreads export, the database of Readarr "
        "or LazyLibrarian, or an Audiobookshelf library. What is unsure is listed and waits. Run "
        "twice, nothing changes."
    )
    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source",
            help="A file, a folder in one of the libraries, or with --kind shelf the name or "
            "number of a library that belongs to an Audiobookshelf.",
        )
        parser.add_argument(
            "--kind",
            default=None,
            type=one_of(KINDS, "kind"),
            help=f"Where a file does not tell it, and for a shelf: {', '.join(KINDS)}.",
        )

    @at_the_files
    def run(self, options: Options) -> Result:
        run = begin(options)
        confirmed = {"confirmed_at": timezone.now(), "confirmed_by": options["by"]}
        MoveIn.objects.filter(pk=run.pk).update(**confirmed)  # killed here, a worker goes on
        run.refresh_from_db()
        with self.progress(decided(run).count()) as step:
            store(run, step=step)
        adopted = adopt_due() if is_any_due() else ""
        result = told(run, adopted)
        if not is_news(run):
            run.delete()
        return result

    def look(self, options: Options) -> Result:
        with transaction.atomic():
            result = told(begin(options))
            transaction.set_rollback(True)
        return result


def begin(options: Options) -> MoveIn:
    path, by = Path(options["source"]), options["by"]
    if options["kind"] == Kind.SHELF:
        return read_now(begin_with_shelf(library_called(options["source"]), by=by))
    if path.is_dir():
        return read_now(begin_with_folder(str(path.resolve()), by=by))
    try:
        with path.open("rb") as file:
            return begin_with_file(path.name, file, by=by, kind=options["kind"] or "")
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error


def library_called(name: str) -> Library:
    number = Q(pk=int(name)) if name.isdecimal() and len(name) < 10 else Q()
    found = Library.objects.filter(number if number else Q(name=name)).select_related("server")
    if len(found) != 1:
        raise BadInputError(f"There is no one library “{name}”. Give its number.")
    return found[0]


def read_now(run: MoveIn) -> MoveIn:
    """What cannot be read leaves nothing behind."""
    read_run(run)
    run.refresh_from_db()
    if run.problem:
        run.delete()
        error = BadInputError if run.read_at else ServiceDownError
        raise error(run.problem)
    return run


def told(run: MoveIn, adopted: str = "") -> Result:
    """`adopted`: what became of the torrents that seed its books."""
    lines = list(run.lines.select_related("book"))
    counts = Counter(line.action for line in lines)
    text = [f"{first_up(Kind(run.kind).label)}: {len(lines)} books."]
    text += [f"{counts[action]} {said}." for action, said in SAID.items() if counts[action]]
    unsure = [line for line in lines if line.action == Action.UNDECIDED]
    text += [f"  {line.title} ({line.authors or 'no author'}): {reason(line)}" for line in unsure]
    text += [adopted] if adopted else []
    failed = [line for line in unsure if line.result]
    return Result(
        "\n".join(text),
        {
            "run": run.pk,
            "kind": run.kind,
            "torrents": adopted,
            "lines": [as_json(line) for line in lines],
        },
        Code.FAILED if failed else Code.DONE,
        "\n".join(f"{line.title}: {line.result}" for line in failed),
    )


def is_news(run: MoveIn) -> bool:
    """Whether something was stored, or waits that did not wait already."""
    lines = run.lines.exclude(action=Action.SKIP)
    waiting = MoveInLine.objects.filter(action=Action.UNDECIDED).exclude(run=run)
    return lines.exclude(action=Action.UNDECIDED, key__in=waiting.values("key")).exists()


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def reason(line: MoveInLine) -> str:
    return line.result or line.why


def as_json(line: MoveInLine) -> dict[str, Any]:
    return {
        "title": line.title,
        "subtitle": line.subtitle,
        "authors": line.author_names,
        "series": line.series,
        "position": line.position,
        "narrators": line.narrator_names,
        "year": line.year,
        "language": line.language,
        "asin": line.asin,
        "isbn": line.isbn,
        "status": line.status,
        "folder": line.folder,
        "files": len(line.manifest),
        "match": line.match,
        "why": line.why,
        "may_be": [{"id": number, "title": title} for number, title in line.alike],
        "action": line.action or "undecided",
        "done": line.done_at is not None,
        "result": line.result,
        "book": line.book_id,
        "notes": line.notes.splitlines(),
    }
