"""Keep what an indexer listed: once per indexer, with what was last seen of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from books.models import Book
from indexers.endpoints import key_of
from indexers.found import FoundRelease
from indexers.links import hide_key
from indexers.models import Indexer, Release, Search, Verdict
from indexers.values import offer_of

SECRETS = ("link", "magnet", "indexer__key")
SEEN_AGAIN = [
    "title", "size", "seeders", "peers", "grabs", "files", "info_hash", "link", "magnet",
    "details", "categories", "attributes", "published_at", "last_seen_at",
]  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """The rows, in the order they were listed; how many are new; the keys of those that the rules
    see otherwise than before, new ones among them."""

    rows: list[Release]
    new: int
    changed: set[int]


def store_releases(indexer: Indexer, search: Search, found: Iterable[FoundRelease]) -> int:
    """Store the releases and that this search found them for its book; how many were new."""
    with transaction.atomic():
        kept = keep_releases(indexer, found)
        verdicts = [Verdict(book=search.book, release=row, search=search) for row in kept.rows]
        same = [one for one in verdicts if one.release_id not in kept.changed]
        other = [one for one in verdicts if one.release_id in kept.changed]
        note_verdicts(same, ["search"])
        note_verdicts(other, ["digest", "search"])  # judged anew: seeders and sizes change
    return kept.new


def note_verdicts(verdicts: Iterable[Verdict], update: list[str]) -> None:
    Verdict.objects.bulk_create(
        verdicts, update_conflicts=True, unique_fields=["book", "release"], update_fields=update
    )


def keep_releases(indexer: Indexer, found: Iterable[FoundRelease]) -> Kept:
    rows = {release.identity: as_row(indexer, release) for release in found}
    if not rows:
        return Kept([], 0, set())
    before = Release.objects.filter(indexer=indexer, identity__in=rows).defer(*SECRETS)
    judged = {row.identity: offer_of(row) for row in before.select_related("indexer")}
    stored = Release.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["indexer", "identity"],
        update_fields=SEEN_AGAIN,
    )
    changed = {row.pk for row in stored if judged.get(row.identity) != offer_of(row)}
    judge_anew({row.pk for row in stored if row.pk in changed and row.identity in judged})
    return Kept(stored, len(rows) - len(judged), changed)


def judge_anew(changed: set[int]) -> None:
    """For every book that still waits, whichever was asked for: a box set may be for several."""
    if changed:
        open_ = Verdict.objects.filter(Book.open_for("book__"), release__in=changed)
        open_.update(digest="")


def as_row(indexer: Indexer, found: FoundRelease) -> Release:
    key = key_of(indexer)
    return Release(
        indexer=indexer,
        identity=found.identity,
        title=found.title[:1000],
        size=found.size,
        seeders=found.seeders,
        peers=found.peers,
        grabs=found.grabs,
        files=found.files,
        info_hash=found.info_hash,
        link=hide_key(found.link, key),
        magnet=found.magnet,
        details=hide_key(found.details, key)[:1000],
        categories=list(found.categories),
        attributes=attributes(found),
        published_at=found.published,
        last_seen_at=timezone.now(),
    )


def attributes(found: FoundRelease) -> dict[str, object]:
    """What has no column: some of it is read by the rules, all of it by whoever asks."""
    return {
        "author": found.author,
        "book_title": found.book_title,
        "language": found.language,
        "year": found.year,
        "download_factor": found.download_factor,
        "upload_factor": found.upload_factor,
        "minimum_ratio": found.minimum_ratio,
        "minimum_seed_seconds": found.minimum_seed_seconds,
        "tags": list(found.tags),
        "kind": found.kind,
        "has_link": bool(found.link or found.magnet),
    }
