"""Open a book's search, and close what a dead worker left open."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from books.models import Book
from indexers.models import Query, Search
from tame.lib.lease import free, lease_end

CUT_OFF = "TAME was stopped before the answer came."


def open_search(book: Book, token: str, asked_by: str) -> tuple[Search, bool]:
    """The book's open search, and whether it is ours; what a dead worker left open is closed."""
    with transaction.atomic():
        mine = Book.objects.filter(free(), pk=book.pk).update(
            leased_until=lease_end(), leased_by=token
        )
        left = Search.objects.filter(book=book, finished_at=None)
        if not mine and (joined := left.select_related("book").first()):
            return joined, False
        close(left)
        search = Search.objects.create(book=book, asked_by=asked_by)
        return search, True


def close_left_open() -> None:
    """Whose book nobody holds, that search nobody goes on with."""
    now = timezone.now()
    nobodys = Q(book__leased_until=None) | Q(book__leased_until__lt=now)
    close(Search.objects.filter(nobodys, finished_at=None))


def close(left: QuerySet[Search]) -> None:
    keys = list(left.values_list("pk", flat=True))
    if not keys:
        return
    Query.objects.filter(search__in=keys, outcome=Query.Outcome.ASKED).update(
        outcome=Query.Outcome.FAILED, sentence=CUT_OFF
    )
    Search.objects.filter(pk__in=keys).update(finished_at=timezone.now())
