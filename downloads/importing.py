"""Import what a complete download delivers: its files linked or copied into the library.

The manifest comes first, then the intent, then the files; whoever is killed at any line leaves a
row from which the next try goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from books.apart import folder_apart
from books.crediting import as_called
from books.details import known
from books.libraries import root_of
from books.marks import is_ours
from books.models import Book, Library, ShelfCopy
from books.placing import Own, Track, place
from books.sidecar import SIDECAR, as_sidecar
from books.sound import Sound
from books.states import COPY_HOLDS_THE_BOOK
from downloads.another import check_is_no_other
from downloads.copying import SECONDS as COPYING
from downloads.copying import note_copied
from downloads.delivered import look
from downloads.examining import check, examine
from downloads.imported import Placed, ask_a_person, keep, narrator_of, try_later
from downloads.leftovers import clear_leftovers, leave_dropped
from downloads.manifest import Line, manifest_of
from downloads.models import Client, Import
from downloads.pictures import picture_for
from downloads.sharing import share_of
from downloads.states import Doubt, ImportState, State
from downloads.upgrading import (
    WAIT_SECONDS,
    StillListenedToError,
    check_better,
    instead,
    leave,
    replaced,
    restore_due,
)
from downloads.writers import name_writers, writers_told
from indexers.values import with_names
from tame.lib.backoff import hurried
from tame.lib.errors import (
    BadInputError,
    LocalError,
    LostRaceError,
    NotListedError,
    ObstacleError,
    ServiceDownError,
)
from tame.lib.lease import claim, free, give_back, meanwhile, renew, renewed, ripe
from tame.lib.numbers import counted
from tame.lib.rounds import one_by_one
from tame.lib.seeing import reading

SHELVE = "downloads.tasks.shelve"
NO_LIBRARY = (
    "There is no library to put the book into. Say where your audiobooks stand: Books, Libraries, "
    "Add library."
)
JOINED = ("download__client", "book", "library", "replaces__library", "replaces__book")


def import_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Every book whose download is complete; a client that is down is asked by the next run."""
    if not Library.objects.exists():
        return NO_LIBRARY if due() else "Nothing to import."
    restore_due()
    leave_dropped()
    if pks := due():
        clear_leftovers()
    return one_by_one(pks, import_one, "imported", keep_going)


def due() -> list[int]:
    """A client that is left alone is not asked for its files either."""
    usable = Client.usable().values("pk")
    here = Q(download=None) | Q(download__state=State.COMPLETED, download__client__in=usable)
    rows = Import.objects.filter(free(), ripe(), here, state=ImportState.PENDING)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def is_any_due() -> bool:
    return Library.objects.exists() and bool(due())


def import_one(pk: int) -> bool:
    """True when it is placed. Raises ServiceDownError; every other trouble ends in the row."""
    token = claim(Import.objects.filter(state=ImportState.PENDING), pk)
    if token is None:
        return False
    row = Import.objects.select_related(*JOINED).get(pk=pk)
    try:
        noted = meanwhile(lambda: note_copied(row, token), COPYING)
        with reading(), renewed(lambda: renew(row, token)), noted:
            bring_in(row, token)
    except LostRaceError:
        give_back(row, token)
        return False
    except StillListenedToError as error:
        later = timezone.now() + hurried(WAIT_SECONDS)
        give_back(row, token, last_error=str(error), retry_at=later)
        return False
    except ServiceDownError as error:
        give_back(row, token, last_error=str(error))
        raise
    except (LocalError, NotListedError) as error:
        try_later(row, str(error), token)
        return False
    except (BadInputError, ObstacleError) as error:
        ask_a_person(row, str(error), token, getattr(error, "doubt", Doubt.NONE))
        return False
    return True


def bring_in(row: Import, token: str) -> None:
    old = replaced(row)
    delivered = look(row)
    share = share_of(row, delivered)
    lines = manifest_of(delivered.files, share.left, row.chosen_order)
    note(row, lines, delivered.here, token)
    tracks, sounds = examine(row, share, lines, delivered)
    row.save(update_fields=["measured"])
    check(row, lines, sounds)
    check_is_no_other(row, lines, sounds)
    if old is not None:
        bring_instead(row, old, tracks, sounds, token)
        return
    name_writers(row, sounds)
    library, folder = aim(row)
    check_outside(library, tracks)
    check_only_copy(row, library)
    intend(row, library, folder, token)
    own = [*picture_for(row, lines, delivered.here), *sidecar_for(row, library)]
    ways = place(
        root_of(library), folder, str(row.uuid), tracks, own, allowed=lambda: renew(row, token)
    )
    try:
        keep(row, Placed(library, folder, sounds, ways), token)
    except ObstacleError:  # a copy came meanwhile: nobody would know of this one
        leave(Path(library.root), folder, str(row.uuid))
        raise


def bring_instead(
    row: Import,
    old: ShelfCopy,
    tracks: Sequence[Track],
    sounds: Sequence[Sound],
    token: str,
) -> None:
    """At the old path, so that the server keeps its entry and who has listened to it."""
    library, folder = old.library, old.folder
    check_better(row, old, sounds[0].format)
    intend(row, library, folder, token)

    def keep_it(ways: Mapping[str, int]) -> None:
        keep(row, Placed(library, folder, sounds, ways), token)

    instead(row, old, tracks, token, keep_it)


def sidecar_for(row: Import, library: Library) -> list[Own]:
    """What tells Audiobookshelf which book it is. At an old copy's place it knows that, and a
    sidecar would undo what a person has edited since."""
    if library.server_id is None or row.replaces_id:
        return []
    [book] = with_names(Book.objects.filter(pk=row.book_id))
    return [Own(SIDECAR, as_sidecar(known(book, narrator_of(row)), f"tame:{row.uuid}"))]


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    library: Library
    folder: str
    lines: list[Line]


def would_be(row: Import) -> Plan:
    """Nothing is stored. Raises what an import would."""
    delivered = look(row)
    share = share_of(row, delivered, only_look=True)
    lines = manifest_of(delivered.files, share.left, row.chosen_order)
    tracks, sounds = examine(row, share, lines, delivered)
    check(row, lines, sounds)
    check_is_no_other(row, lines, sounds)
    library, folder = aim(row, as_called(writers_told(row, sounds)))
    check_outside(library, tracks)
    check_only_copy(row, library)
    return Plan(library, folder, lines)


def check_outside(library: Library, tracks: Sequence[Track]) -> None:
    """Raises ObstacleError for what stands in the library as it is."""
    root = Path(library.root).resolve()
    inside = next((one for one in tracks if root in one.source.resolve().parents), None)
    if inside is not None:
        raise ObstacleError(
            f"{inside.source} stands in the library already: placed in it once more, the book "
            "would be there twice. Let the client save to a folder outside, or take the book in "
            "where it stands, by Moving in."
        )


def check_only_copy(row: Import, library: Library) -> None:
    """Before anything is placed that no row could have. Raises ObstacleError."""
    copies = ShelfCopy.objects.filter(book=row.book_id, library=library)
    other = copies.filter(state__in=COPY_HOLDS_THE_BOOK).exclude(uuid=row.uuid).first()
    if other is not None:
        raise ObstacleError(
            f"Another copy of “{row.book}” is in {library} already, in {other.folder}. Choose "
            "another library for the book, or do not import this one."
        )


def aim(row: Import, writers: Sequence[str] = ()) -> tuple[Library, str]:
    """Where it goes; where an earlier try has placed it, there it stays. `writers`: of a book of
    nobody, as long as they are not kept."""
    if row.library and is_ours(Path(row.library.root) / row.final_folder, str(row.uuid)):
        return row.library, row.final_folder
    named = with_names(Book.objects.filter(pk=row.book_id))
    [book] = named.select_related("library", "profile__library")
    library = book.chosen_library()
    if library is None:
        raise LocalError(NO_LIBRARY)
    narrators = row.measured.get("narrators", ())
    return library, str(folder_apart(library, book, narrators, writers))


def note(row: Import, lines: Sequence[Line], here: Path, token: str) -> None:
    """What it delivers, before anything is done with it; a person who is asked sees it."""
    renew(row, token)
    row.mapped_path, row.manifest = str(here), [line.as_json() for line in lines]
    row.measured, row.copied = {}, 0
    row.save(update_fields=["mapped_path", "manifest", "measured", "copied"])


def intend(row: Import, library: Library, folder: str, token: str) -> None:
    """Written before anything is placed: a second try goes to the same folder."""
    renew(row, token)
    row.library, row.final_folder = library, folder
    row.save(update_fields=["library", "final_folder"])


def retry_due() -> str:
    """Failed imports whose time has come; without a try left they wait for a person."""
    rows = Import.objects.filter(state=ImportState.FAILED, retry_at__lte=timezone.now())
    again = 0
    for row in rows:
        try:
            if row.attempts >= settings.MAX_ATTEMPTS:
                said = f"{row.attempts} tries did not help. The last one: {row.last_error}"
                row.move_to(ImportState.REVIEW, said, actor="TAME", retry_at=None)
            else:
                row.move_to(ImportState.PENDING, "It is tried again.", actor="TAME", retry_at=None)
                again += 1
        except LostRaceError:
            continue
    return f"{counted(again, 'import')} again."
