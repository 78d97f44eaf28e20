"""Read the libraries again: what was added by hand, what has gone, what is there again.

Nothing is called gone on a partial answer: a folder that is not mounted, one that may not be looked
into, or more than half of the books at once are one problem with one sentence, and no row moves.
What is gone is missing, and wanted again only by a person. It is the owner of missing copies.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from books.models import Library, MoveIn, MoveInLine, ShelfCopy
from books.moving_in.folders import found_of
from books.moving_in.found import Found
from books.moving_in.preview import keep, lines_of, manifest_of
from books.moving_in.reading import Step, nothing, now_and_then
from books.moving_in.scan import BookFolder, scan
from books.moving_in.storing import confirm
from books.moving_models import Action, Kind
from books.sound import is_sound
from books.states import COPY_HOLDS_THE_BOOK, CopyState, Origin
from books.trash import is_there, trash_of
from tame.lib.errors import LostRaceError
from tame.lib.numbers import counted

BY = "TAME"
MANY = 3  # copies
Here = Mapping[str, BookFolder]
Signature = tuple[tuple[str, int], ...]


@dataclass
class Reading:
    """What one look at a library found."""

    new: list[BookFolder] = field(default_factory=list)
    gone: list[ShelfCopy] = field(default_factory=list)
    back: list[tuple[ShelfCopy, BookFolder]] = field(default_factory=list)
    moved: list[tuple[ShelfCopy, BookFolder]] = field(default_factory=list)
    changed: list[tuple[ShelfCopy, BookFolder]] = field(default_factory=list)


def read_again(keep_going: Callable[[], bool] = lambda: True) -> str:
    said = []
    for library in Library.objects.all():
        if keep_going():
            said.append(read_library(library, alive=keep_going))
    return " ".join(said) or "There is no library to read."


def read_library(
    library: Library, *, believe: bool = False, alive: Callable[[], object] = nothing
) -> str:
    """`believe`: a person says that what is gone is gone, however much it is. `alive` is called
    now and then."""
    root, step = Path(library.root), now_and_then(alive)
    if problem := not_there(root):
        return note(library, problem)
    seen = scan(root, step=step)
    copies = list(copies_of(library))
    reading = compare(library, copies, {book.folder: book for book in seen.books})
    if not believe or seen.unread:
        problem = trouble(library, copies, reading, seen.unread)
    if seen.unread:  # of a book that is new only a part may be seen
        reading.new = []
    follow(reading, may_miss=not problem)
    strangers = len(reading.new) if not is_known(library) else 0
    added = 0 if strangers else take_in(library, reading.new, step)
    if problem:
        return note(library, problem)
    note(library, "")
    get_to_know(library, strangers)
    stand = counted(strangers, "book stands", "books stand")
    unknown = f" {stand} there that nobody moved in." if strangers else ""
    return (
        f"{library}: {added} new, {len(reading.gone)} missing, {len(reading.back)} there again, "
        f"{len(reading.moved)} moved.{unknown}"
    )


def is_known(library: Library) -> bool:
    """Whether what is new there was added by hand: all that stood there was known before, a person
    moved in with it, or said that TAME may take in what it finds."""
    if library.known_since or library.takes_in:
        return True
    read = MoveIn.objects.filter(library=library, read_at__isnull=False, problem="")
    theirs = read.exclude(by=BY)
    return theirs.filter(Q(kind=Kind.SHELF) | Q(source=library.root)).exists()


def get_to_know(library: Library, strangers: int) -> None:
    since = library.known_since or (None if strangers else timezone.now())
    if (library.strangers, library.known_since) != (strangers, since):
        Library.objects.filter(pk=library.pk).update(strangers=strangers, known_since=since)


def note(library: Library, problem: str) -> str:
    if library.problem != problem:
        Library.objects.filter(pk=library.pk).update(problem=problem)
    return problem


def copies_of(library: Library) -> Iterable[ShelfCopy]:
    """Those that are on their way to the trash are no question."""
    rows = ShelfCopy.objects.filter(library=library, state__in=COPY_HOLDS_THE_BOOK)
    root = Path(library.root)
    for copy in rows.select_related("book").order_by("pk"):
        if not is_there(trash_of(root, str(copy.uuid))):
            yield copy


# --- Compare --------------------------------------------------------------------------------------


def not_there(root: Path) -> str:
    """A mount point without its disk is an empty folder."""
    try:
        if any(root.iterdir()):
            return ""
    except OSError:
        return f"TAME sees no folder {root}. Is its disk mounted? Nothing was changed."
    if ShelfCopy.objects.filter(library__root=str(root), state__in=COPY_HOLDS_THE_BOOK).exists():
        return f"{root} is empty. Is its disk mounted? Nothing was changed."
    return ""


def compare(library: Library, copies: Sequence[ShelfCopy], here: Here) -> Reading:
    root, reading = Path(library.root), Reading()
    for copy in copies:
        book = here.get(copy.folder)
        if book is None and not stands(root, copy):
            reading.gone += [copy] if copy.state != CopyState.MISSING else []
        elif book is not None and copy.state == CopyState.MISSING:
            reading.back.append((copy, book))
        elif book is not None and copy.origin == Origin.MOVED_IN and is_changed(copy, book):
            reading.changed.append((copy, book))
    reading.new = unknown(library, copies, here)
    follow_moves(reading)
    return reading


def stands(root: Path, copy: ShelfCopy) -> bool:
    """Its sound is there, although its folder now counts as part of another book."""
    return any((root / copy.folder / name).exists() for name, _ in signature_of(copy))


def signature_of(copy: ShelfCopy) -> Signature:
    files = [(one["name"], one["size"]) for one in copy.manifest if one["name"]]
    return tuple(sorted(f for f in files if is_sound(copy.folder if f[0] == "." else f[0])))


def signature_here(book: BookFolder) -> Signature:
    return tuple(sorted((file.path or ".", file.size) for file in book.sound))


def is_changed(copy: ShelfCopy, book: BookFolder) -> bool:
    known = {(one["name"], one["size"]) for one in copy.manifest}
    return known != {(file.path or ".", file.size) for file in book.files}


def unknown(library: Library, copies: Sequence[ShelfCopy], here: Here) -> list[BookFolder]:
    """Not on the shelf, not asked about before, and not being written to any more."""
    held = {copy.folder for copy in copies}
    above = {str(parent) for folder in held for parent in Path(folder).parents}
    asked = set(
        MoveInLine.objects.filter(library=library, copy=None).values_list("folder", flat=True)
    )
    settled = time.time() - settings.FOLDER_SETTLED_SECONDS / settings.HURRY
    return [
        book
        for folder, book in here.items()
        if folder not in held | above | asked and book.changed_at < settled
    ]


def follow_moves(reading: Reading) -> None:
    """A folder that was renamed: the same sound under another name, and only there."""
    by_sound: dict[Signature, list[BookFolder]] = {}
    for book in reading.new:
        by_sound.setdefault(signature_here(book), []).append(book)
    twins = Counter(signature_of(copy) for copy in reading.gone)
    gone, new = list(reading.gone), {book.folder: book for book in reading.new}
    for copy in gone:
        found = by_sound.get(signature_of(copy), [])
        if len(found) == twins[signature_of(copy)] == 1:
            reading.moved.append((copy, found[0]))
            del new[found[0].folder]
    moved = {copy.pk for copy, _ in reading.moved}
    reading.gone = [copy for copy in gone if copy.pk not in moved]
    reading.new = list(new.values())


def trouble(
    library: Library, copies: Sequence[ShelfCopy], reading: Reading, unread: Sequence[str]
) -> str:
    if unread:
        return f"TAME may not look into {unread[0]}. Nothing in {library} was called missing."
    standing = [copy for copy in copies if copy.state != CopyState.MISSING]
    gone = len(reading.gone)
    if gone >= MANY and 2 * gone > len(standing):
        return (
            f"{gone} of {len(standing)} books are gone from {library.root} at once. Nothing was "
            "changed. Is part of it not mounted? If they are truly gone, press They are gone."
        )
    return ""


# --- What follows ---------------------------------------------------------------------------------


def follow(reading: Reading, *, may_miss: bool) -> None:
    """Each row by itself: what was moved meanwhile by somebody else is left alone. On a partial
    answer only what is there again is believed."""
    for copy, book in reading.moved if may_miss else ():
        move_along(copy, book)
    for copy, book in reading.changed if may_miss else ():
        ShelfCopy.objects.filter(pk=copy.pk).update(manifest=files_of(book))
    for copy, book in reading.back:
        said = f"It is seen again in {copy.folder}."
        move(copy, CopyState.PROVED, said, proved_at=timezone.now(), **manifest(copy, book))
    for copy in reading.gone if may_miss else ():
        move(copy, CopyState.MISSING, f"Its files are not in {copy.folder} any more.")


def move(copy: ShelfCopy, state: CopyState, sentence: str, **columns: Any) -> None:
    try:
        copy.move_to(state, sentence, actor=BY, **columns)
    except LostRaceError:
        return


def manifest(copy: ShelfCopy, book: BookFolder) -> dict[str, Any]:
    """What an import placed stays written down as it was placed."""
    return {"manifest": files_of(book)} if copy.origin == Origin.MOVED_IN else {}


def files_of(book: BookFolder) -> list[dict[str, Any]]:
    return manifest_of(book.files)


def move_along(copy: ShelfCopy, book: BookFolder) -> None:
    said = f"Somebody moved it from {copy.folder} to {book.folder}."
    try:
        with transaction.atomic():
            same = ShelfCopy.objects.filter(pk=copy.pk, state=copy.state, folder=copy.folder)
            if same.update(folder=book.folder):
                copy.note(said, actor=BY)
    except IntegrityError:
        return


def take_in(library: Library, books: Sequence[BookFolder], step: Step) -> int:
    """New folders become lines that wait for a person; where the library says so, what is certain
    is stored at once."""
    if not books:
        return 0
    root = Path(library.root)
    lines = lines_of(listened_to(root, books, step))
    run = MoveIn.objects.create(kind=Kind.FOLDERS, source=library.root, library=library, by=BY)
    keep(run, lines)
    if library.takes_in and run.lines.exclude(action=Action.UNDECIDED).exists():
        confirm(run, actor=BY)
    return len(lines)


def listened_to(root: Path, books: Iterable[BookFolder], step: Step) -> Iterator[Found]:
    for book in books:
        step()
        yield found_of(root, book)


def waiting() -> list[dict[str, Any]]:
    """Libraries with a problem, with books that nobody moved in, or with books added by hand that
    wait for a person's word; name, problem and numbers of each. One query."""
    lines = MoveInLine.objects.filter(run__by=BY, run__confirmed_at=None, done_at=None)
    per_library = lines.filter(run__library=OuterRef("pk")).order_by().values("run__library")
    added = Coalesce(Subquery(per_library.annotate(n=Count("pk")).values("n")), 0)
    rows = Library.objects.annotate(added=added).exclude(problem="", added=0, strangers=0)
    found: Any = rows.values("pk", "name", "problem", "added", "strangers")
    return list(found)
