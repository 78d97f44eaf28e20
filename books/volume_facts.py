"""What is stored of series and authors: their volumes, and the books that may be such."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from books.models import Author, Book, Credit, Series, SeriesPlace, Volume
from tame.lib.words import normalise

Followed = Series | Author


@dataclass
class Facts:
    """Of one series or author. `places`: the books that are in it, and where. `authors`: who writes
    it, the most frequent first, with all their names. `theirs`: the books in it or by them."""

    row: Followed
    volumes: list[Volume] = field(default_factory=list)
    places: list[tuple[Book, str]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    theirs: dict[int, Book] = field(default_factory=dict)


def facts_of(rows: Sequence[Followed]) -> list[Facts]:
    """In as many queries for one as for many; all are series, or all are authors."""
    facts = {row.pk: Facts(row) for row in rows}
    series = [row for row in rows if isinstance(row, Series)]
    if rows:
        read_volumes(facts, "series" if series else "author")
    if series:
        read_places(facts)
        read_authors(facts)
    for one in facts.values():
        if isinstance(one.row, Author):
            one.authors = [one.row.name, *map(str, one.row.other_names)]
    read_works(facts.values())
    return list(facts.values())


def read_volumes(facts: Mapping[int, Facts], owner: str) -> None:
    volumes = Volume.objects.filter(**{f"{owner}__in": list(facts)}).select_related("book")
    for volume in volumes.defer("book__description"):
        one = facts[getattr(volume, f"{owner}_id")]
        setattr(volume, owner, one.row)
        one.volumes.append(volume)


def read_places(facts: Mapping[int, Facts]) -> None:
    places = SeriesPlace.objects.filter(series__in=list(facts)).select_related("book")
    for place in places.defer("book__description"):
        facts[place.series_id].places.append((place.book, place.position))


def read_authors(facts: Mapping[int, Facts]) -> None:
    """Of series: by their books, and by what was said of their volumes."""
    books = {book.pk for one in facts.values() for book, _ in one.places}
    credited = Credit.objects.filter(book__in=books, role=Credit.Role.AUTHOR)
    named: dict[int, list[str]] = defaultdict(list)
    for book, name in credited.values_list("book", "author__name"):
        named[book].append(name)
    for one in facts.values():
        count = Counter(name for book, _ in one.places for name in named[book.pk])
        count.update(name for volume in one.volumes for name in volume.author_names)
        one.authors = [name for name, _ in count.most_common()]
    rows = Author.objects.filter(normalised__in=keys_of(facts.values())).exclude(other_names=[])
    others = {author.normalised: author.other_names for author in rows}
    for one in facts.values():
        one.authors += [str(o) for name in one.authors for o in others.get(normalise(name), ())]


def read_works(facts: Collection[Facts]) -> None:
    """All that their authors wrote; of an author it is what belongs to them."""
    credits_ = Credit.objects.filter(role=Credit.Role.AUTHOR, author__normalised__in=keys_of(facts))
    credits_ = credits_.select_related("book", "author").defer("book__description")
    written: dict[str, list[Book]] = defaultdict(list)
    for credit in credits_.order_by("book"):
        written[credit.author.normalised].append(credit.book)
    for one in facts:
        if isinstance(one.row, Author):
            one.places = [(book, "") for book in written[one.row.normalised]]
        books = [book for name in one.authors for book in written[normalise(name)]]
        books += [book for book, _ in one.places]
        one.theirs = {book.pk: book for book in sorted(books, key=lambda book: book.pk)}


def keys_of(facts: Iterable[Facts]) -> set[str]:
    return {normalise(name) for one in facts for name in one.authors}
