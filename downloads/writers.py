"""Who wrote what is being imported, where nobody has said so and its own files do."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from books.bells import DESCRIBE
from books.filling import value_of, write
from books.metadata.tags import KIND as TAGS
from books.metadata.tags import Writers, writers
from books.models import Book
from books.origins import is_locked, note
from books.sound import Sound
from books.values import Value
from downloads.models import Import
from tame.lib import bell
from tame.lib.errors import BadInputError, LostRaceError
from tame.lib.words import same_title


def name_writers(row: Import, sounds: Sequence[Sound]) -> None:
    """A book of nobody is by whom all its files name. Raises as `writers_told`."""
    if names := writers_told(row, sounds):
        keep_writers(row.book, names)


def writers_told(row: Import, sounds: Sequence[Sound]) -> tuple[str, ...]:
    """Nobody where the author is known or no file names one. Raises BadInputError where they name
    somebody and leave it open: a folder of an unknown author would be wrong."""
    if value_of(row.book, "authors") or is_locked(row.book, "authors"):
        return ()
    told = writers([one.tags for one in sounds])
    if told.names and not (told.is_sure and same_title(told.title, row.book.title)):
        raise BadInputError(asking(row.book, told))
    return told.names


def asking(book: Book, told: Writers) -> str:
    names, title = ", ".join(told.names), f"“{told.title}”" if told.title else "no title"
    return (
        f"Nobody has said who wrote “{book}”. Its files say {title} and {names}. Correct the "
        "author on the book's page, then try again."
    )


def keep_writers(book: Book, names: Sequence[str]) -> None:
    """Noted as its files'. What a person wrote meanwhile stays."""
    with transaction.atomic():
        row = Book.objects.select_for_update().filter(pk=book.pk).first()
        if row is None:
            raise LostRaceError("The book was deleted meanwhile.")
        if is_locked(row, "authors") or value_of(row, "authors"):
            return
        write(row, "authors", Value(tuple(names), TAGS))
        note(row, "authors", TAGS)
        Book.objects.filter(pk=row.pk).update(sources=row.sources, next_describe_at=timezone.now())
    bell.ring(DESCRIBE)
