"""Where files stand in our libraries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from books.models import Library
from books.moving_in.folders import found_of
from books.moving_in.found import Found
from books.moving_in.scan import scan


def library_of(path: Path, libraries: Iterable[Library]) -> tuple[Library, str] | None:
    """The library whose root holds it, the deepest first, and its place below the root."""
    for library in sorted(libraries, key=lambda one: -len(one.root)):
        if path.is_relative_to(library.root):
            below = path.relative_to(library.root)
            return library, "" if str(below) == "." else below.as_posix()
    return None


def seen_here(found: Found, libraries: Sequence[Library]) -> Found:
    """Where a source only names a folder: with its files, when they are seen in a library and are
    one book. Else as it was, and a note says why."""
    if not found.elsewhere or found.folder:
        return found
    home = library_of(Path(found.elsewhere), libraries)
    if home is None or not home[1]:
        return noted(
            found, f"Its files are in {found.elsewhere}, which is in none of your libraries."
        )
    library, below = home
    seen = scan(Path(library.root), below)
    if seen.unread:
        return noted(found, f"TAME may not look into {seen.unread[0]}.")
    books = seen.books
    if len(books) != 1:
        said = "TAME sees no sound" if not books else f"TAME sees {len(books)} books"
        return noted(found, f"Its files are in {found.elsewhere}, where {said}.")
    here = found_of(Path(library.root), books[0])
    return replace(
        found, folder=here.folder, files=here.files, format=here.format, seconds=here.seconds,
        bitrate=here.bitrate, narrators=found.narrators or here.narrators, notes=found.notes,
    )  # fmt: skip


def noted(found: Found, note: str) -> Found:
    return replace(found, notes=(*found.notes, note))
