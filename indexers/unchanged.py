"""Whether anything has to be judged: one query, whatever was found for however many books."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONArray
from django.utils import timezone

from books.models import Book, Credit, SeriesPlace, ShelfCopy
from books.profiles import Profile
from books.states import COPY_ON_SHELF, Wish
from indexers.decisions import Taste
from indexers.models import Indexer, Judged, Verdict
from indexers.values import digest_of
from indexers.wanted import Wanted

Lines = QuerySet[Any, tuple[str, str]]
OF_BOOK = (
    "pk", "title", "subtitle", "language", "expected_seconds", "published_on", "on_shelf", "coming",
    "narrator_required", "profile",
)  # fmt: skip
OF_CREDIT = ("book", "role", "order", "author__name", "author__other_names", "author__profile")
OF_PLACE = ("book", "sort_number", "series", "series__name", "series__profile")
WAITING, MARK = "waiting", "mark"


@dataclass(frozen=True)
class Look:
    """`mark`: of all that verdicts rest on beside their releases; `judged`: the same when nothing
    was left to judge; `waiting`: the books with a verdict that was not judged."""

    mark: str
    judged: str
    waiting: frozenset[int]

    @property
    def is_same(self) -> bool:
        return self.mark == self.judged

    def note_judged(self) -> None:
        """Of what was seen: what has changed since then is found by the next look."""
        if not self.is_same and not Judged.objects.update(mark=self.mark):
            Judged.objects.bulk_create([Judged(pk=1, mark=self.mark)], ignore_conflicts=True)


def look() -> Look:
    first, *others = (*ground(), *asked_beside())
    waiting, judged, rest = set(), "", [digest_of(Wanted(""), Taste(), "")]
    for kind, line in first.union(*others, all=True):
        if kind == WAITING:
            waiting.add(json.loads(line)[0])
        elif kind == MARK:
            judged = json.loads(line)[0]
        else:
            rest.append(f"{kind} {line}")
    return Look(mark_of(rest), judged, frozenset(waiting))


def mark_of(lines: Iterable[str]) -> str:
    """With the day: a book comes out without a row that changes."""
    today = timezone.now().date().isoformat()
    return sha256("\n".join([today, *sorted(lines)]).encode()).hexdigest()


def ground() -> tuple[Lines, ...]:
    """All that `values` reads of the books that are judged for, and of those beside them in a
    series."""
    books = Book.objects.filter(is_judged_for())
    here = Q(book__in=books.values("pk"))
    taste = [field.attname for field in Profile._meta.concrete_fields if field.editable]
    return (
        lines("book", books, *OF_BOOK),
        lines("credit", Credit.objects.filter(here), *OF_CREDIT),
        lines("place", SeriesPlace.objects.filter(here), *OF_PLACE),
        lines("copy", ShelfCopy.objects.filter(here, state__in=COPY_ON_SHELF), "book", "format"),
        lines("profile", Profile.objects.all(), *taste),
        lines("indexer", Indexer.objects.all(), "pk", "language"),
    )


def asked_beside() -> tuple[Lines, ...]:
    unjudged = Verdict.objects.filter(is_judged_for("book__"), digest="")
    return lines(WAITING, unjudged.distinct(), "book"), lines(MARK, Judged.objects.all(), "mark")


def lines(kind: str, rows: QuerySet[Any], *columns: str) -> Lines:
    return rows.order_by().values_list(Value(kind), Cast(JSONArray(*columns), TextField()))


def is_judged_for(prefix: str = "") -> Q:
    """Of a book: somebody waits for it, or for something better."""
    better = Q(**{f"{prefix}on_shelf": False}) | Q(**{f"{prefix}may_upgrade": True})
    return better & Q(**{f"{prefix}wish": Wish.WANTED})
