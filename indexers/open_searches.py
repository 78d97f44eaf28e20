"""Open a book's search, go on with one that was put off, and close what a dead worker left open."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from books.models import Book
from indexers.models import Query, Search
from tame.lib.lease import free, lease_end

CUT_OFF = "TAME was stopped before the answer came."
WAS_ASKED = (Query.Outcome.ANSWERED, Query.Outcome.FAILED)
PATIENCE = timedelta(hours=1)


def open_search(book: Book, token: str, asked_by: str) -> tuple[Search, bool]:
    """The book's open search, and whether it is ours. One that was put off goes on where it was;
    else what a dead worker left open is closed."""
    with transaction.atomic():
        mine = Book.objects.filter(free(), pk=book.pk).update(
            leased_until=lease_end(), leased_by=token
        )
        left = Search.objects.filter(book=book, finished_at=None)
        if not mine and (joined := left.select_related("book").first()):
            return joined, False
        if mine and (put_off := left.filter(goes_on()).select_related("book").first()):
            return put_off, True
        close(left)
        search = Search.objects.create(book=book, asked_by=asked_by)
        return search, True


def close_left_open() -> None:
    """Whose book nobody holds, that search nobody goes on with, unless it was put off."""
    put_off = Q(goes_on(), book__in=Book.searchable().order_by().values("pk"))
    close(Search.objects.filter(free("book__leased_until"), finished_at=None).exclude(put_off))


def goes_on() -> Q:
    """Searches in which somebody was asked and nobody is waited for. After an hour the answers are
    old, and it begins anew."""
    queries = Query.objects.filter(search=OuterRef("pk"))
    asked = Exists(queries.filter(outcome__in=WAS_ASKED))
    waited_for = Exists(queries.filter(outcome=Query.Outcome.ASKED))
    return Q(asked, ~waited_for, started_at__gt=timezone.now() - PATIENCE)


def close(left: QuerySet[Search]) -> None:
    keys = list(left.values_list("pk", flat=True))
    if not keys:
        return
    Query.objects.filter(search__in=keys, outcome=Query.Outcome.ASKED).update(
        outcome=Query.Outcome.FAILED, sentence=CUT_OFF
    )
    Search.objects.filter(pk__in=keys).update(finished_at=timezone.now())
