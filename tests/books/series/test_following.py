"""A series is completed from weak sources, its gaps are seen, and what is new becomes wanted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from books import following
from books.completing import add_volumes, complete
from books.following import due, follow, follow_due, unfollow
from books.known_volumes import missing
from books.models import Author, Book, BookLine, Series, SeriesPlace, Volume
from books.origins import note_person
from books.sources import MetadataSource, SourceAnswer
from books.states import Wish
from books.volume_wishes import want_missing, want_volume
from books.want import search_soon
from tame.lib.errors import BadInputError, ObstacleError
from tame.lib.moments import day
from tame.next_step import for_wanted
from tests.books.series.barsetshire import NOVELS, TROLLOPE, said
from tests.commanding import done, run
from tests.factory import make_book, use_sources
from tests.fakes.sources import FakeSources, work
from tests.people import (
    bob,
    browser,
    button_of,
    choose,
    filled_in,
    leads_back,
    list_of,
    messages,
    page_of,
)

pytestmark = pytest.mark.django_db
LIST_QUERIES, PAGE_QUERIES = {Series: 10, Author: 7}, 11
FAR = timezone.localdate() + timedelta(days=400)


def now(row: Series) -> Series:
    return Series.objects.get(pk=row.pk)


def volume(title: str) -> Volume:
    return Volume.objects.get(title=title)


# --- The list -------------------------------------------------------------------------------------


def test_every_known_volume_stands_in_order(fake: FakeSources, series: Series) -> None:
    complete(series)
    assert said(series) == [
        ("1", "The Warden", "on the shelf"),
        ("2", "Barchester Towers", "missing"),
        ("3", "Doctor Thorne", "missing"),
        ("4", "Framley Parsonage", "missing"),
    ]
    assert not Book.objects.filter(wish=Wish.WANTED).exists(), "a known volume is no wish"
    assert now(series).asked_said.startswith("Open Library knows 4 books of it. LibriVox")


def test_completed_twice_it_is_the_same(fake: FakeSources, series: Series) -> None:
    complete(series)
    rows = list(Volume.objects.order_by("pk").values())
    assert complete(series).new == []
    assert list(Volume.objects.order_by("pk").values()) == rows


def test_a_number_that_nobody_knows_is_said(fake: FakeSources, series: Series) -> None:
    del fake.works[2]
    complete(series)
    assert said(series)[2] == ("3", "", "not known, no source tells of it")


@pytest.mark.parametrize("trouble", ["failed", "page", "too many"])
def test_a_source_that_is_down_takes_nothing_away(
    trouble: str, fake: FakeSources, series: Series
) -> None:
    complete(series)
    before = said(series)
    fake.trouble = trouble
    completed = complete(series, fresh=timedelta(0))
    assert said(series) == before
    assert completed.new == []


def test_without_any_source_the_books_here_are_the_list(series: Series) -> None:
    use_sources("http://127.0.0.1:1")
    assert "No source may be asked" in complete(series).sentence
    assert said(series) == [("1", "The Warden", "on the shelf")]


def test_what_another_wrote_is_none_of_it(fake: FakeSources, series: Series) -> None:
    fake.works.append(work("Return to Barsetshire (Barsetshire, #7)", "Somebody Else", 1990))
    complete(series)
    assert len(said(series)) == 4


def test_what_a_person_corrected_stays(fake: FakeSources, series: Series) -> None:
    complete(series)
    row = volume("Doctor Thorne")
    row.title, row.position, row.by_person = "Dr Thorne", "3.5", True
    row.save()
    complete(series, fresh=timedelta(0))
    assert ("3.5", "Dr Thorne", "missing") in said(series)
    assert len(said(series)) == 5, "with the gap"
    assert Volume.objects.get(pk=row.pk).other_titles == ["Doctor Thorne"]


def test_what_a_person_left_out_does_not_come_back(fake: FakeSources, series: Series) -> None:
    complete(series)
    Volume.objects.filter(title="Doctor Thorne").update(left_out=True)
    complete(series, fresh=timedelta(0))
    assert ("3", "Doctor Thorne", "left out") in said(series)
    assert "Doctor Thorne" not in [one.title for one in missing(series)]


def test_volumes_are_added_by_hand(series: Series, fake: FakeSources) -> None:
    fake.works = []
    lines: list[tuple[str, str, int | None]] = [
        ("2", "Barchester Towers", 1857),
        ("", "Tales", None),
    ]
    assert add_volumes(series, lines) == "2 volumes of “Barsetshire” were added."
    assert add_volumes(series, lines) == "0 volumes of “Barsetshire” were added."
    assert [one[:2] for one in said(series)] == [
        ("1", "The Warden"), ("2", "Barchester Towers"), ("", "Tales"),
    ]  # fmt: skip


def test_what_a_person_adds_takes_the_place_of_what_was_known(
    fake: FakeSources, series: Series
) -> None:
    complete(series)
    add_volumes(series, [("3.5", "Doctor Thorne", None)])
    assert [one[:2] for one in said(series) if one[1]] == [
        ("1", NOVELS[0]), ("2", NOVELS[1]), ("3.5", NOVELS[2]), ("4", NOVELS[3]),
    ]  # fmt: skip
    assert Volume.objects.count() == 4


def test_a_collection_on_the_shelf_holds_its_volumes(series: Series, fake: FakeSources) -> None:
    complete(series)
    whole = make_book("Barsetshire Omnibus", TROLLOPE, on_shelf=True, wish=Wish.PARKED)
    SeriesPlace.objects.create(book=whole, series=series, position="2-3")
    complete(series)
    states = {title: state for _, title, state in said(series)}
    assert states["Doctor Thorne"] == "on the shelf, in “Barsetshire Omnibus”"
    assert [one.title for one in missing(series)] == ["Framley Parsonage"]


def test_a_book_of_two_series_stands_in_both(fake: FakeSources) -> None:
    saga, universe = Series.objects.create(name="Ayesha"), Series.objects.create(name="Quatermain")
    book = make_book("She and Allan", "H. Rider Haggard", on_shelf=True, wish=Wish.PARKED)
    SeriesPlace.objects.create(book=book, series=saga, position="3")
    SeriesPlace.objects.create(book=book, series=universe, position="11")
    for row in (saga, universe):
        complete(row)
    assert [said(row)[-1] for row in (saga, universe)] == [
        ("3", "She and Allan", "on the shelf"), ("11", "She and Allan", "on the shelf"),
    ]  # fmt: skip


def test_of_two_editions_the_one_on_the_shelf_counts(fake: FakeSources, series: Series) -> None:
    """Also where the other one stood in the list first."""
    complete(series)
    for is_there in (False, True):
        book = make_book("Barchester Towers", TROLLOPE, on_shelf=is_there, wish=Wish.PARKED)
        SeriesPlace.objects.create(book=book, series=series, position="2")
        complete(series)
    assert said(series)[1] == ("2", "Barchester Towers", "on the shelf")
    assert len(said(series)) == 4
    Book.objects.filter(title="Barchester Towers").update(on_shelf=False, coming=False)
    complete(series)
    assert said(series)[1] == ("2", "Barchester Towers", "parked")


def test_what_came_here_by_another_way_is_not_wanted(fake: FakeSources, series: Series) -> None:
    """Moved in since the list was completed, and nobody said that it is of the series."""
    complete(series)
    make_book("Doctor Thorne", TROLLOPE, on_shelf=True, wish=Wish.PARKED)
    with pytest.raises(ObstacleError, match="“3 Doctor Thorne” is available already"):
        want_volume(volume("Doctor Thorne"), actor="ann")
    make_book("Framley Parsonage", TROLLOPE, on_shelf=True, wish=Wish.PARKED)
    assert want_missing(series) == "1 of “Barsetshire” is wanted."
    assert [state for *_, state in said(series)] == ["on the shelf", "wanted"] + [
        "on the shelf"
    ] * 2
    assert Book.objects.get(wish=Wish.WANTED).title == "Barchester Towers"


def test_an_author_s_works_are_listed(fake: FakeSources, series: Series) -> None:
    author = Author.objects.get(name=TROLLOPE)
    complete(author)
    states = {title: state for _, title, state in said(author)}
    assert states["Orley Farm"] == "missing"
    assert states["The Warden"] == "on the shelf"
    assert len(states) == 5


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [("The Forsyte Saga", "Forsyte Saga, The"), ("Father Brown", "Father Brown"), ("Oz", "Oz")],
)
def test_a_series_is_sorted_without_its_article(name: str, sorted_as: str) -> None:
    assert Series.objects.create(name=name).sort_name == sorted_as


# --- Want -----------------------------------------------------------------------------------------


def test_want_missing_only_sets_wishes(fake: FakeSources, series: Series) -> None:
    complete(series)
    assert want_missing(series) == "3 of “Barsetshire” are wanted."
    wanted = Book.objects.filter(wish=Wish.WANTED)
    assert sorted(book.title for book in wanted) == sorted(NOVELS[1:])
    assert {book.authors for book in wanted} == {TROLLOPE}
    places = SeriesPlace.objects.filter(book__in=wanted)
    assert {(place.book.title, place.position) for place in places} == set(
        zip(NOVELS[1:], "234", strict=True)
    )
    assert [state for *_, state in said(series)[1:]] == ["wanted"] * 3
    asked = browser().post(button_of(series, "want_missing")).content.decode()
    assert "Nothing is missing, as far as it is known." in asked
    with pytest.raises(ObstacleError, match="Nothing of “Barsetshire” is missing"):
        want_missing(series)


def test_novellas_may_be_left(fake: FakeSources, series: Series) -> None:
    complete(series)
    add_volumes(series, [("2.5", "The Two Heroines of Plumplington", 1882)])
    assert len(missing(series, with_novellas=False)) == 3
    assert len(missing(series)) == 4


def test_what_is_not_out_is_searched_from_its_day_on(fake: FakeSources, series: Series) -> None:
    complete(series)
    new = Volume(series=series, position="5", title="A New One", published_on=FAR, by_person=True)
    new.save()
    assert said(series)[-1][2] == f"not out before {day(FAR)}"
    asked = browser().post(button_of(series, "want_missing")).content.decode()
    assert "1 of them is not out yet: searched from its day on." in asked
    told = want_volume(volume("A New One"), actor="ann")
    assert "it is searched from" in told
    assert not Book.searchable().filter(title="A New One").exists()
    book = Book.objects.get(title="A New One")
    with pytest.raises(ObstacleError, match="it is searched from then on"):
        search_soon(book, actor="ann")
    assert "it is searched from then on" in str(for_wanted(book, lambda permission: True))
    Book.objects.update(published_on=timezone.localdate())
    assert Book.searchable().filter(title="A New One").exists()


@pytest.mark.parametrize("earlier", [True, False])
def test_a_day_that_is_moved_moves_the_search(
    fake: FakeSources, series: Series, earlier: bool
) -> None:
    fake.works.append(work("A New One (Barsetshire, #5)", TROLLOPE, FAR.year + 1))
    complete(series)
    want_volume(volume("A New One"), actor="ann")
    new = FAR.year - 3 if earlier else FAR.year + 2
    fake.works[-1] = work("A New One (Barsetshire, #5)", TROLLOPE, new)
    complete(series, fresh=timedelta(0))
    assert Book.searchable().filter(title="A New One").exists() is earlier
    day = date(2035, 1, 1)
    book = Book.objects.get(title="A New One")
    Book.objects.filter(pk=book.pk).update(published_on=day)
    note_person(book, ["published_on"])
    fake.works[-1] = work("A New One (Barsetshire, #5)", TROLLOPE, FAR.year)
    complete(series, fresh=timedelta(0))
    assert Book.objects.get(title="A New One").published_on == day


def test_of_a_year_to_come_the_first_day_counts(series: Series) -> None:
    row = Volume(series=series, title="A New One", year=FAR.year + 1)
    assert (row.out_on, row.is_out) == (date(FAR.year + 1, 1, 1), False)


ROUND = "Around the World in Eighty Days"


@pytest.fixture
def voyages(db: None) -> Series:
    """Written down by hand: nobody is asked, and nobody says who wrote it."""
    use_sources("http://127.0.0.1:1")
    row = Series.objects.create(name="Voyages")
    add_volumes(row, [("1", "Five Weeks in a Balloon", 1863), ("11", ROUND, 1872)])
    return row


def titles_by() -> list[tuple[str, str]]:
    return [(book.title, book.authors) for book in Book.objects.order_by("pk")]


def test_a_volume_without_an_author_is_by_who_wrote_the_others(voyages: Series) -> None:
    here = make_book("Around the World in 80 Days", "Jules Verne", wish=Wish.WANTED)
    Volume.objects.filter(position="1").update(authors="Verne, Jules")
    want_volume(volume(ROUND), actor="ann")
    assert titles_by() == [("Around the World in 80 Days", "Jules Verne")]
    assert volume(ROUND).book == here
    assert want_missing(voyages) == "1 of “Voyages” is wanted."
    assert titles_by()[1] == ("Five Weeks in a Balloon", "Verne, Jules")


def test_a_volume_of_nobody_is_not_wanted(voyages: Series) -> None:
    make_book(ROUND, "Jules Verne", wish=Wish.WANTED)
    sentence = "Nobody knows who wrote “11 Around the World in Eighty Days”: not wanted"
    with pytest.raises(ObstacleError, match=sentence):
        want_volume(volume(ROUND), actor="ann")
    with pytest.raises(ObstacleError, match="Nobody knows who wrote “1 Five Weeks"):
        want_missing(voyages)
    asked = browser().post(button_of(voyages, "want_missing")).content.decode()
    assert "missing, to be wanted" not in asked
    assert "Nobody knows who wrote “1 Five Weeks in a Balloon”" in asked
    sent = {"confirmed": "1", "with_novellas": "on", "author": " Jules  Verne"}
    answer = browser().post(button_of(voyages, "want_missing"), sent, follow=True)
    assert messages(answer) == ["1 of “Voyages” is wanted."]
    assert titles_by() == [(ROUND, "Jules Verne"), ("Five Weeks in a Balloon", "Jules Verne")]


def test_of_one_series_the_rest_is_said_beside(voyages: Series) -> None:
    add_volumes(voyages, [("2", "She", None)])
    Volume.objects.filter(position="2").update(authors="H. Rider Haggard")
    Volume.objects.filter(position="1").update(authors="Jules Verne")
    answer = browser().post(button_of(voyages, "want_missing"), {"confirmed": "1"}, follow=True)
    wanted, rest = messages(answer)
    assert wanted == "2 of “Voyages” are wanted."
    assert rest.startswith("Nobody knows who wrote “11 Around the World in Eighty Days”: not")
    assert Book.objects.count() == 2


def test_where_the_others_differ_nobody_knows(voyages: Series) -> None:
    for title, author in ((ROUND, "Jules Verne"), ("She", "H. Rider Haggard")):
        book = make_book(title, author, wish=Wish.PARKED)
        SeriesPlace.objects.create(book=book, series=voyages)
    said = want_missing_or_why(voyages)
    assert said.startswith("Nobody knows who wrote “1 Five Weeks in a Balloon”: not wanted.")
    Volume.objects.filter(position="1").update(authors="Jules Verne")
    assert want_missing(voyages) == "1 of “Voyages” is wanted."


def want_missing_or_why(row: Series) -> str:
    with pytest.raises(ObstacleError) as caught:
        want_missing(row)
    return str(caught.value)


def test_what_is_known_is_wanted_and_the_rest_said(voyages: Series) -> None:
    make_book("Five Weeks in a Balloon", "Jules Verne")
    add_volumes(voyages, [("2", "She", None)])
    Volume.objects.filter(position="1").update(authors="Jules Verne", book=None)
    Volume.objects.filter(position="2").update(authors="H. Rider Haggard")
    also = Series.objects.create(name="Whole")
    add_volumes(also, [("1", "Ruth", 1853)])
    Volume.objects.filter(title="Ruth").update(authors="Elizabeth Gaskell")
    answer = choose("want_missing", voyages, also, confirmed="2")
    [said] = messages(answer)
    assert said.startswith("1 wanted whole, 1 in part: Nobody knows who wrote “11 Around")
    assert Book.objects.filter(wish=Wish.WANTED).count() == 3
    [row] = done("complete_series", "Voyages", "--want", "--dry-run")["rows"]
    assert row["would_want"] == []
    done("complete_series", "Voyages", "--want", "--written-by", "Jules Verne")
    assert Book.objects.get(title=ROUND).authors == "Jules Verne"


# --- Follow ---------------------------------------------------------------------------------------


def again_due(series: Series) -> None:
    Series.objects.filter(pk=series.pk).update(next_ask_at=timezone.now() - timedelta(days=9))
    SourceAnswer.objects.update(asked_at=timezone.now() - timedelta(days=9))


def followed(series: Series, **how: Any) -> Series:
    follow(series, **how)
    follow_due()
    again_due(series)
    return now(series)


def test_what_was_known_when_it_was_followed_is_no_news(fake: FakeSources, series: Series) -> None:
    followed(series, wants_new=True)
    assert Volume.objects.count() == 4
    assert not Book.objects.filter(wish__in=(Wish.WANTED, Wish.ASKED)).exists()


def test_what_is_still_to_come_is_news_when_it_is_followed(
    fake: FakeSources, series: Series
) -> None:
    complete(series)
    fake.works.append(work("A Fifth One (Barsetshire, #5)", TROLLOPE, FAR.year))
    fake.works.append(work("Of Last Year (Barsetshire, #6)", TROLLOPE, timezone.now().year - 1))
    SourceAnswer.objects.all().delete()
    complete(series)
    followed(series, wants_new=True)
    assert Book.objects.get(wish=Wish.WANTED).title == "A Fifth One"
    assert not Book.searchable().exists()


@pytest.mark.parametrize(("wants_new", "wish"), [(True, Wish.WANTED), (False, Wish.ASKED)])
def test_a_new_volume_is_wanted_or_asked_for(
    wants_new: bool, wish: Wish, fake: FakeSources, series: Series
) -> None:
    followed(series, wants_new=wants_new)
    fake.works.append(work("A Fifth One (Barsetshire, #5)", TROLLOPE, timezone.now().year))
    fake.works.append(work("An Old One (Barsetshire, #0)", TROLLOPE, 1850))
    assert follow_due() == "1 asked about, 1 new."
    assert [(book.title, book.wish) for book in Book.objects.exclude(wish=Wish.PARKED)] == [
        ("A Fifth One", wish)
    ]
    [line] = BookLine.objects.all()
    assert (line.actor, line.sentence) == ("TAME", "It is new of “Barsetshire”, which is followed.")
    again_due(series)
    assert follow_due() == "1 asked about, 0 new."


def test_news_that_a_person_asks_for_are_taken_up_at_once(
    fake: FakeSources, series: Series
) -> None:
    """Else they would be known when the week is over, and never wanted."""
    followed(series, wants_new=True)
    fake.works.append(work("A Fifth One (Barsetshire, #5)", TROLLOPE, timezone.now().year))
    answer = browser().post(button_of(series, "ask"), follow=True)
    assert "“5 A Fifth One” is wanted." in messages(answer)[0]
    fake.works.append(work("A Sixth One (Barsetshire, #6)", TROLLOPE, timezone.now().year))
    SourceAnswer.objects.all().delete()
    told = done("complete_series", "Barsetshire", "--dry-run")["rows"][0]
    assert (told["new"], told["would_take_up"]) == (["A Sixth One"], ["A Sixth One"])
    assert not Volume.objects.filter(title="A Sixth One").exists()
    done("complete_series", "Barsetshire")
    wanted = Book.objects.filter(wish=Wish.WANTED)
    assert sorted(book.title for book in wanted) == ["A Fifth One", "A Sixth One"]


def test_news_are_new_again_for_who_was_killed(
    fake: FakeSources, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the list was completed and before the first of them was wanted."""
    followed(series, wants_new=True)
    fake.works.append(work("A Fifth One (Barsetshire, #5)", TROLLOPE, timezone.now().year))

    class Killed(BaseException):
        pass

    def die(*asked: Any, **how: Any) -> str:
        raise Killed

    monkeypatch.setattr(following, "want_volume", die)
    with pytest.raises(Killed):
        follow_due()
    monkeypatch.setattr(following, "want_volume", want_volume)
    assert follow_due() == "1 asked about, 1 new."
    assert Book.objects.get(wish=Wish.WANTED).title == "A Fifth One"


def test_one_that_gets_its_day_is_news(fake: FakeSources, series: Series) -> None:
    """It was listed without any date when the series began to be followed."""
    fake.works.append(work("A Fifth One (Barsetshire, #5)", TROLLOPE, 0))
    followed(series, wants_new=True)
    assert not Book.objects.filter(title="A Fifth One").exists()
    fake.works[-1] = work("A Fifth One (Barsetshire, #5)", TROLLOPE, FAR.year)
    assert follow_due() == "1 asked about, 1 new."
    assert Book.objects.get(title="A Fifth One").wish == Wish.WANTED


def test_news_that_cannot_be_wanted_hold_up_no_others(
    fake: FakeSources, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed(series, wants_new=True)
    this = timezone.now().year
    fake.works.append(work("A Fifth One (Barsetshire, #5)", TROLLOPE, this))
    fake.works.append(work("A Sixth One (Barsetshire, #6)", TROLLOPE, this))

    def refuse(volume: Volume, **more: Any) -> str:
        if volume.title == "A Fifth One":
            raise BadInputError("It cannot be read.")
        return want_volume(volume, **more)

    monkeypatch.setattr(following, "want_volume", refuse)
    assert follow_due() == "1 asked about, 1 new. “5 A Fifth One”: It cannot be read."
    assert Book.objects.get(wish=Wish.WANTED).title == "A Sixth One"
    assert due() == []


def test_many_news_at_once_are_only_asked_for(fake: FakeSources, series: Series) -> None:
    followed(series, wants_new=True)
    fake.works += [
        work(f"Number {n} (Barsetshire, #{n})", TROLLOPE, timezone.now().year) for n in range(5, 12)
    ]
    assert follow_due() == "1 asked about, 7 new."
    assert set(Book.objects.exclude(wish=Wish.PARKED).values_list("wish", flat=True)) == {
        Wish.ASKED
    }


def test_it_is_asked_about_once_a_week(fake: FakeSources, series: Series, settings: Any) -> None:
    settings.HURRY = 1
    settings.SOURCE_SECONDS = 0
    follow(series)
    assert due() == [series]
    follow_due()
    wait = now(series).next_ask_at - timezone.now()  # type: ignore[operator]
    assert timedelta(days=6) < wait < timedelta(days=8)
    assert due() == []
    unfollow(series)
    assert now(series).next_ask_at is None


def test_one_source_that_is_down_delays_nothing(fake: FakeSources, series: Series) -> None:
    MetadataSource.objects.filter(kind="librivox").update(address="http://127.0.0.1:1")
    follow(series)
    told = follow_due()
    assert told.startswith("1 asked about, 0 new. LibriVox gave no answer")
    assert len(said(series)) == 4


def test_follow_begins_with_what_waits_longest(fake: FakeSources, series: Series) -> None:
    other = Series.objects.create(name="Palliser")
    for row in (series, other):
        follow(row)
    again_due(other)
    assert due() == [other, series]
    assert follow_due(lambda: False) == "1 asked about, 0 new."
    assert due() == [series]


# --- Pages ----------------------------------------------------------------------------------------


def test_the_page_shows_every_volume_and_one_tap_wants_it(
    fake: FakeSources, series: Series
) -> None:
    del fake.works[2]
    browser().post(button_of(series, "ask"))
    page = browser().get(page_of(series)).content.decode()
    for shown in (*NOVELS[:2], "not known, no source tells of it", "1 on the shelf, 2 missing"):
        assert shown in page
    where = reverse("admin:books_series_want_volume", args=[series.pk, volume(NOVELS[1]).pk])
    assert where in page
    answer = browser().post(where, follow=True)
    assert messages(answer) == ["“2 Barchester Towers” is wanted."]
    assert where not in answer.content.decode()
    assert leads_back(where, to=page_of(series))
    assert browser(bob("books.view_series")).post(where).status_code == 403


def test_want_missing_says_how_many_before(fake: FakeSources, series: Series) -> None:
    complete(series)
    asked = browser().post(button_of(series, "want_missing")).content.decode()
    assert "3 volumes are missing, to be wanted at once" in asked
    assert "2 Barchester Towers" in asked
    sent = {"confirmed": "1", "with_novellas": "on"}
    answer = browser().post(button_of(series, "want_missing"), sent, follow=True)
    assert messages(answer) == ["3 of “Barsetshire” are wanted."]


def test_it_is_followed_by_a_button(series: Series) -> None:
    answer = browser().post(button_of(series, "follow"), follow=True)
    assert messages(answer) == ["“Barsetshire” is followed: what is new is put under “asked for”."]
    assert now(series).followed
    browser().post(button_of(series, "unfollow"))
    assert not now(series).followed


def test_volumes_are_typed_one_a_line(series: Series) -> None:
    text = "1. The Warden (1855)\n#2 Barchester Towers, 1857\n\n2.5 A Tale\n813\n4 - Framley Hall"
    sent = {"confirmed": "1", "volumes": text}
    answer = browser().post(button_of(series, "add"), sent, follow=True)
    assert messages(answer) == ["5 volumes of “Barsetshire” were added."]
    assert [(one[0], one[1]) for one in said(series)] == [
        ("1", "The Warden"), ("2", "Barchester Towers"), ("2.5", "A Tale"), ("3", ""),
        ("4", "Framley Hall"), ("", "813"),
    ]  # fmt: skip


def test_the_list_is_corrected_on_the_page(fake: FakeSources, series: Series) -> None:
    complete(series)
    page = browser().get(page_of(series))
    row = page.context["inline_admin_formsets"][0].formset.forms[2].instance
    assert row.title == "Doctor Thorne"
    sent = filled_in(page, **{"volumes-2-position": "3.5", "volumes-1-left_out": "on"})
    answer = browser().post(page_of(series), sent, follow=True)
    assert answer.redirect_chain
    row.refresh_from_db()
    assert (row.position, row.by_person) == ("3.5", True)
    left = volume("Barchester Towers")
    assert (left.left_out, left.by_person) == (True, False)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"volumes-2-position": "somewhere"}, "Write a number"),
        (
            {"volumes-2-position": "2", "volumes-2-title": "BARCHESTER TOWERS"},
            "in the list already",
        ),
    ],
)
def test_what_cannot_stand_in_the_list_is_said(
    changed: dict[str, str], sentence: str, fake: FakeSources, series: Series
) -> None:
    complete(series)
    page = browser().get(page_of(series))
    answer = browser().post(page_of(series), filled_in(page, **changed))
    assert sentence in answer.content.decode()


def make_series(count: int) -> None:
    for n in range(count):
        row = Series.objects.create(name=f"Series {n}")
        Volume.objects.create(series=row, title="A Volume", position="1", by_person=True)
        SeriesPlace.objects.create(book=make_book(f"Book {n}"), series=row, position="3")


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("model", [Series, Author])
def test_a_list_costs_the_same_whatever_its_length(rows: int, model: type[Any]) -> None:
    make_series(rows)
    page = browser()
    page.get(list_of(model))
    with CaptureQueriesContext(connection) as queries:
        shown = page.get(list_of(model)).content.decode()
    assert len(queries) == LIST_QUERIES[model]
    assert "Missing" in shown


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_costs_the_same_whatever_is_known(rows: int, series: Series) -> None:
    for n in range(rows):
        book = make_book(f"Number {n}", TROLLOPE, on_shelf=n % 2)
        SeriesPlace.objects.create(book=book, series=series, position=str(n))
    add_volumes(series, [(str(2 * n), f"Number {2 * n}", None) for n in range(rows)])
    add_volumes(series, [("1-9", "All", None)])
    page = browser()
    page.get(page_of(series))
    with CaptureQueriesContext(connection) as queries:
        page.get(page_of(series))
    assert len(queries) == PAGE_QUERIES


def test_the_list_counts(fake: FakeSources, series: Series) -> None:
    complete(series)
    row = browser().get(list_of(Series)).context["cl"].result_list[0]
    assert row.counted == {"on the shelf": 1, "missing": 3}


def test_many_are_wanted_from_the_list(fake: FakeSources, series: Series) -> None:
    complete(series)
    answer = choose("want_missing", series, confirmed="1", with_novellas="on")
    assert messages(answer) == ["1 wanted whole."]
    assert Book.objects.filter(wish=Wish.WANTED).count() == 3


# --- Commands -------------------------------------------------------------------------------------


def test_complete_series_says_and_does_it(fake: FakeSources, series: Series) -> None:
    [row] = done("complete_series", "Barsetshire", "--dry-run")["rows"]
    assert [one["title"] for one in row["volumes"]] == NOVELS
    assert {one["id"] for one in row["volumes"]} == {None}
    assert (row["new"], row["would_want"]) == (NOVELS[1:], [])
    assert not Volume.objects.exists()
    [row] = done("complete_series", "Barsetshire", "--want", "--dry-run")["rows"]
    assert row["would_want"] == NOVELS[1:]
    assert not Book.objects.filter(wish=Wish.WANTED).exists()
    [row] = done("complete_series", "barsetshire", "--want")["rows"]
    assert [one["state"] for one in row["volumes"]] == ["on the shelf", *["wanted"] * 3]
    assert len(row["new"]) == 3
    text = run("complete_series", str(series.pk))[1]
    assert "      2  Barchester Towers: wanted\n" in text


def test_follow_is_a_command(series: Series) -> None:
    [row] = done("follow", "Barsetshire", "--want-new", "--dry-run")["rows"]
    assert row["followed"]
    assert not now(series).followed
    [row] = done("follow", "Barsetshire", "--want-new")["rows"]
    assert (row["followed"], row["wants_new"]) == (True, True)
    [row] = done("follow", "Barsetshire", "--ask-first")["rows"]
    assert not row["wants_new"]
    [row] = done("follow", TROLLOPE, "--author")["rows"]
    assert Author.objects.get(name=TROLLOPE).followed
    [row] = done("follow", "Barsetshire", "--off")["rows"]
    assert not row["followed"]


def test_an_unknown_name_is_said() -> None:
    code, _, err = run("follow", "Nothing")
    assert (code, "There is no series “Nothing”" in err) == (2, True)
