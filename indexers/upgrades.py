"""Which books on the shelf are searched for something better: rarely, and where the profile says
so."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from books.models import Book, ShelfCopy
from books.profiles import Profile
from books.states import COPY_ON_SHELF, Origin, Wish
from indexers.decisions.edition import is_good_enough
from indexers.values import taste_of, with_names
from tame.lib.backoff import hurried
from tame.lib.numbers import counted

AT_A_TIME = 200  # books
DAYS = 7  # over which the first searches are spread
DAY = 24 * 3600


def note_upgrades() -> str:
    """Recomputed from profiles and copies; only what has changed is written."""
    may = could_be_better()
    was = set(Book.objects.filter(may_upgrade=True).values_list("pk", flat=True))
    Book.objects.filter(pk__in=was - may).update(may_upgrade=False)
    spread(may - was)
    return f"Something better is wanted for {counted(len(may), 'book')} on the shelf."


def could_be_better() -> set[int]:
    """Of the copies that TAME placed itself: others stay as they are."""
    copies = ShelfCopy.objects.filter(state__in=COPY_ON_SHELF, origin=Origin.IMPORT)
    formats = dict(copies.values_list("book", "format"))
    pks, usual, found = sorted(formats), Profile.usual(), set[int]()
    for start in range(0, len(pks), AT_A_TIME):
        some = Book.objects.filter(pk__in=pks[start : start + AT_A_TIME], wish=Wish.WANTED)
        for book in with_names(some):
            taste = taste_of(book, usual)
            enough = is_good_enough(formats[book.pk], taste.formats, taste.cutoff)
            if taste.upgrade and not enough:
                found.add(book.pk)
    return found


def spread(pks: set[int]) -> None:
    """Not all on the first day: wanted books go first, and an indexer has its limits."""
    for day in range(DAYS):
        some = [pk for pk in pks if pk % DAYS == day]
        first = timezone.now() + hurried(timedelta(days=day).total_seconds() or DAY / 24)
        Book.objects.filter(pk__in=some).update(may_upgrade=True, next_search_at=first)
