"""Sources describe a book: what is taken over, what is not, and who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from books import filling
from books.asking import open_sources
from books.crediting import credit
from books.describe import describe, describe_due, preview
from books.gathering import gather
from books.models import Author, Book, Credit, Library, Series, ShelfCopy
from books.origins import lock, note_person, unlock
from books.profiles import Profile
from books.source_verbs import describe_all
from books.sources import MetadataSource, SourceAnswer
from books.states import CopyState
from books.taking_over import take_over
from books.values import Value
from tame.lib.errors import LostRaceError
from tests.factory import make_book, use_sources
from tests.fakes.sources import FakeSources, edition, recording, work
from tests.people import browser, filled_in, page_of

pytestmark = pytest.mark.django_db
ASIN = "B002V1A0WE"
DEMO = Path(__file__).resolve().parents[2] / "demo" / "books"


@pytest.fixture(autouse=True)
def in_a_hurry(settings: Any) -> None:
    settings.HURRY = 1000


@pytest.fixture
def fake() -> Iterator[FakeSources]:
    with FakeSources() as opened:
        use_sources(opened.url, "open_library", "librivox", "audnexus")
        yield opened


def again(book: Book) -> Book:
    return Book.objects.get(pk=book.pk)


def narrators(book: Book) -> list[str]:
    rows = book.credits.filter(role=Credit.Role.NARRATOR)
    return [credit.author.name for credit in rows]


def places(book: Book) -> list[str]:
    return [str(place) for place in book.places.all()]


def cranford(fake: FakeSources) -> Book:
    fake.works = [work("Cranford", "Elizabeth Gaskell", key="/works/OL1W")]
    fake.details = {"/works/OL1W": {"description": "A town."}}
    fake.recordings = [recording("Cranford", "Elizabeth", "Gaskell")]
    return make_book()


# --- What is taken over ---------------------------------------------------------------------------


def test_a_book_is_described_by_several_sources(fake: FakeSources) -> None:
    book = cranford(fake)
    described = describe(book)
    now = again(book)
    assert (now.year, now.expected_seconds) == (1853, 25323)
    assert now.language == ""  # that of a recording that was only found would refuse all others
    assert now.description == "A town of ladies."
    assert now.cover_url == f"{fake.url}/b/id/12345-L.jpg"
    assert narrators(now) == ["Clare Wille"]
    assert now.sources["year"]["source"] == "open_library"
    assert now.sources["narrators"]["source"] == "librivox"
    assert not now.sources["narrators"]["locked"]
    assert now.described_at
    assert now.next_describe_at
    assert "year: “1853” from Open Library" in described.sentence(book)
    assert describe(again(book)).changes == []


def test_an_edition_is_described_by_its_asin(fake: FakeSources) -> None:
    place = {"name": "Barsetshire Series", "position": "1"}
    fake.editions = {
        ASIN: edition(ASIN, "The Warden", "Anthony Trollope") | {"seriesPrimary": place}
    }
    book = make_book("The Warden", "Anthony Trollope", asin=ASIN)
    describe(book)
    now = again(book)
    assert places(now) == ["Barsetshire 1"]
    assert (now.expected_seconds, now.publisher) == (25_200, "Public Domain Audio")
    assert narrators(now) == ["Prunella Scales"]


def test_the_files_of_its_copy_speak_first_of_the_narrator(fake: FakeSources) -> None:
    book = cranford(fake)
    library = Library.objects.create(name="Audiobooks", root=str(DEMO))
    ShelfCopy.objects.create(
        book=book, library=library, folder="Elizabeth Gaskell - Cranford (1853)",
        state=CopyState.PROVED, seconds=30,
    )  # fmt: skip
    describe(book)
    now = again(book)
    assert narrators(now) == ["eSpeak NG"]
    assert now.sources["narrators"]["source"] == "tags"
    assert now.expected_seconds is None  # LibriVox's recording is another one


def test_a_known_series_is_used_and_a_position_filled_in(fake: FakeSources) -> None:
    place = {"name": "The Barsetshire Series", "position": "1"}
    fake.editions = {
        ASIN: edition(ASIN, "The Warden", "Anthony Trollope") | {"seriesPrimary": place}
    }
    series = Series.objects.create(name="Barsetshire")
    book = make_book("The Warden", "Anthony Trollope", asin=ASIN)
    describe(book)
    assert Series.objects.get() == series
    assert places(book) == ["Barsetshire 1"]


def test_other_names_are_the_same_person_s(fake: FakeSources) -> None:
    reader = Author.objects.create(name="Clara Wille", other_names=["Clare Wille"])
    book = cranford(fake)
    describe(book)
    assert book.credits.get(role=Credit.Role.NARRATOR).author == reader
    assert describe(again(book)).changes == []


# --- What is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "author"),
    [("Cranford", "Mary Gaskill-Jones"), ("Cranford, Part 2", "Elizabeth Gaskell"),
     ("Ruth", "Elizabeth Gaskell")],
)  # fmt: skip
def test_another_book_describes_nothing(fake: FakeSources, title: str, author: str) -> None:
    fake.odd = {"docs": [work(title, author)], "books": []}
    book = make_book()
    assert describe(book).changes == []
    assert again(book).year is None


def test_recordings_that_differ_name_no_narrator(fake: FakeSources) -> None:
    fake.recordings = [
        recording("Cranford", "Elizabeth", "Gaskell"),
        recording("Cranford (version 2)", "Elizabeth", "Gaskell", readers=["Ann"], number=2,
                  totaltimesecs=40_000),
    ]  # fmt: skip
    book = make_book()
    describe(book)
    assert narrators(book) == []
    assert again(book).expected_seconds is None
    assert again(book).year == 1853


def test_the_recording_of_the_known_narrator_counts(fake: FakeSources) -> None:
    fake.recordings = [
        recording("Cranford", "Elizabeth", "Gaskell"),
        recording("Cranford (version 2)", "Elizabeth", "Gaskell", readers=["Ann Reader"], number=2,
                  totaltimesecs=40_000),
    ]  # fmt: skip
    book = make_book()
    credit(book, Credit.Role.NARRATOR, ["Ann Reader"])
    describe(book)
    assert (again(book).expected_seconds, again(book).language) == (40_000, "eng")


def test_a_language_that_is_not_wanted_is_another_edition(fake: FakeSources) -> None:
    book = cranford(fake)
    Profile.objects.update(languages=["ger"])
    assert describe(book).changes == []


def test_a_wrong_asin_describes_nothing(fake: FakeSources) -> None:
    fake.editions = {ASIN: edition(ASIN, "Emma", "Jane Austen")}
    book = make_book(asin=ASIN)
    assert describe(book).changes == []


def test_an_isbn_of_another_book_is_left_there(fake: FakeSources) -> None:
    make_book("Ruth", isbn="9780141439884")
    fake.editions = {
        ASIN: edition(ASIN, "Cranford", "Elizabeth Gaskell") | {"isbn": "9780141439884"}
    }
    book = make_book(asin=ASIN)
    describe(book)
    assert again(book).isbn == ""
    assert again(book).publisher == "Public Domain Audio"


# --- A person's word ------------------------------------------------------------------------------


def test_what_a_person_wrote_is_never_changed(fake: FakeSources) -> None:
    book = cranford(fake)
    Book.objects.update(year=1851)
    describe(again(book))
    assert again(book).year == 1851  # also without a note of it
    note_person(book, ["language"])
    Book.objects.update(language="")
    describe(again(book))
    assert again(book).language == ""


def test_what_a_person_writes_while_sources_are_asked_wins(fake: FakeSources) -> None:
    book = cranford(fake)
    asked = gather(book, open_sources())
    Book.objects.update(year=1851)
    note_person(book, ["year", "narrators"])
    take_over(book, asked)
    assert again(book).year == 1851
    assert narrators(book) == []


def test_an_unlocked_value_is_written_anew(fake: FakeSources) -> None:
    book = cranford(fake)
    Book.objects.update(year=1851)
    assert unlock(book, "year") == "The year of “Cranford” may be written by a source."
    describe(again(book))
    assert again(book).year == 1853
    Book.objects.update(year=1900)
    lock(again(book), "year")
    describe(again(book))
    assert again(book).year == 1900


def test_a_more_trustworthy_source_takes_the_place_of_another(fake: FakeSources) -> None:
    book = cranford(fake)
    fake.recordings[0]["copyright_year"] = "1851"
    use_sources(fake.url, "librivox")
    describe(book)
    assert again(book).year == 1851
    use_sources(fake.url, "open_library")
    describe(again(book))
    assert (again(book).year, again(book).sources["year"]["source"]) == (1853, "open_library")
    use_sources(fake.url, "librivox")
    describe(again(book))
    assert again(book).year == 1853


def test_a_look_changes_nothing(fake: FakeSources) -> None:
    book = cranford(fake)
    assert {change.field for change in preview(book).changes} > {"year", "narrators"}
    assert again(book).year is None
    assert again(book).sources == {}


# --- Due ------------------------------------------------------------------------------------------


def test_a_source_that_is_down_delays_no_other(fake: FakeSources) -> None:
    book = cranford(fake)
    MetadataSource.objects.filter(kind="open_library").update(address="http://127.0.0.1:1")
    said = describe_due()
    assert said.startswith("1 book looked up, 1 described. Open Library gave no answer")
    assert again(book).year == 1853
    assert MetadataSource.objects.get(kind="open_library").failures == 1


def test_a_book_is_looked_up_later_each_time(fake: FakeSources, settings: Any) -> None:
    settings.HURRY = 1
    book = make_book()
    waits = []
    for _ in range(4):
        Book.objects.update(next_describe_at=timezone.now())
        describe(again(book))
        due = again(book).next_describe_at
        assert due
        waits.append(round((due - timezone.now()) / timedelta(days=1)))
    assert waits == [1, 7, 30, 30]
    assert describe_due() == "0 books looked up, 0 described."


@pytest.mark.parametrize("books", [1, 60])
def test_with_nobody_to_ask_it_costs_next_to_nothing(
    books: int, django_assert_num_queries: Any, settings: Any
) -> None:
    settings.HURRY = 1
    MetadataSource.objects.update(enabled=False)
    for at in range(books):
        make_book(f"Book {at}")
    with django_assert_num_queries(4):
        describe_due()
    with django_assert_num_queries(1):
        describe_due()
    describe_all()
    assert Book.objects.filter(next_describe_at__lte=timezone.now()).count() == books


def test_files_speak_also_where_nobody_may_be_asked() -> None:
    MetadataSource.objects.update(enabled=False)
    book = make_book()
    library = Library.objects.create(name="Audiobooks", root=str(DEMO))
    ShelfCopy.objects.create(
        book=book, library=library, folder="Elizabeth Gaskell - Cranford (1853)",
        state=CopyState.PROVED, seconds=30,
    )  # fmt: skip
    assert describe_due() == "1 book looked up, 1 described."
    assert narrators(again(book)) == ["eSpeak NG"]


def test_after_a_failure_it_is_looked_up_soon(fake: FakeSources, settings: Any) -> None:
    settings.HURRY = 1
    settings.SOURCE_SECONDS = 0
    book = make_book()
    fake.trouble = "failed"
    describe(book)
    due = again(book).next_describe_at
    assert due
    assert timedelta(minutes=50) < due - timezone.now() < timedelta(hours=1)


def test_nothing_is_asked_before_a_person_said_so(fake: FakeSources) -> None:
    book = cranford(fake)
    MetadataSource.objects.update(answered=False)
    assert describe(book).outcomes == []
    assert fake.paths == []


def test_what_was_answered_is_not_asked_again_until_it_is_old(fake: FakeSources) -> None:
    book = cranford(fake)
    describe(book)
    asked = len(fake.paths)
    describe(again(book))
    assert len(fake.paths) == asked
    SourceAnswer.objects.update(asked_at=timezone.now() - timedelta(days=31))
    fake.down()
    described = describe(again(book))
    assert described.failed == []  # what was answered before still counts


def test_a_book_that_is_deleted_meanwhile_is_no_crash(fake: FakeSources) -> None:
    book = cranford(fake)
    asked = gather(book, [])
    Book.objects.all().delete()
    with pytest.raises(LostRaceError):
        take_over(book, asked)


# --- On its page ----------------------------------------------------------------------------------


def test_what_a_source_wrote_while_the_page_was_open_stays(fake: FakeSources) -> None:
    """A person who changes one value has neither wiped nor locked the others."""
    book = cranford(fake)
    page = browser()
    opened = page.get(page_of(book))
    describe(book)
    page.post(page_of(book), filled_in(opened, priority=5, publisher="Chapman & Hall"))
    now = again(book)
    assert (now.priority, now.publisher, now.year) == (5, "Chapman & Hall", 1853)
    assert narrators(now) == ["Clare Wille"]
    locked = [name for name, known in now.sources.items() if known["locked"]]
    assert locked == ["publisher"]


def test_what_a_person_emptied_stays_empty(fake: FakeSources) -> None:
    book = cranford(fake)
    describe(book)
    page = browser()
    page.post(page_of(book), filled_in(page.get(page_of(book)), year=""))
    describe(again(book))
    now = again(book)
    assert (now.year, now.sources["year"]["locked"]) == (None, True)
    unlock(now, "year")
    describe(again(book))
    assert again(book).year == 1853


def test_a_source_that_says_nothing_any_more_takes_nothing_away(fake: FakeSources) -> None:
    book = cranford(fake)
    describe(book)
    known = {name: getattr(again(book), name) for name in ("year", "description", "cover_url")}
    SourceAnswer.objects.all().delete()
    fake.works, fake.recordings = [work("Cranford", "Elizabeth Gaskell", 0, cover_i=None)], []
    describe(again(book))
    assert {name: getattr(again(book), name) for name in known} == known


def test_a_lock_that_is_set_while_sources_are_asked_counts(fake: FakeSources) -> None:
    book = cranford(fake)
    asked = gather(book, open_sources())
    for name in ("year", "narrators", "description"):
        lock(again(book), name)
    take_over(book, asked)
    now = again(book)
    assert (now.year, now.description, narrators(now)) == (None, "", [])
    assert now.sources["cover_url"]["source"] == "open_library"


def test_people_that_a_source_replaced_while_the_page_was_open_stay_replaced(
    fake: FakeSources,
) -> None:
    book = cranford(fake)
    describe(book)
    page = browser()
    opened = page.get(page_of(book))
    with transaction.atomic():
        filling.write(again(book), "narrators", Value(("Prunella Scales",), "audnexus"))
    page.post(page_of(book), filled_in(opened, priority=5))
    now = again(book)
    assert (now.priority, narrators(now)) == (5, ["Prunella Scales"])
    assert not any(known["locked"] for known in now.sources.values())
    changed = filled_in(opened, **{"credits-1-role": "translator"})
    assert (
        "A line that you changed was written anew meanwhile"
        in page.post(page_of(book), changed).content.decode()
    )
