"""A book's place in a series makes it a known volume at once, whoever was asked before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from books.completing import add_volumes, complete, recount
from books.filling import write as fill
from books.following import follow, follow_due
from books.known_volumes import missing
from books.merging import KINDS, moved, write_rows
from books.models import Author, Book, Series, SeriesPlace, Volume
from books.origins import VOLUMES, note, note_person
from books.sources import SourceAnswer
from books.states import Wish
from books.values import Value
from books.volume_wishes import want_missing
from tame.lib.moments import day
from tests.books.series.barsetshire import NOVELS, TROLLOPE, said
from tests.commanding import done
from tests.factory import make_book
from tests.fakes.sources import FakeSources, work
from tests.people import ann, browser, filled_in, list_of, messages, page_of

pytestmark = pytest.mark.django_db
OZ = "L. Frank Baum"
NOT_KNOWN = "not known, no source was asked"


@pytest.fixture
def oz(db: None) -> Series:
    return Series.objects.create(name="Oz")


def placed(series: Series, title: str, at: str, author: str = OZ, **known: Any) -> Book:
    book = make_book(title, author, **{"on_shelf": True, "wish": Wish.PARKED, **known})
    SeriesPlace.objects.create(book=book, series=series, position=at)
    return book


def shown(row: Series | Author) -> list[tuple[str, str]]:
    return [line[:2] for line in said(row)]


# --- As it is -------------------------------------------------------------------------------------


def test_what_is_here_is_known_and_what_lies_between_is_not(oz: Series) -> None:
    placed(oz, "The Lost Princess of Oz", "11")
    placed(oz, "Ozma of Oz", "3", on_shelf=False, wish=Wish.WANTED)
    assert said(oz) == [
        ("1-2", "", NOT_KNOWN),
        ("3", "Ozma of Oz", "wanted"),
        ("4-10", "", NOT_KNOWN),
        ("11", "The Lost Princess of Oz", "on the shelf"),
    ]
    page = browser().get(page_of(oz)).content.decode()
    assert "1 on the shelf, 1 wanted, 9 not known." in page
    assert "None is known yet" not in page
    [row] = browser().get(list_of(Series)).context["cl"].result_list
    assert row.counted == {"not known": 9, "wanted": 1, "on the shelf": 1}
    assert missing(oz) == [], "no title is invented"
    assert not Volume.objects.exists(), "nothing is stored by looking"


def test_of_a_long_gap_one_line_is_shown(oz: Series) -> None:
    placed(oz, "Three Hundred", "300")
    assert [line[0] for line in said(oz)] == ["1-299", "300"]


@pytest.mark.parametrize(
    ("places", "lines"),
    [
        ((("Ozma of Oz", "3"), ("Ozma of Oz", "3.0")), [("1-2", ""), ("3", "Ozma of Oz")]),
        ((("Ozma of Oz", "Book 3"), ("Ozma of  OZ", "3")), [("1-2", ""), ("3", "Ozma of Oz")]),
        ((("A Tale", "2.5"), ("Second", "2"), ("Third", "3")),
         [("1", ""), ("2", "Second"), ("2.5", "A Tale"), ("3", "Third")]),
        ((("Three of Oz", "1-3"), ("Ozma of Oz", "3"), ("The Road to Oz", "5")),
         [("3", "Ozma of Oz"), ("1-3", "Three of Oz"), ("4", ""), ("5", "The Road to Oz")]),
        ((("Little Wizard Stories", ""), ("First", "1")),
         [("1", "First"), ("", "Little Wizard Stories")]),
        ((("One of Two", "1"), ("Another", "1")), [("1", "Another"), ("1", "One of Two")]),
        ((("Oz", "1"), ("Oz, Part Two", "2"), ("Ozma of Oz", "3")),
         [("1", "Oz"), ("2", "Oz, Part Two"), ("3", "Ozma of Oz")]),
        ((("Faust", "1"), ("Faust", "2")), [("1", "Faust"), ("2", "Faust")]),
        ((("A Companion to Oz", "1"),), [("1", "A Companion to Oz")]),
    ],
)  # fmt: skip
def test_places_are_read_however_they_are_written(
    places: tuple[tuple[str, str], ...], lines: list[tuple[str, str]], oz: Series
) -> None:
    for title, at in places:
        placed(oz, title, at, author="" if at == "Book 3" else OZ)
    assert shown(oz) == lines


def test_a_book_of_nobody_is_known(oz: Series) -> None:
    book = placed(oz, "Glinda of Oz", "1")
    book.credits.all().delete()
    assert said(oz) == [("1", "Glinda of Oz", "on the shelf")]


def test_a_collection_here_holds_what_is_missing(fake: FakeSources, series: Series) -> None:
    complete(series)
    placed(series, "Barsetshire Omnibus", "2-3", TROLLOPE)
    assert ("3", "Doctor Thorne", "on the shelf, in “Barsetshire Omnibus”") in said(series)
    assert [one.title for one in missing(series)] == ["Framley Parsonage"]


def test_of_an_author_every_book_here_is_a_work(oz: Series) -> None:
    placed(oz, "Ozma of Oz", "3")
    make_book("Queen Zixi of Ix", OZ, wish=Wish.WANTED)
    author = Author.objects.get(name=OZ)
    assert said(author) == [
        ("", "Ozma of Oz", "on the shelf"), ("", "Queen Zixi of Ix", "wanted"),
    ]  # fmt: skip
    [row] = browser().get(list_of(Author)).context["cl"].result_list
    assert row.counted == {"on the shelf": 1, "wanted": 1}


def test_parts_of_one_title_are_works_of_their_own(oz: Series) -> None:
    for title in ("Faust, Part 1", "Faust, Part 2"):
        make_book(title, "Goethe", on_shelf=True, wish=Wish.PARKED)
    goethe = Author.objects.get(name="Goethe")
    assert [title for _, title in shown(goethe)] == ["Faust, Part 1", "Faust, Part 2"]


def test_a_work_has_the_day_of_its_book(oz: Series) -> None:
    """Which it may have from the list of its series."""
    on = timezone.localdate() + timedelta(days=40)
    book = placed(oz, "A New Oz", "1", on_shelf=False, wish=Wish.WANTED)
    Book.objects.filter(pk=book.pk).update(published_on=on, year=on.year)
    note(book, "published_on", VOLUMES)
    note(book, "year", VOLUMES)
    Book.objects.filter(pk=book.pk).update(sources=book.sources)
    author = Author.objects.get(name=OZ)
    for row in (author, oz):
        [(_, _, standing)] = said(row)
        assert standing == f"wanted, not out before {day(on)}"
        page = browser().get(page_of(row)).content.decode()
        assert f'<td data-label="Year">{on.year}</td>' in page


# --- What changes ---------------------------------------------------------------------------------


def test_a_place_that_is_corrected_or_cleared_is_followed(oz: Series) -> None:
    book = placed(oz, "Ozma of Oz", "2")
    recount(oz)
    page = browser().get(page_of(book))
    sent = filled_in(page, **{"places-0-position": "3"})
    browser().post(page_of(book), sent)
    assert shown(oz) == [("1-2", ""), ("3", "Ozma of Oz")]
    page = browser().get(page_of(book))
    browser().post(page_of(book), filled_in(page, **{"places-0-DELETE": "on"}))
    assert shown(oz) == []
    assert "None is known yet" in browser().get(page_of(oz)).content.decode()


def test_a_title_that_is_corrected_is_followed(oz: Series) -> None:
    book = placed(oz, "Osma", "1")
    Book.objects.filter(pk=book.pk).update(title="Ozma of Oz")
    assert shown(oz) == [("1", "Ozma of Oz")]


def test_what_a_source_writes_into_a_book_is_known(oz: Series) -> None:
    book = make_book("Ozma of Oz", OZ)
    fill(book, "series", Value((("Oz", "3"),), "audnexus"))
    assert shown(oz)[-1] == ("3", "Ozma of Oz")


def test_two_books_made_one_are_one_volume(oz: Series) -> None:
    keep = make_book("Ozma of Oz", OZ, on_shelf=True, wish=Wish.PARKED)
    gone = placed(oz, "Ozma of Oz (version 2)", "3", on_shelf=False)
    write_rows(moved(KINDS, keep, gone), keep)
    gone.delete()
    assert said(oz)[-1] == ("3", "Ozma of Oz", "on the shelf")


def test_a_book_that_goes_takes_its_line_along(oz: Series) -> None:
    placed(oz, "Ozma of Oz", "1").delete()
    assert said(oz) == []


# --- Beside what sources say ----------------------------------------------------------------------


def test_a_book_joins_what_a_source_said_of_it(fake: FakeSources, series: Series) -> None:
    complete(series)
    placed(series, "Dr. Thorne", "3.0", TROLLOPE)
    make_book("Framley Parsonage", TROLLOPE, wish=Wish.WANTED)
    assert [state for *_, state in said(series)] == [
        "on the shelf", "missing", "on the shelf", "wanted",
    ]  # fmt: skip
    assert [one.title for one in missing(series)] == ["Barchester Towers"]
    [row] = browser().get(list_of(Series)).context["cl"].result_list
    assert row.counted == {"on the shelf": 2, "missing": 1, "wanted": 1}


def test_a_book_that_turns_out_another_leaves_its_volume(fake: FakeSources, series: Series) -> None:
    complete(series)
    book = placed(series, "Doctor Thorne", "3", TROLLOPE)
    recount(series)
    book.places.all().delete()
    Book.objects.filter(pk=book.pk).update(title="Orley Farm")
    assert ("3", "Doctor Thorne", "missing") in said(series)


def test_a_number_that_only_the_book_has_is_shown(fake: FakeSources, series: Series) -> None:
    """Also where its other numbers are not those of the source that leads."""
    complete(series)
    SeriesPlace.objects.filter(series=series).update(position="4", sort_number=4)
    placed(series, "The Last Chronicle", "6", TROLLOPE)
    assert shown(series)[0] == ("1", "The Warden")
    assert shown(series)[-1] == ("6", "The Last Chronicle")


def test_a_place_that_a_person_wrote_leads(fake: FakeSources, series: Series) -> None:
    complete(series)
    book = placed(series, "Framley Parsonage", "2.5", TROLLOPE)
    assert shown(series)[-1] == ("4", "Framley Parsonage"), "the source knows it better"
    note_person(book, ["series"])
    assert shown(series)[2] == ("2.5", "Framley Parsonage")
    assert shown(series)[-1] == ("3", "Doctor Thorne")


def test_what_is_left_out_stays_so_with_a_book(fake: FakeSources, series: Series) -> None:
    complete(series)
    Volume.objects.filter(title="Doctor Thorne").update(left_out=True)
    placed(series, "Doctor Thorne", "3", TROLLOPE)
    assert ("3", "Doctor Thorne", "left out") in said(series)
    assert len(said(series)) == 4


def test_looking_and_storing_tell_the_same(fake: FakeSources, series: Series) -> None:
    complete(series)
    placed(series, "Dr. Thorne", "3", TROLLOPE)
    placed(series, "The Small House at Allington", "5", TROLLOPE)
    seen = said(series)
    recount(series)
    assert said(series) == seen
    assert Volume.objects.count() == 4, "of what only a book tells no row is needed"
    assert complete(series, fresh=timedelta(0)).new == []
    assert said(series) == seen


def test_a_book_s_number_is_the_last_that_was_known(fake: FakeSources, series: Series) -> None:
    """A volume of unknown date before it is no news of a series that is followed."""
    placed(series, "The Last Chronicle", "11", TROLLOPE)
    follow(series, wants_new=True)
    follow_due()
    fake.works += [work(f"No. {n} (Barsetshire, #{n})", TROLLOPE, 0) for n in (6, 12)]
    Series.objects.update(next_ask_at="2000-01-01T00:00Z")
    SourceAnswer.objects.all().delete()
    follow_due()
    wanted = Book.objects.filter(wish=Wish.WANTED)
    assert [book.places.get().position for book in wanted] == ["12"]


# --- Want -----------------------------------------------------------------------------------------


def test_a_known_book_is_wanted_from_the_list(oz: Series) -> None:
    book = placed(oz, "Ozma of Oz", "1", on_shelf=False, wish=Wish.PARKED)
    where = reverse("admin:books_series_want_book", args=[oz.pk, book.pk])
    assert where in browser().get(page_of(oz)).content.decode()
    answer = browser().post(where, follow=True)
    assert messages(answer) == ["“1 Ozma of Oz” is wanted."]
    assert where not in answer.content.decode()
    other = make_book("Queen Zixi of Ix", OZ)
    where = reverse("admin:books_series_want_book", args=[oz.pk, other.pk])
    assert browser(ann()).post(where).status_code == 404


def test_want_missing_wants_no_book_that_is_known(fake: FakeSources, series: Series) -> None:
    complete(series)
    placed(series, "Dr Thorne", "3", TROLLOPE, on_shelf=False, wish=Wish.PARKED)
    assert want_missing(series) == "2 of “Barsetshire” are wanted."
    wanted = Book.objects.filter(wish=Wish.WANTED)
    assert sorted(book.title for book in wanted) == sorted([NOVELS[1], NOVELS[3]])


def test_a_volume_by_hand_and_its_book_are_one(oz: Series) -> None:
    placed(oz, "Ozma of Oz", "3.0")
    add_volumes(oz, [("3", "Ozma of Oz", 1907), ("2", "The Marvelous Land of Oz", 1904)])
    assert shown(oz) == [
        ("1", ""), ("2", "The Marvelous Land of Oz"), ("3", "Ozma of Oz"),
    ]  # fmt: skip


def test_the_command_tells_what_is_here(oz: Series) -> None:
    placed(oz, "The Lost Princess of Oz", "11")
    [row] = done("complete_series", "Oz", "--dry-run")["rows"]
    assert [(one["position"], one["title"]) for one in row["volumes"]] == [
        ("1-10", ""), ("11", "The Lost Princess of Oz"),
    ]  # fmt: skip
