"""The list of an Audiobookshelf library: what a person curated there is believed more than tags.

One request for 500 books. Their files are looked up on the disk, in one walk through the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from books.audiobookshelf import all_books
from books.audiobookshelf_answers import ListedBook
from books.metadata.cleaning import position_of, read_asin, read_isbn, read_names, read_year
from books.models import Library
from books.moving_in.found import Found, text_of
from books.moving_in.scan import BookFolder, scan
from books.moving_in.sound_files import suffix
from books.moving_models import Status
from books.shelf_servers import talking_to
from tame.lib.errors import BadInputError, LocalError

PLACE = re.compile(r"(.+?) #([^,#]+)(?:, .*)?")


def read(
    library: Library,
    step: Callable[[], None] = lambda: None,
    alive: Callable[[], object] = lambda: None,
) -> list[Found]:
    """Raises ServiceDownError; a list that is not whole is one."""
    if library.server is None:
        raise BadInputError(
            f"{library} belongs to no Audiobookshelf server. Choose it there first."
        )
    with talking_to(library.server) as server:
        listed = all_books(server, library.shelf_library_id)
    if not listed:
        raise BadInputError(f"{library.server} lists no book in this library. Was it scanned?")
    seen = scan(Path(library.root), step=alive)
    if seen.unread:
        raise LocalError(f"TAME may not look into {seen.unread[0]}: nothing was read.")
    here = {book.folder: book for book in seen.books}
    found = []
    for book in listed:
        found.append(found_of(library, book, here))
        step()
    return found


def found_of(library: Library, book: ListedBook, here: Mapping[str, BookFolder]) -> Found:
    series, position = place_of(book.series)
    known = Found(
        key=f"audiobookshelf:{book.id}",
        title=text_of(book.title) or PurePosixPath(book.path).name,
        authors=read_names(book.authors),
        series=series,
        position=position,
        narrators=read_names(book.narrators),
        year=read_year(book.year),
        asin=read_asin(book.asin),
        isbn=read_isbn(book.isbn),
        status=Status.KNOWN if book.is_missing else Status.HAD,
        shelf_id=book.id,
    )
    if book.is_missing:
        return replace(known, notes=(f"{library.server} misses its files.",))
    standing = here.get(folder_of(library, book))
    if standing is None:
        said = f"{library.server} has it in {book.path}, where TAME sees no sound."
        return replace(known, notes=(said,))
    rate = round(8 * book.size / book.seconds) if book.seconds else None
    return replace(
        known,
        folder=str(Path(library.root) / standing.folder),
        files=standing.files,
        format=suffix(standing.sound[0].path or standing.folder),
        seconds=round(book.seconds) or None,
        bitrate=rate,
    )


def folder_of(library: Library, book: ListedBook) -> str:
    """Below the library's root; as the server has it below its own folder."""
    path, prefix = PurePosixPath(book.path), library.shelf_prefix
    if prefix and path.is_relative_to(prefix):
        return str(path.relative_to(prefix))
    return book.folder


def place_of(series: str) -> tuple[str, str]:
    """The first of `Barsetshire #2, Novels in parts #1`."""
    found = PLACE.fullmatch(text_of(series, 600))
    if found:
        return found[1][:300], position_of(found[2])
    return text_of(series, 300), ""
