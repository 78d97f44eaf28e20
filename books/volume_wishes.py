"""Want a volume of a series or an author's work, or all that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from books import typed
from books.bells import SEARCH
from books.completing import recount
from books.known_volumes import missing
from books.models import Book, SeriesPlace, Volume
from books.origins import VOLUMES, note
from books.people import names_in
from books.states import Wish
from books.volume_books import (
    ask_for_author,
    authors_for,
    check_author,
    existing,
    name_author,
    of_nobody,
)
from books.volume_facts import Followed
from books.want import add, want_this
from books.wishes import SOMEBODY
from tame.lib import bell
from tame.lib.checked import Partly
from tame.lib.errors import ObstacleError
from tame.lib.moments import day


def want_volume(
    volume: Volume, *, actor: str = SOMEBODY, wish: Wish = Wish.WANTED, why: str = ""
) -> str:
    """The book of a volume, wanted or asked for; `why`: for its story. Raises ObstacleError,
    BadInputError."""
    names = authors_for(volume)
    known = volume.book or existing(volume, names)
    if known is None:
        check_author(volume, names)
    if known is not None and known.is_here:
        Volume.objects.filter(pk=volume.pk).update(book=known)
        raise ObstacleError(f"“{volume}” is {known.status} already.")
    with transaction.atomic():
        book = known or new_book(volume, names, wish, actor, why)
        if known is not None and wish == Wish.WANTED:
            want_this(book, actor=actor, why=why)
        join(book, volume)
        give_day(book, volume)
        bell.ring(SEARCH)
    said = "wanted" if wish == Wish.WANTED else "asked for"
    if not volume.is_out and volume.out_on:
        return f"“{volume}” is {said}; it is searched from {day(volume.out_on)} on, when it is out."
    return f"“{volume}” is {said}."


def join(book: Book, volume: Volume) -> None:
    """The volume has this book, and its place in the series."""
    Volume.objects.filter(pk=volume.pk).update(book=book)
    volume.book = book
    if volume.series:
        SeriesPlace.objects.get_or_create(
            book=book, series=volume.series, defaults={"position": volume.position}
        )


def give_day(book: Book, volume: Volume) -> None:
    """Of a book that has none: noted as the list's, which may be told another day later."""
    row = Book.objects.select_for_update().get(pk=book.pk)
    told = {"published_on": volume.out_on, "year": volume.year}
    given = {n: value for n, value in told.items() if value and getattr(row, n) is None}
    for name in given:
        note(row, name, VOLUMES)
    if given:
        Book.objects.filter(pk=row.pk).update(**given, sources=row.sources)


def new_book(volume: Volume, names: Sequence[str], wish: str, actor: str, why: str) -> Book:
    is_taken = Book.objects.filter(asin=volume.asin).exists()
    asin = "" if is_taken else typed.asin(volume.asin)
    book = Book(title=typed.title(volume.title), asin=asin, wish=wish)
    return add(book, typed.names(names), actor=actor, why=why)


def want_missing(
    row: Followed, *, actor: str = SOMEBODY, with_novellas: bool = True, author: str = ""
) -> str | Partly:
    """Only wishes are set: what is taken, and how fast, the brakes say. `author`: of those whose
    author nobody knows. Raises ObstacleError, BadInputError."""
    recount(row)
    if named := typed.names(names_in(author)):
        name_author(missing(row, with_novellas=with_novellas), "; ".join(named))
        recount(row)
    volumes = missing(row, with_novellas=with_novellas)
    if not volumes:
        raise ObstacleError(f"Nothing of “{row}” is missing, as far as it is known.")
    unknown = of_nobody(volumes)
    wanted = [volume for volume in volumes if volume not in unknown]
    if not wanted:
        raise ObstacleError(ask_for_author(unknown))
    for volume in wanted:
        want_volume(volume, actor=actor)
    said = told(row, wanted)
    return Partly(said, ask_for_author(unknown)) if unknown else said


def told(row: Followed, wanted: Sequence[Volume]) -> str:
    return f"{len(wanted)} of “{row}” {be(len(wanted))} wanted.{still_to_come(wanted)}"


def still_to_come(volumes: Sequence[Volume]) -> str:
    """With a blank before it; empty where all are out."""
    later = sum(not volume.is_out for volume in volumes)
    its = "its" if later == 1 else "their"
    return f" {later} of them {be(later)} not out yet: searched from {its} day on." if later else ""


def be(number: int) -> str:
    return "is" if number == 1 else "are"
