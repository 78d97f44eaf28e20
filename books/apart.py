"""Books stand apart: none in the folder of another. Audiobookshelf would take it for a part of that
one, and it would go to the trash with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from books.models import Book, Library, ShelfCopy
from books.naming import folder_of
from books.placing import book_above
from books.sound import is_sound
from books.states import COPY_HOLDS_THE_BOOK
from tame.lib.errors import ObstacleError


def folder_apart(
    library: Library, book: Book, narrators: Sequence[str] = (), writers: Sequence[str] = ()
) -> PurePosixPath:
    """Where it goes, named as `folder_of` does; without the folder of its series where that is a
    book itself, as the first volume often is that gave the series its name.

    Raises ObstacleError where Audiobookshelf would still see one book of both.
    """
    root = Path(library.root)
    folder = folder_of(book, library.template, narrators, writers=writers)
    if book_above(root, folder) or sound_above(root, folder):
        folder = folder_of(book, library.template, narrators, writers=writers, with_series=False)
    if library.server_id and (loose := sound_above(root, folder)):
        raise ObstacleError(
            f"Beside this book's folder lies “{loose.name}” in {loose.parent}: Audiobookshelf "
            "would take all of it for one book. Move such files into a folder of their own, then "
            "try again."
        )
    return folder


def sound_above(root: Path, folder: PurePosixPath) -> Path | None:
    """A file of sound in one of the folders that the book's folder is in, below the root."""
    for above in folder.parents[:-1]:
        try:
            inside = sorted((root / above).iterdir())
        except OSError:
            continue
        for path in inside:
            if is_sound(path.name) and path.is_file():
                return path
    return None


def check_holds_no_other(copy: ShelfCopy) -> None:
    """Before its folder is moved. Raises ObstacleError."""
    copies = ShelfCopy.objects.filter(library=copy.library_id, state__in=COPY_HOLDS_THE_BOOK)
    below = copies.filter(folder__startswith=f"{copy.folder}/").select_related("book").first()
    if below is not None:
        raise ObstacleError(
            f"In the folder of “{copy.book}” stands another book, “{below.book}”, in "
            f"{Path(copy.library.root) / below.folder}: it would go with it. Take that one off the "
            "shelf first."
        )
