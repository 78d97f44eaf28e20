"""One pass over some books: every usable indexer is asked at its own pace, and none waits for
another. What there is no time for goes on in a later pass, where it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic, sleep

from django.db import transaction
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from indexers.decide import decide_book
from indexers.endpoints import categories_of, endpoint
from indexers.found import FoundRelease
from indexers.indexer import Indexer
from indexers.limits import searches_of
from indexers.models import Query, Search, Verdict
from indexers.open_searches import WAS_ASKED, open_search
from indexers.question import Answer, ask
from indexers.releases import store_releases
from indexers.tiers import questions
from indexers.values import with_names
from indexers.verdicts import open_verdicts
from tame.lib import bell
from tame.lib.errors import ServiceDownError
from tame.lib.lease import lease_end, new_token
from tame.lib.moments import moment
from tame.lib.numbers import counted

DECIDE = "indexers.tasks.decide"
OUTCOME = ("indexer", "outcome")  # of a query
LOOK_SECONDS = 0.2  # how often a pass looks whether an indexer's turn has come


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
        self.allowed = {indexer.pk: searches_of(indexer) for indexer in indexers}
        self.left = {pk: allowed.left for pk, allowed in self.allowed.items()}
        self.usable = [i for i in indexers if i.is_usable and self.left[i.pk] != 0]
        self.unusable = [indexer for indexer in indexers if indexer not in self.usable]
        self.waiting: dict[int, deque[Search]] = {i.pk: deque() for i in self.usable}
        self.asking: dict[int, deque[str]] = {}  # search: its question, and those still to come
        self.tier: dict[int, int] = {}
        self.was_answered: set[int] = set()  # searches
        self.was_asked: dict[int, set[int]] = {}  # search: indexers that had its question before
        self.cut: set[int] = set()  # searches that there was no time to ask all for
        self.running: dict[Future[Answer], Asked] = {}
        self.searches: list[Search] = []
        self.open: dict[int, int] = {}  # search: answers still to come

    def add(self, book: Book, asked_by: str) -> None:
        search, is_new = open_search(book, self.token, asked_by)
        self.searches.append(search)
        if not is_new:
            return
        self.asking[search.pk], self.tier[search.pk] = deque(questions(book)), 1
        noted = self.go_on_from(search)
        for indexer in self.unusable:
            if indexer.pk not in noted:
                self.note_unasked(search, indexer)
        self.put_question(search)

    def go_on_from(self, search: Search) -> set[int]:
        """Where it was when it was put off: its question, and who had that. The indexers for which
        there is a row."""
        rows = list(search.queries.order_by("tier", "pk").values_list("tier", "asked", *OUTCOME))
        tier = min(rows[-1][0], len(self.asking[search.pk])) if rows else 1
        for _ in range(tier - 1):
            self.asking[search.pk].popleft()
        self.tier[search.pk] = tier
        words = self.asking[search.pk][0]
        noted = {indexer: outcome for _, asked, indexer, outcome in rows if asked == words}
        self.was_asked[search.pk] = {pk for pk in noted if noted[pk] in WAS_ASKED}
        if any(outcome == Query.Outcome.ANSWERED for *_, outcome in rows):
            self.was_answered.add(search.pk)
        return set(noted)

    def put_question(self, search: Search) -> None:
        """The search's question waits for the turn of every indexer that may still be asked."""
        had_it = self.was_asked.pop(search.pk, set())
        to_ask = [indexer for indexer in self.usable if indexer.pk not in had_it]
        self.open[search.pk] = len(to_ask)
        for indexer in to_ask:
            self.waiting[indexer.pk].append(search)
        if not self.usable:
            self.finish(search)
        elif not to_ask:
            self.go_on(search)

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
        for indexer in list(self.usable):
            line = self.waiting[indexer.pk]
            if not line or indexer.pk in busy:
                continue
            if self.left[indexer.pk] == 0:
                self.allowed[indexer.pk] = searches_of(indexer)
                self.leave_alone(indexer)
            elif indexer.take_turn() is None and self.is_allowed(indexer):
                self.ask(pool, indexer, line.popleft())

    def is_allowed(self, indexer: Indexer) -> bool:
        """Looked at once more behind the turn, which no other worker has at the same time."""
        if self.left[indexer.pk] is None:
            return True
        self.allowed[indexer.pk] = searches_of(indexer)
        self.left[indexer.pk] = self.allowed[indexer.pk].left
        return self.left[indexer.pk] != 0

    def ask(self, pool: ThreadPoolExecutor, indexer: Indexer, search: Search) -> None:
        words = self.asking[search.pk][0]
        query = Query.objects.create(
            search=search,
            indexer=indexer,
            indexer_name=indexer.name,
            asked=words,
            tier=self.tier[search.pk],
        )
        if (left := self.left[indexer.pk]) is not None:
            self.left[indexer.pk] = left - 1
        answer = pool.submit(ask, endpoint(indexer), words, categories_of(indexer))
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
            self.was_answered.add(asked.search.pk)
            query.found = len(found)
            query.new = store_releases(asked.indexer, asked.search, found)
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
        """It failed, or has answered all it allows: ask it no more in this pass."""
        self.usable = [other for other in self.usable if other.pk != indexer.pk]
        self.unusable.append(indexer)
        line = self.waiting[indexer.pk]
        while line:
            search = line.popleft()
            self.note_unasked(search, indexer)
            self.answered(search)

    def answered(self, search: Search) -> None:
        self.open[search.pk] -= 1
        if self.open[search.pk]:
            return
        if search.pk in self.cut:
            self.let_go(search)
        else:
            self.go_on(search)

    def go_on(self, search: Search) -> None:
        """To the search's next question, unless this one brought something to take."""
        to_come = self.asking[search.pk]
        to_come.popleft()
        if to_come and self.keep_going() and not found_something_to_take(search.book):
            self.tier[search.pk] += 1
            self.put_question(search)
        else:
            self.finish(search)

    def note_unasked(self, search: Search, indexer: Indexer) -> None:
        Query.objects.create(
            search=search,
            indexer=indexer,
            indexer_name=indexer.name,
            asked=self.asking[search.pk][0],
            tier=self.tier[search.pk],
            outcome=Query.Outcome.SKIPPED,
            sentence=self.why_not(indexer),
        )

    def why_not(self, indexer: Indexer) -> str:
        return why_not(indexer) or self.allowed[indexer.pk].sentence

    def finish(self, search: Search) -> None:
        """The search is over; the book is due again later each time."""
        book, now = search.book, timezone.now()
        search.finished_at = now
        with transaction.atomic():
            Search.objects.filter(pk=search.pk, finished_at=None).update(finished_at=now)
            Book.objects.filter(pk=book.pk, leased_by=self.token).update(
                leased_until=None,
                leased_by="",
                searches=book.searches + (search.pk in self.was_answered),
                search_asked_by="",
                next_search_at=now + self.until_next(search),
            )
        self.open.pop(search.pk, None)

    def until_next(self, search: Search) -> timedelta:
        """A book nobody could be asked for is due as soon as an indexer may be asked again."""
        if search.pk in self.was_answered:
            return search.book.next_search_after()
        ends = [i.off_until or self.allowed[i.pk].free_at for i in self.unusable if i.enabled]
        known = [end for end in ends if end]
        return min(known) - timezone.now() if known else search.book.next_search_after()

    def put_off(self) -> None:
        """No time left: what waits for its turn is asked in a later pass."""
        running = {asked.search.pk for asked in self.running.values()}
        for line in self.waiting.values():
            self.cut.update(search.pk for search in line)
            line.clear()
        for search in [s for s in self.searches if s.pk in self.open and s.pk not in running]:
            self.let_go(search)
        for pk in running:
            self.open[pk] = sum(asked.search.pk == pk for asked in self.running.values())

    def let_go(self, search: Search) -> None:
        """Its book stays due. When somebody was asked already it stays open and goes on from there;
        with a further question it is over, since all had the first."""
        if self.tier[search.pk] > 1:
            self.finish(search)
            return
        del self.open[search.pk]
        self.searches.remove(search)
        if not search.queries.filter(outcome__in=WAS_ASKED).exists():
            search.delete()
        Book.objects.filter(pk=search.book_id, leased_by=self.token).update(
            leased_until=None, leased_by=""
        )

    def keep_books(self) -> None:
        Book.objects.filter(leased_by=self.token).update(leased_until=lease_end())


def found_something_to_take(book: Book) -> bool:
    """Judges what has been found for it so far."""
    decide_book(with_names(Book.objects.filter(pk=book.pk)).get(), Profile.usual())
    return open_verdicts().filter(book=book, outcome=Verdict.Outcome.TAKE).exists()


def why_not(indexer: Indexer) -> str:
    if not indexer.enabled:
        return f"{indexer.name} is switched off."
    if indexer.off_until:
        until = moment(indexer.off_until)
        return f"{indexer.name} is left alone until {until}: {indexer.last_error}"
    return indexer.last_error


def said(indexer: Indexer, found: int, new: int) -> str:
    if not found:
        return f"{indexer.name} has nothing by these words."
    return f"{indexer.name} listed {counted(found, 'release')}, {new} of them new."
