"""One pass over some books: every usable indexer is asked at its own pace, and none waits for
another. What there is no time for goes on in a later pass, where it was."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic, sleep

from django.db import transaction
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from indexers.decide import DECIDE, decide_book
from indexers.endpoints import categories_of, endpoint
from indexers.found import FoundRelease
from indexers.indexer import Indexer
from indexers.models import Query, Search, Verdict
from indexers.open_searches import WAS_ASKED, open_search
from indexers.question import Answer, ask
from indexers.releases import store_releases
from indexers.tiers import questions
from indexers.turns import Asking, Line
from indexers.values import book_with_names
from indexers.verdicts import open_verdicts
from tame.lib import bell
from tame.lib.errors import ServiceDownError
from tame.lib.lease import lease_end, new_token
from tame.lib.numbers import counted

LOOK_SECONDS = 0.2  # how often a pass looks whether an indexer's turn has come


@dataclass
class Asked:
    line: Line
    asking: Asking
    query: Query
    since: float = field(default_factory=monotonic)


class Pass:
    """Some books, asked of all indexers: one query at a time each, in threads without ORM."""

    def __init__(
        self,
        indexers: Iterable[Indexer],
        keep_going: Callable[[], bool],
        told: Callable[[Query], None],
    ) -> None:
        self.keep_going, self.told, self.token = keep_going, told, new_token()
        lines = [Line(indexer) for indexer in indexers]
        self.lines = [line for line in lines if line.is_usable]
        self.closed = [line for line in lines if not line.is_usable]
        self.running: dict[Future[Answer], Asked] = {}
        self.searches: list[Search] = []
        self.going: list[Asking] = []  # those of the searches that are ours and not over

    def add(self, book: Book, asked_by: str) -> None:
        search, is_ours = open_search(book, self.token, asked_by)
        self.searches.append(search)
        if not is_ours:
            return
        asking = Asking(search, deque(questions(book)))
        self.going.append(asking)
        noted = asking.go_on()
        for line in self.closed:
            if line.indexer.pk not in noted:
                line.note_unasked(asking)
        self.put_question(asking)

    def put_question(self, asking: Asking) -> None:
        """It waits for the turn of every indexer that may still be asked."""
        to_ask = [line for line in self.lines if line.indexer.pk not in asking.had_it]
        asking.had_it, asking.open = set(), len(to_ask)
        for line in to_ask:
            line.waiting.append(asking)
        if not self.lines:
            self.finish(asking)
        elif not to_ask:
            self.go_on(asking)

    def run(self) -> None:
        if not self.going:
            return
        with ThreadPoolExecutor(max_workers=len(self.lines)) as pool:
            while self.running or any(line.waiting for line in self.lines):
                if not self.keep_going():
                    self.put_off()
                self.ask_whose_turn_it_is(pool)
                self.collect()
                self.keep_books()

    def ask_whose_turn_it_is(self, pool: ThreadPoolExecutor) -> None:
        busy = [asked.line for asked in self.running.values()]
        for line in [line for line in self.lines if line.waiting and line not in busy]:
            if line.left == 0:
                line.count()
                self.leave_alone(line)
            elif line.indexer.take_turn() is None and line.may_ask():
                self.ask(pool, line, line.waiting.popleft())

    def ask(self, pool: ThreadPoolExecutor, line: Line, asking: Asking) -> None:
        query, indexer = line.ask(asking), line.indexer
        answer = pool.submit(ask, endpoint(indexer), asking.words, categories_of(indexer))
        self.running[answer] = Asked(line, asking, query)

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
        query, indexer = asked.query, asked.line.indexer
        query.seconds = monotonic() - asked.since
        if error is None:
            indexer.note_success()
            asked.asking.was_answered = True
            query.found = len(found)
            query.new = store_releases(indexer, asked.asking.search, found)
            query.end(Query.Outcome.ANSWERED, said(indexer, query.found, query.new))
            bell.ring(DECIDE)
        else:
            indexer.note_failure(error)
            query.end(Query.Outcome.FAILED, str(error))
            self.leave_alone(asked.line)
        self.told(query)
        self.answered(asked.asking)

    def leave_alone(self, line: Line) -> None:
        """It failed, or has answered all it allows: ask it no more in this pass."""
        self.lines.remove(line)
        self.closed.append(line)
        while line.waiting:
            asking = line.waiting.popleft()
            line.note_unasked(asking)
            self.answered(asking)

    def answered(self, asking: Asking) -> None:
        asking.open -= 1
        if asking.open:
            return
        if asking.is_cut:
            self.let_go(asking)
        else:
            self.go_on(asking)

    def go_on(self, asking: Asking) -> None:
        """To the search's next question, unless this one brought something to take."""
        asking.questions.popleft()
        book = asking.search.book
        if asking.questions and self.keep_going() and not found_something_to_take(book):
            asking.tier += 1
            self.put_question(asking)
        else:
            self.finish(asking)

    def finish(self, asking: Asking) -> None:
        """The search is over; the book is due again later each time."""
        search, book, now = asking.search, asking.search.book, timezone.now()
        search.finished_at = now
        with transaction.atomic():
            Search.objects.filter(pk=search.pk, finished_at=None).update(finished_at=now)
            Book.objects.filter(pk=book.pk, leased_by=self.token).update(
                leased_until=None,
                leased_by="",
                searches=book.searches + asking.was_answered,
                search_asked_by="",
                next_search_at=now + self.until_next(asking),
            )
        self.going.remove(asking)

    def until_next(self, asking: Asking) -> timedelta:
        """A book nobody could be asked for is due as soon as an indexer may be asked again."""
        later = asking.search.book.next_search_after()
        if asking.was_answered:
            return later
        known = [end for line in self.closed if line.indexer.enabled and (end := line.free_at)]
        return min(known) - timezone.now() if known else later

    def put_off(self) -> None:
        """No time left: what waits for its turn is asked in a later pass."""
        running = [asked.asking for asked in self.running.values()]
        for line in self.lines:
            for asking in line.waiting:
                asking.is_cut = True
            line.waiting.clear()
        for asking in [asking for asking in self.going if asking not in running]:
            self.let_go(asking)
        for asking in running:
            asking.open = running.count(asking)

    def let_go(self, asking: Asking) -> None:
        """Its book stays due. When somebody was asked already it stays open and goes on from there;
        with a further question it is over, since all had the first."""
        if asking.tier > 1:
            self.finish(asking)
            return
        search = asking.search
        self.going.remove(asking)
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
    decide_book(book_with_names(book.pk), Profile.usual())
    return open_verdicts().filter(book=book, outcome=Verdict.Outcome.TAKE).exists()


def said(indexer: Indexer, found: int, new: int) -> str:
    if not found:
        return f"{indexer.name} has nothing by these words."
    return f"{indexer.name} listed {counted(found, 'release')}, {new} of them new."
