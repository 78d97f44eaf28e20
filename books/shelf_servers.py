"""Audiobookshelf servers: connect one, test one, talk to one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import Account, ShelfLibrary
from books.audiobookshelf_errors import NotThisError
from books.bells import SHELVE
from books.models import ShelfServer
from tame.lib import bell
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError, ServiceDownError

PAGES = re.compile(r"/(?:login|config|library|item|collection|playlist|author|account)(?:/.*)?$")
OLDEST = (2, 21)  # with the question whether it sees a path, as TAME asks it
WATCHED = (
    "its watcher is on. A scan beside the watcher makes two of one book, so TAME has to wait for "
    "it each time. Better: switch it off there (Libraries, Edit, Settings: Disable folder "
    "watcher); TAME asks for a scan whenever it has placed a book"
)


def read_shelf_address(pasted: str) -> str:
    """Scheme, host, port and base path of what a person pasted, which may be one of its pages.
    Raises BadInputError."""
    text = pasted.strip()
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or re.search(r"\s", parts.netloc) or "@" in parts.netloc:
        raise BadInputError(
            "Give the address of Audiobookshelf as the browser shows it, without a login, for "
            "example http://192.168.1.10:13378."
        )
    path = PAGES.sub("", parts.path.rstrip("/").removesuffix("/api"))
    return urlunsplit((parts.scheme, parts.netloc.lower(), path.rstrip("/"), "", ""))


def server_of(row: ShelfServer) -> Server:
    """What the gateway takes; the environment's key is read here, never stored."""
    key = str(settings.ABS_KEY) if row.from_environment else row.key
    return Server(row.name, row.address, key, timeout=settings.SHELF_TIMEOUT)


@contextmanager
def talking_to(row: ShelfServer) -> Iterator[Server]:
    """Talk to the server; its row learns how that went. ServiceDownError is raised again. For what
    it only does not do, such as a scan with a key that may not ask for one, it is not left alone:
    that would hold up what it does do."""
    if not row.enabled:
        raise ServiceDownError(
            f"{row} is switched off in TAME. Switch it on, or choose none for its libraries."
        )
    if row.is_off or row.key_was_refused:
        raise ServiceDownError(row.last_error)
    try:
        yield server_of(row)
    except NotThisError as error:
        row.last_error = str(error)
        row.save(update_fields=["last_error"])
        raise
    except ServiceDownError as error:
        row.note_failure(error)
        raise
    if row.failures or row.last_error:
        row.note_success()


def add_shelf_server(pasted: str, *, key: str = "", name: str = "") -> tuple[ShelfServer, bool]:
    """The server at that address, and whether it is new; a known one gets the new key."""
    address = read_shelf_address(pasted)
    row = ShelfServer.objects.filter(address=address).first()
    if row is None:
        made = ShelfServer.objects.create(name=name or name_of(address), address=address, key=key)
        return made, True
    if key and row.from_environment:
        raise BadInputError(f"{row} is declared by the environment: change ABS_KEY there.")
    if key:
        row.key = key
        row.save(update_fields=["key"])
        credentials_changed(row)
    return row, False


def name_of(address: str) -> str:
    """The first one is called what it is."""
    taken = ShelfServer.objects.filter(name="Audiobookshelf").exists()
    return urlsplit(address).netloc if taken else "Audiobookshelf"


def credentials_changed(row: ShelfServer) -> None:
    """A new key or address was saved: what waited goes on at once."""
    row.reset()
    bell.ring(SHELVE)


# --- Test -----------------------------------------------------------------------------------------


def check_server(row: ShelfServer) -> list[Checked]:
    """Ask whose key it is, what that may do, and for the libraries. A good answer ends its pause
    and is remembered; a bad one does not lengthen it."""
    server = server_of(row)
    try:
        me, libraries = abs_.who_am_i(server), abs_.libraries(server)
    except ServiceDownError as error:
        row.note_failed_test(error)
        return [Checked(False, str(error))]
    remember(row, me, libraries)
    ours = set(row.shelves.values_list("shelf_library_id", flat=True))
    return [
        about_account(row, me),
        *about_permissions(me),
        about_store(me),
        *[about_library(library, library.id in ours) for library in libraries],
        *about_nothing(libraries),
    ]


def remember(row: ShelfServer, me: Account, libraries: tuple[ShelfLibrary, ...]) -> None:
    """What the form of a library offers."""
    row.version = me.version
    row.libraries = [
        {"id": one.id, "name": one.name, "folders": list(one.folders)}
        for one in libraries
        if one.holds_books
    ]
    ShelfServer.objects.filter(pk=row.pk).update(version=row.version, libraries=row.libraries)
    row.note_success()


def about_account(row: ShelfServer, me: Account) -> Checked:
    said = f"{row} answers: Audiobookshelf {me.version}, asked as its user “{me.name}”."
    numbers = tuple(int(part) for part in re.findall(r"\d+", me.version)[:2])
    if numbers and numbers < OLDEST:
        return Checked(False, f"{said} That is too old for TAME, which needs 2.21 or newer.")
    return Checked(True, said)


def about_permissions(me: Account) -> list[Checked]:
    """Each that is lacking, with what it costs."""
    lacking = {
        "is no admin: TAME cannot ask for a scan, nor see who is listening": me.is_admin,
        "may not update: TAME cannot correct metadata": me.may_update,
        "may not upload: TAME cannot test whether both see the same folder": me.may_upload,
        "may not delete: TAME cannot take a book off the shelf before its files go, so undo "
        "waits": me.may_delete,
    }
    lost = [what for what, has in lacking.items() if not has]
    if lost:
        remedy = "Change that in Audiobookshelf (Settings, Users)."
        return [Checked(False, f"“{me.name}” {what}. {remedy}") for what in lost]
    return [Checked(True, f"“{me.name}” may do all that TAME needs.")]


def about_store(me: Account) -> Checked:
    if me.keeps_metadata_with_books:
        return Checked(
            True,
            "It keeps its metadata beside the books (storeMetadataWithItem), so it needs to write "
            "there; TAME leaves the metadata.json to it.",
        )
    return Checked(
        True,
        "It keeps its metadata to itself: TAME's metadata.json is removed from a book's folder "
        "once all is right, because it would undo later edits.",
    )


def about_library(library: ShelfLibrary, is_ours: bool) -> Checked:
    said = f"Its library “{library.name}” is in {', '.join(library.folders)}"
    if not library.holds_books:
        return Checked(True, f"{said}; it is not of books.")
    if library.is_watched:
        return Checked(not is_ours, f"{said}; {WATCHED}.")
    return Checked(True, f"{said}; its watcher is off, which is best: TAME asks for scans.")


def about_watcher(library: ShelfLibrary) -> list[Checked]:
    """Only what it costs: all else is said when its server is tested."""
    if not library.is_watched:
        return []
    return [Checked(False, f"In “{library.name}” {WATCHED}.")]


def about_nothing(libraries: tuple[ShelfLibrary, ...]) -> list[Checked]:
    if any(library.holds_books for library in libraries):
        return []
    return [Checked(False, "It has no library of books. Make one there, then test again.")]
