"""Six situations that others fail, through the rows: what is taken, and which reasons are kept.

And the silent failures of those who decided before, each under the name it is remembered by.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book, Series, SeriesPlace
from books.profiles import Profile
from downloads.choices import choices, open_books
from downloads.models import Download
from downloads.take import take_due
from indexers.decide import decide_due
from indexers.models import Indexer, Verdict
from indexers.search import search_book
from tests.factory import make_book, make_client, make_indexer, make_release
from tests.fakes.torznab import FakeIndexer, Offer

pytestmark = pytest.mark.django_db
SIZE = 400_000_000  # bytes
Listed = dict[str, int | None]  # name: seeders


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False
    Profile.objects.update(automatic=True)
    make_client(free_seen_at=timezone.now())


def offered(book: Book, indexer: Indexer, listed: Listed) -> str | None:
    """What is taken by itself of what is listed; None when nothing is."""
    for name, seeders in listed.items():
        make_release(indexer, book, title=name, seeders=seeders, size=SIZE)
    decide_due()
    take_due()
    taken = Download.objects.filter(automatic=True).first()
    return taken.title if taken else None


def reasons(name: str) -> list[str]:
    verdict = Verdict.objects.get(release__title=name)
    return [said.rule for said in verdict.rejections.order_by("rule")]


def volume(title: str, series: str, number: str, author: str = "Anthony Trollope") -> Book:
    book = make_book(title, author)
    row, _ = Series.objects.get_or_create(normalised=series.lower(), defaults={"name": series})
    SeriesPlace.objects.create(book=book, series=row, position=number)
    return book


def test_nothing_on_offer_matches(indexer: Indexer) -> None:
    listed: Listed = {
        "Ulysses by James Joyce [M4B]": 90,
        "Elizabeth Gaskell - North and South [MP3]": 50,
        "Summary of Cranford by Elizabeth Gaskell": 40,
    }
    assert offered(make_book(), indexer, listed) is None
    assert all(reasons(name) for name in listed)
    assert choices(open_books()) == []


def test_book_7_is_wanted_and_only_book_1_is_offered(indexer: Indexer) -> None:
    book = volume("Glinda of Oz", "Oz", "14", "L. Frank Baum")
    name = "L. Frank Baum - Oz 01 - The Wonderful Wizard of Oz [M4B]"
    assert offered(book, indexer, {name: 99}) is None
    assert "volume" in reasons(name) or "title" in reasons(name)


def test_a_title_of_two_letters_among_look_alikes(indexer: Indexer) -> None:
    book = make_book("We", "Yevgeny Zamyatin")
    listed: Listed = {
        "We Are Not Alone by Somebody Else [M4B]": 300,
        "Where the Wild Things Went - Wendy Weir [MP3]": 200,
        "Yevgeny Zamyatin - The Cave [MP3]": 100,
        "We by Yevgeny Zamyatin [MP3]": 3,
    }
    assert offered(book, indexer, listed) == "We by Yevgeny Zamyatin [MP3]"
    assert [bool(reasons(name)) for name in listed] == [True, True, True, False]


def test_book_1_of_a_series_whose_book_7_has_more_seeders(indexer: Indexer) -> None:
    book = volume("The Warden", "Barsetshire", "1")
    seventh = "Anthony Trollope - Barsetshire 06 - The Last Chronicle of Barset [M4B]"
    first = "Anthony Trollope - Barsetshire 01 - The Warden [M4B]"
    assert offered(book, indexer, {seventh: 500, first: 2}) == first
    assert {"title", "volume"} & set(reasons(seventh))


def test_only_a_release_without_seeders(indexer: Indexer) -> None:
    name = "Cranford by Elizabeth Gaskell [M4B]"
    assert offered(make_book(), indexer, {name: 0}) is None
    assert reasons(name) == ["seeders"]
    [choice] = choices(open_books())  # it is offered, with that reason
    assert choice.reasons == ["Nobody seeds it."]


def test_unabridged_is_wanted_and_the_abridged_one_is_better_seeded(indexer: Indexer) -> None:
    abridged = "Cranford by Elizabeth Gaskell (Abridged) [M4B]"
    whole = "Cranford by Elizabeth Gaskell (Unabridged) [MP3]"
    assert offered(make_book(), indexer, {abridged: 300, whole: 4}) == whole
    assert reasons(abridged) == ["abridged"]


# --- Remembered -----------------------------------------------------------------------------------


def test_nothing_matches_means_nothing(indexer: Indexer) -> None:
    """Not the first hit, not the one with most seeders."""
    listed: Listed = {f"Another Book {letter} by Another Author": 10 for letter in "abc"}
    assert offered(make_book(), indexer, listed) is None


def test_thresholds_are_rows(indexer: Indexer) -> None:
    """What a person sets holds; no constant goes before it."""
    make_release(indexer, make_book(), seeders=5, size=SIZE)
    decide_due()
    assert Verdict.objects.get().outcome == "take"
    Profile.objects.update(least_seeders=6)
    decide_due()
    assert Verdict.objects.get().outcome == "offer"


def test_audiobook_category_only() -> None:
    """Not e-books, not all of music."""
    with FakeIndexer() as fake:
        fake.releases = [Offer("Cranford by Elizabeth Gaskell [M4B]")]
        make_indexer(address=fake.url, key=fake.key)
        search_book(make_book(), asked_by="ann")
        asked = [request.query["cat"] for request in fake.requests if "cat" in request.query]
    assert asked == ["3030"]


def test_cooldown_survives_restart(indexer: Indexer) -> None:
    """It is a column: another process leaves the indexer alone, too, and until the same time."""
    until = timezone.now() + timedelta(hours=1)
    Indexer.objects.update(failures=3, off_until=until)
    known = Indexer.objects.get(pk=indexer.pk)
    assert not known.is_usable
    assert not Indexer.usable().exists()
    assert known.off_until == until
