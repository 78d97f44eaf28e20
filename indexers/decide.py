"""Judge what was found for books, and keep every answer with its reasons.

Finds its work by the digest on a verdict: of the book, the person's taste and the rules. One that
is missing or old is judged again, whatever changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from books.models import Book, Credit
from books.states import Wish
from indexers.decisions import REJECT, Judgement, Taste, judge
from indexers.models import Rejection, Release, Search, Verdict
from indexers.wanted import Offer, Place, Wanted

RULES_VERSION = 2  # raise it when a rule says something else: all is judged again
SECRETS = ("release__link", "release__magnet", "release__indexer__key")


def decide_due(keep_going: Callable[[], bool] = lambda: True) -> int:
    """Judge for every wanted book what was not judged as things are now; how many verdicts."""
    judged = 0
    for book in undecided():
        if not keep_going():
            break
        judged += decide_book(book)
    Search.objects.filter(finished_at__isnull=False, decided_at=None).exclude(
        book__verdicts__digest=""
    ).update(decided_at=timezone.now())
    return judged


def undecided() -> list[Book]:
    """Two queries for the digests that stand, and those for the books."""
    stand: dict[int, set[str]] = {}
    pairs = Verdict.objects.values_list("book", "digest").order_by().distinct()
    for book, digest in pairs.filter(book__wish=Wish.WANTED, book__on_shelf=False):
        stand.setdefault(book, set()).add(digest)
    books = with_names(Book.objects.filter(pk__in=stand))
    return [book for book in books if stand[book.pk] != {digest_of(wanted_of(book))}]


def with_names(books: Any) -> list[Book]:
    credits_ = Prefetch("credits", Credit.objects.select_related("author"))
    return list(books.prefetch_related(credits_, "places__series"))


def decide_book(book: Book) -> int:
    """A fixed number of queries, whatever the number of releases."""
    wanted = wanted_of(book)
    digest, now = digest_of(wanted), timezone.now()
    rows = list(
        Verdict.objects.filter(book=book)
        .exclude(digest=digest)
        .select_related("release__indexer")
        .defer(*SECRETS)
    )
    judgements = [judge(offer_of(row.release), wanted, now=now) for row in rows]
    for row, found in zip(rows, judgements, strict=True):
        row.outcome, row.score, row.parts = found.outcome, found.score, found.parts
        row.digest = digest
        if found.outcome != REJECT and row.first_accepted_at is None:
            row.first_accepted_at = now
    keep(rows, judgements)
    return len(rows)


def keep(rows: list[Verdict], judgements: Iterable[Judgement]) -> None:
    objections = [
        Rejection(verdict=row, rule=said.rule, sentence=said.sentence, permanent=said.lasts)
        for row, found in zip(rows, judgements, strict=True)
        for said in found.objections
    ]
    with transaction.atomic():
        Verdict.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["book", "release"],
            update_fields=["outcome", "score", "parts", "digest", "first_accepted_at"],
        )
        Rejection.objects.filter(verdict__in=[row.pk for row in rows]).delete()
        Rejection.objects.bulk_create(objections)


# --- Rows as values -------------------------------------------------------------------------------


def wanted_of(book: Book) -> Wanted:
    """No query where credits and places were prefetched."""
    credits_ = sorted(book.credits.all(), key=lambda credit: (credit.order, credit.pk))

    def named(role: str) -> tuple[str, ...]:
        return tuple(credit.author.name for credit in credits_ if credit.role == role)

    return Wanted(
        title=book.title,
        subtitle=book.subtitle,
        authors=named(Credit.Role.AUTHOR),
        places=tuple(Place(p.series.name, p.sort_number) for p in book.places.all()),
        narrators=named(Credit.Role.NARRATOR),
        language=book.language,
        expected_seconds=book.expected_seconds,
        published_on=book.published_on,
        other_names=tuple(
            str(name)
            for credit in credits_
            if credit.role == Credit.Role.AUTHOR
            for name in credit.author.other_names
        ),
    )


def offer_of(release: Release) -> Offer:
    known = release.attributes
    return Offer(
        title=release.title,
        size=release.size,
        categories=tuple(release.categories),
        seeders=release.seeders,
        indexer_language=release.indexer.language,
        download_factor=known.get("download_factor"),
        minimum_ratio=known.get("minimum_ratio"),
        minimum_seed_seconds=known.get("minimum_seed_seconds"),
        published_at=release.published_at,
        tags=tuple(known.get("tags", ())),
    )


def digest_of(wanted: Wanted) -> str:
    """What a verdict rests on, beside the release itself."""
    parts = json.dumps(
        [RULES_VERSION, asdict(wanted), asdict(Taste())], default=str, sort_keys=True
    )
    return sha256(parts.encode()).hexdigest()[:16]
