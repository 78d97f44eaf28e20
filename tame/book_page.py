"""What a book's page shows of the other rooms: its search, what was found, what is coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, Value, When
from django.utils import timezone

from books.models import Book
from books.states import Wish
from downloads.models import Download
from indexers.labels import labelled
from indexers.markers import AUDIO_FORMATS
from indexers.models import Block, Indexer, Query, Release, Search, Verdict
from indexers.parsing import read_name
from indexers.verdicts import BEST_FIRST, unjudged
from tame.choices_page import parts_of
from tame.runners import everything_is_paused

MAX_RELEASES = 200
OUTCOMES: list[str] = [Verdict.Outcome.TAKE, Verdict.Outcome.OFFER, Verdict.Outcome.REJECT]


PLACE = Case(*(When(outcome=name, then=Value(n)) for n, name in enumerate(OUTCOMES)))


@dataclass(frozen=True)
class Found:
    """A release that was found for the book; `why_not` is what speaks against it."""

    release: Release
    why_not: tuple[str, ...]
    is_blocked: bool
    was_taken: bool
    outcome: str = Verdict.Outcome.OFFER
    score: float = 0
    is_left_out: bool = False
    parts: str = ""
    is_right: bool | None = None  # as a person said
    unjudged: str = ""  # why there is no verdict

    def place(self) -> tuple[bool, int]:
        return self.is_left_out, OUTCOMES.index(self.outcome)

    @property
    def is_rejected(self) -> bool:
        return self.outcome == Verdict.Outcome.REJECT

    @property
    def format(self) -> str:
        """As its name says."""
        return ", ".join(formats_of(self.release.title)) or "?"

    @property
    def seeders(self) -> str:
        """Unknown is not none."""
        return "?" if self.release.seeders is None else str(self.release.seeders)


def found_for(book: Book) -> list[Found]:
    """What may be taken first, then by score and seeders; blocked or passed over at the end."""
    rows = book.verdicts.select_related("book", "release__indexer").prefetch_related("rejections")
    rows = rows.defer("release__link", "release__magnet", "release__indexer__key")
    best = rows.annotate(place=PLACE).order_by("place", *BEST_FIRST[1:])
    verdicts = list(best[:MAX_RELEASES])
    blocks = blocks_among(book, [verdict.release for verdict in verdicts])
    taken: set[int | None] = set(
        Download.objects.filter(imports__book=book).values_list("release_id", flat=True)
    )
    said = labelled(book, [verdict.release for verdict in verdicts])
    found = [as_found(verdict, blocks, taken, said) for verdict in verdicts]
    return sorted(found, key=Found.place)


def as_found(
    verdict: Verdict, blocks: Sequence[Block], taken: set[int | None], said: dict[str, bool]
) -> Found:
    release = verdict.release
    reasons = [objection.sentence for objection in verdict.rejections.all()]
    block = next((block for block in blocks if block.is_on(release)), None)
    if block is not None:
        reasons.append(f"Blocked: {block.reason}")
    until = verdict.passed_over_until
    is_passed_over = until is not None and until > timezone.now()
    if until is not None and until > timezone.now():
        reasons.append(f"Passed over until {timezone.localtime(until):%d.%m. %H:%M}: {verdict.why}")
    return Found(
        release,
        tuple(reasons),
        block is not None,
        release.pk in taken,
        verdict.outcome,
        verdict.score,
        block is not None or is_passed_over,
        parts_of(verdict.parts),
        said.get(release.title),
        unjudged(verdict),
    )


def formats_of(title: str) -> list[str]:
    words = read_name(title).words
    return list(dict.fromkeys(word for word in words if word in AUDIO_FORMATS))


def blocks_among(book: Book, releases: Sequence[Release]) -> list[Block]:
    """The blocks in force on any of these, in one query."""
    hashes = {release.info_hash for release in releases} - {""}
    identities = {release.identity for release in releases}
    what = Q(info_hash__in=hashes) | Q(indexer__isnull=False, identity__in=identities)
    in_force = Q(until=None) | Q(until__gt=timezone.now())
    return list(Block.objects.filter(what, in_force, Q(book=None) | Q(book=book)))


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


def unjudged_of(book: Book) -> int:
    """Releases that are judged within a minute."""
    is_judged = book.wish == Wish.WANTED and (not book.on_shelf or book.may_upgrade)
    return book.verdicts.filter(digest="").count() if is_judged else 0


def live(book: Book) -> dict[str, Any]:
    """Whether it is worth asking again, and a stamp that changes when the page would."""
    now = searching(book)
    downloads = coming(book)
    answered = sum(query.outcome != Query.Outcome.ASKED for query in now.queries)
    states = ",".join(f"{d.pk}{d.state}" for d in downloads)
    pk = now.last.pk if now.last else 0
    unjudged = unjudged_of(book)
    stamp = f"{pk}:{now.is_open}:{len(now.queries)}:{answered}:{now.is_due}:{unjudged}:{states}"
    active = [d for d in downloads if d.state in ("queued", "pushed", "downloading")]
    busy = now.is_open or now.is_due or bool(active or unjudged)
    return {"stamp": stamp, "busy": busy, "active": active}
