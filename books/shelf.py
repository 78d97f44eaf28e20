"""A copy on the shelf that Audiobookshelf shows: which entry it is, who listens, take it off.

No verb here may run inside a transaction: all of them talk to the server.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import PurePosixPath

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook, ShelfBook
from books.models import ShelfCopy
from books.shelf_servers import talking_to
from tame.lib.errors import ServiceDownError


class Listening(Enum):
    """Whether somebody is in the middle of a book."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    UNKNOWN = "unknown"


def tag_of(copy: ShelfCopy) -> str:
    """What identifies it on the shelf, whatever it is called and wherever it stands."""
    return f"tame:{copy.uuid}"


def path_of(copy: ShelfCopy) -> str:
    """Its folder as Audiobookshelf sees it."""
    return str(PurePosixPath(copy.library.shelf_prefix) / copy.folder)


def shown(server: Server, copy: ShelfCopy) -> list[ListedBook]:
    """The entries that stand where the copy stands, the oldest first: those with our tag, else
    whatever is listed there: it may have been placed before there was a server, or somebody took
    the tag away."""
    library = copy.library.shelf_library_id
    tagged = standing(copy, abs_.tagged(server, library, tag_of(copy)))
    return tagged or standing(copy, abs_.all_books(server, library))


def standing(copy: ShelfCopy, listed: Iterable[ListedBook]) -> list[ListedBook]:
    here = [one for one in listed if one.path == path_of(copy)]
    return sorted(here, key=lambda one: (one.added_at, one.id))


def entry_of(server: Server, copy: ShelfCopy) -> ShelfBook | None:
    """Its entry with all details, as long as it stands where the copy stands."""
    known = abs_.book(server, copy.shelf_id) if copy.shelf_id else None
    if known is None:
        known = next((abs_.book(server, one.id) for one in shown(server, copy)), None)
    return known if known and known.path == path_of(copy) else None


def take_off(copy: ShelfCopy) -> str:
    """Take the book off Audiobookshelf's list before its files are moved or removed; no file is
    touched. Else a new book that gets one of the old inode numbers would be taken for it, with its
    title and the listeners' progress.

    Twice is once; empty where no server shows it. Raises ServiceDownError: then the files have to
    stay where they are.
    """
    if copy.library.server is None:
        return ""
    with talking_to(copy.library.server) as server:
        numbers = [one.id for one in shown(server, copy)]
        known = abs_.book(server, copy.shelf_id) if copy.shelf_id else None
        if known and known.path == path_of(copy) and known.id not in numbers:
            numbers.append(known.id)  # somebody took our tag from it
        for number in numbers:
            abs_.remove(server, number)
        if any(abs_.book(server, number) for number in numbers):
            raise ServiceDownError(
                f"{copy.library.server} said that “{copy.book}” is off its list, and still has it."
            )
    if not numbers:
        return f"{copy.library.server} does not list it."
    return f"It is off the list of {copy.library.server}; its files are untouched."


def who_listens(copy: ShelfCopy) -> Listening:
    """Whether anybody has begun it and not finished. Asked with an admin's key, of every user, and
    of all its entries: the one that is known may be a former server's."""
    if copy.library.server is None:
        return Listening.NOBODY
    try:
        with talking_to(copy.library.server) as server:
            numbers = {one.id for one in shown(server, copy)} | ({copy.shelf_id} - {""})
            if not numbers:
                return Listening.NOBODY
            listening, _ = abs_.unfinished(server, *sorted(numbers))
    except ServiceDownError:
        return Listening.UNKNOWN
    return Listening.SOMEBODY if listening else Listening.NOBODY


def has_listener(copy: ShelfCopy) -> bool:
    """For whoever would exchange or remove it: what is not known counts as yes."""
    return who_listens(copy) is not Listening.NOBODY
