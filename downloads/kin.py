"""Which books a torrent may hold: those it is taken for, and of further ones by their authors and
in their series those that a name in it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Prefetch, Q

from books.models import Book, Credit, SeriesPlace
from downloads.splitting import Named, Place, may_be_in, words_in

MOST_KIN = 300  # places of them, the newest books first


class Kin:
    """An author may have written hundreds: of each only its title and its places are read, until a
    name names it."""

    def __init__(self, book: Book, told: Sequence[Book]) -> None:
        """`told`: books that are looked for anyway."""
        near = Q(people__credits__book=book.pk) | Q(places__series__places__book=book.pk)
        rows = Book.objects.filter(pk__in=Book.objects.filter(near).order_by().values("pk"))
        rows = rows.exclude(pk__in=[one.pk for one in told])
        columns = ("pk", "title", "places__series__name", "places__sort_number")
        self.unnamed: dict[int, tuple[str, list[Place]]] = {}
        for pk, title, series, number in rows.values_list(*columns)[:MOST_KIN]:
            self.unnamed.setdefault(pk, (title, []))[1].append((series or "", number))

    def named_by(self, labels: Collection[str]) -> list[int]:
        """Those that none named before."""
        words = [words_in(label) for label in labels]
        found = [pk for pk, one in self.unnamed.items() if may_be_in(words, *one)]
        for pk in found:
            del self.unnamed[pk]
        return found


def with_people(pks: Iterable[int]) -> dict[int, Book]:
    rows = Book.objects.filter(pk__in=pks).prefetch_related(
        Prefetch("credits", Credit.objects.select_related("author")),
        Prefetch("places", SeriesPlace.objects.select_related("series")),
    )
    return {book.pk: book for book in rows}


def as_named(book: Book) -> Named:
    """No query for one with its people."""
    writers, readers = map(book.credited, (Credit.Role.AUTHOR, Credit.Role.NARRATOR))
    others = [str(name) for credit in writers for name in credit.author.other_names]
    places = list(book.places.all())
    return Named(
        pk=book.pk,
        title=book.title,
        subtitle=book.subtitle,
        people=(*(credit.author.name for credit in [*writers, *readers]), *others),
        series=tuple(place.series.name for place in places),
        number=places[0].sort_number if places else None,
    )
