"""Sources are asked at their pace, only if a person said so, and remembered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.asking import AT_ONCE, open_source
from books.models import Book, ShelfServer
from books.source_verbs import check_provider, check_source
from books.sources import MetadataSource, SourceAnswer
from demo.audiobookshelf.state import API_KEY, NOT_FOUND, Answer
from downloads import prune as rooms
from tame.lib.errors import ServiceDownError
from tests.factory import make_book, use_sources
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.fakes.sources import FakeSources, recording, work
from tests.people import bob, browser, button_of, leads_back, list_of, messages, page_of
from tests.shelves import connected

pytestmark = pytest.mark.django_db
QUESTION = "Which sources may TAME ask about your books?"


@pytest.fixture(autouse=True)
def in_a_hurry(settings: Any) -> None:
    settings.HURRY = 1000


@pytest.fixture
def fake() -> Iterator[FakeSources]:
    with FakeSources() as opened:
        opened.works = [work("Cranford", "Elizabeth Gaskell")]
        opened.recordings = [recording("Cranford", "Elizabeth", "Gaskell")]
        use_sources(opened.url, "open_library", "librivox", "audnexus")
        yield opened


def row(kind: str = "open_library") -> MetadataSource:
    return MetadataSource.objects.get(kind=kind)


def find(**how: Any) -> list[str]:
    source = open_source(row(), **how)
    assert source
    return [one.title for one in source.find("Cranford")]


def test_a_second_question_waits_for_its_turn(fake: FakeSources, settings: Any) -> None:
    settings.HURRY = 1
    settings.SOURCE_SECONDS = 30
    assert row().take_turn() is None
    wait = row().take_turn()
    assert wait
    assert timedelta(seconds=29) < wait <= timedelta(seconds=30)


def test_the_same_is_not_asked_twice(fake: FakeSources) -> None:
    assert find() == find() == ["Cranford"]
    assert len(fake.paths) == 1
    assert find(fresh=AT_ONCE) == ["Cranford"]
    assert len(fake.paths) == 2
    assert SourceAnswer.objects.count() == 1


def test_nothing_found_is_remembered_too(fake: FakeSources) -> None:
    fake.works = []
    assert find() == find() == []
    assert len(fake.paths) == 1


@pytest.mark.parametrize("trouble", ["failed", "page", "half", "too many"])
def test_an_old_answer_is_better_than_none(fake: FakeSources, trouble: str) -> None:
    find()
    SourceAnswer.objects.update(asked_at=timezone.now() - timedelta(days=400))
    fake.trouble = trouble
    assert find() == ["Cranford"]
    assert row().failures == 1


def test_a_source_that_fails_is_left_alone(fake: FakeSources, settings: Any) -> None:
    settings.HURRY = 1
    fake.trouble = "too many"
    with pytest.raises(ServiceDownError, match="Open Library was asked too often"):
        find()
    until = row().off_until
    assert until
    assert until - timezone.now() > timedelta(seconds=118)
    with pytest.raises(
        ServiceDownError, match=r"Open Library is left alone until [\w ,]*\d\d:\d\d: Open"
    ):
        find()
    assert len(fake.paths) == 1


def test_a_good_answer_ends_the_trouble(fake: FakeSources) -> None:
    MetadataSource.objects.update(failures=3, last_error="Away.", off_until=timezone.now())
    find()
    assert (row().failures, row().last_error) == (0, "")
    assert row().last_ok_at


def test_answers_are_pruned_when_old_but_not_those_of_a_source_that_is_down(
    fake: FakeSources,
) -> None:
    find()
    SourceAnswer.objects.update(asked_at=timezone.now() - timedelta(days=91))
    MetadataSource.objects.filter(kind="open_library").update(failures=2)
    assert rooms.forget(rooms.old_rows()) == "nothing is old"
    MetadataSource.objects.update(failures=0)
    assert rooms.forget(rooms.old_rows()) == "1 answers of sources"


# --- Test -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("open_library", "Open Library answers: it knows “Cranford” by Elizabeth Gaskell."),
        ("librivox", "LibriVox answers: it knows “Cranford” by Elizabeth Gaskell."),
        ("audnexus", "Audnexus answers."),
    ],
)
def test_a_test_asks_for_a_book(fake: FakeSources, kind: str, said: str) -> None:
    assert [(c.is_well, c.sentence) for c in check_source(row(kind))] == [(True, said)]


def test_a_test_does_not_believe_what_was_answered_before(fake: FakeSources) -> None:
    check_source(row())
    fake.down()
    [check] = check_source(row())
    assert not check.is_well
    assert check.sentence.startswith("Open Library gave no answer: the connection was refused.")


# --- In the admin ---------------------------------------------------------------------------------


def test_which_may_be_asked_is_asked_once() -> None:
    book = make_book(next_describe_at=timezone.now() + timedelta(days=30))
    page = browser()
    shown = page.get("/admin/").content.decode()
    assert QUESTION in shown
    assert shown.count('name="source"') == shown.count(" checked") + 1  # all but Audnexus
    assert "its data are free (CC0)" in shown
    said = messages(page.post("/admin/sources/", {"source": ["librivox", "x"]}, follow=True))
    assert said == ["LibriVox may be asked about books; you change that under Metadata sources."]
    assert [one.kind for one in MetadataSource.usable()] == ["librivox"]
    assert QUESTION not in page.get("/admin/").content.decode()
    due = Book.objects.get(pk=book.pk).next_describe_at
    assert due
    assert due <= timezone.now()


def test_none_is_an_answer_too() -> None:
    said = messages(browser().post("/admin/sources/", follow=True))
    assert said == ["No source is asked about books: their files and you say all there is."]
    assert not MetadataSource.usable().exists()


def test_only_who_may_change_sources_is_asked() -> None:
    reader = bob("books.view_book")
    assert QUESTION not in browser(reader).get("/admin/").content.decode()
    assert browser(reader).post("/admin/sources/").status_code == 403
    assert leads_back("/admin/sources/", to="/admin/")


def test_a_source_is_tested_and_switched_on_its_page(fake: FakeSources) -> None:
    MetadataSource.objects.update(answered=False)
    page = browser()
    assert "nobody has said yet" in page.get(list_of(MetadataSource)).content.decode()
    said = messages(page.post(button_of(row(), "test"), follow=True))
    assert said == ["Open Library answers: it knows “Cranford” by Elizabeth Gaskell."]
    page.post(button_of(row("audnexus"), "switch_off"))
    assert (row("audnexus").answered, row("audnexus").enabled) == (True, False)


def test_another_address_ends_the_pause(fake: FakeSources) -> None:
    row().note_failure(ServiceDownError("Away."))
    data = {"enabled": "on", "address": "https://mirror.example/"}
    browser().post(page_of(row()), data)
    assert (row().address, row().is_off) == ("https://mirror.example", False)
    answer = browser().post(page_of(row()), {"enabled": "on", "address": "mirror"})
    assert "This cannot be asked: it is not an http" in answer.content.decode()


def test_two_who_ask_at_once_take_turns(fake: FakeSources, settings: Any) -> None:
    """The turn is one conditional update: of two, one gets it."""
    settings.HURRY = 1
    turns = [row().take_turn(), row().take_turn()]
    assert [turn is None for turn in turns] == [True, False]


# --- Audiobookshelf -------------------------------------------------------------------------------


def online(title: str, author: str) -> dict[str, Any]:
    return {
        "title": title, "author": author, "narrator": "Clare Wille", "publishedYear": "2008",
        "series": [{"series": "Cranford Chronicles", "sequence": "1"}], "duration": 422,
        "language": "English", "asin": "B002V1A0WE", "cover": "https://covers.example/1.jpg",
    }  # fmt: skip


def test_the_audiobookshelf_searches_with_its_own_services() -> None:
    assert check_source(row("audiobookshelf"))[0].sentence.startswith("No Audiobookshelf is")
    with FakeAudiobookshelf() as shelf:
        connected(shelf)
        shelf.online = [online("Cranford", "Elizabeth Gaskell")]
        source = open_source(row("audiobookshelf"))
        assert source
        [found] = source.find("Cranford", "Elizabeth Gaskell")
        assert found.series == (("Cranford Chronicles", "1"),)
        assert (found.narrators, found.seconds) == (("Clare Wille",), 25_320)
        assert source.find("Ruth", "Elizabeth Gaskell") == []
        assert SourceAnswer.objects.count() == 1  # an empty list may hide an outage
        ShelfServer.objects.update(key="wrong")
        [check] = check_source(row("audiobookshelf"))
        assert (check.is_well, check.sentence[:33]) == (False, "Attic refused TAME's API key: it ")


def test_a_person_chooses_which_service_the_audiobookshelf_asks() -> None:
    page, shown = browser(), row("audiobookshelf")
    assert "Audible.de" in page.get(page_of(shown)).content.decode()  # before it was asked
    with FakeAudiobookshelf() as shelf:
        connected(shelf)
        shelf.online = [online("Cranford", "Elizabeth Gaskell")]
        shelf.providers = {"audible.uk": "Audible.co.uk", "custom-1": "Library of Bath"}
        said = messages(page.post(button_of(shown, "test"), follow=True))
        assert "Attic offers no “google”. Choose one of Audible.co.uk, Library of Bath." in said
        assert "Library of Bath" in page.get(page_of(shown)).content.decode()
        answer = page.post(page_of(shown), {"enabled": "on", "provider": "audible.de"})
        assert "Select a valid choice" in answer.content.decode()
        page.post(page_of(shown), {"enabled": "on", "provider": "custom-1"})
        source = open_source(row("audiobookshelf"))
        assert source
        assert [one.title for one in source.find("Cranford")] == ["Cranford"]
        assert shelf.asked[-1].query["provider"] == "custom-1"


def test_an_older_audiobookshelf_does_not_say_what_it_offers() -> None:
    with FakeAudiobookshelf() as shelf:
        connected(shelf)
        shelf.next["/providers"] = [NOT_FOUND]
        assert check_provider(row("audiobookshelf")) == []


def test_a_service_s_odd_answers_are_no_books() -> None:
    odd: list[Any] = [
        None, 1, "x", {}, {"title": None}, {"title": []}, {"title": "Cranford", "author": 7},
        {"title": "Cranford", "author": None, "series": "none", "duration": "long", "cover": {}},
        {"title": "Cranford", "series": [None, {"series": 1}], "description": {"a": 1},
         "publishedYear": [], "asin": True, "language": {}},
    ]  # fmt: skip
    with FakeAudiobookshelf() as shelf:
        connected(shelf)
        shelf.next["/search/books"] = [Answer(body=odd)]
        source = open_source(row("audiobookshelf"))
        assert source
        assert [one.title for one in source.find("Cranford")] == ["Cranford"] * 3
        shelf.next["/search/books"] = [Answer(body={"error": "x"})]
        with pytest.raises(ServiceDownError, match="Attic's answer cannot be read"):
            source.find("Ruth")


def test_the_key_of_the_audiobookshelf_goes_nowhere_else(fake: FakeSources) -> None:
    with FakeAudiobookshelf() as shelf:
        connected(shelf)
        source = open_source(row("audiobookshelf"))
        assert source
        source.find("Cranford")
    assert fake.paths == []
    assert 'name="address"' not in browser().get(page_of(row("audiobookshelf"))).content.decode()


@pytest.mark.parametrize("typed", ["http://ann:rose@attic.local", "http://attic.local/?token=rose"])
def test_an_address_with_a_secret_is_not_taken(typed: str) -> None:
    audnexus = row("audnexus")
    said = browser().post(page_of(audnexus), {"address": typed, "enabled": "on"}).content.decode()
    assert "Give the address without a login and without a key" in said
    assert "rose" not in said
    assert row("audnexus").address == audnexus.address


def test_what_the_audiobookshelf_says_of_its_key_is_not_kept() -> None:
    with FakeAudiobookshelf() as shelf:
        connected(shelf)
        said = online("Cranford", "Elizabeth Gaskell")
        shelf.online = [said | {"cover": f"{shelf.url}/cover?token={API_KEY}"}]
        source = open_source(row("audiobookshelf"))
        assert source
        assert [one.cover for one in source.find("Cranford")] == [f"{shelf.url}/cover?token=..."]
    assert API_KEY not in str(SourceAnswer.objects.get().document)
