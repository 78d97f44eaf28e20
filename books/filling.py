"""Read and write one value of a book, whatever rows it is made of."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from books.crediting import as_called, credit, place_in_series
from books.models import Book, Credit
from books.values import Value
from tame.lib.words import same_title

PEOPLE = {"authors": Credit.Role.AUTHOR, "narrators": Credit.Role.NARRATOR}


def value_of(book: Book, name: str) -> Any:
    if name in PEOPLE:
        rows = book.credits.filter(role=PEOPLE[name]).order_by("order", "pk")
        return tuple(rows.values_list("author__name", flat=True))
    if name == "series":
        return tuple(book.places.order_by("pk").values_list("series__name", "position"))
    return getattr(book, name)


def joined(
    old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """The places that are there, their positions filled in, and those of further series. Another
    name with the same position is most likely the same series."""
    places = dict(old)
    for name, position in new:
        known = next((one for one in places if same_title(one, name)), None)
        if known is not None:
            places[known] = places[known] or position
        elif not old or position not in places.values():
            places[name] = position
    return tuple(places.items())


def as_written(name: str, old: Any, value: Any) -> Any:
    """What the book would have after `write`: people as those are called who are known."""
    if name in PEOPLE:
        return tuple(as_called(value))
    return joined(old, value) if name == "series" else value


def write(book: Book, name: str, value: Value) -> bool:
    """False where another book has the number."""
    if name in PEOPLE:
        credit(book, PEOPLE[name], value.value)
        return True
    if name == "series":
        for series, position in value.value:
            place_in_series(book, series, position)
        return True
    column = Book._meta.get_field(name)
    most = getattr(column, "max_length", None)
    said = value.value[:most] if isinstance(value.value, str) and most else value.value
    try:
        with transaction.atomic():
            Book.objects.filter(pk=book.pk).update(**{name: said})
    except IntegrityError:
        return False
    setattr(book, name, said)
    return True
