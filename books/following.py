"""Follow a series or an author: ask every week what is new; want it, or ask the person first."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from books.asking import AT_ONCE as NOW
from books.bells import FOLLOW
from books.completing import Completed, complete
from books.known_volumes import missing, volumes_of
from books.models import Author, Series, Volume
from books.states import Wish
from books.volume_facts import Followed
from books.volume_wishes import want_volume
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import TameError

EVERY = timedelta(days=7)
STALE = timedelta(days=5)  # what was answered longer ago is asked for anew
AFTER_TROUBLE = timedelta(days=1)
NEWS = timedelta(days=90)  # what came out so long before it was followed is no news
AT_ONCE = 3  # more news at a time is rather a source that numbers anew: then a person is asked


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
