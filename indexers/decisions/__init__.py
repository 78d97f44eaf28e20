"""Judge a release for a book: every rule answers, and all answers are kept.

`judge` is pure and lasting: it looks at the name and the figures, never at rows or at the clock
of the network. What passes by itself (running, blocked, paused) is `downloads.grab.obstacles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from indexers.decisions.announced import announced_author, announced_title
from indexers.decisions.author import author, unexplained
from indexers.decisions.case import Case, Objection, Taste
from indexers.decisions.edition import format_, language, narrator, upgrade, words
from indexers.decisions.figures import age, freeleech, link, released, seeders, seeding, size
from indexers.decisions.kind import about, abridged, box_set, dramatised, medium, part, retold
from indexers.decisions.scoring import parts_of
from indexers.decisions.title import title
from indexers.decisions.volume import volume
from indexers.names.fitting import fit
from indexers.names.parsing import read_name
from indexers.wanted import Offer, Wanted

Rule = Callable[[Case], Objection | None]
RULES: tuple[Rule, ...] = (
    title, author, unexplained, volume, medium, abridged, dramatised, part, about, retold, box_set,
    language, narrator, format_, upgrade, words, size, seeders, link, age, freeleech, seeding,
    released, announced_author, announced_title,
)  # fmt: skip
RULES_VERSION = 18  # raise it when a rule says something else: all is judged again
RULE_NAMES = (  # as objections name them; one may have several
    "title", "author", "unexplained words", "volume", "medium", "abridged", "dramatised", "part",
    "about the book", "retold", "box set", "language", "narrator", "format", "upgrade", "words",
    "size", "seeders", "link", "age", "freeleech", "seeding", "not yet released",
    "announced author", "announced title",
)  # fmt: skip
TAKE, OFFER, REJECT = "take", "offer", "reject"


@dataclass(frozen=True)
class Judgement:
    """`score` is the sum of its `parts`; the higher the better. It orders, it decides nothing."""

    outcome: str
    score: float
    parts: dict[str, float]
    objections: tuple[Objection, ...]


def judge(offer: Offer, wanted: Wanted, taste: Taste | None = None, *, now: datetime) -> Judgement:
    """Rejected by any grave objection; offered by any other; taken where no rule objects."""
    case = Case(offer, wanted, taste or Taste(), now)
    objections = tuple(said for rule in RULES if (said := rule(case)))
    outcome = TAKE
    if objections:
        outcome = REJECT if any(said.is_grave for said in objections) else OFFER
    parts = parts_of(case)
    return Judgement(outcome, round(sum(parts.values()), 3), parts, objections)


def volumes_in(offer: Offer, wanted: Wanted) -> tuple[float, float] | None:
    """The first and last volume that a box set says it holds."""
    return fit(read_name(offer.title), wanted).range


Judged = TypeVar("Judged")


def best_first(found: Iterable[tuple[Judged, Judgement]]) -> list[tuple[Judged, Judgement]]:
    """A total order: what may be taken, then what is offered; by score, then as it was given."""
    outcomes = (TAKE, OFFER, REJECT)
    return sorted(found, key=lambda one: (outcomes.index(one[1].outcome), -one[1].score))


__all__ = [
    "OFFER",
    "REJECT",
    "RULES",
    "RULES_VERSION",
    "RULE_NAMES",
    "TAKE",
    "Judgement",
    "Objection",
    "Taste",
    "best_first",
    "judge",
    "volumes_in",
]
