"""Rows as the plain values that the rules read."""

from __future__ import annotations

from hashlib import sha256

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from books.models import Book, Credit, SeriesPlace, ShelfCopy
from books.profiles import Profile
from books.states import Wish
from indexers.decisions import RULES_VERSION, Taste
from indexers.models import Release
from indexers.wanted import Offer, Place, Wanted

HOUR, GIGABYTE = 3600, 10**9


def with_names(books: QuerySet[Book]) -> QuerySet[Book]:
    """All that is read of a book here, in a fixed number of queries."""
    wanted = SeriesPlace.objects.filter(
        book__wish=Wish.WANTED, book__on_shelf=False, book__coming=False
    )
    return books.select_related("profile").prefetch_related(
        Prefetch("credits", Credit.objects.select_related("author__profile")),
        Prefetch("places", SeriesPlace.objects.select_related("series__profile")),
        Prefetch("places__series__places", wanted, to_attr="wanted_places"),
    )


def book_with_names(pk: int) -> Book:
    return with_names(Book.objects.filter(pk=pk)).get()


def wanted_of(book: Book) -> Wanted:
    """No query for a book with its names, unless a copy of it is on the shelf."""
    return Wanted(
        title=book.title,
        subtitle=book.subtitle,
        authors=tuple(book.names(Credit.Role.AUTHOR)),
        places=tuple(place_of(place) for place in book.places.all()),
        narrators=tuple(book.names(Credit.Role.NARRATOR)),
        language=book.language,
        expected_seconds=book.expected_seconds,
        published_on=book.published_on,
        copy_format=copy_format(book) if book.on_shelf else "",
        other_names=tuple(
            str(name)
            for credit in book.credited(Credit.Role.AUTHOR)
            for name in credit.author.other_names
        ),
    )


def place_of(place: SeriesPlace) -> Place:
    beside: list[SeriesPlace] = getattr(place.series, "wanted_places", [])
    numbers = sorted({one.sort_number for one in beside if one.sort_number is not None})
    return Place(place.series.name, place.sort_number, tuple(numbers))


def copy_format(book: Book) -> str:
    return ShelfCopy.on_shelf(book).values_list("format", flat=True).first() or ""


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
        has_link=known.get("has_link", True),
        announced_author=known.get("author", ""),
        announced_title=known.get("book_title", ""),
        announced_language=known.get("language", ""),
    )


def taste_of(book: Book, usual: Profile) -> Taste:
    """`usual`: the default profile. No query for a book with its names."""
    return as_taste(book.chosen_profile() or usual, narrator_required=book.narrator_required)


def as_taste(profile: Profile, *, narrator_required: bool = False) -> Taste:
    largest, hours = profile.largest_gb, profile.most_seed_hours
    return Taste(
        formats=tuple(profile.formats),
        formats_only=profile.formats_only,
        cutoff=profile.cutoff,
        upgrade=profile.upgrade,
        languages=tuple(profile.languages),
        wants_abridged=profile.takes_abridged,
        wants_dramatised=profile.takes_dramatised,
        takes_box_sets=profile.takes_box_sets,
        narrator_required=narrator_required,
        words=dict(profile.words),
        required=tuple(profile.required),
        ignored=tuple(profile.ignored),
        least_seeders=profile.least_seeders,
        largest=int(largest * GIGABYTE) if largest else None,
        slowest_kbps=profile.slowest_kbps,
        fastest_kbps=profile.fastest_kbps,
        oldest_days=profile.oldest_days,
        freeleech_only=profile.freeleech_only,
        most_ratio=profile.most_ratio,
        most_seed_seconds=hours * HOUR if hours is not None else None,
    )


def digest_of(wanted: Wanted, taste: Taste, usual_language: str) -> str:
    """What a verdict rests on, beside the release itself. `usual_language`: its indexer's."""
    day = wanted.published_on
    is_out = day is None or day <= timezone.now().date()
    text = repr((RULES_VERSION, wanted, taste, usual_language, is_out))
    return sha256(text.encode()).hexdigest()[:16]
