"""What an edited profile would have said of the releases that are stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from indexers.decide import SECRETS
from indexers.decisions import Judgement, judge
from indexers.models import Verdict
from indexers.values import as_taste, offer_of, wanted_of, with_names
from indexers.wanted import Wanted

A_TIME = 500  # verdicts that are read at once


@dataclass(frozen=True)
class Changed:
    """A release that would be judged otherwise. `why`: what speaks against it then, or now."""

    book: Book
    release: str
    now: str
    then: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class WhatIf:
    now: dict[str, int]
    then: dict[str, int]
    changed: list[Changed]


def what_if(profile: Profile, edited: Profile, *, days: int) -> WhatIf:
    """Both as things are now, over what was seen in the last days, for the profile's own books,
    those among them that have come since. Writes nothing."""
    now, then, changed = Counter[str](), Counter[str](), []
    for verdict, before, after in judged(profile, edited, days):
        now[before.outcome] += 1
        then[after.outcome] += 1
        if before.outcome != after.outcome:
            against = after.objections or before.objections
            why = tuple(said.sentence for said in against)
            release = verdict.release.title
            changed.append(Changed(verdict.book, release, before.outcome, after.outcome, why))
    return WhatIf(dict(now), dict(then), changed)


def judged(
    profile: Profile, edited: Profile, days: int
) -> Iterator[tuple[Verdict, Judgement, Judgement]]:
    moment, known = timezone.now(), dict[int, Wanted]()
    upgrades = profile.upgrade or edited.upgrade
    books = {book.pk: book for book in books_of(profile)}
    for verdict in seen_since(books, days).iterator(chunk_size=A_TIME):
        book = verdict.book = books[verdict.book_id]
        if book.pk not in known:
            known[book.pk] = as_wanted(book, upgrades=upgrades)
        wanted, offer = known[book.pk], offer_of(verdict.release)
        before, after = (
            judge(offer, wanted, as_taste(p, narrator_required=book.narrator_required), now=moment)
            for p in (profile, edited)
        )
        yield verdict, before, after


def as_wanted(book: Book, *, upgrades: bool) -> Wanted:
    """What is on the shelf was wanted once: its copy counts only where it is about upgrades."""
    wanted = wanted_of(book)
    return wanted if upgrades else replace(wanted, copy_format="")


def books_of(profile: Profile) -> list[Book]:
    """Those that it holds for: by choice, or because it is the default one."""
    usual = Profile.usual()
    books = with_names(Book.objects.filter(verdicts__isnull=False).distinct())
    return [book for book in books if (book.chosen_profile() or usual).pk == profile.pk]


def seen_since(books: Iterable[int], days: int) -> QuerySet[Verdict]:
    since = timezone.now() - timedelta(days=days)
    rows = Verdict.objects.filter(book__in=list(books), release__last_seen_at__gte=since)
    return rows.select_related("release__indexer").defer(*SECRETS).order_by("book", "pk")
