"""Where a better copy took the place of another, the server has an entry already: it is read anew,
and gets the tag of the new copy in the place of the old one's."""

from __future__ import annotations

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook, ShelfBook
from books.models import ShelfCopy
from books.scanning import entries_of
from books.shelf import path_of, tag_of
from downloads.entries import copy_of
from downloads.models import Import


def entries_there(server: Server, row: Import) -> list[ListedBook]:
    """As `entries_of`, the files as they are now; nothing where the entry is gone."""
    copy = copy_of(row)
    found = abs_.book(server, copy.shelf_id) if copy.shelf_id else None
    if found is None or found.path != path_of(copy):
        return []
    abs_.scan_book(server, found.id)
    hand_on(server, row, copy, abs_.book(server, found.id) or found)
    library = copy.library.shelf_library_id
    listed = abs_.tagged(server, library, tag_of(copy)) or abs_.all_books(server, library)
    return entries_of(copy, listed)


def hand_on(server: Server, row: Import, copy: ShelfCopy, found: ShelfBook) -> None:
    """A person who took the tag away wants none."""
    old = tag_of(row.replaces) if row.replaces else ""
    if old in found.tags:
        tags = [tag_of(copy) if tag == old else tag for tag in found.tags]
        abs_.correct(server, found.id, {"tags": tags})
