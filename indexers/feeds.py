"""Read what is new at every indexer, for all wanted books together: one question, not one a book.

The newest pages are asked for until one holds what the last run began with; where they do not
reach that far, the sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from time import sleep

from django.utils import timezone

from books.models import Book
from indexers.decide import DECIDE
from indexers.endpoints import categories_of, endpoint
from indexers.found import FoundRelease
from indexers.limits import FEED_MINUTES, feed_every, feeds_of
from indexers.models import Indexer, Query, Release, Verdict
from indexers.open_searches import CUT_OFF
from indexers.question import Answer, ask
from indexers.rare_words import RareWords
from indexers.releases import keep_releases, note_verdicts
from tame.lib import bell
from tame.lib.errors import ServiceDownError
from tame.lib.numbers import counted

WHAT_IS_NEW = "what is new"
LOOK_SECONDS = 0.2
MOST_PAGES = 5
MARKED = 20  # identities that are remembered: some may be gone by the next run
FURTHER = "A further page of the same feed."
RUN = timedelta(minutes=FEED_MINUTES)
LONG_AGO = timedelta(hours=1)
SLACK = RUN / 2  # no run comes to the second


class Reading:
    """One indexer's feed, as far as it was read. `is_whole`: it reaches what the last run began
    with; `is_over`: no further page is worth a question."""

    def __init__(self, indexer: Indexer) -> None:
        self.indexer, self.mark = indexer, frozenset(indexer.feed_mark)
        self.pages: list[Query] = []
        self.found: list[FoundRelease] = []
        self.is_whole = self.is_over = False

    @property
    def most_pages(self) -> int:
        """One where the indexer allows so few questions that they are spread over the day."""
        return MOST_PAGES if feed_every(self.indexer) <= RUN else 1

    def ask(self, pool: ThreadPoolExecutor) -> Future[Answer]:
        """The next page. Its row is there before the question goes out: others count it."""
        indexer = self.indexer
        self.pages.append(
            Query.objects.create(
                kind=Query.Kind.FEED, indexer=indexer, indexer_name=indexer.name, asked=WHAT_IS_NEW
            )
        )
        begun = len(self.found)
        return pool.submit(ask, endpoint(indexer), "", categories_of(indexer), begun)

    def take(self, more: tuple[FoundRelease, ...], error: ServiceDownError | None) -> None:
        """Without a mark one page will do. Nothing new: it ends there, or knows no pages."""
        query = self.pages[-1]
        if error is not None:
            self.indexer.note_failure(error)
            query.end(Query.Outcome.FAILED, str(error))
            self.is_over = True
            return
        query.end(Query.Outcome.ANSWERED, FURTHER if len(self.pages) > 1 else "")
        self.indexer.note_success()
        known = {release.identity for release in self.found}
        is_new = any(release.identity not in known for release in more)
        self.found += more
        self.is_whole = not self.mark or any(release.identity in self.mark for release in more)
        is_last = len(self.pages) >= self.most_pages
        self.is_over = self.is_whole or not is_new or is_last

    def end(self) -> str:
        """Keep what was read; its sentence stands at its first page."""
        first = self.pages[0]
        if first.outcome == Query.Outcome.FAILED:
            return first.sentence
        first.found = len(self.found)
        first.new, matched = keep_feed(self.indexer, self.found)
        said = f"{self.indexer} listed {counted(first.found, 'release')}, {first.new} of them "
        said += f"new, {matched} that may be a wanted book."
        if not self.is_whole:
            said += " They do not reach back to the last run: what lies between was not seen."
        first.end(Query.Outcome.ANSWERED, said)
        return said


def read_feeds(keep_going: Callable[[], bool] = lambda: True) -> str:
    """All indexers at once, each page at the indexer's own pace."""
    close_left_open()
    waiting = [Reading(indexer) for indexer in Indexer.usable() if may_be_read(indexer)]
    if not waiting:
        return "No indexer has a feed to read right now."
    said: list[str] = []
    running: dict[Future[Answer], Reading] = {}
    with ThreadPoolExecutor(max_workers=len(waiting)) as pool:
        while waiting or running:
            if not keep_going():
                said += [reading.end() for reading in waiting if reading.pages]
                waiting.clear()
            for reading in [one for one in waiting if one.indexer.take_turn() is None]:
                waiting.remove(reading)
                if feeds_of(reading.indexer).left != 0:
                    running[reading.ask(pool)] = reading
                elif reading.pages:
                    said.append(reading.end())
            for reading in collect(running):
                if reading.is_over:
                    said.append(reading.end())
                else:
                    waiting.append(reading)
    return " ".join(said)


def close_left_open() -> None:
    """What a dead worker asked; a living one has its answer long since."""
    pages = Query.objects.filter(kind=Query.Kind.FEED, outcome=Query.Outcome.ASKED)
    old = pages.filter(started_at__lt=timezone.now() - LONG_AGO)
    old.update(outcome=Query.Outcome.FAILED, sentence=CUT_OFF)


def may_be_read(indexer: Indexer) -> bool:
    if not indexer.reads_feed or feeds_of(indexer).left == 0:
        return False
    pause = feed_every(indexer)
    if pause <= RUN:
        return True
    since = timezone.now() - pause + SLACK
    feeds = indexer.queries.filter(kind=Query.Kind.FEED, started_at__gt=since)
    return not feeds.exists()


def collect(running: dict[Future[Answer], Reading]) -> list[Reading]:
    """Those whose page has come; waits a moment for the others."""
    if not running:
        sleep(LOOK_SECONDS)
        return []
    done, _ = wait(running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
    come = {future: running.pop(future) for future in done}
    for future, reading in come.items():
        reading.take(*future.result())
    return list(come.values())


# --- What came back -------------------------------------------------------------------------------


def keep_feed(indexer: Indexer, found: Iterable[FoundRelease]) -> tuple[int, int]:
    """How many were new, and how many may be for a wanted book. Only what the rules see otherwise
    than before is judged again: a feed lists the same things for hours."""
    kept = keep_releases(indexer, found)
    pairs = [(book, row) for row, books in matches(kept.rows) for book in books]
    known = set(Verdict.objects.filter(release__in=kept.rows).values_list("book", "release"))
    fresh = [
        Verdict(book_id=book, release=row)
        for book, row in pairs
        if row.pk in kept.changed or (book, row.pk) not in known
    ]
    note_verdicts(fresh, ["digest"])
    mark = [row.identity for row in kept.rows[:MARKED]]
    if mark:
        Indexer.objects.filter(pk=indexer.pk).update(feed_mark=mark)
    if fresh:
        bell.ring(DECIDE)
    return kept.new, len({row.pk for _, row in pairs})


def matches(rows: Iterable[Release]) -> list[tuple[Release, set[int]]]:
    """Those with a rare word of a wanted title, and the books. One query, whatever the number."""
    wanted = Book.objects.filter(Book.open_for())
    index = RareWords(wanted.values_list("pk", "title"))
    return [(row, books) for row in rows if (books := index.books_for(row.title))]
