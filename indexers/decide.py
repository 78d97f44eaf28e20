"""Judge what was found for books, and keep every answer with its reasons.

Finds its work by the digest on a verdict: of the book, its profile, the rules and what they read
of the indexer. One that is missing or old is judged again, whatever changed; old ones are looked
for only when something did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from books.models import Book
from books.profiles import Profile
from indexers.decisions import TAKE, Judgement, judge
from indexers.models import Indexer, Rejection, Release, Verdict
from indexers.unchanged import Look, is_judged_for, look
from indexers.values import book_with_names, digest_of, offer_of, taste_of, wanted_of, with_names
from tame.lib import bell

DECIDE, GRAB = "indexers.tasks.decide", "downloads.tasks.grab"
SECRETS = ("release__link", "release__magnet", "release__indexer__key")
Verdicts = QuerySet[Verdict]


def decide_due(keep_going: Callable[[], bool] = lambda: True) -> int:
    """Judge for every wanted book what was not judged as things are now; how many verdicts."""
    seen = look()
    if seen.is_same and not seen.waiting:
        return 0
    judged, usual = 0, Profile.usual()
    for book in undecided(usual, seen):
        if not keep_going():
            break
        judged += decide_book(book, usual)
    else:
        seen.note_judged()
    if judged:
        bell.ring(GRAB)
    return judged


def undecided(usual: Profile, seen: Look) -> list[Book]:
    """Those with a verdict that was not judged; where more has changed, those with an old one, by
    one query for the digests that stand and those for the books."""
    if seen.is_same:
        return list(with_names(Book.objects.filter(pk__in=seen.waiting)))
    stand: dict[int, set[tuple[str, str]]] = {}  # with the usual language of the indexer
    found = Verdict.objects.filter(is_judged_for("book__")).order_by()
    rows = found.values_list("book", "digest", "release__indexer__language").distinct()
    for book, digest, language in rows:
        stand.setdefault(book, set()).add((language, digest))
    books = with_names(Book.objects.filter(pk__in=stand))
    return [
        book
        for book in books
        if stand[book.pk] != set(digests(book, usual, {one for one, _ in stand[book.pk]}).items())
    ]


def digests(book: Book, usual: Profile, languages: Iterable[str]) -> dict[str, str]:
    """As it is now for the releases of indexers with each of these usual languages."""
    wanted, taste = wanted_of(book), taste_of(book, usual)
    return {language: digest_of(wanted, taste, language) for language in languages}


def decide_book(book: Book, usual: Profile) -> int:
    """What was found for a book with its names, in a fixed number of queries; how many verdicts."""
    languages = set(Indexer.objects.order_by().values_list("language", flat=True))
    stands = Q(pk=None)
    for language, digest in digests(book, usual, languages).items():
        stands |= Q(release__indexer__language=language, digest=digest)
    return len(judge_rows(book, usual, Verdict.objects.filter(book=book).exclude(stands)))


def judge_now(book: Book, release: Release) -> Judgement:
    """As things are at this moment. Nothing is stored: a page that only looks may ask."""
    known = book_with_names(book.pk)
    taste = taste_of(known, Profile.usual())
    return judge(offer_of(release), wanted_of(known), taste, now=timezone.now())


def judge_again(book: Book, release: Release) -> Verdict:
    """The verdict as things are at this moment, stored: before a grab nothing older counts."""
    Verdict.objects.get_or_create(book=book, release=release)  # first: `keep` sees who was faster
    known = book_with_names(book.pk)
    verdicts = Verdict.objects.filter(book=book, release=release)
    [verdict] = judge_rows(known, Profile.usual(), verdicts)
    return verdict


def judge_rows(book: Book, usual: Profile, verdicts: Verdicts) -> list[Verdict]:
    wanted, taste, now = wanted_of(book), taste_of(book, usual), timezone.now()
    rows = list(verdicts.select_related("release__indexer").defer(*SECRETS))
    now_stands = digests(book, usual, {row.release.indexer.language for row in rows})
    judgements = [judge(offer_of(row.release), wanted, taste, now=now) for row in rows]
    read = {row.pk: row.digest for row in rows}
    for row, found in zip(rows, judgements, strict=True):
        row.outcome, row.score, row.parts = found.outcome, found.score, found.parts
        row.digest = now_stands[row.release.indexer.language]
        since = row.first_accepted_at or now
        row.first_accepted_at = since if found.outcome == TAKE else None
    keep(rows, judgements, read)
    return rows


def keep(rows: list[Verdict], judgements: Iterable[Judgement], read: Mapping[int, str]) -> None:
    """`read`: the digest each had when it was judged."""
    objections = [
        Rejection(verdict=row, rule=said.rule, sentence=said.sentence, permanent=said.lasts)
        for row, found in zip(rows, judgements, strict=True)
        for said in found.objections
    ]
    with transaction.atomic():
        stands = Verdict.objects.filter(pk__in=[row.pk for row in rows]).select_for_update()
        now = dict(stands.values_list("pk", "digest"))
        fresh = {row.pk for row in rows if now.get(row.pk) == read[row.pk]}
        rows = [row for row in rows if row.pk in fresh]  # others were seen again, or are gone
        objections = [said for said in objections if said.verdict_id in fresh]
        Verdict.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["book", "release"],
            update_fields=["outcome", "score", "parts", "digest", "first_accepted_at"],
        )
        Rejection.objects.filter(verdict__in=[row.pk for row in rows]).delete()
        Rejection.objects.bulk_create(objections)
