"""Read what is new at every indexer, for all wanted books together: one question, not one a book.

The newest pages are asked for until one holds what the last run began with; where they do not
reach that far, the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import sleep

from django.conf import settings

from books.models import Book
from books.states import Wish
from indexers import torznab
from indexers.endpoints import categories_of, endpoint
from indexers.limits import queries_of
from indexers.models import Indexer, Query, Release, Verdict
from indexers.rare_words import RareWords
from indexers.releases import keep_releases
from indexers.torznab import FoundRelease
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import ServiceDownError

DECIDE = "indexers.tasks.decide"
WHAT_IS_NEW = "what is new"
LOOK_SECONDS = 0.2
MOST_PAGES = 5
MARKED = 20  # identities that are remembered: some may be gone by the next run


@dataclass(frozen=True)
class Feed:
    """`pages`: how many were asked for. `is_whole`: it reaches what the last run began with."""

    releases: tuple[FoundRelease, ...]
    pages: int
    is_whole: bool
    error: ServiceDownError | None = None


def read_feeds(keep_going: Callable[[], bool] = lambda: True) -> str:
    """All indexers at once, each at its own pace."""
    waiting = [indexer for indexer in Indexer.usable() if may_be_read(indexer)]
    if not waiting:
        return "No indexer has a feed to read right now."
    said: list[str] = []
    running: dict[Future[Feed], tuple[Indexer, Query]] = {}
    with ThreadPoolExecutor(max_workers=len(waiting)) as pool:
        while waiting or running:
            if not keep_going():
                waiting.clear()
            for indexer in [one for one in waiting if one.take_turn() is None]:
                waiting.remove(indexer)
                asked = submit(pool, indexer)
                running[asked] = (indexer, note(indexer))
            said += collect(running)
    return " ".join(said)


def may_be_read(indexer: Indexer) -> bool:
    return indexer.reads_feed and queries_of(indexer).left != 0


def note(indexer: Indexer) -> Query:
    return Query.objects.create(
        kind=Query.Kind.FEED, indexer=indexer, indexer_name=indexer.name, asked=WHAT_IS_NEW
    )


def submit(pool: ThreadPoolExecutor, indexer: Indexer) -> Future[Feed]:
    left = queries_of(indexer).left
    pages = MOST_PAGES if left is None else min(MOST_PAGES, left)
    mark = frozenset(indexer.feed_mark)
    return pool.submit(read_pages, endpoint(indexer), categories_of(indexer), mark, pages)


def read_pages(
    where: torznab.Endpoint, categories: Sequence[int], mark: frozenset[str], most: int
) -> Feed:
    """Runs in a thread: calls of the gateway and nothing else. Without a mark one page will do."""
    found: list[FoundRelease] = []
    for page in range(1, most + 1):
        try:
            more = torznab.search(
                where, "", categories, timeout=settings.INDEXER_TIMEOUT, offset=len(found)
            )
        except ServiceDownError as error:
            return Feed(tuple(found), page, False, error)
        known = {release.identity for release in found}
        is_new = any(release.identity not in known for release in more)
        found += more
        if not mark or any(release.identity in mark for release in more):
            return Feed(tuple(found), page, True)
        if not is_new:  # it ends there, or knows no further pages
            return Feed(tuple(found), page, False)
        sleep(hurried(settings.QUERY_SECONDS).total_seconds())
    return Feed(tuple(found), most, False)


# --- What came back -------------------------------------------------------------------------------


def collect(running: dict[Future[Feed], tuple[Indexer, Query]]) -> list[str]:
    """The sentences of those that have ended; waits a moment for the others."""
    if not running:
        sleep(LOOK_SECONDS)
        return []
    done, _ = wait(running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
    return [take(*running.pop(future), future.result()) for future in done]


def take(indexer: Indexer, query: Query, feed: Feed) -> str:
    """Keep what was read and note the question, and one more for each further page."""
    for _ in range(feed.pages - 1):
        note(indexer).end(Query.Outcome.ANSWERED, "A further page of the same feed.")
    if feed.error is not None and not feed.releases:
        indexer.note_failure(feed.error)
        query.end(Query.Outcome.FAILED, str(feed.error))
        return query.sentence
    indexer.note_success()
    query.found = len(feed.releases)
    query.new, matched = keep_feed(indexer, feed.releases)
    query.end(Query.Outcome.ANSWERED, sentence_of(indexer, feed, query.new, matched))
    return query.sentence


def sentence_of(indexer: Indexer, feed: Feed, new: int, matched: int) -> str:
    said = f"{indexer} listed {len(feed.releases)} releases, {new} of them new, {matched} that may "
    said += "be a wanted book."
    if feed.is_whole:
        return said
    return f"{said} They do not reach back to the last run: what lies between was not seen."


def keep_feed(indexer: Indexer, found: Iterable[FoundRelease]) -> tuple[int, int]:
    """How many were new, and how many may be for a wanted book."""
    rows, new = keep_releases(indexer, found)
    pairs = [(book, row) for row, books in matches(rows) for book in books]
    Verdict.objects.bulk_create(
        [Verdict(book_id=book, release=row) for book, row in pairs],
        update_conflicts=True,
        unique_fields=["book", "release"],
        update_fields=["digest"],
    )
    mark = [row.identity for row in rows[:MARKED]]
    if mark:
        Indexer.objects.filter(pk=indexer.pk).update(feed_mark=mark)
    if pairs:
        bell.ring(DECIDE)
    return new, len({row.pk for _, row in pairs})


def matches(rows: Iterable[Release]) -> list[tuple[Release, set[int]]]:
    """Those with a rare word of a wanted title, and the books. One query, whatever the number."""
    wanted = Book.objects.filter(wish=Wish.WANTED, on_shelf=False, coming=False)
    index = RareWords(wanted.values_list("pk", "title"))
    return [(row, books) for row in rows if (books := index.books_for(row.title))]
