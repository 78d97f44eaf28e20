"""An idle pass asks one question; whatever verdicts rest on, a change of it is noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Author, Book, Credit, Library, Series, SeriesPlace, ShelfCopy
from books.profiles import Profile
from books.states import CopyState, Wish
from indexers import values
from indexers.decide import decide_due
from indexers.labels import block
from indexers.models import Indexer, Judged, Release
from indexers.verdicts import open_verdicts
from tests.factory import make_book, make_release

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now().date() + timedelta(days=1)


def people(book: Book, name: str, role: Credit.Role, order: int) -> None:
    Credit.objects.create(
        book=book, author=Author.objects.create(name=name), role=role, order=order
    )


def other_profile() -> Profile:
    return Profile.objects.get(name="For the family")


def namesake() -> Series:
    return Series.objects.create(name="Barset")


CHANGES: dict[str, Callable[[Book], object]] = {
    "title": lambda book: Book.objects.filter(pk=book.pk).update(title="Ruth"),
    "subtitle": lambda book: Book.objects.filter(pk=book.pk).update(subtitle="A Tale"),
    "language": lambda book: Book.objects.filter(pk=book.pk).update(language="ger"),
    "expected": lambda book: Book.objects.filter(pk=book.pk).update(expected_seconds=30_000),
    "out": lambda book: Book.objects.filter(pk=book.pk).update(published_on=TOMORROW),
    "reader": lambda book: Book.objects.filter(pk=book.pk).update(narrator_required=True),
    "copy gone": lambda book: Book.objects.filter(pk=book.pk).update(on_shelf=False),
    "copy": lambda book: ShelfCopy.objects.filter(book=book).update(format="ogg"),
    "copy lost": lambda book: ShelfCopy.objects.filter(book=book).update(state=CopyState.MISSING),
    "co-author": lambda book: people(book, "Charles Dickens", Credit.Role.AUTHOR, 3),
    "narrator": lambda book: people(book, "Emma Reed", Credit.Role.NARRATOR, 0),
    "order": lambda book: Credit.objects.filter(author__name="Elizabeth Gaskell").update(order=2),
    "role": lambda book: Credit.objects.filter(order=1).update(role=Credit.Role.TRANSLATOR),
    "uncredited": lambda book: Credit.objects.filter(book=book).delete(),
    "name": lambda book: Author.objects.filter(name__startswith="E").update(name="Mrs. Gaskell"),
    "other names": lambda book: Author.objects.update(other_names=["Cotton Mather Mills"]),
    "number": lambda book: SeriesPlace.objects.filter(book=book).update(sort_number=5),
    "no place": lambda book: SeriesPlace.objects.filter(book=book).delete(),
    "series": lambda book: Series.objects.update(name="Knutsford"),
    "namesake": lambda book: SeriesPlace.objects.filter(book=book).update(series=namesake()),
    "parked beside": lambda book: Book.objects.filter(title="Mary").update(wish=Wish.PARKED),
    "coming beside": lambda book: Book.objects.filter(title="Mary").update(coming=True),
    "had beside": lambda book: Book.objects.filter(title="Mary").update(on_shelf=True),
    "formats": lambda book: Profile.objects.update(formats=["mp3", "m4b"]),
    "languages": lambda book: Profile.objects.update(languages=["eng"]),
    "words": lambda book: Profile.objects.update(words={"librivox": 3}),
    "seeders": lambda book: Profile.objects.update(least_seeders=3),
    "default": lambda book: other_profile().make_default(),
    "its profile": lambda book: Book.objects.filter(pk=book.pk).update(profile=other_profile()),
    "author's profile": lambda book: Author.objects.update(profile=other_profile()),
    "series' profile": lambda book: Series.objects.update(profile=other_profile()),
    "indexer": lambda book: Indexer.objects.update(language="German"),
}


@pytest.fixture
def book(indexer: Indexer) -> Book:
    """The second of a series, on the shelf in a poor copy; the first one is wanted, too."""
    Profile.objects.create(name="For the family", formats=["mp3"])
    Profile.objects.update(upgrade=True)
    book, beside = make_book(on_shelf=True, may_upgrade=True), make_book("Mary")
    series = Series.objects.create(name="Barset")
    for number, each in enumerate((beside, book), 1):
        SeriesPlace.objects.create(book=each, series=series, position=str(number))
    people(book, "William Gaskell", Credit.Role.AUTHOR, 1)
    library = Library.objects.create(name="Shelf", root="/shelf")
    ShelfCopy.objects.create(book=book, library=library, folder="a", format="mp3")
    make_release(indexer, book)
    make_release(indexer, book, title="Cranford (Abridged) by Elizabeth Gaskell")
    assert decide_due() == 2
    return book


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_judged_once(book: Book, change: Callable[[Book], object]) -> None:
    assert decide_due() == 0
    change(book)
    assert decide_due() == 2
    assert decide_due() == 0


def test_other_rules_are_noticed(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "RULES_VERSION", 0)
    assert decide_due() == 2


def test_the_day_on_which_a_book_comes_out_is_noticed(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    Book.objects.filter(pk=book.pk).update(published_on=TOMORROW)
    decide_due()
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert decide_due() == 2


def test_what_is_seen_again_is_judged_again_and_nothing_else(book: Book) -> None:
    book.verdicts.filter(release__title__contains="Abridged").update(digest="")
    assert decide_due() == 1


def test_a_block_holds_at_once_without_any_judging(book: Book) -> None:
    release = Release.objects.get(title__startswith="Cranford by")
    assert release.pk in open_verdicts().values_list("release", flat=True)
    block(release, book=book, reason="Damaged.", actor="ann")
    assert decide_due() == 0
    assert release.pk not in open_verdicts().values_list("release", flat=True)


def test_a_turn_that_ended_early_does_not_count_as_judged(book: Book) -> None:
    Book.objects.update(language="ger")
    assert decide_due(lambda: False) == 0
    assert decide_due() == 2


def test_what_a_person_had_approved_is_nothing_to_judge(book: Book) -> None:
    before = Judged.objects.get().mark
    Profile.objects.update(approvals=5, offer_answered=True)
    Book.objects.update(next_search_at=timezone.now(), searches=4, description="In Drumble.")
    decide_due()
    assert Judged.objects.get().mark == before


@pytest.mark.parametrize("books", [1, 30])
def test_an_idle_pass_asks_one_question(indexer: Indexer, books: int) -> None:
    for number in range(books):
        make_release(indexer, make_book(f"Cranford {number}"))
    assert decide_due() == books
    with CaptureQueriesContext(connection) as asked:
        assert decide_due() == 0
    assert len(asked) == 1
