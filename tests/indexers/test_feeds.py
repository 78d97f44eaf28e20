"""What is new at the indexers is read for all wanted books together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Book
from indexers.decide import decide_due
from indexers.feeds import matches, read_feeds
from indexers.found import FoundRelease
from indexers.limits import feeds_of
from indexers.models import Indexer, Query, Release, Verdict
from indexers.rare_words import RareWords
from indexers.search import search_book
from tame.lib.errors import ServiceDownError
from tests.factory import make_book, make_release
from tests.fakes.torznab import FakeIndexer, Offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def offers(*names: str) -> list[Offer]:
    return [Offer(name) for name in names]


@pytest.fixture
def read_already(jackett: FakeIndexer, gutenberg: Indexer) -> FakeIndexer:
    """A feed with releases of three wanted books, read and judged; and of one that nobody wants."""
    titles = ["Cranford", "Ruth", "Mary Barton"]
    for title in titles:
        make_book(title)
    names = [f"{title} by Elizabeth Gaskell [M4B]" for title in [*titles, "Wives and Daughters"]]
    jackett.releases = offers(*names)
    read_feeds()
    assert decide_due() == len(titles)
    return jackett


def test_a_release_for_a_wanted_book_is_found_without_a_search(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    book = make_book()
    jackett.releases = offers("Cranford by Elizabeth Gaskell [M4B]", "Ulysses by James Joyce [MP3]")
    assert read_feeds() == (
        "Gutenberg Tracker listed 2 releases, 2 of them new, 1 that may be a wanted book."
    )
    decide_due()
    verdict = Verdict.objects.get()
    assert (verdict.book, verdict.outcome) == (book, "take")
    assert Release.objects.count() == 2


def test_300_wanted_books_cost_one_question(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    for number in range(300):
        Book.objects.create(title=f"Cran{number}ford")
    jackett.releases = offers("Cran7ford")
    read_feeds()
    assert jackett.searches == [""]
    [query] = Query.objects.all()
    assert (query.kind, query.search, query.outcome, query.found) == ("feed", None, "answered", 1)


def test_nothing_is_asked_for_twice_in_a_quiet_hour(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    jackett.releases = offers("Cranford", "Ruth")
    read_feeds()
    read_feeds()
    assert len(jackett.searches) == 2
    assert Query.objects.first().new == 0  # type: ignore[union-attr]


@pytest.mark.usefixtures("read_already")
def test_what_a_feed_lists_again_is_not_judged_again(django_assert_num_queries: Any) -> None:
    """Three books, and the feed says of none of their releases anything new."""
    read_feeds()
    with django_assert_num_queries(1):
        assert decide_due() == 0


def test_only_what_the_rules_see_otherwise_is_judged_again(read_already: FakeIndexer) -> None:
    first, *others = read_already.releases
    read_already.releases = [replace(first, seeders=80), *others]
    read_feeds()
    assert decide_due() == 1
    read_already.releases = [*offers("Ruth by Elizabeth Gaskell [MP3]"), *read_already.releases]
    read_feeds()
    assert decide_due() == 1


@pytest.mark.usefixtures("read_already")
def test_a_book_wanted_since_meets_what_was_listed_before() -> None:
    make_book("Wives and Daughters")
    read_feeds()
    assert decide_due() == 1


def test_a_search_judges_again_only_what_has_changed(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    book = make_book()
    jackett.releases = offers("Cranford [MP3]", "Cranford by Elizabeth Gaskell [M4B]")
    search_book(book, asked_by="ann")
    decide_due()
    Verdict.objects.update(score=1000)
    jackett.releases[0] = replace(jackett.releases[0], seeders=80)
    search_book(book, asked_by="ann")
    decide_due()
    stand = Verdict.objects.filter(score=1000).values_list("release__title", flat=True)
    assert list(stand) == ["Cranford by Elizabeth Gaskell [M4B]"]


def test_what_a_search_for_one_book_sees_is_judged_anew_for_another(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    cranford, ruth = make_book("Cranford"), make_book("Ruth")
    jackett.releases = [Offer("Elizabeth Gaskell - Ruth, Cranford [M4B]", seeders=0)]
    for book in (cranford, ruth):
        search_book(book, asked_by="ann")
    decide_due()
    assert Verdict.objects.filter(rejections__rule="seeders").count() == 2
    jackett.releases = [replace(jackett.releases[0], seeders=80)]
    search_book(cranford, asked_by="ann")
    decide_due()
    assert not Verdict.objects.filter(rejections__rule="seeders").exists()


def test_a_gap_that_the_feed_does_not_cover_is_said(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    jackett.releases = offers("Cranford", "Ruth")
    read_feeds()
    jackett.releases = offers("Mary Barton", "Cousin Phillis")
    assert "what lies between was not seen" in read_feeds()
    assert "not seen" not in read_feeds()


def test_the_next_page_is_read_where_the_first_does_not_reach(
    gutenberg: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged(monkeypatch, ["Five", "Four"], ["Three", "Two"], ["One"])
    Indexer.objects.update(feed_mark=["Two"])
    read_feeds()
    queries = Query.objects.filter(kind="feed", outcome="answered").order_by("pk")
    assert [query.found for query in queries] == [4, 0]
    assert Release.objects.count() == 4


def test_further_pages_wait_for_the_turn_of_the_indexer(
    gutenberg: Indexer, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """As every question does: a search that is asked meanwhile is not a moment behind a page."""
    settings.QUERY_SECONDS = 0.3 * settings.HURRY
    paged(monkeypatch, ["Five", "Four"], ["Three", "Two"], ["One"])
    Indexer.objects.update(feed_mark=["One"])
    read_feeds()
    begun = list(Query.objects.order_by("pk").values_list("started_at", flat=True))
    pauses = [(later - one).total_seconds() for one, later in pairwise(begun)]
    assert len(pauses) == 2
    assert min(pauses) >= 0.25
    gutenberg.refresh_from_db()
    assert gutenberg.next_query_at >= begun[-1] + timedelta(seconds=0.25)


def test_further_pages_are_counted_before_they_are_asked_for(
    gutenberg: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Indexer.objects.update(queries_a_day=200, feed_mark=["gone"])
    earlier = [Query(indexer=gutenberg, kind="feed", outcome="answered") for _ in range(102)]
    Query.objects.bulk_create(earlier)
    paged(monkeypatch, ["Five"], ["Four"], ["Three"], ["Two"])
    assert "listed 2 releases" in read_feeds()
    assert feeds_of(Indexer.objects.get()).left == 0


def test_a_page_that_fails_is_no_end_of_the_feed(
    gutenberg: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged(monkeypatch, ["Five", "Four"], ServiceDownError("Gutenberg Tracker is down."))
    Indexer.objects.update(feed_mark=["Two"])
    assert "what lies between was not seen" in read_feeds()
    assert list(Query.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "answered",
        "failed",
    ]
    gutenberg.refresh_from_db()
    assert gutenberg.is_off
    assert Release.objects.count() == 2


def test_out_of_time_what_was_read_is_kept(
    gutenberg: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged(monkeypatch, ["Five"], ["Four"], ["Three"])
    Indexer.objects.update(feed_mark=["gone"])
    said = read_feeds(lambda: not Query.objects.filter(outcome="answered").exists())
    assert "listed 1 release," in said
    assert "what lies between was not seen" in said


def test_what_a_dead_worker_asked_is_no_open_question(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    row = Query.objects.create(indexer=gutenberg, kind="feed", started_at=long_ago)
    read_feeds()
    row.refresh_from_db()
    assert (row.outcome, row.sentence) == ("failed", "TAME was stopped before the answer came.")


def paged(monkeypatch: pytest.MonkeyPatch, *pages: Any) -> None:
    """Each question is answered with the next page."""
    left = list(pages)
    told: list[int] = []

    def search(where: Any, query: str, *_: Any, offset: int, **__: Any) -> Any:
        assert offset == sum(told), "it asks for what comes behind the pages it has"
        page = left.pop(0)
        if isinstance(page, Exception):
            raise page
        told.append(len(page))
        return tuple(found(name) for name in page)

    monkeypatch.setattr("indexers.question.torznab.search", search)


def found(name: str) -> FoundRelease:
    link = f"http://127.0.0.1/{name}"
    return FoundRelease(title=name, guid=link, identity=name, link=link)


def test_a_failing_feed_is_no_empty_one(jackett: FakeIndexer, gutenberg: Indexer) -> None:
    jackett.fail("tracker-down")
    read_feeds()
    assert Query.objects.get().outcome == "failed"
    gutenberg.refresh_from_db()
    assert gutenberg.is_off


def test_a_feed_that_a_person_switched_off_is_not_read(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    Indexer.objects.update(reads_feed=False)
    assert read_feeds() == "No indexer has a feed to read right now."
    assert jackett.searches == []


def test_a_feed_counts_towards_what_the_indexer_allows(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    Indexer.objects.update(queries_a_day=1)
    read_feeds()
    read_feeds()
    assert len(jackett.searches) == 1


def test_books_that_nobody_waits_for_are_not_looked_for(gutenberg: Indexer) -> None:
    make_book(wish="parked")
    make_book("Ruth", coming=True)
    release = make_release(gutenberg, title="Cranford and Ruth")
    assert matches([release]) == []


def test_100_releases_against_2000_books_in_three_queries(
    jackett: FakeIndexer, gutenberg: Indexer
) -> None:
    Book.objects.bulk_create(Book(title=f"The Cran{n}ford Mystery") for n in range(2000))
    jackett.releases = [Offer(f"The Cran{n}ford Mystery by Somebody [M4B]") for n in range(100)]
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


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Colour of Courage", "Kate Chopin - The Color of Courage [M4B]"),
        ("Theatre", "Theater by Kate Chopin"),
        ("The Picture of Dorian Gray", "Oscar.Wilde.The.Picture.of.Dorian.Grey"),
        ("Мёртвые души", "Gogol - Mertvye dushi [MP3]"),
        ("Mertvye dushi", "Гоголь - Мёртвые души [MP3]"),
        ("Гайдамаки", "Shevchenko Haidamaky"),
        ("Die Räuber", "Schiller_-_Die_Raeuber"),
        ("Die Raeuber", "Schiller - Die Räuber"),
        ("Οδύσσεια", "Homer - Odysseia"),
        ("The Thirty-Nine Steps", "The 39 Steps"),
        ("Ten Thousand a Year", "Samuel Warren - 10,000 a Year"),
    ],
)
def test_a_title_that_is_spelt_otherwise_is_found(title: str, name: str) -> None:
    assert RareWords([(1, title), (2, "Bleak House")]).books_for(name) == {1}


def test_a_title_without_words_is_in_no_index() -> None:
    assert RareWords([(1, "!?"), (2, "")]).books_for("!?") == set()
