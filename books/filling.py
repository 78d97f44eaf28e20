"""Read and write one value of a book, whatever rows it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from books.models import Author, Book, Credit, Series, SeriesPlace
from books.values import Value
from tame.lib.words import normalise, same_title

N = TypeVar("N", Author, Series)
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


def write(book: Book, name: str, value: Value) -> bool:
    """False where another book has the number."""
    if name in PEOPLE:
        set_people(book, PEOPLE[name], value.value)
        return True
    if name == "series":
        for series, position in value.value:
            set_place(book, series, position)
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


def called(model: type[N], name: str) -> N | None:
    """The row of that name, or with it among its other names."""
    same = normalise(name)[:300]
    if known := model._default_manager.filter(normalised=same).order_by("pk").first():
        return known
    others = model._default_manager.exclude(other_names=[]).order_by("pk")
    return next((row for row in others if same in map(normalise, row.other_names)), None)


def as_called(names: Sequence[str]) -> list[str]:
    """As those are called of whom a row knows the name."""
    return [known.name if (known := called(Author, name)) else name[:300] for name in names]


def set_people(book: Book, role: str, names: Sequence[str]) -> None:
    book.credits.filter(role=role).delete()
    for order, name in enumerate(names):
        author = called(Author, name) or Author.objects.create(name=name[:300])
        book.credits.get_or_create(author=author, role=role, defaults={"order": order})


def set_place(book: Book, name: str, position: str) -> None:
    series = called(Series, name) or Series.objects.create(name=name[:300])
    place, is_new = SeriesPlace.objects.get_or_create(
        book=book, series=series, defaults={"position": position[:20]}
    )
    if not is_new and not place.position and position:
        place.position = position[:20]
        place.save()
