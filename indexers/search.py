"""Search wanted books: every usable indexer is asked at its own pace, and none waits for another.

A search belongs to its book: whoever asks while one is open joins it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic, sleep

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from books.models import Book
from indexers import torznab
from indexers.endpoints import categories_of, endpoint
from indexers.models import Indexer, Query, Search
from indexers.releases import store_releases
from indexers.torznab import FoundRelease
from tame.lib import bell
from tame.lib.errors import ServiceDownError
from tame.lib.lease import free, lease_end, new_token

Answer = tuple[tuple[FoundRelease, ...], ServiceDownError | None]
DECIDE = "indexers.tasks.decide"
CUT_OFF = "TAME was stopped before the answer came."
LOOK_SECONDS = 0.2  # how often a pass looks whether an indexer's turn has come


def search_book(book: Book, *, asked_by: str) -> Search:
    """Ask every usable indexer for the book. A second call joins the open search."""
    return search_books([book], asked_by=asked_by)[0]


def search_due(keep_going: Callable[[], bool]) -> list[Search]:
    """Search the books that are wanted and due, at most `settings.BOOKS_PER_PASS`."""
    close_left_open()
    if not Indexer.usable().exists():
        return []
    return search_books(due()[: settings.BOOKS_PER_PASS], keep_going=keep_going)


def due() -> QuerySet[Book]:
    """Due books whose search nobody is at."""
    return Book.searchable().filter(free())


def is_any_due() -> bool:
    """Whether a search would ask somebody right now."""
    return Indexer.usable().exists() and due().exists()


def search_books(
    books: Iterable[Book],
    *,
    asked_by: str = "",
    keep_going: Callable[[], bool] = lambda: True,
    told: Callable[[Query], None] = lambda query: None,
) -> list[Search]:
    """One pass over the books. `told` hears of every query that ended; when `keep_going` says no,
    the books not yet asked for stay due. `asked_by`: else whoever pressed Search on the book."""
    round_ = Pass(list(Indexer.objects.all()), keep_going, told)
    for book in books:
        round_.add(book, asked_by or book.search_asked_by)
    round_.run()
    return round_.searches


def words_for(book: Book) -> str:
    """What an indexer is asked: title and first author, as they are."""
    return " ".join(f"{book.title} {book.authors.split(',')[0]}".split())


@dataclass
class Asked:
    indexer: Indexer
    search: Search
    query: Query
    since: float = field(default_factory=monotonic)


class Pass:
    """Some books, asked of all indexers: one query at a time each, in threads without ORM."""

    def __init__(
        self,
        indexers: list[Indexer],
        keep_going: Callable[[], bool],
        told: Callable[[Query], None],
    ) -> None:
        self.keep_going, self.told, self.token = keep_going, told, new_token()
        self.usable = [indexer for indexer in indexers if indexer.is_usable]
        self.unusable = [indexer for indexer in indexers if not indexer.is_usable]
        self.waiting: dict[int, deque[Search]] = {i.pk: deque() for i in self.usable}
        self.running: dict[Future[Answer], Asked] = {}
        self.searches: list[Search] = []
        self.open: dict[int, int] = {}  # search: answers still to come

    def add(self, book: Book, asked_by: str) -> None:
        search, is_new = open_search(book, self.token, asked_by)
        self.searches.append(search)
        if not is_new:
            return
        self.open[search.pk] = len(self.usable)
        for indexer in self.unusable:
            note_unasked(search, indexer, why_not(indexer))
        for indexer in self.usable:
            self.waiting[indexer.pk].append(search)
        if not self.usable:
            self.finish(search)

    def run(self) -> None:
        if not self.open:
            return
        with ThreadPoolExecutor(max_workers=len(self.usable)) as pool:
            while self.running or any(self.waiting.values()):
                if not self.keep_going():
                    self.put_off()
                self.ask_whose_turn_it_is(pool)
                self.collect()
                self.keep_books()

    def ask_whose_turn_it_is(self, pool: ThreadPoolExecutor) -> None:
        busy = {asked.indexer.pk for asked in self.running.values()}
        for indexer in self.usable:
            line = self.waiting[indexer.pk]
            if line and indexer.pk not in busy and indexer.take_turn() is None:
                self.ask(pool, indexer, line.popleft())

    def ask(self, pool: ThreadPoolExecutor, indexer: Indexer, search: Search) -> None:
        words = words_for(search.book)
        query = Query.objects.create(
            search=search, indexer=indexer, indexer_name=indexer.name, asked=words
        )
        answer = pool.submit(call, endpoint(indexer), words, categories_of(indexer))
        self.running[answer] = Asked(indexer, search, query)

    def collect(self) -> None:
        if not self.running:
            sleep(LOOK_SECONDS)
            return
        done, _ = wait(self.running, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            self.take(self.running.pop(future), *future.result())

    def take(
        self, asked: Asked, found: tuple[FoundRelease, ...], error: ServiceDownError | None
    ) -> None:
        query = asked.query
        query.seconds = monotonic() - asked.since
        if error is None:
            asked.indexer.note_success()
            query.found = len(found)
            query.new = store_releases(asked.indexer, asked.search.book, found)
            query.outcome = Query.Outcome.ANSWERED
            query.sentence = said(asked.indexer, query.found, query.new)
            bell.ring(DECIDE)
        else:
            asked.indexer.note_failure(error)
            query.outcome, query.sentence = Query.Outcome.FAILED, str(error)
            self.leave_alone(asked.indexer)
        query.save(update_fields=["seconds", "found", "new", "outcome", "sentence"])
        self.told(query)
        self.answered(asked.search)

    def leave_alone(self, indexer: Indexer) -> None:
        """It failed: ask it no more in this pass."""
        line = self.waiting[indexer.pk]
        while line:
            search = line.popleft()
            note_unasked(search, indexer, why_not(indexer))
            self.answered(search)

    def answered(self, search: Search) -> None:
        self.open[search.pk] -= 1
        if not self.open[search.pk]:
            self.finish(search)

    def finish(self, search: Search) -> None:
        """The search is over; the book is due again later each time."""
        book, now = search.book, timezone.now()
        search.finished_at = now
        with transaction.atomic():
            Search.objects.filter(pk=search.pk, finished_at=None).update(finished_at=now)
            Book.objects.filter(pk=book.pk, leased_by=self.token).update(
                leased_until=None,
                leased_by="",
                searches=book.searches + 1,
                search_asked_by="",
                next_search_at=now + self.until_next(book),
            )
        self.open.pop(search.pk, None)

    def until_next(self, book: Book) -> timedelta:
        """A book nobody could be asked for is due as soon as an indexer may be asked again."""
        if self.usable:
            return book.next_search_after()
        ends = [i.off_until for i in self.unusable if i.enabled and i.off_until]
        return min(ends) - timezone.now() if ends else book.next_search_after()

    def put_off(self) -> None:
        """No time left: forget the searches that nobody was asked for; their books stay due."""
        running = {asked.search.pk for asked in self.running.values()}
        for line in self.waiting.values():
            line.clear()
        for search in [s for s in self.searches if s.pk in self.open and s.pk not in running]:
            del self.open[search.pk]
            Book.objects.filter(pk=search.book_id, leased_by=self.token).update(
                leased_until=None, leased_by=""
            )
            if search.queries.filter(outcome=Query.Outcome.ANSWERED).exists():
                Search.objects.filter(pk=search.pk).update(finished_at=timezone.now())
            else:
                search.delete()
                self.searches.remove(search)
        for pk in running:
            self.open[pk] = sum(asked.search.pk == pk for asked in self.running.values())

    def keep_books(self) -> None:
        Book.objects.filter(leased_by=self.token).update(leased_until=lease_end())


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


def call(where: torznab.Endpoint, words: str, categories: tuple[int, ...]) -> Answer:
    """Runs in a thread: a gateway call and nothing else."""
    try:
        return torznab.search(where, words, categories, timeout=settings.INDEXER_TIMEOUT), None
    except ServiceDownError as error:
        return (), error


def note_unasked(search: Search, indexer: Indexer, sentence: str) -> None:
    Query.objects.create(
        search=search,
        indexer=indexer,
        indexer_name=indexer.name,
        asked=words_for(search.book),
        outcome=Query.Outcome.SKIPPED,
        sentence=sentence,
    )


def why_not(indexer: Indexer) -> str:
    if not indexer.enabled:
        return f"{indexer.name} is switched off."
    if indexer.off_until:
        until = timezone.localtime(indexer.off_until)
        return f"{indexer.name} is left alone until {until:%H:%M}: {indexer.last_error}"
    return indexer.last_error


def said(indexer: Indexer, found: int, new: int) -> str:
    if not found:
        return f"{indexer.name} has nothing by these words."
    return f"{indexer.name} listed {found} release{'s'[: found > 1]}, {new} of them new."
