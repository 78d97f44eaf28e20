"""Move in books from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandParser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst

from books.models import Library, MoveIn, MoveInLine
from books.moving_in.corrections import WHICH, correct, decide, read_corrections
from books.moving_in.preview import keep
from books.moving_in.reading import HANDED_OVER, lines_in, of_folder, of_shelf, read_now
from books.moving_in.storing import decided, store
from books.moving_in.table import MOST_BYTES
from books.moving_models import Action, Kind
from downloads.adopting import Found, adopt_due, is_any_due, look_for, note_seeds
from tame.lib import commands
from tame.lib.arguments import one_of, whole_number
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError
from tame.turns import at_the_files

SAID = {
    Action.SHELF: "on the shelf where they stand",
    Action.WANTED: "wanted",
    Action.PARKED: "parked",
    Action.MERGE: "with a book that is here",
    Action.SKIP: "left out",
    Action.UNDECIDED: "waiting for you under Moving in",
}
FOR_MANY = [str(one) for one in (Action.SHELF, Action.WANTED, Action.PARKED, Action.SKIP)]
CORRECTED = [
    "title", "authors", "series", "position", "narrators", "year", "asin", "isbn", "action", "book",
    "seeds_taken",
]  # fmt: skip
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
            nargs="?",
            default="",
            help="A file, or a folder in one of the libraries.",
        )
        parser.add_argument(
            "--library",
            default="",
            metavar="LIBRARY",
            help="All that stands in this library, by its name or number; with --kind shelf what "
            "its Audiobookshelf lists.",
        )
        parser.add_argument(
            "--waiting",
            default=None,
            type=whole_number(1, 10**9),
            metavar="RUN",
            help="The lines that still wait of a reading, by its number.",
        )
        parser.add_argument(
            "--kind",
            default=None,
            type=one_of(KINDS, "kind"),
            help=f"Where a file does not tell it, and for a shelf: {', '.join(KINDS)}.",
        )
        parser.add_argument(
            "--decide",
            action="append",
            default=[],
            metavar="WHICH=ACTION",
            help=f"What becomes of many lines: {', '.join(WHICH)}; {', '.join(FOR_MANY)}.",
        )
        parser.add_argument(
            "--corrections",
            default="",
            metavar="FILE",
            help="Lines as --dry-run --json told them, changed: title, authors, series, position, "
            "narrators, year, asin, isbn, action, book, and adopt of its torrents. Or a table with "
            "a column key.",
        )

    @at_the_files
    def run(self, options: Options) -> Result:
        run, lines = read(options)
        store_corrected(run, lines, options["by"])
        with self.progress(decided(run).count()) as step:
            store(run, step=step)
        adopted = adopt_due() if is_any_due() else ""
        result = told(run, list(run.lines.select_related("book")), adopted)
        if not is_news(run):
            run.delete()
        return result

    def look(self, options: Options) -> Result:
        """Nothing is stored, and no transaction is open while folders and clients are asked."""
        run, lines = read(options)
        seeded = [line for line in lines if line.library_id and line.action != Action.SKIP]
        found = look_for(seeded) if seeded else Found()
        note_seeds([line for line in seeded if line._state.adding], found)
        return told(run, lines, " ".join(found.troubles))


def read(options: Options) -> tuple[MoveIn, list[MoveInLine]]:
    """A reading and its lines as they were corrected; nothing of it is kept yet."""
    run, lines = read_source(options)
    for one in options["decide"]:
        which, _, action = one.partition("=")
        if which not in WHICH or action not in FOR_MANY:
            raise BadInputError(
                f"--decide {one[:40]} says nothing: one of {', '.join(WHICH)}, =, and one of "
                f"{', '.join(FOR_MANY)}."
            )
        decide(lines, which, action)
    if options["corrections"]:
        with opened(options["corrections"]) as file:
            correct(lines, read_corrections(file.read(MOST_BYTES + 1)))
    return run, lines


def read_source(options: Options) -> tuple[MoveIn, list[MoveInLine]]:
    source, by = options["source"], options["by"]
    if bool(source) + bool(options["library"]) + (options["waiting"] is not None) != 1:
        raise BadInputError("Name a file or a folder, or --library, or --waiting: one of them.")
    if options["waiting"] is not None:
        return waiting(options["waiting"])
    if options["kind"] == Kind.SHELF:
        return read_here(of_shelf(library_called(options["library"] or source), by=by))
    if options["library"]:
        return read_here(of_folder(library_called(options["library"]).root, by=by))
    path = Path(source)
    if path.is_dir():
        return read_here(of_folder(str(path.resolve()), by=by))
    with opened(source) as file:
        return read_now(path.name, file, by=by, kind=options["kind"] or "")


def read_here(run: MoveIn) -> tuple[MoveIn, list[MoveInLine]]:
    return run, lines_in(run)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise BadInputError(f"{name} cannot be read: {error.strerror}.") from error


def waiting(number: int) -> tuple[MoveIn, list[MoveInLine]]:
    run = MoveIn.objects.filter(pk=number).exclude(read_at=None).first()
    if run is None:
        raise BadInputError(f"There is no reading {number} whose lines could wait.")
    lines = run.lines.filter(done_at=None).select_related("library", "book").order_by("pk")
    return run, list(lines)


def store_corrected(run: MoveIn, lines: Sequence[MoveInLine], by: str) -> None:
    """Kept and confirmed in one: whoever is killed after it, a worker goes on."""
    with transaction.atomic():
        if run._state.adding:
            keep(run, lines)
        else:
            left = set(run.lines.filter(done_at=None).values_list("pk", flat=True))
            still = [line for line in lines if line.pk in left]
            MoveInLine.objects.bulk_update(still, CORRECTED, batch_size=500)
        run.confirmed_at, run.confirmed_by = timezone.now(), by
        run.save(update_fields=["confirmed_at", "confirmed_by"])


def library_called(name: str) -> Library:
    number = Q(pk=int(name)) if name.isdecimal() and len(name) < 10 else Q()
    found = Library.objects.filter(number if number else Q(name=name)).select_related("server")
    if len(found) != 1:
        raise BadInputError(f"There is no one library “{name}”. Give its number.")
    return found[0]


def told(run: MoveIn, lines: Sequence[MoveInLine], adopted: str = "") -> Result:
    """`adopted`: what became of the torrents that seed its books."""
    counts = Counter(line.action for line in lines)
    text = [f"{capfirst(Kind(run.kind).label)}: {len(lines)} books."]
    text += [f"{counts[action]} {said}." for action, said in SAID.items() if counts[action]]
    unsure = [line for line in lines if line.action == Action.UNDECIDED]
    text += [f"  {line.title} ({line.authors or 'no author'}): {reason(line)}" for line in unsure]
    seeded = sum(bool(line.seeds) for line in lines)
    text += [f"Torrents seed {seeded} of them."] if seeded else []
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


def reason(line: MoveInLine) -> str:
    return line.result or line.why


def as_json(line: MoveInLine) -> dict[str, Any]:
    return {
        "key": line.key,
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
        "torrents": [seed | {"adopt": line.takes(seed["key"])} for seed in line.seeds],
    }
