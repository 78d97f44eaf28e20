"""What was changed in Audiobookshelf since TAME saw it: compared again, so that it is reported.

Nightly, one request for 500 books: the server says when each entry was changed last. What is a
person's by then is only told; what was shelved while no server was asked gets its entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.db.models import QuerySet

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook
from books.correcting import SEEN
from books.differences import as_found
from books.models import Library, ShelfCopy
from books.scanning import OF_OURS
from books.shelf import path_of, tag_of
from books.shelf_servers import talking_to
from books.states import CopyState, Origin
from tame.lib.errors import ServiceDownError


def look_for_edits(keep_going: Callable[[], bool] = lambda: True) -> str:
    found, troubles = 0, list[str]()
    for library in Library.objects.exclude(server=None).select_related("server"):
        if not keep_going():
            break
        if library.server is None or not library.server.is_usable or not ours(library).exists():
            continue
        try:
            with talking_to(library.server) as server:
                found += look(server, library)
        except ServiceDownError as error:
            troubles.append(str(error))
    return " ".join([f"{found} to be compared with Audiobookshelf again.", *troubles])


def ours(library: Library) -> QuerySet[ShelfCopy]:
    return ShelfCopy.objects.filter(library=library, state=CopyState.PROVED, origin=Origin.IMPORT)


def look(server: Server, library: Library) -> int:
    listed = abs_.all_books(server, library.shelf_library_id)
    copies = list(ours(library).select_related("library").defer("manifest"))
    joined = [copy.pk for copy in copies if not copy.shelf_id and join(server, copy, listed)]
    at = {book.id: book.updated_at.isoformat() for book in listed}
    changed = [
        copy.pk
        for copy in copies
        if copy.shelf_id in at and copy.corrected_at and copy.written.get(SEEN) != at[copy.shelf_id]
    ]
    ours(library).filter(pk__in=changed).update(corrected_at=None)
    return len(joined) + len(changed)


def join(server: Server, copy: ShelfCopy, listed: Iterable[ListedBook]) -> bool:
    """The one entry where it stands, as it is now: TAME wrote nothing there but its sidecar."""
    here = [one for one in listed if one.path == path_of(copy) and not is_of_another(one, copy)]
    entry = abs_.book(server, here[0].id) if len(here) == 1 else None
    if entry is None or entry.is_missing:
        return False
    rows = ours(copy.library).filter(pk=copy.pk, shelf_id="")
    return bool(rows.update(shelf_id=entry.id, written=as_found(copy, entry), corrected_at=None))


def is_of_another(one: ListedBook, copy: ShelfCopy) -> bool:
    tags: Sequence[str] = one.tags
    return any(tag.startswith(OF_OURS) and tag != tag_of(copy) for tag in tags)
