"""Who wrote a volume, and which of the books that are here it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from books.models import Author, Book, Credit, Series, Volume
from books.want import find
from tame.lib.errors import ObstacleError
from tame.lib.names import same_person
from tame.lib.words import normalise, same_title

NAMED = 5  # titles in a sentence


def authors_for(volume: Volume) -> list[str]:
    """Its own, else who wrote the whole series; empty where nobody knows."""
    if volume.author_names:
        return volume.author_names
    if volume.author:
        return [volume.author.name]
    return writers_of(volume.series) if volume.series else []


def writers_of(series: Series) -> list[str]:
    """Who is named by all of its books and volumes that name anybody; empty where they differ."""
    credits_ = Credit.objects.filter(book__places__series=series, role=Credit.Role.AUTHOR)
    books: dict[int, list[str]] = {}
    for book, name in credits_.order_by("book", "order").values_list("book", "author__name"):
        books.setdefault(book, []).append(name)
    volumes = series.volumes.exclude(authors="").filter(left_out=False)
    named = [*books.values(), *(volume.author_names for volume in volumes)]
    return [name for name in named[0] if all(is_among(name, n) for n in named)] if named else []


def is_among(name: str, names: Iterable[str]) -> bool:
    return any(same_person(name, other) for other in names)


def existing(volume: Volume, names: Sequence[str]) -> Book | None:
    """The book that it is: by its title, which may be spelt otherwise, of the same author or of
    the same series."""
    known = find(volume.title, names)
    return known or next(iter(alike(volume, names)), None)


def alike(volume: Volume, names: Sequence[str]) -> list[Book]:
    if volume.place.is_range:
        return []
    surnames = [normalise(name).split()[-1] for name in names if normalise(name)]
    near = Q(pk=None)
    for surname in surnames:
        near |= Q(normalised__contains=surname)
    people = [one.pk for one in Author.objects.filter(near) if is_among(one.name, names)]
    theirs = Q(credits__role=Credit.Role.AUTHOR, credits__author__in=people)
    if volume.series_id:
        theirs |= Q(places__series=volume.series_id)
    numbers = Book.objects.filter(theirs).order_by().values("pk")
    titles = [volume.title, *volume.other_titles]
    books = Book.objects.filter(pk__in=numbers).order_by("-on_shelf", "-coming", "pk")
    return [book for book in books if any(same_title(book.title, title) for title in titles)]


def of_nobody(volumes: Iterable[Volume]) -> list[Volume]:
    """Those whose author nobody knows, and that are no book here: they cannot be wanted."""
    return [one for one in volumes if not (authors_for(one) or one.book or existing(one, []))]


def ask_for_author(volumes: Sequence[Volume]) -> str:
    titles = ", ".join(f"“{volume}”" for volume in volumes[:NAMED])
    more = f" and {len(volumes) - NAMED} more" if len(volumes) > NAMED else ""
    return (
        f"Nobody knows who wrote {titles}{more}: not wanted. Name the author when you want what is "
        "missing, or with each volume under “Correct the list”."
    )


def check_author(volume: Volume, names: Sequence[str]) -> None:
    """Raises ObstacleError: without one a search finds other people's books of that title."""
    if not names:
        raise ObstacleError(ask_for_author([volume]))


def name_author(volumes: Iterable[Volume], author: str) -> None:
    """A person's word on those whose author nobody knew."""
    numbers = [volume.pk for volume in of_nobody(volumes)]
    Volume.objects.filter(pk__in=numbers).update(authors=" ".join(author.split())[:500])
