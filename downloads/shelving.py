"""Shelve what was placed: prove that the book stands in its library, file by file.

Where an Audiobookshelf shows the library, its entry is the proof: found by our tag, with all the
files and in their order; one scan serves many books. Without one the files are the proof. Nothing
waits: what a scan has still to find is looked for by a later run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet

from books import audiobookshelf as abs_
from books import sidecar
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook
from books.details import known
from books.models import Book, Library, ShelfCopy
from books.scanning import (
    Look,
    ask,
    entries_of,
    forget,
    has_ended,
    look,
    waits_for_watcher,
    why_not,
)
from books.shelf import tag_of
from books.shelf_servers import talking_to
from downloads.entries import check_files, copy_of, finish, settle
from downloads.imported import ask_a_person, try_later
from downloads.models import Import
from downloads.old_places import entries_there
from downloads.states import ImportState
from indexers.values import with_names
from tame.lib.backoff import may_be_asked
from tame.lib.errors import LocalError, LostRaceError, ServiceDownError
from tame.lib.lease import claim, free, give_back, renew
from tame.lib.numbers import counted

MOST_SCANS = 3
LEAST_LISTED = 50


def shelve_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """A server that is down is asked by a later run; what it should show waits unchanged."""
    done = sum(shelve_one(pk) for pk in numbers(by_files()) if keep_going())
    troubles = []
    for library in list(Library.objects.filter(pk__in=by_server().values("library"))):
        try:
            done += shelve_in(library, keep_going)
        except ServiceDownError as error:
            troubles.append(str(error))
    return " ".join([f"{done} on the shelf.", *dict.fromkeys(troubles)])


def placed() -> QuerySet[Import]:
    return Import.objects.filter(free(), state=ImportState.PLACED).order_by("pk")


def by_files() -> QuerySet[Import]:
    return placed().filter(Q(library__server=None) | Q(library__server__enabled=False))


def by_server() -> QuerySet[Import]:
    """Whose server may be asked right now."""
    return placed().filter(may_be_asked("library__server__"), library__server__enabled=True)


def numbers(rows: QuerySet[Import]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def is_any_due() -> bool:
    return by_files().exists() or is_any_waiting()


def is_any_waiting() -> bool:
    """For a scan, most of the time."""
    return by_server().exists()


def shelve_one(pk: int) -> bool:
    """By its files. True when it was proved; every trouble ends in the row."""
    return attempt(pk, lambda row, token: prove_by_files(row, token))


def attempt(pk: int, act: Callable[[Import, str], bool]) -> bool:
    """What `act` says; a server that is down gives the row back and is raised again."""
    token = claim(Import.objects.filter(state=ImportState.PLACED), pk)
    if token is None:
        return False
    row = Import.objects.select_related("copy__library__server", "copy__book", "book").get(pk=pk)
    try:
        return act(row, token)
    except LostRaceError:
        return False
    except ServiceDownError as error:
        give_back(row, token, last_error=str(error))
        raise
    except LocalError as error:
        try_later(row, str(error), token)
        return False


def prove_by_files(row: Import, token: str) -> bool:
    copy = copy_of(row)
    files = counted(check_files(copy), "file")
    sentence = f"“{row.book}” stands in {copy.path}: {files}, each with its size."
    finish(row, copy, sentence, token)
    return True


# --- Where a server shows it ----------------------------------------------------------------------


def shelve_in(library: Library, keep_going: Callable[[], bool]) -> int:
    """How many of this library were proved; only one worker at a time asks for a scan of it."""
    if library.server is None:
        return 0
    token = claim(Library.objects.all(), library.pk)
    if token is None:
        return 0
    try:
        with talking_to(library.server) as server:
            return shelve_together(server, library, token, keep_going)
    except LostRaceError:
        return 0
    finally:
        give_back(library, token)


def shelve_together(
    server: Server, library: Library, token: str, keep_going: Callable[[], bool]
) -> int:
    rows = list(
        by_server().filter(library=library).select_related("copy__library", "book", "replaces")
    )
    seen = look(server, library, max(LEAST_LISTED, 2 * len(rows)))
    done, lost = 0, []
    for row in rows:
        if not keep_going():
            return done
        renew(library, token)
        entries = entries_there(server, row) if row.replaces_id else []
        entries = entries or entries_of(copy_of(row), seen.newest)
        if entries and not entries[0].is_missing:
            done += shelve_shown(server, row, seen, entries)
        else:
            lost.append(row)
    return done + look_for(server, library, seen, lost) if lost else done


def look_for(server: Server, library: Library, seen: Look, lost: list[Import]) -> int:
    """What is not among the newest: found by its tag once a scan has ended, else a scan for all
    of them together."""
    if seen.is_scanning or waits_for_watcher(seen, [row.state_since for row in lost]):
        return 0
    asked, done = library.scan_asked_at, 0
    if asked is not None and not has_ended(library, seen):
        return 0
    for row in [row for row in lost if asked is not None and row.state_since < asked]:
        entries = entries_anywhere(server, library, copy_of(row))
        if entries and not entries[0].is_missing:
            done += shelve_shown(server, row, seen, entries)
            lost.remove(row)
        elif missed(server, library, seen, row):
            lost.remove(row)
    forget(library)
    if lost:
        for row in lost:
            leave_sidecar(row)
        ask(server, library, seen)
    return done


def entries_anywhere(server: Server, library: Library, copy: ShelfCopy) -> list[ListedBook]:
    """By our tag. A server that reads no sidecar shows none: before a person is asked the whole
    list is looked through."""
    tagged = entries_of(copy, abs_.tagged(server, library.shelf_library_id, tag_of(copy)))
    if tagged or copy.scans + 1 < MOST_SCANS:
        return tagged
    return entries_of(copy, abs_.all_books(server, library.shelf_library_id))


def missed(server: Server, library: Library, seen: Look, row: Import) -> bool:
    """One more scan did not show it. True when that was the last, and a person is asked."""
    copy = copy_of(row)
    copy.scans += 1
    ShelfCopy.objects.filter(pk=copy.pk).update(scans=copy.scans)
    if copy.scans < MOST_SCANS:
        return False

    def act(row: Import, token: str) -> bool:
        check_files(copy)
        ask_a_person(row, why_not(server, library, seen, copy), token)
        return True

    attempt(row.pk, act)
    return True


def leave_sidecar(row: Import) -> None:
    """One that is not there: the book was placed before there was a server, or is back from the
    trash. At the place of an older copy the entry is known without."""
    copy = copy_of(row)
    if row.replaces_id or not copy.path.is_dir():
        return
    [book] = with_names(Book.objects.filter(pk=row.book_id))
    content = sidecar.as_sidecar(known(book, copy.narrator), tag_of(copy))
    sidecar.ensure(copy.path, content, copy.library.modes.file)


def shelve_shown(server: Server, row: Import, seen: Look, entries: Sequence[ListedBook]) -> bool:
    return attempt(
        row.pk, lambda row, token: settle(server, row, entries, token, is_scanning=seen.is_scanning)
    )
