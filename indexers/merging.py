"""Two rows of one book become one: its searches, verdicts, blocks and labels."""

from __future__ import annotations

from collections.abc import Sequence

from books.merging import Kind, Moved
from books.models import Book
from indexers.labels import of_book, wanted_as_line
from indexers.models import Block, Label, Search, Verdict

KINDS = (
    Kind("searches", Search),
    Kind("verdicts", Verdict, lambda row: row.release_id),
    Kind("blocks", Block, lambda row: (row.info_hash, row.indexer_id, row.identity)),
)


def obstacles(keep: Book, gone: Book) -> list[str]:
    """A running search writes what it finds to the book that it was begun for."""
    if Search.objects.filter(book__in=(keep, gone), finished_at=None).exists():
        return ["One of them is being searched right now: merge them when that has ended."]
    return []


def labels(keep: Book, gone: Book) -> Moved:
    """They know a book by its title and authors only. Of one that is called the same they say
    something of both already."""
    if keep.title == gone.title:
        return Moved("labels", [])
    return Moved("labels", of_book(gone, Label.objects.filter(wanted__title=gone.title)))


def write_labels(keep: Book, moved: Moved) -> None:
    line = wanted_as_line(keep)
    for row in moved.rows:
        Label.objects.filter(pk=row.pk).update(wanted=line)


def settle(moves: Sequence[Moved]) -> None:
    """What came over is judged anew, for the book that it is of now."""
    for one in moves:
        if one.what == "verdicts":
            keys = [row.pk for row in one.rows]
            Verdict.objects.filter(pk__in=keys).update(digest="")
