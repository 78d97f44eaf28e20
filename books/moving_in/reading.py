"""Read a source: at once where it was handed over, by a worker where it is a folder or a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.db.models import F

from books.bells import MOVE_IN
from books.models import Library, MoveIn, MoveInLine
from books.moving_in import folders, goodreads, lazylibrarian, readarr, shelf, table
from books.moving_in.database import MAGIC, Database, temporary_copy
from books.moving_in.found import Found
from books.moving_in.preview import keep, lines_of
from books.moving_in.standing import library_of
from books.moving_models import Kind
from tame.lib import bell
from tame.lib.errors import BadInputError, LostRaceError, ServiceDownError, TameError
from tame.lib.numbers import counted

HANDED_OVER = (Kind.TABLE, Kind.GOODREADS, Kind.READARR, Kind.LAZYLIBRARIAN)
MOST_TEXT = table.MOST_BYTES
EVERY = 25  # books between two words of progress
Step = Callable[[], None]


def nothing() -> None: ...


# --- Begin ----------------------------------------------------------------------------------------


def begin_with_file(name: str, file: BinaryIO, *, by: str, kind: str = "") -> MoveIn:
    """Read what was handed over, and keep the lines. Raises BadInputError; nothing is kept then."""
    run, lines = read_now(name, file, by=by, kind=kind)
    keep(run, lines)
    return run


def begin_with_folder(folder: str, *, by: str) -> MoveIn:
    """A worker reads it. Raises BadInputError."""
    return for_a_worker(of_folder(folder, by=by))


def begin_with_shelf(library: Library, *, by: str) -> MoveIn:
    """A worker asks the library's Audiobookshelf. Raises BadInputError."""
    return for_a_worker(of_shelf(library, by=by))


def for_a_worker(run: MoveIn) -> MoveIn:
    run.save()
    bell.ring(MOVE_IN)
    return run


# --- What is read, not kept yet -------------------------------------------------------------------


def of_folder(folder: str, *, by: str) -> MoveIn:
    library, _ = the_library_of(folder)
    return MoveIn(kind=Kind.FOLDERS, source=folder, library=library, by=by)


def of_shelf(library: Library, *, by: str) -> MoveIn:
    if library.server is None:
        raise BadInputError(
            f"{library} belongs to no Audiobookshelf server. Choose it there first."
        )
    source = f"{library.server}, {library}"
    return MoveIn(kind=Kind.SHELF, source=source, library=library, by=by)


def read_now(
    name: str, file: BinaryIO, *, by: str, kind: str = ""
) -> tuple[MoveIn, list[MoveInLine]]:
    """What was handed over. Raises BadInputError."""
    kind, found = read_file(file, kind)
    lines = lines_of(found)
    if not lines:
        raise BadInputError(f"There is no book in {name}.")
    return MoveIn(kind=kind, source=Path(name).name[:200] or "a file", by=by), lines


def lines_in(run: MoveIn) -> list[MoveInLine]:
    """Of a folder or a shelf. Raises TameError."""
    return lines_of(found_by(run, nothing, nothing))


def the_library_of(folder: str) -> tuple[Library, str]:
    path = Path(folder)
    if not path.is_absolute():
        raise BadInputError("Give the whole path, as in /srv/audiobooks.")
    home = library_of(path, Library.objects.all())
    if home is None:
        raise BadInputError(
            f"None of your libraries holds {folder}. Add a library with this folder first (Books, "
            "Libraries): what stands in it stays where it is."
        )
    if not path.is_dir():
        raise BadInputError(f"TAME sees no folder {folder}. Is its disk mounted?")
    return home


# --- Files that were handed over ------------------------------------------------------------------


def read_file(file: BinaryIO, kind: str = "") -> tuple[str, list[Found]]:
    """Of which kind it is, when that was not said, and its books. Raises BadInputError."""
    head = file.read(len(MAGIC))
    file.seek(0)
    if head == MAGIC or kind in (Kind.READARR, Kind.LAZYLIBRARIAN):
        with temporary_copy(file, "The database") as path:
            kind = kind or kind_of_database(path)
            reader = readarr.read if kind == Kind.READARR else lazylibrarian.read
            return kind, reader(path)
    content = file.read(MOST_TEXT + 1)
    kind = kind or (Kind.GOODREADS if goodreads.is_export(content) else Kind.TABLE)
    return kind, goodreads.read(content) if kind == Kind.GOODREADS else table.read(content)


def kind_of_database(path: Path) -> str:
    with Database(path, "Readarr or LazyLibrarian") as database:
        if database.columns("BookFiles"):
            return Kind.READARR
        if database.columns("member"):
            return Kind.LAZYLIBRARIAN
    raise BadInputError("This database is neither Readarr's nor LazyLibrarian's.")


# --- What a worker reads --------------------------------------------------------------------------


def read_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    said = []
    for run in MoveIn.objects.filter(read_at=None).select_related("library__server"):
        if not keep_going():
            break
        said.append(read_run(run, keep_going))
    return " ".join(said) or "Nothing to read."


def is_any_due() -> bool:
    return MoveIn.objects.filter(read_at=None).exists()


def read_run(run: MoveIn, alive: Callable[[], object] = nothing) -> str:
    """What cannot be read ends with a sentence in the row; a server that is down is asked again.
    `alive` is called now and then: whoever reads for long still has the runner."""
    MoveIn.objects.filter(pk=run.pk).update(seen=0)
    try:
        lines = lines_of(found_by(run, counting(run, alive), now_and_then(alive)))
        keep(run, lines)
    except LostRaceError:
        return f"{run.source} was read already."
    except ServiceDownError as error:
        MoveIn.objects.filter(pk=run.pk).update(problem=str(error))
        return str(error)
    except TameError as error:
        keep(run, [], str(error))
        return str(error)
    return f"{counted(len(lines), 'book')} read in {run.source}."


def found_by(run: MoveIn, step: Step, alive: Step) -> list[Found]:
    if run.kind == Kind.SHELF and run.library:
        return shelf.read(run.library, step, alive)
    library, below = the_library_of(run.source)
    return folders.read(Path(library.root), below, step, alive)


def counting(run: MoveIn, alive: Callable[[], object]) -> Step:
    """Whoever looks at the page sees how far it is."""

    def word() -> None:
        alive()
        MoveIn.objects.filter(pk=run.pk).update(seen=F("seen") + EVERY)

    return now_and_then(word)


def now_and_then(word: Callable[[], object]) -> Step:
    """A function that calls `word` at every so manieth call."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count % EVERY == 0:
            word()

    return step
