"""Credit people on a book, and place it in series, by name: the one way from a name to its row.

Who is known by another name is that person; who is not known gets a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from books.models import Author, Book, Credit, Series, SeriesPlace
from books.people import LONGEST_NAME, key_of

N = TypeVar("N", Author, Series)


def credit(book: Book, role: str, names: Iterable[str]) -> None:
    """Exactly these in that role, in their order, each person once; within a transaction. In as
    many queries for one as for many."""
    people = dict.fromkeys(rows_of(Author, names).values())
    book.credits.filter(role=role).delete()
    Credit.objects.bulk_create(
        Credit(book=book, author=author, role=role, order=order)
        for order, author in enumerate(people)
    )


def place_in_series(book: Book, series: str, position: str) -> None:
    """A position that is known stays."""
    for row in rows_of(Series, [series]).values():
        found, is_new = SeriesPlace.objects.get_or_create(
            book=book, series=row, defaults={"position": position[:20]}
        )
        if not is_new and not found.position and position:
            found.position = position[:20]
            found.save()


def as_called(names: Iterable[str]) -> list[str]:
    """The names under which `credit` would credit them."""
    given = keyed(names)
    known = called(Author, given.values())
    return list(dict.fromkeys(known[k].name if k in known else given[k] for k in given))


def rows_of(model: type[N], names: Iterable[str]) -> dict[str, N]:
    """By key, in their order."""
    given = keyed(names)
    known = called(model, given.values())
    if new := [model(name=given[key]).keyed() for key in given if key not in known]:
        # Another worker may credit the same person at the same moment.
        model._default_manager.bulk_create(new, ignore_conflicts=True)
        known |= called(model, [row.name for row in new])
    return {key: known[key] for key in given}


def called(model: type[N], names: Iterable[str]) -> dict[str, N]:
    """Whose name each is, else who has it among the other names; by key."""
    keys = keyed(names).keys()
    rows = model._default_manager.order_by("-pk")  # of several the oldest
    known = {row.normalised: row for row in rows.filter(normalised__in=keys)}
    if known.keys() == keys:
        return known
    others = {key_of(o): row for row in rows.exclude(other_names=[]) for o in row.other_names}
    return {key: row for key, row in (others | known).items() if key in keys}


def keyed(names: Iterable[str]) -> dict[str, str]:
    """By key, as written first and as long as a row holds; without what is no name."""
    given: dict[str, str] = {}
    for name in names:
        given.setdefault(key_of(name), name[:LONGEST_NAME])
    given.pop("", None)
    return given
