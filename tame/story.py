"""The story of a book: what happened, in order, and where it stands, from the rows of all rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from django.db.models import Count

from books.models import Book, BookLine, ShelfCopyHistory
from books.states import CopyState
from downloads.choices import Choice, choices
from downloads.gate import Gate, that_fit
from downloads.models import DownloadHistory, ImportHistory
from indexers.models import Block, Query, Search, Verdict

LAST = 100  # lines; of a book that was searched for a year nobody reads more
SEARCHES = 20


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    sentence: str


def story(book: Book) -> list[Line]:
    """The last lines, the oldest first; a fixed number of queries."""
    lines = [Line(book.added_at, "", f"“{book}” was added."), *told(book)]
    return sorted(nlargest(LAST, lines, key=lambda line: line.at), key=lambda line: line.at)


def told(book: Book) -> Iterator[Line]:
    yield from searches(book)
    for line in BookLine.objects.filter(book=book):
        yield Line(line.at, line.actor, line.sentence)
    for block in Block.objects.filter(book=book):
        yield Line(block.blocked_at, block.blocked_by, f"“{block}” was blocked: {block.reason}")
    for move in DownloadHistory.objects.filter(row__imports__book=book).select_related(None):
        yield Line(move.at, move.actor, move.sentence)
    for delivery in ImportHistory.objects.filter(row__book=book):
        yield Line(delivery.at, delivery.actor, delivery.sentence)
    for end in ShelfCopyHistory.objects.filter(row__book=book, to_state=CopyState.GONE):
        yield Line(end.at, end.actor, end.sentence)


def searches(book: Book) -> Iterator[Line]:
    rows = list(Search.objects.filter(book=book).order_by("-pk")[:SEARCHES])
    for search in rows:
        yield Line(search.started_at, search.asked_by or "TAME", "It was searched.")
    for query in Query.objects.filter(search__in=rows).order_by("pk"):
        yield Line(query.started_at, query.indexer_name, said(query))


def said(query: Query) -> str:
    return f"“{query.asked}”: {query.sentence}" if query.sentence else str(query)


# --- Where it stands ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """`counts`: of the releases found, by verdict. `rules`: how many each rule objects to."""

    counts: dict[str, int]
    rules: dict[str, int]
    choice: Choice | None
    waits: list[str]


def standing(book: Book) -> Standing:
    verdicts = Verdict.objects.filter(book=book).order_by()
    judged = verdicts.exclude(digest="").values_list("outcome")
    counts = dict(judged.annotate(n=Count("pk")))
    if waiting := verdicts.filter(digest="").count():
        counts["not judged"] = waiting
    said = verdicts.filter(rejections__isnull=False).values_list("rejections__rule")
    rules = dict(said.annotate(n=Count("pk")).order_by("-n", "rejections__rule"))
    choice = next(iter(that_fit(choices([book]), Gate([book]))), None)
    return Standing(counts, rules, choice, waits_for(book, choice))


def waits_for(book: Book, choice: Choice | None) -> list[str]:
    """Why the choice has not been taken yet."""
    if choice is None or book.coming or book.on_shelf:
        return []
    if not choice.is_certain:
        return ["A person decides: " + " ".join(choice.reasons)]
    if not choice.profile.automatic:
        return ["A person takes it: the profile asks first."]
    return [obstacle.sentence for obstacle in Gate([book]).obstacles(choice)]
