"""What a book's page shows of the other rooms: its search, what was found, what is coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from books.models import Book
from books.states import Wish
from downloads.copying import is_being_copied
from downloads.models import Download, Import
from downloads.states import ImportState, State
from indexers.models import Indexer, Query, Search
from tame.runners import everything_is_paused

# --- The search -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Searching:
    """The book's last search; `is_due` while one has been asked for and not begun."""

    last: Search | None
    queries: Sequence[Query]
    is_due: bool

    @property
    def is_open(self) -> bool:
        return self.last is not None and self.last.finished_at is None


def searching(book: Book) -> Searching:
    last = book.searched.first()
    queries = list(last.queries.order_by("indexer_name", "pk")) if last else []
    is_due = Book.searchable().filter(pk=book.pk).exists() and Indexer.usable().exists()
    return Searching(last, queries, is_due and not everything_is_paused())


def coming(book: Book) -> list[Download]:
    """Its downloads, the newest first."""
    rows = Download.objects.filter(imports__book=book).select_related("client").distinct()
    return list(rows.defer("client__password", "client__api_key")[:20])


def imported(book: Book) -> list[Import]:
    """What brings it in, if its turn has come."""
    here = Q(download=None) | Q(download__state=State.COMPLETED)
    rows = Import.objects.filter(here, book=book, state=ImportState.PENDING)
    return list(rows.select_related("book"))


def unjudged_of(book: Book) -> int:
    """Releases that are judged within a minute."""
    is_judged = book.wish == Wish.WANTED and (not book.on_shelf or book.may_upgrade)
    return book.verdicts.filter(digest="").count() if is_judged else 0


def live(book: Book) -> dict[str, Any]:
    """Whether it is worth asking again, and a stamp that changes when the page would."""
    now = searching(book)
    downloads, imports = coming(book), imported(book)
    answered = sum(query.outcome != Query.Outcome.ASKED for query in now.queries)
    states = ",".join(
        [*(f"{d.pk}{d.state}" for d in downloads), *(f"{is_being_copied(i)}" for i in imports)]
    )
    pk = now.last.pk if now.last else 0
    unjudged = unjudged_of(book)
    stamp = f"{pk}:{now.is_open}:{len(now.queries)}:{answered}:{now.is_due}:{unjudged}:{states}"
    active = [d for d in downloads if d.state in ("queued", "pushed", "downloading")]
    busy = now.is_open or now.is_due or bool(active or unjudged or imports)
    return {"stamp": stamp, "busy": busy, "active": active, "imports": imports}
