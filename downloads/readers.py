"""Who reads what is being imported: as its files say, else as its release is named.

A narrator that a person prefers is a wish, and is named nowhere as long as neither says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from books.metadata.files import readers
from books.metadata.tags import MOST_FILES
from books.models import Book, Credit
from books.sound import Sound
from downloads.models import Import
from indexers.names.fitting import fit
from indexers.names.parsing import read_name
from indexers.values import wanted_of, with_names


def readers_of(row: Import, sounds: Sequence[Sound]) -> list[str]:
    """In the order in which they are named; without commas, which part them elsewhere."""
    people = list(Credit.objects.filter(book=row.book_id).values_list("role", "author__name"))
    authors = [name for role, name in people if role == Credit.Role.AUTHOR]
    are_wished = any(role == Credit.Role.NARRATOR for role, _ in people)
    names = readers([one.tags for one in sounds[:MOST_FILES]], authors)
    if not names and are_wished and row.download is not None:
        names = named_in(row.download.title, row.book_id)
    return [name.replace(",", "") for name in names]


def named_in(release: str, book: int) -> tuple[str, ...]:
    """Which of the book's own narrators it names: of others it has the letters only."""
    [row] = with_names(Book.objects.filter(pk=book))
    wanted = wanted_of(row)
    named = fit(read_name(release), wanted).narrators
    return tuple(name for name in wanted.narrators if name in named)
