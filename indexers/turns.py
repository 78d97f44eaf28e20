"""What a pass keeps of a search that it asks for, and of an indexer whose turn is waited for."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from indexers.indexer import Indexer
from indexers.limits import Allowance, searches_of
from indexers.models import Query, Search
from indexers.open_searches import WAS_ASKED
from tame.lib.moments import moment


@dataclass(eq=False)
class Asking:
    """A search in this pass. `questions`: its own and those still to come; `had_it`: the indexers
    that had its question in an earlier pass; `open`: answers still to come; `is_cut`: there was no
    time to ask all for it."""

    search: Search
    questions: deque[str]
    tier: int = 1
    had_it: set[int] = field(default_factory=set)
    open: int = 0
    was_answered: bool = False
    is_cut: bool = False

    @property
    def words(self) -> str:
        return self.questions[0]

    def note(self, indexer: Indexer, **columns: Any) -> Query:
        """The row of its question to that indexer."""
        return Query.objects.create(
            search=self.search,
            indexer=indexer,
            indexer_name=indexer.name,
            asked=self.words,
            tier=self.tier,
            **columns,
        )

    def go_on(self) -> set[int]:
        """From where it was put off: its question, and who had that. The indexers for which there
        is a row."""
        queries = self.search.queries.order_by("tier", "pk")
        rows = list(queries.values_list("tier", "asked", "indexer", "outcome"))
        self.tier = min(rows[-1][0], len(self.questions)) if rows else 1
        for _ in range(self.tier - 1):
            self.questions.popleft()
        noted = {indexer: outcome for _, asked, indexer, outcome in rows if asked == self.words}
        self.had_it = {pk for pk in noted if noted[pk] in WAS_ASKED}
        self.was_answered = any(outcome == Query.Outcome.ANSWERED for *_, outcome in rows)
        return set(noted)


@dataclass(eq=False)
class Line:
    """Searches that wait for an indexer's turn. `left`: how many questions it still allows; None is
    any number."""

    indexer: Indexer
    allowed: Allowance = field(init=False)
    left: int | None = field(init=False)
    waiting: deque[Asking] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.count()

    def count(self) -> None:
        self.allowed = searches_of(self.indexer)
        self.left = self.allowed.left

    @property
    def is_usable(self) -> bool:
        return self.indexer.is_usable and self.left != 0

    def may_ask(self) -> bool:
        """Counted once more behind the turn, which no other worker has at the same time."""
        if self.left is not None:
            self.count()
        return self.left != 0

    def ask(self, asking: Asking) -> Query:
        if self.left is not None:
            self.left -= 1
        return asking.note(self.indexer)

    def note_unasked(self, asking: Asking) -> None:
        sentence = why_not(self.indexer) or self.allowed.sentence
        asking.note(self.indexer, outcome=Query.Outcome.SKIPPED, sentence=sentence)

    @property
    def free_at(self) -> datetime | None:
        return self.indexer.off_until or self.allowed.free_at


def why_not(indexer: Indexer) -> str:
    if not indexer.enabled:
        return f"{indexer.name} is switched off."
    if indexer.off_until:
        until = moment(indexer.off_until)
        return f"{indexer.name} is left alone until {until}: {indexer.last_error}"
    return indexer.last_error
