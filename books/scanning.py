"""A scan of the shelf: asked for when nothing else runs, seen to end, and what it did not find.

Nobody waits here: each call looks once and says what there is to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook, ShelfLibrary
from books.audiobookshelf_errors import NotThisError
from books.bells import SHELVE
from books.library_shelves import below
from books.models import Library, ShelfCopy
from books.shelf import path_of, tag_of
from books.shelf_servers import talking_to
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import ObstacleError
from tame.lib.lease import claim, give_back

OF_OURS = "tame:"
READ_BY_OTHERS = 0o004


@dataclass(frozen=True)
class Look:
    """What the server says at one moment. `newest`: the books it added last."""

    library: ShelfLibrary
    is_scanning: bool
    newest: tuple[ListedBook, ...]


def look(server: Server, library: Library, limit: int) -> Look:
    """Three requests, however many books are looked for."""
    known = {one.id: one for one in abs_.libraries(server)}
    if library.shelf_library_id not in known:
        raise NotThisError(
            f"{server.name} does not have the library any more that shows “{library}”. Test it, "
            "then choose one again."
        )
    is_scanning = abs_.is_scanning(server, library.shelf_library_id)
    newest = abs_.newest(server, library.shelf_library_id, limit)
    return Look(known[library.shelf_library_id], is_scanning, newest)


def entries_of(copy: ShelfCopy, listed: Sequence[ListedBook]) -> list[ListedBook]:
    """Those of its folder that are ours or nobody's; what is there comes first, then the oldest."""
    tag, path = tag_of(copy), path_of(copy)
    here = [one for one in listed if one.path == path]
    ours = [one for one in here if tag in one.tags or one.id == copy.shelf_id]
    free = [one for one in here if not any(tag.startswith(OF_OURS) for tag in one.tags)]
    entries = {one.id: one for one in (*ours, *free)}.values()
    return sorted(entries, key=lambda one: (one.is_missing, one.added_at, one.id))


def has_ended(library: Library, seen: Look) -> bool:
    """Whether the scan that was asked for is over; one that was dropped counts, after a while."""
    if seen.is_scanning or library.scan_asked_at is None:
        return False
    if seen.library.last_scan != library.scan_before:
        return True
    lost = timezone.now() - hurried(settings.SCAN_LOST_SECONDS)
    return library.scan_asked_at < lost


def waits_for_watcher(seen: Look, placed: Sequence[datetime]) -> bool:
    """Watcher and scan together make two of one book: the watcher has the first word."""
    since = timezone.now() - hurried(settings.WATCHER_SECONDS)
    return seen.library.is_watched and any(moment > since for moment in placed)


def ask(server: Server, library: Library, seen: Look) -> None:
    """Remembered first: who is killed in between asks once more after a while."""
    library.scan_asked_at, library.scan_before = timezone.now(), seen.library.last_scan
    Library.objects.filter(pk=library.pk).update(
        scan_asked_at=library.scan_asked_at, scan_before=library.scan_before
    )
    try:
        abs_.scan(server, library.shelf_library_id)
    except NotThisError:
        forget(library)
        raise


def scan_now(library: Library, *, only_look: bool = False) -> str:
    """A person's word: look for new books at once. Raises ServiceDownError, ObstacleError."""
    if library.server is None:
        raise ObstacleError(f"No Audiobookshelf shows “{library}”: there is nothing to scan.")
    token = claim(Library.objects.all(), library.pk)
    if token is None:
        raise ObstacleError(f"“{library}” is being looked at this very moment.")
    try:
        with talking_to(library.server) as server:
            seen = look(server, library, 1)
            if seen.is_scanning:
                raise ObstacleError(f"{server.name} is scanning “{seen.library.name}” already.")
            if not only_look:
                ask(server, library, seen)
                bell.ring(SHELVE)
            return f"{server.name} scans “{seen.library.name}” for new books."
    finally:
        give_back(library, token)


def forget(library: Library) -> None:
    library.scan_asked_at = None
    Library.objects.filter(pk=library.pk).update(scan_asked_at=None)


def why_not(server: Server, library: Library, seen: Look, copy: ShelfCopy) -> str:
    """Why a book that was placed is not listed, as far as can be found out."""
    name, path = server.name, path_of(copy)
    tagged = abs_.tagged(server, library.shelf_library_id, tag_of(copy))
    if elsewhere := [one.path for one in tagged if one.path != path]:
        return (
            f"{name} shows it in {elsewhere[0]}, and not in {path}. Say under the library "
            f"“{library}” how Audiobookshelf sees its folder, then try again."
        )
    way = below(library.shelf_prefix, seen.library.folders)
    if way is None or not abs_.path_exists(server, way[0], str(way[1] / copy.folder)):
        return (
            f"{name} does not see {path}: it is another folder there, or it is not mounted. Test "
            f"the library “{library}”, then try again."
        )
    if hidden := unreadable(copy.path):
        return (
            f"{name} sees {path} and lists no book there: others may not read {hidden}. Change "
            "that, or the permissions under the library, then try again."
        )
    return (
        f"{name} sees {path} and lists no book there after {copy.scans} scans. Its log says why; "
        "often its user may not read the files. Then try again."
    )


def unreadable(folder: Path) -> str:
    """The first that only its owner may read."""
    try:
        paths = [folder, *sorted(folder.iterdir())]
        hidden = (path for path in paths if not path.stat().st_mode & READ_BY_OTHERS)
        return str(next(hidden, ""))
    except OSError:
        return ""
