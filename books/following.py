"""Follow a series or an author: ask every week what is new; want it, or ask the person first."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.completing import Completed, complete, recount
from books.models import Author, Book, Series, SeriesPlace, Volume
from books.states import Wish
from books.volume_sources import Followed, authors_of
from books.want import SEARCH, find, want, want_this
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import ObstacleError
from tame.lib.moments import day

FOLLOW = "books.tasks.follow"
EVERY = timedelta(days=7)
STALE = timedelta(days=5)  # what was answered longer ago is asked for anew
AFTER_TROUBLE = timedelta(days=1)
NEWS = timedelta(days=90)  # what came out so long before it was followed is no news
AT_ONCE = 3  # more news at a time is rather a source that numbers anew: then a person is asked


# --- Want -----------------------------------------------------------------------------------------


def want_volume(volume: Volume, *, actor: str = "", wish: str = Wish.WANTED) -> str:
    """The book of a volume, wanted or asked for. Raises ObstacleError, BadInputError."""
    if volume.book is not None and is_here(volume.book):
        raise ObstacleError(f"“{volume}” is {volume.book.status} already.")
    with transaction.atomic():
        book = volume.book or book_of(volume, wish)
        if volume.book is not None and wish == Wish.WANTED:
            want_this(book, actor=actor)
        Volume.objects.filter(pk=volume.pk).update(book=book)
        volume.book = book
        if volume.series:
            SeriesPlace.objects.get_or_create(
                book=book, series=volume.series, defaults={"position": volume.position}
            )
        Book.objects.filter(pk=book.pk, published_on=None).update(published_on=volume.out_on)
        Book.objects.filter(pk=book.pk, year=None).update(year=volume.year)
        bell.ring(SEARCH)
    said = "wanted" if wish == Wish.WANTED else "asked for"
    if not volume.is_out and volume.out_on:
        return f"“{volume}” is {said}; it is searched from {day(volume.out_on)} on, when it is out."
    return f"“{volume}” is {said}."


def is_here(book: Book) -> bool:
    return book.coming or (book.on_shelf and not book.missing)


def book_of(volume: Volume, wish: str) -> Book:
    """A new one, or the one that is here: of that only a wish that was parked is renewed."""
    owner = volume.series or volume.author
    names = volume.author_names or (authors_of(owner)[:1] if owner else [])
    known = find(volume.title, names)
    if known is not None and wish != Wish.WANTED:
        return known
    is_taken = Book.objects.filter(asin=volume.asin).exists()
    book, _ = want(volume.title, names, asin="" if is_taken else volume.asin)
    if wish != Wish.WANTED:
        Book.objects.filter(pk=book.pk).update(wish=wish)
    return book


def missing(row: Followed, *, with_novellas: bool = True) -> list[Volume]:
    """Neither here nor wished for; collections and what was left out are none."""
    volumes = row.volumes if isinstance(row, Series) else row.works
    rows = volumes.filter(book=None, left_out=False).select_related("series", "author")
    covered = covered_by(row)
    return [
        volume
        for volume in rows
        if not volume.place.is_range
        and volume.pk not in covered
        and (with_novellas or not volume.place.is_between)
    ]


def covered_by(row: Followed) -> dict[int, Volume]:
    """Volumes that a collection holds which is here or coming: its number by theirs."""
    if isinstance(row, Author):
        return {}
    volumes = list(row.volumes.select_related("book"))
    held = [v for v in volumes if v.place.is_range and v.book and is_here(v.book)]
    return {
        volume.pk: whole
        for whole in held
        for volume in volumes
        if volume.first is not None and not volume.place.is_range
        if (whole.first or 0) <= volume.first <= (whole.last or 0)
    }


def want_missing(row: Followed, *, actor: str = "", with_novellas: bool = True) -> str:
    """Only wishes are set: what is taken, and how fast, the brakes say."""
    volumes = missing(row, with_novellas=with_novellas)
    if not volumes:
        raise ObstacleError(f"Nothing of “{row}” is missing, as far as it is known.")
    for volume in volumes:
        want_volume(volume, actor=actor)
    later = sum(not volume.is_out for volume in volumes)
    said = f"{len(volumes)} of “{row}” are wanted."
    return said + (
        f" {later} of them are not out yet, and are searched when they are." * (later > 0)
    )


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
    done, news, troubles = 0, 0, dict[str, None]()
    for row in due():
        if done and not keep_going():
            break
        completed, found = ask_what_is_new(row)
        done, news = done + 1, news + found
        troubles |= dict.fromkeys(outcome.error for outcome in completed.outcomes if outcome.error)
    return " ".join([f"{done} asked about, {news} new.", *troubles])


def ask_what_is_new(row: Followed) -> tuple[Completed, int]:
    """Spread over the week: no two rows stay in step."""
    before = highest(row)
    is_first = not (row.asked_at and row.followed_at and row.asked_at > row.followed_at)
    completed = complete(row, fresh=STALE)
    if is_first:  # what is out already a person wants from the page
        news = [one for one in missing(row) if not one.is_out]
    else:
        news = [one for one in completed.new if is_news(one, row, before)]
    for volume in news:
        by_itself = row.wants_new and len(news) <= AT_ONCE
        want_volume(volume, actor="TAME", wish=Wish.WANTED if by_itself else Wish.ASKED)
    has_trouble = any(outcome.error for outcome in completed.outcomes)
    wait = (AFTER_TROUBLE if has_trouble else EVERY) * random.uniform(0.9, 1.1)  # noqa: S311
    type(row)._default_manager.filter(pk=row.pk, followed=True).update(
        next_ask_at=timezone.now() + hurried(wait.total_seconds())
    )
    return completed, len(news)


def highest(row: Followed) -> float:
    if isinstance(row, Author):
        return 0
    numbers = row.volumes.filter(left_out=False).values_list("last", flat=True)
    return max((number for number in numbers if number is not None), default=0)


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


def add_volumes(row: Series, lines: Sequence[tuple[str, str, int | None]]) -> str:
    """By a person: position, title, year. What was known of the same volumes joins them."""
    added = 0
    for position, title, year in lines:
        volume = Volume(series=row, position=position, title=title, year=year, by_person=True)
        try:
            with transaction.atomic():
                volume.save()
        except IntegrityError:  # it is there already
            continue
        added += 1
    recount(row)
    return f"{added} volumes of “{row}” were added."
