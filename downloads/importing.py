"""Import what a complete download delivers: its files linked or copied into the library.

The manifest comes first, then the intent, then the files; whoever is killed at any line leaves a
row from which the next try goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import Book, Library, ShelfCopy, ShelfCopyHistory
from books.naming import folder_of
from books.placing import Track, place
from books.sound import Sound, read_sound
from books.states import CopyState
from downloads.clients import talking_to
from downloads.confirm import find
from downloads.diagnose import check_mapping, our_path
from downloads.manifest import Line, manifest_of, sound, suffix
from downloads.models import Client, Import
from downloads.states import IMPORT_LIVE, ImportState, State
from indexers.values import with_names
from tame.lib import bell
from tame.lib.backoff import retry_time
from tame.lib.errors import (
    BadInputError,
    LocalError,
    LostRaceError,
    NotListedError,
    ObstacleError,
    ServiceDownError,
)
from tame.lib.lease import claim, free, give_back, renew

SHELVE = "downloads.tasks.shelve"
IMPORT = "downloads.tasks.import_"
NO_LIBRARY = (
    "There is no library to put the book into. Say where your audiobooks stand: Books, Libraries, "
    "Add library."
)
SHORTEST, LONGEST = 0.8, 1.25  # of the expected duration


def import_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Every book whose download is complete; a client that is down is asked by the next run."""
    library = Library.objects.order_by("pk").first()
    if library is None:
        return NO_LIBRARY if due() else "Nothing to import."
    done, troubles = 0, []
    for pk in due():
        if not keep_going():
            break
        try:
            done += import_one(pk, library)
        except ServiceDownError as error:
            troubles.append(str(error))
    return " ".join([f"{done} imported.", *dict.fromkeys(troubles)])


def due() -> list[int]:
    """A client that is left alone is not asked for its files either."""
    rows = Import.objects.filter(free(), state=ImportState.PENDING)
    complete = rows.filter(
        download__state=State.COMPLETED, download__client__in=Client.usable().values("pk")
    )
    return list(complete.order_by("pk").values_list("pk", flat=True))


def is_any_due() -> bool:
    return Library.objects.exists() and bool(due())


def import_one(pk: int, library: Library) -> bool:
    """True when it is placed. Raises ServiceDownError; every other trouble ends in the row."""
    token = claim(Import.objects.filter(state=ImportState.PENDING), pk)
    if token is None:
        return False
    row = Import.objects.select_related("download__client", "book", "library").get(pk=pk)
    try:
        bring_in(row, row.library or library, token)
    except LostRaceError:
        return False
    except ServiceDownError as error:
        give_back(row, token, last_error=str(error))
        raise
    except (LocalError, NotListedError) as error:
        try_later(row, str(error), token)
        return False
    except (BadInputError, ObstacleError) as error:
        ask_a_person(row, str(error), token)
        return False
    return True


def bring_in(row: Import, library: Library, token: str) -> None:
    lines, here = look(row)
    tracks = tracks_of(lines, here)
    sounds = listen(sound(lines), here)
    check_duration(row.book, sounds)
    check_alone(row)
    [book] = with_names(Book.objects.filter(pk=row.book_id))
    folder = row.final_folder or str(folder_of(book, library.template))
    intend(row, library, lines, here, folder, token)
    ways = place(Path(library.root), folder, str(row.uuid), tracks, may_copy=library.may_copy)
    keep(row, library, folder, lines, sounds, ways, token)


# --- What is there --------------------------------------------------------------------------------


def look(row: Import) -> tuple[list[Line], Path]:
    """The torrent's files by the client's own list, and the folder they lie below, as we see it."""
    download = row.download
    if download is None:
        raise BadInputError("It comes from no download.")
    with talking_to(download.client) as gateway:
        seen = find(gateway, [download]).get(download.pk)
        if seen is None:
            raise NotListedError(f"{download.client} does not list this torrent.")
        files = gateway.files(seen.hash)
    if unfinished := [file.name for file in files if file.priority > 0 and file.progress < 1]:
        raise LocalError(f"{download.client} says that {unfinished[0]} is not whole.")
    lines = manifest_of(files)
    if not sound(lines):
        raise BadInputError("It holds no sound: nothing of it can be listened to.")
    here, _ = our_path(download.client, seen.save_path)
    if not Path(here).is_dir():
        raise LocalError(check_mapping(download.client, seen.save_path).sentence)
    return lines, Path(here)


def tracks_of(lines: Sequence[Line], here: Path) -> list[Track]:
    """Each of them seen with the size the torrent says. Raises LocalError."""
    tracks = [Track(here / line.path, line.name, line.size) for line in lines if line.name]
    for track in tracks:
        if track.source.is_symlink() or not track.source.is_file():
            raise LocalError(f"{track.source} is not there, or no plain file.")
        size = track.source.stat().st_size
        if size != track.size:
            raise LocalError(f"{track.source} has {size} bytes; the torrent says {track.size}.")
    return tracks


def listen(lines: Sequence[Line], here: Path) -> list[Sound]:
    """Raises BadInputError for the first that is no sound, whatever it is called."""
    sounds = []
    for line in lines:
        read = read_sound(here / line.path)
        if read is None:
            raise BadInputError(f"{line.path} cannot be played: it is damaged, or no sound at all.")
        sounds.append(read)
    return sounds


def check_duration(book: Book, sounds: Sequence[Sound]) -> None:
    seconds, expected = sum(one.seconds for one in sounds), book.expected_seconds
    if not expected or SHORTEST <= seconds / expected <= LONGEST:
        return
    raise BadInputError(
        f"It lasts {hours(seconds)}, and {hours(expected)} were expected: it may be abridged, or "
        "another recording."
    )


def hours(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def check_alone(row: Import) -> None:
    """Which files are which book's cannot be told yet."""
    others = Import.objects.filter(download=row.download, state__in=IMPORT_LIVE).exclude(pk=row.pk)
    if others.exists():
        raise BadInputError(
            "Several books come by this torrent. Which of its files are which is for you to say."
        )


# --- How it ends ----------------------------------------------------------------------------------


def intend(
    row: Import, library: Library, lines: Sequence[Line], here: Path, folder: str, token: str
) -> None:
    """Written before anything is placed: a second try goes to the same folder."""
    renew(row, token)
    row.library, row.final_folder, row.mapped_path = library, folder, str(here)
    row.manifest = [line.as_json() for line in lines]
    columns = ["library", "final_folder", "mapped_path", "manifest"]
    row.save(update_fields=columns)


def keep(
    row: Import,
    library: Library,
    folder: str,
    lines: Sequence[Line],
    sounds: Sequence[Sound],
    ways: dict[str, int],
    token: str,
) -> None:
    """The copy and the move in one transaction."""
    told = ", ".join(f"{count} by {way}" for way, count in ways.items()) or "by an earlier try"
    sentence = f"Placed in {PurePosixPath(library.root) / folder}: {told}."
    rates = [one.bitrate for one in sounds if one.bitrate]
    try:
        with transaction.atomic():
            copy = ShelfCopy.objects.create(
                uuid=row.uuid,
                book=row.book,
                library=library,
                folder=folder,
                manifest=row.manifest,
                format=suffix(sound(lines)[0].path),
                bitrate=round(1000 * sum(rates) / len(rates)) if rates else None,
                seconds=round(sum(one.seconds for one in sounds)),
                origin="import",
            )
            ShelfCopyHistory.objects.create(
                row=copy, to_state=CopyState.PLACED, actor="TAME", sentence=sentence
            )
            copy.after_move("")
            row.move_to(
                ImportState.PLACED, sentence, actor="TAME", token=token, copy=copy, last_error=""
            )
            bell.ring(SHELVE)
    except IntegrityError as error:
        raise ObstacleError(f"Another copy of “{row.book}” is in {library} already.") from error


def try_later(row: Import, sentence: str, token: str) -> None:
    row.refresh_from_db(fields=["attempts"])
    row.move_to(
        ImportState.FAILED,
        sentence,
        actor="TAME",
        token=token,
        last_error=sentence,
        retry_at=retry_time(row.attempts),
    )


def ask_a_person(row: Import, sentence: str, token: str) -> None:
    row.move_to(
        ImportState.REVIEW, sentence, actor="TAME", token=token, last_error=sentence, retry_at=None
    )


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
    return f"{again} imports again."


# --- What a person decides ------------------------------------------------------------------------


def try_again(row: Import, *, actor: str) -> str:
    """With all tries, once its cause is gone."""
    if row.state not in (ImportState.FAILED, ImportState.REVIEW):
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: nothing to try again.")
    row.move_to(
        ImportState.PENDING, f"{actor} tries it again.", actor=actor, attempts=0, retry_at=None
    )
    bell.ring(IMPORT)
    return f"“{row.book}” is imported next."


def drop(row: Import, *, actor: str) -> str:
    """The torrent stays as it is; the book is free for another release."""
    if row.copy_id:
        raise BadInputError(f"“{row.book}” is in the library already: take it off the shelf.")
    if ImportState.DROPPED not in row.MOVES[row.state]:
        raise BadInputError(f"“{row.book}” is {row.get_state_display()}: nothing to drop.")
    row.move_to(ImportState.DROPPED, f"{actor} does not want it imported.", actor=actor)
    return f"“{row.book}” is not imported from this download. It is wanted as before."
