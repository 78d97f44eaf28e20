"""Follow a series or an author: ask every week what is new; want it, or ask the person first."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from books.asking import AT_ONCE as NOW
from books.bells import FOLLOW, SEARCH
from books.completing import Completed, complete, recount
from books.known_volumes import missing, volumes_of
from books.models import Author, Book, Series, SeriesPlace, Volume
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
from books.want import add, read_asin, read_names, read_title, want_again, want_this
from books.wishes import SOMEBODY
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.checked import Partly
from tame.lib.errors import ObstacleError, TameError
from tame.lib.moments import day

EVERY = timedelta(days=7)
STALE = timedelta(days=5)  # what was answered longer ago is asked for anew
AFTER_TROUBLE = timedelta(days=1)
NEWS = timedelta(days=90)  # what came out so long before it was followed is no news
AT_ONCE = 3  # more news at a time is rather a source that numbers anew: then a person is asked


# --- Want -----------------------------------------------------------------------------------------


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
        if volume.book is not None and wish == Wish.WANTED:
            want_this(book, actor=actor, why=why)
        elif known is not None and wish == Wish.WANTED:
            want_again(book, actor=actor, why=why)
        Volume.objects.filter(pk=volume.pk).update(book=book)
        volume.book = book
        if volume.series:
            SeriesPlace.objects.get_or_create(
                book=book, series=volume.series, defaults={"position": volume.position}
            )
        give_day(book, volume)
        bell.ring(SEARCH)
    said = "wanted" if wish == Wish.WANTED else "asked for"
    if not volume.is_out and volume.out_on:
        return f"“{volume}” is {said}; it is searched from {day(volume.out_on)} on, when it is out."
    return f"“{volume}” is {said}."


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
    asin = "" if is_taken else read_asin(volume.asin)
    book = Book(title=read_title(volume.title), asin=asin, wish=wish)
    return add(book, read_names(names), actor=actor, why=why)


def want_missing(
    row: Followed, *, actor: str = SOMEBODY, with_novellas: bool = True, author: str = ""
) -> str | Partly:
    """Only wishes are set: what is taken, and how fast, the brakes say. `author`: of those whose
    author nobody knows. Raises ObstacleError, BadInputError."""
    recount(row)
    if named := read_names(names_in(author)):
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


# --- Follow ---------------------------------------------------------------------------------------


def follow(row: Followed, *, actor: str = "", wants_new: bool | None = None) -> str:
    """Asked about soon, then every week."""
    columns = {} if wants_new is None else {"wants_new": wants_new}
    rows = type(row)._default_manager.filter(pk=row.pk)
    rows.filter(followed=False).update(followed_at=timezone.now(), next_ask_at=timezone.now())
    rows.update(followed=True, **columns)
    bell.ring(FOLLOW)
    row.refresh_from_db()
    then = "wanted by itself" if row.wants_new else "put under “asked for”"
    return f"“{row}” is followed: what is new is {then}."


def unfollow(row: Followed, *, actor: str = "") -> str:
    type(row)._default_manager.filter(pk=row.pk).update(followed=False, next_ask_at=None)
    return f"“{row}” is followed no more. What is wanted of it stays wanted."


def due() -> list[Followed]:
    found: list[Followed] = []
    for model in (Series, Author):
        found += model.objects.filter(followed=True, next_ask_at__lte=timezone.now())
    return sorted(found, key=lambda row: row.next_ask_at or timezone.now())


def is_any_due() -> bool:
    return bool(due())


def follow_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Every series and author that is due, one at least."""
    done, wished, troubles = 0, 0, dict[str, None]()
    for row in due():
        if done and not keep_going():
            break
        news = ask_what_is_new(row)
        done, wished = done + 1, wished + len(news.wished)
        outcomes = news.completed.outcomes
        troubles |= dict.fromkeys(outcome.error for outcome in outcomes if outcome.error)
        troubles |= dict.fromkeys(news.troubles)
    return " ".join([f"{done} asked about, {wished} new.", *troubles])


@dataclass(frozen=True)
class News:
    """`wished`: what became of each new volume, as sentences."""

    completed: Completed
    wished: Sequence[str] = ()
    troubles: Sequence[str] = ()

    @property
    def sentence(self) -> str:
        known = f"{len(self.completed.new)} not known before."
        return " ".join([known, self.completed.sentence, *self.wished, *self.troubles])


def ask_now(row: Followed) -> News:
    """By a person, and not from what was answered before. Of what is followed the news are taken up
    as ever: else they would be known, and news no more, when its week is over."""
    if row.followed:
        return ask_what_is_new(row, fresh=NOW)
    return News(complete(row, fresh=NOW))


def ask_what_is_new(row: Followed, *, fresh: timedelta = STALE) -> News:
    """Spread over the week: no two rows stay in step."""
    before = what_is_known(row)
    wished, troubles = list[str](), list[str]()

    def take_up(new: Sequence[Volume]) -> None:
        news = news_of(row, new, before)
        by_itself = row.wants_new and len(news) <= AT_ONCE
        wish = Wish.WANTED if by_itself else Wish.ASKED
        why = f"It is new of “{row}”, which is followed."
        for volume in news:
            try:
                wished.append(want_volume(volume, actor="TAME", wish=wish, why=why))
            except TameError as error:
                troubles.append(f"“{volume}”: {error}")

    completed = complete(row, fresh=fresh, then=take_up)
    has_trouble = any(outcome.error for outcome in completed.outcomes)
    wait = (AFTER_TROUBLE if has_trouble else EVERY) * random.uniform(0.9, 1.1)  # noqa: S311
    type(row)._default_manager.filter(pk=row.pk, followed=True).update(
        next_ask_at=timezone.now() + hurried(wait)
    )
    return News(completed, wished, troubles)


# --- News -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Before:
    """What was known of a row: its highest number, and the volumes without a day or year."""

    highest: float
    undated: frozenset[int]


def what_is_known(row: Followed) -> Before:
    volumes = volumes_of(row)
    numbers = [v.last for v in volumes if v.last is not None and not v.left_out]
    undated = {v.pk for v in volumes if v.pk and v.published_on is None and v.year is None}
    return Before(max(numbers, default=0), frozenset(undated))


def news_of(row: Followed, new: Sequence[Volume], before: Before) -> list[Volume]:
    """When it begins to be followed what is still to come; what is out already a person wants from
    the page. Later what came out since, and what got a day to come."""
    to_come = [volume for volume in missing(row) if not volume.is_out]
    if not (row.asked_at and row.followed_at and row.asked_at > row.followed_at):
        return to_come
    news = {volume.pk: volume for volume in new if is_news(volume, row, before.highest)}
    return list((news | {v.pk: v for v in to_come if v.pk in before.undated}).values())


def is_news(volume: Volume, row: Followed, before: float) -> bool:
    """It came out, or will, since the row is followed; of unknown date: it goes on from the last
    one. A book that is here already is none."""
    if volume.book_id or volume.place.is_range or row.followed_at is None:
        return False
    if volume.out_on:
        return volume.out_on >= (row.followed_at - NEWS).date()
    if volume.year:
        return volume.year >= row.followed_at.year
    return volume.first is not None and before > 0 and volume.first > before
