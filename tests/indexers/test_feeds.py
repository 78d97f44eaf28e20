"""What is new at the indexers is read for all wanted books together."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from books.models import Book
from indexers.decide import decide_due
from indexers.feeds import matches, read_feeds
from indexers.found import FoundRelease
from indexers.models import Indexer, Query, Release, Verdict
from indexers.rare_words import RareWords
from tests.factory import make_book, make_indexer, make_release
from tests.fakes.torznab import FakeIndexer, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    settings.BELLS = False
    settings.QUERY_SECONDS = 0


@pytest.fixture
def fake() -> Any:
    with FakeIndexer() as server:
        yield server


@pytest.fixture
def indexer(db: None, fake: FakeIndexer) -> Indexer:
    return make_indexer(address=fake.url, key=fake.key)


def offers(*names: str) -> list[Offer]:
    return [Offer(name) for name in names]


def test_a_release_for_a_wanted_book_is_found_without_a_search(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    book = make_book()
    fake.releases = offers("Cranford by Elizabeth Gaskell [M4B]", "Ulysses by James Joyce [MP3]")
    assert read_feeds() == (
        "Gutenberg Tracker listed 2 releases, 2 of them new, 1 that may be a wanted book."
    )
    decide_due()
    verdict = Verdict.objects.get()
    assert (verdict.book, verdict.outcome) == (book, "take")
    assert Release.objects.count() == 2


def test_300_wanted_books_cost_one_question(fake: FakeIndexer, indexer: Indexer) -> None:
    for number in range(300):
        Book.objects.create(title=f"Cran{number}ford")
    fake.releases = offers("Cran7ford")
    read_feeds()
    assert fake.searches == [""]
    [query] = Query.objects.all()
    assert (query.kind, query.search, query.outcome, query.found) == ("feed", None, "answered", 1)


def test_nothing_is_asked_for_twice_in_a_quiet_hour(fake: FakeIndexer, indexer: Indexer) -> None:
    fake.releases = offers("Cranford", "Ruth")
    read_feeds()
    read_feeds()
    assert len(fake.searches) == 2
    assert Query.objects.first().new == 0  # type: ignore[union-attr]


def test_a_gap_that_the_feed_does_not_cover_is_said(fake: FakeIndexer, indexer: Indexer) -> None:
    fake.releases = offers("Cranford", "Ruth")
    read_feeds()
    fake.releases = offers("Mary Barton", "Cousin Phillis")
    assert "what lies between was not seen" in read_feeds()
    assert "not seen" not in read_feeds()


def test_the_next_page_is_read_where_the_first_does_not_reach(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {0: ["Five", "Four"], 2: ["Three", "Two"], 4: ["One"]}
    asked: list[int] = []

    def search(where: Any, query: str, *_: Any, offset: int, **__: Any) -> Any:
        asked.append(offset)
        return tuple(found(name) for name in pages.get(offset, []))

    monkeypatch.setattr("indexers.feeds.torznab.search", search)
    Indexer.objects.update(feed_mark=[found("Two").identity])
    read_feeds()
    assert asked == [0, 2]
    assert Query.objects.filter(kind="feed", outcome="answered").count() == 2


def found(name: str) -> FoundRelease:
    link = f"http://127.0.0.1/{name}"
    return FoundRelease(title=name, guid=link, identity=name, link=link)


def test_a_failing_feed_is_no_empty_one(fake: FakeIndexer, indexer: Indexer) -> None:
    fake.fail("tracker-down")
    read_feeds()
    assert Query.objects.get().outcome == "failed"
    indexer.refresh_from_db()
    assert indexer.is_off


def test_a_feed_that_a_person_switched_off_is_not_read(fake: FakeIndexer, indexer: Indexer) -> None:
    Indexer.objects.update(reads_feed=False)
    assert read_feeds() == "No indexer has a feed to read right now."
    assert fake.searches == []


def test_a_feed_counts_towards_what_the_indexer_allows(fake: FakeIndexer, indexer: Indexer) -> None:
    Indexer.objects.update(queries_a_day=1)
    read_feeds()
    read_feeds()
    assert len(fake.searches) == 1


def test_books_that_nobody_waits_for_are_not_looked_for(indexer: Indexer) -> None:
    make_book(wish="parked")
    make_book("Ruth", coming=True)
    release = make_release(indexer, title="Cranford and Ruth")
    assert matches([release]) == []


def test_100_releases_against_2000_books_in_three_queries(
    fake: FakeIndexer, indexer: Indexer
) -> None:
    Book.objects.bulk_create(Book(title=f"The Cran{n}ford Mystery") for n in range(2000))
    fake.releases = [Offer(f"The Cran{n}ford Mystery by Somebody [M4B]") for n in range(100)]
    read_feeds()
    Verdict.objects.all().delete()
    rows = list(Release.objects.all())
    with CaptureQueriesContext(connection) as asked:
        found = matches(rows)
    assert len(found) == 100
    assert all(len(books) == 1 for _, books in found)
    assert len(asked) <= 3


# --- The index ------------------------------------------------------------------------------------


def test_a_book_is_filed_under_its_rarest_word() -> None:
    index = RareWords([(1, "The House of Mirth"), (2, "Bleak House"), (3, "The Warden")])
    assert index.books_for("House.of.Mirth.Edith.Wharton") == {1}
    assert index.books_for("The House of the Seven Gables") == set()
    assert index.books_for("Bleak_House-Charles_Dickens") == {2}


def test_a_title_without_words_is_in_no_index() -> None:
    assert RareWords([(1, "!?"), (2, "")]).books_for("!?") == set()
