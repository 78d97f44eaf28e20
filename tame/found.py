"""The releases found for a book, as its page lists them: what speaks against each, and where those
are that were taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Model, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from books.models import Book
from books.states import COPY_ON_SHELF
from downloads.models import Download, Import
from downloads.states import IMPORT_LIVE
from indexers.labels import labelled
from indexers.models import Block, Release, Verdict
from indexers.names.markers import AUDIO_FORMATS
from indexers.names.parsing import read_name
from indexers.verdicts import BEST_FIRST, unjudged
from tame.choices_page import parts_of
from tame.lib.moments import moment
from tame.next_links import Link

Sees = Callable[[str], bool]
MAX_RELEASES = 200
OUTCOMES: list[str] = [Verdict.Outcome.TAKE, Verdict.Outcome.OFFER, Verdict.Outcome.REJECT]
PLACE = Case(*(When(outcome=name, then=Value(n)) for n, name in enumerate(OUTCOMES)))
NAMED = ("state", "title", "release_id", "hash_v1", "hash_v2", "client_hash")


@dataclass(frozen=True)
class Taken:
    """Where a release is that was taken for the book; `url`: empty for whoever may not see it.
    `is_here`: it is coming, or on the shelf."""

    word: str
    label: str
    url: str
    is_here: bool = True


@dataclass(frozen=True)
class Found:
    """A release that was found for the book; `why_not` is what speaks against it."""

    release: Release
    why_not: tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    taken: Taken | None = None
    outcome: str = Verdict.Outcome.OFFER
    score: float = 0
    is_passed_over: bool = False
    parts: str = ""
    is_right: bool | None = None  # as a person said
    unjudged: str = ""  # why there is no verdict

    def place(self) -> tuple[bool, int]:
        return self.is_left_out, OUTCOMES.index(self.outcome)

    @property
    def is_left_out(self) -> bool:
        return bool(self.blocks) or self.is_passed_over

    @property
    def is_rejected(self) -> bool:
        return self.outcome == Verdict.Outcome.REJECT

    @property
    def may_be_grabbed(self) -> bool:
        return not (self.blocks or (self.taken and self.taken.is_here))

    @property
    def format(self) -> str:
        """As its name says."""
        return ", ".join(formats_of(self.release.title)) or "?"

    @property
    def seeders(self) -> str:
        """Unknown is not none."""
        return "?" if self.release.seeders is None else str(self.release.seeders)


def found_for(
    book: Book, imports: Iterable[Import] = (), sees: Sees = lambda permission: True
) -> list[Found]:
    """What may be taken first, then by score and seeders; blocked or passed over at the end.
    `imports`: of the book, which tell what was taken."""
    rows = book.verdicts.select_related("book", "release__indexer").prefetch_related("rejections")
    rows = rows.defer("release__link", "release__magnet", "release__indexer__key")
    best = rows.annotate(place=PLACE).order_by("place", *BEST_FIRST[1:])
    verdicts = list(best[:MAX_RELEASES])
    blocks = blocks_among(book, [verdict.release for verdict in verdicts])
    taken = taken_by(imports, sees)
    said = labelled(book, [verdict.release for verdict in verdicts])
    found = [as_found(verdict, blocks, taken, said) for verdict in verdicts]
    return sorted(found, key=Found.place)


def as_found(
    verdict: Verdict,
    blocks: Sequence[Block],
    taken: dict[int | str, Taken],
    said: dict[str, bool],
) -> Found:
    release, until = verdict.release, verdict.passed_over_until
    reasons = [objection.sentence for objection in verdict.rejections.all()]
    is_passed_over = until is not None and until > timezone.now()
    if until is not None and is_passed_over:
        reasons.append(f"Passed over until {moment(until)}: {verdict.why}")
    return Found(
        release,
        tuple(reasons),
        tuple(block for block in blocks if block.is_on(release)),
        taken.get(release.pk) or taken.get(release.info_hash),
        verdict.outcome,
        verdict.score,
        is_passed_over,
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
    rows = Block.objects.filter(what, Block.in_force(), Q(book=None) | Q(book=book))
    return list(rows.select_related("book"))


# --- What was taken -------------------------------------------------------------------------------


def taken_by(imports: Iterable[Import], sees: Sees) -> dict[int | str, Taken]:
    """By release, and by info hash: another indexer may list the same torrent. The last word
    counts, and what is coming before all."""
    found: dict[int | str, Taken] = {}
    for row in sorted(imports, key=lambda row: row.state in IMPORT_LIVE):
        if row.download is not None:
            found |= dict.fromkeys(keys_of(row.download), where_is(row, row.download, sees))
    return found


def imports_of(book: Book) -> list[Import]:
    """The first first, without what is large."""
    rows = Import.objects.filter(book=book).select_related("download", "copy").order_by("pk")
    names = [f"download__{name}" for name in NAMED]
    return list(rows.only("state", "source_folder", "book", "download", "copy__state", *names))


def keys_of(download: Download) -> list[int | str]:
    known = (download.release_id, download.hash_v1, download.hash_v2, download.client_hash)
    return [key for key in known if key]


def where_is(row: Import, download: Download, sees: Sees) -> Taken:
    if row.copy is not None and row.copy.state in COPY_ON_SHELF:
        return Taken("On the shelf", "its copy", url_of(row.copy, sees))
    is_coming = row.state in IMPORT_LIVE
    word = "Coming" if is_coming else "Was taken before"
    return Taken(word, download.get_state_display(), url_of(download, sees), is_here=is_coming)


def coming_by(imports: Iterable[Import], sees: Sees) -> Link | None:
    """What the book comes by, so that nothing else can be grabbed for it."""
    row = next((row for row in imports if row.state in IMPORT_LIVE), None)
    if row is None:
        return None
    by = row.download or row
    return Link(str(row.download or row.source_folder), url_of(by, sees))


def url_of(row: Model, sees: Sees) -> str:
    """Empty for whoever may not see it."""
    app, model = row._meta.app_label, row._meta.model_name
    if not sees(f"{app}.view_{model}"):
        return ""
    return reverse(f"admin:{app}_{model}_change", args=[row.pk])
