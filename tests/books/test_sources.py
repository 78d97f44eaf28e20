"""What each source is asked, what comes of its answers, and what of its failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from books.metadata import Source
from books.metadata.asking import ask_json
from books.metadata.audnexus import Audnexus
from books.metadata.librivox import LibriVox
from books.metadata.open_library import OpenLibrary
from tame.lib.errors import ServiceDownError
from tests.fakes.sources import ODD, TROUBLES, FakeSources, edition, recording, work

ASIN = "B002V1A0WE"


@pytest.fixture
def fake() -> Iterator[FakeSources]:
    with FakeSources() as opened:
        yield opened


def of(kind: type[Source], fake: FakeSources) -> Any:
    return kind("the source", fake.url, partial(ask_json, "The source", timeout=(1, 2)))


# --- Open Library ---------------------------------------------------------------------------------


def test_open_library_finds_works_by_title_and_author(fake: FakeSources) -> None:
    fake.works = [
        work("Cranford", "Elizabeth Gaskell", key="/works/OL1W"),
        work("Cranford", "Somebody Else"),
    ]
    [found] = of(OpenLibrary, fake).find("Cranford", "Elizabeth Gaskell")
    assert (found.title, found.authors, found.year) == ("Cranford", ("Elizabeth Gaskell",), 1853)
    assert found.language == "eng"
    assert found.cover == f"{fake.url}/b/id/12345-L.jpg"
    assert (found.key, found.link) == ("/works/OL1W", "https://openlibrary.org/works/OL1W")
    assert fake.agents[0].startswith("TAME/")
    assert "@" not in fake.agents[0]


def test_the_languages_of_all_editions_are_not_the_work_s(fake: FakeSources) -> None:
    fake.works = [work("Cranford", "Elizabeth Gaskell", language=["eng", "fre", "ger"])]
    assert of(OpenLibrary, fake).find("Cranford")[0].language == ""


def test_an_isbn_is_kept_because_it_was_asked_for(fake: FakeSources) -> None:
    fake.works = [work("Cranford", "Elizabeth Gaskell", _isbn=["9780141439884", "9781853260551"])]
    [found] = of(OpenLibrary, fake).by_isbn("9780141439884")
    assert found.isbn == "9780141439884"
    assert of(OpenLibrary, fake).by_isbn("9780000000002") == []


@pytest.mark.parametrize(
    "said", ["A  town.", {"type": "/type/text", "value": "A <i>town</i>."}, None, 7]
)
def test_a_description_has_two_shapes(fake: FakeSources, said: Any) -> None:
    fake.works = [work("Cranford", "Elizabeth Gaskell", key="/works/OL1W")]
    fake.details = {"/works/OL1W": {"description": said}}
    source = of(OpenLibrary, fake)
    found = source.more(source.find("Cranford")[0])
    assert found.description == ("A town." if isinstance(said, str | dict) else "")


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("https://openlibrary.org/works/OL1W/Cranford", "key:/works/OL1W"),
        ("https://openlibrary.org/books/OL2M/Cranford", "edition_key:OL2M"),
        ("https://www.goodreads.com/book/show/182381.Cranford", "id_goodreads:182381"),
        ("https://www.gutenberg.org/ebooks/394", "id_project_gutenberg:394"),
        ("https://www.gutenberg.org/cache/epub/394/pg394.html", "id_project_gutenberg:394"),
        ("https://www.google.com/books/edition/Cranford/nZkNAAAAQAAJ", "id_google:nZkNAAAAQAAJ"),
        ("https://books.google.com/books?id=nZkNAAAAQAAJ", "id_google:nZkNAAAAQAAJ"),
    ],
)
def test_open_library_knows_the_numbers_of_others(fake: FakeSources, link: str, asked: str) -> None:
    more: dict[str, Any] = {
        "_edition_key": ["OL2M"],
        "_id_goodreads": [182381],
        "_id_project_gutenberg": [394],
        "_id_google": ["nZkNAAAAQAAJ"],
    }
    fake.works = [work("Cranford", "Elizabeth Gaskell", key="/works/OL1W", **more), work("X", "Y")]
    assert [one.title for one in of(OpenLibrary, fake).by_link(link)] == ["Cranford"]
    assert asked.replace(":", "%3A").replace("/", "%2F") in fake.paths[0]


@pytest.mark.parametrize(
    "link", ["https://openlibrary.org.example/works/OL1W", "https://audible.com/pd/X", "x"]
)
def test_a_link_of_nobody_it_knows_is_not_asked_for(fake: FakeSources, link: str) -> None:
    assert of(OpenLibrary, fake).by_link(link) == []
    assert of(LibriVox, fake).by_link(link) == []
    assert fake.paths == []


# --- LibriVox -------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_dict", [False, True])
def test_librivox_lists_recordings(fake: FakeSources, as_dict: bool) -> None:
    """As a list, or as an object with numbers for names."""
    fake.as_dict = as_dict
    fake.recordings = [
        recording("Time Machine", "Herbert George", "Wells"),
        recording("Time Machine (version 2)", "Herbert George", "Wells", number=2),
    ]
    found = of(LibriVox, fake).find("The Time Machine", "H. G. Wells")
    assert [one.title for one in found] == ["Time Machine", "Time Machine"]
    first = found[0]
    assert (first.authors, first.narrators) == (("Herbert George Wells",), ("Clare Wille",))
    assert (first.seconds, first.language, first.year) == (25323, "eng", 1853)
    assert (first.description, first.cover) == ("A town of ladies.", "http://127.0.0.1:1/cover.jpg")
    assert "title=%5ETime+Machine&author=Wells" in fake.paths[0]


def test_not_found_is_an_empty_list_at_librivox(fake: FakeSources) -> None:
    """It answers 404."""
    assert of(LibriVox, fake).find("Cranford", "Elizabeth Gaskell") == []


def test_a_recording_of_many_names_no_narrator(fake: FakeSources) -> None:
    readers = ["Ann", "Bob", "Cid", "Dan", "Eve"]
    fake.recordings = [
        recording("Emma", "Jane", "Austen", readers=readers),
        recording("Emma (version 2)", "Jane", "Austen", readers=["Ann", "Bob", "Ann"]),
    ]
    found = of(LibriVox, fake).find("Emma", "Jane Austen")
    assert [one.narrators for one in found] == [("LibriVox Volunteers",), ("Ann", "Bob")]


def test_a_librivox_page_leads_to_its_recording(fake: FakeSources) -> None:
    fake.recordings = [
        recording("Cranford", "Elizabeth", "Gaskell"),
        recording("Cranford", "Elizabeth", "Gaskell", slug="cranford-2", readers=["Ann"]),
    ]
    [found] = of(LibriVox, fake).by_link("https://librivox.org/cranford-by-elizabeth-gaskell/")
    assert found.narrators == ("Clare Wille",)


def test_a_total_time_may_be_of_hours(fake: FakeSources) -> None:
    fake.recordings = [recording("Emma", "Jane", "Austen", totaltimesecs="", totaltime="16:01:02")]
    assert of(LibriVox, fake).find("Emma")[0].seconds == 57_662


# --- Audnexus -------------------------------------------------------------------------------------


def test_audnexus_knows_an_edition_by_its_asin(fake: FakeSources) -> None:
    series = {"asin": "B01", "name": "Barsetshire Series", "position": "Book 1"}
    named = edition(ASIN, "The Warden (Unabridged)", "Anthony Trollope")
    fake.editions = {ASIN: named | {"seriesPrimary": series | {"position": "1"}}}
    [found] = of(Audnexus, fake).by_asin(ASIN)
    assert (found.title, found.authors) == ("The Warden", ("Anthony Trollope",))
    assert found.series == (("Barsetshire", "1"),)
    assert (found.narrators, found.seconds) == (("Prunella Scales",), 25_200)
    assert (found.published_on, found.language) == (date(2012, 3, 4), "eng")
    assert (found.publisher, found.description) == ("Public Domain Audio", "Ladies & cows.")
    assert of(Audnexus, fake).by_asin("B000000000") == []


@pytest.mark.parametrize(
    ("host", "region"), [("audible.com", "us"), ("audible.co.uk", "uk"), ("amazon.de", "de")]
)
def test_a_shop_s_link_is_asked_for_in_its_country(
    fake: FakeSources, host: str, region: str
) -> None:
    fake.editions = {ASIN: edition(ASIN, "Cranford", "Elizabeth Gaskell")}
    assert of(Audnexus, fake).by_link(f"https://www.{host}/pd/Cranford/{ASIN}")
    assert fake.paths == [f"/books/{ASIN}?region={region}"]


def test_another_edition_than_was_asked_for_is_nothing(fake: FakeSources) -> None:
    fake.editions = {ASIN: edition("B000000000", "Emma", "Jane Austen")}
    assert of(Audnexus, fake).by_asin(ASIN) == []


# --- Failures -------------------------------------------------------------------------------------


def questions(fake: FakeSources) -> list[Any]:
    return [
        partial(of(OpenLibrary, fake).find, "Cranford", "Elizabeth Gaskell"),
        partial(of(LibriVox, fake).find, "Cranford", "Elizabeth Gaskell"),
        partial(of(Audnexus, fake).by_asin, ASIN),
    ]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_an_outage_is_no_empty_list(fake: FakeSources, trouble: str, which: int) -> None:
    fake.trouble = trouble
    with pytest.raises(ServiceDownError, match=r"^The source .*\.$"):
        questions(fake)[which]()


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_source_that_is_away_is_an_outage(fake: FakeSources, which: int) -> None:
    fake.down()
    with pytest.raises(ServiceDownError, match="The source gave no answer: the connection was"):
        questions(fake)[which]()


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_answer_breaks_nothing(fake: FakeSources, odd: Any, which: int) -> None:
    fake.odd = odd
    for found in questions(fake)[which]():
        assert found.title


def test_a_source_says_how_long_to_wait(fake: FakeSources) -> None:
    waits = []
    for trouble in ("too many", "too many without a time", "not ready", "failed"):
        fake.trouble = trouble
        with pytest.raises(ServiceDownError) as raised:
            of(OpenLibrary, fake).find("Cranford")
        waits.append(raised.value.retry_after)
    assert waits == [120, 60, 30, None]


def test_gone_is_nothing_found(fake: FakeSources) -> None:
    assert of(Audnexus, fake).by_asin(ASIN) == []
    assert of(OpenLibrary, fake).find("Cranford") == []


# --- One field at a time --------------------------------------------------------------------------

WRONG: list[Any] = [None, "", "x", 0, -1, 2.5, True, [], {}, [None], [1], ["a", None], {"a": 1},
                    [{"name": None}], {"value": []}, "<b>x</b>", "9" * 400]  # fmt: skip


def answers() -> list[tuple[type[Source], dict[str, Any], Any]]:
    """A source, one book as it lists it, and the document around that."""
    position = {"asin": "B01", "name": "Barsetshire", "position": "1"}
    full = edition(ASIN, "Cranford", "Elizabeth Gaskell", subtitle="A Tale", isbn="9780141439884",
                   description="Ladies.", seriesPrimary=position, seriesSecondary=None,
                   genres=[{"asin": "1", "name": "Classics", "type": "genre"}])  # fmt: skip
    return [
        (OpenLibrary, work("Cranford", "Elizabeth Gaskell", subtitle="A Tale"),
         lambda book: {"numFound": 1, "docs": [book]}),
        (LibriVox, recording("Cranford", "Elizabeth", "Gaskell"), lambda book: {"books": [book]}),
        (Audnexus, full, lambda book: book),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "book", "around"), answers(), ids=[kind.kind for kind, *_ in answers()]
)
def test_one_field_that_is_missing_or_wrong_costs_that_field_alone(
    kind: type[Source], book: dict[str, Any], around: Any
) -> None:
    def read(told: dict[str, Any]) -> list[Any]:
        source = kind("the source", "https://source.example", lambda url: around(told))
        return source.find("Cranford", "Elizabeth Gaskell") or source.by_asin(ASIN)

    [whole] = read(book)
    assert (whole.title, whole.authors) == ("Cranford", ("Elizabeth Gaskell",))
    for name in book:
        if name in ("title", "asin"):
            continue
        for wrong in [..., *WRONG]:
            told = {key: value for key, value in book.items() if key != name}
            [found] = read(told if wrong is ... else told | {name: wrong})
            assert found.title == "Cranford"
            others = {"authors": found.authors, "seconds": found.seconds, "year": found.year}
            kept = sum(getattr(whole, key) == value for key, value in others.items())
            assert kept >= len(others) - 1, (name, wrong)
