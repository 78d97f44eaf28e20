"""Profiles: what a person accepts, edited as one types it."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import model_to_dict

from books.languages import LANGUAGES
from books.models import Author, Book, Series, SeriesPlace
from books.profiles import Profile
from indexers.decide import decide_due
from indexers.models import Verdict
from indexers.names.markers import LANGUAGES as READ
from tests.factory import make_book, make_indexer, make_release
from tests.people import browser, button_of, filled_in, list_of, messages, page_of

pytestmark = pytest.mark.django_db


def edit(row: Any, **changed: Any) -> Any:
    page = browser().get(page_of(row))
    answer = browser().post(page_of(row), filled_in(page, **changed), follow=True)
    row.refresh_from_db()
    return answer


def outcome() -> str:
    decide_due()
    return Verdict.objects.get().outcome


def test_a_newcomer_has_one(db: None) -> None:
    assert Profile.objects.get().default


def test_saved_unchanged_it_stays_as_it_is() -> None:
    profile = Profile.objects.get()
    before = model_to_dict(profile)
    edit(profile)
    assert model_to_dict(profile) == before


def test_a_new_one_begins_with_what_is_usual() -> None:
    page = browser().get("/admin/books/profile/add/")
    browser().post("/admin/books/profile/add/", filled_in(page, name="Evenings", languages=[]))
    new, usual = (model_to_dict(row) for row in Profile.objects.order_by("-pk"))
    differ = {name for name in new if new[name] != usual[name]}
    assert differ == {"id", "name", "default"}


def test_words_are_typed_as_one_speaks() -> None:
    profile = Profile.objects.get()
    edit(
        profile,
        formats="MP3, m4b",
        ignored="abridged, dramatic reading",
        words="retail: 5\nlow quality: -10",
        languages=["ger", "eng"],
    )
    assert profile.formats == ["mp3", "m4b"]
    assert profile.ignored == ["abridged", "dramatic reading"]
    assert profile.words == {"retail": 5, "low quality": -10}
    assert profile.languages == ["ger", "eng"]


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("formats", "mp3, epub", "“epub” is no audio format."),
        ("words", "retail", "“retail” is no word with its score"),
        ("words", ": 5", "“: 5” is no word with its score"),
        ("words", "retail: many", "“retail: many” is no word with its score"),
        ("largest_gb", "-1", "greater than or equal to 0"),
        ("largest_gb", "1e308", "less than or equal to 100000"),
        ("delay_minutes", "9999999999", "less than or equal to 527040"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(
    field: str, given: str, sentence: str
) -> None:
    answer = edit(Profile.objects.get(), **{field: given})
    assert sentence in str(answer.context["adminform"].form.errors[field])
    assert str(answer.context["adminform"].form[field].value()).startswith(given[:3])


def test_an_edited_profile_judges_again() -> None:
    book = make_book()
    make_release(make_indexer(), book, title="Cranford - Elizabeth Gaskell [M4B] retail")
    assert outcome() == "take"
    edit(Profile.objects.get(), ignored="retail")
    assert outcome() == "reject"


def test_the_books_own_profile_goes_first() -> None:
    book = make_book()
    make_release(make_indexer(), book, title="Cranford - Elizabeth Gaskell [M4B] retail")
    strict = Profile.objects.create(name="Strict", ignored=["retail"])
    Author.objects.update(profile=strict)
    assert outcome() == "reject"
    Book.objects.update(profile=Profile.objects.get(default=True))
    assert outcome() == "take"


def test_a_language_is_asked_of_books_that_do_not_say_theirs() -> None:
    book = make_book()
    make_release(make_indexer(), book, title="Cranford - Elizabeth Gaskell [GER / M4B]")
    Profile.objects.update(languages=["eng"])
    assert outcome() == "reject"
    Profile.objects.update(languages=["eng", "ger"])
    assert outcome() == "take"


def test_every_language_that_is_read_can_be_chosen() -> None:
    assert set(LANGUAGES) == set(READ)


def test_another_one_is_used_by_default() -> None:
    mine = Profile.objects.create(name="Mine")
    answer = browser().post(button_of(mine, "make_default"), follow=True)
    assert messages(answer) == ["“Mine” holds for every book that has no other profile."]
    assert [row.name for row in Profile.objects.filter(default=True)] == ["Mine"]


def test_the_default_one_is_not_deleted() -> None:
    default = Profile.objects.get()
    assert browser().post(page_of(default).replace("change", "delete")).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [default.pk], "post": "yes"}
    browser().post(list_of(Profile), data)
    assert Profile.objects.filter(pk=default.pk).exists()


def test_its_books_fall_back_to_the_default_one() -> None:
    mine = Profile.objects.create(name="Mine")
    book = make_book(profile=mine)
    browser().post(page_of(mine).replace("change", "delete"), {"post": "yes"})
    book.refresh_from_db()
    assert book.profile is None


# --- A book's people and series -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "number"),
    [("2", 2), ("Book 2.5", 2.5), ("2,5", 2.5), ("III", 3), ("two", 2), ("", None), ("?", None)],
)
def test_a_position_is_read_as_printed(position: str, number: float | None) -> None:
    series = Series.objects.create(name="Barsetshire")
    place = SeriesPlace.objects.create(book=make_book(), series=series, position=position)
    assert place.sort_number == number


def test_series_and_narrator_are_given_on_the_books_page() -> None:
    book, series = make_book(), Series.objects.create(name="Barsetshire")
    reader = Author.objects.create(name="Ann Reader")
    page = browser().get(page_of(book))
    sent = filled_in(
        page,
        **{
            "places-TOTAL_FORMS": 1, "places-0-series": series.pk, "places-0-position": "2",
            "credits-TOTAL_FORMS": 2, "credits-1-author": reader.pk, "credits-1-role": "narrator",
            "credits-1-order": 0, "narrator_required": "on",
        },
    )  # fmt: skip
    browser().post(page_of(book), sent)
    book.refresh_from_db()
    assert str(book.places.get()) == "Barsetshire 2"
    assert book.credits.filter(role="narrator").get().author == reader
    assert book.narrator_required
