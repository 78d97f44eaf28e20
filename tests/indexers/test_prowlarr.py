"""What is known of Prowlarr, line by line: none was ever run beside these tests.

Its failures are rows of the table in test_torznab_failures, its links are in test_fetching.
"""

from __future__ import annotations

import pytest

from books.models import Book
from indexers.connect import add_listed, check_indexer
from indexers.fetching import fetch
from indexers.models import Indexer, Query
from indexers.search import search_book
from indexers.torznab import Endpoint, caps, list_indexers, search
from tame.lib.checked import all_well
from tame.lib.errors import ServiceDownError
from tests.factory import make_book, make_indexer
from tests.fakes.torznab import FakeIndexer, Member, Offer
from tests.indexers.asking import SLOW, ask, at

MAGNET = "magnet:?xt=urn:btih:" + "ab" * 20


@pytest.fixture
def row(db: None, prowlarr: FakeIndexer, at_once: None) -> Indexer:
    return make_indexer(address=prowlarr.url, key=prowlarr.key, kind="prowlarr")


@pytest.fixture
def book(row: Indexer) -> Book:
    return make_book()


def test_its_list_is_asked_for_with_the_key_in_a_header(prowlarr: FakeIndexer) -> None:
    list_indexers(prowlarr.server, prowlarr.key, timeout=SLOW)
    asked = prowlarr.requests[-1]
    assert (asked.path, asked.query) == ("/api/v1/indexer", {})
    assert asked.headers["X-Api-Key"] == prowlarr.key


@pytest.mark.parametrize("path", ["/1/api", "/api/v1/indexer/1/newznab"])
def test_both_of_its_addresses_are_torznab(prowlarr: FakeIndexer, path: str) -> None:
    prowlarr.releases = [Offer()]
    endpoint = Endpoint("Gutenberg", prowlarr.server + path, prowlarr.key)
    assert len(search(endpoint, "cranford", timeout=SLOW)) == 1
    prowlarr.fail("tracker-down")
    with pytest.raises(ServiceDownError, match="because its tracker failed"):
        search(endpoint, "cranford", timeout=SLOW)


@pytest.mark.django_db
def test_its_priorities_are_taken_over_once(prowlarr: FakeIndexer) -> None:
    prowlarr.members = [Member("1", "Gutenberg", priority=3), Member("2", "Archive", priority=99)]
    listed = list_indexers(prowlarr.server, prowlarr.key, timeout=SLOW)
    add_listed(listed, prowlarr.key)
    assert dict(Indexer.objects.values_list("name", "priority")) == {"Gutenberg": 3, "Archive": 25}
    Indexer.objects.update(priority=7)
    add_listed(listed, prowlarr.key)
    assert set(Indexer.objects.values_list("priority", flat=True)) == {7}


def test_an_indexer_that_cannot_be_searched_is_not_listed(prowlarr: FakeIndexer) -> None:
    prowlarr.members.append(Member("2", "News only", can_search=False))
    listed = list_indexers(prowlarr.server, prowlarr.key, timeout=SLOW)
    assert [one.name for one in listed] == ["Gutenberg"]


def test_tags_among_its_capabilities_do_no_harm(prowlarr: FakeIndexer) -> None:
    known = caps(at(prowlarr), timeout=SLOW)
    assert known.categories[3030] == "Audio/Audiobook"
    assert known.modes["book-search"] == ("q",)


def test_its_attributes_are_read_without_a_magnet(prowlarr: FakeIndexer) -> None:
    """It hides every magnet behind a link, and repeats the author in the title."""
    prowlarr.releases = [
        Offer(
            "Cranford by Elizabeth Gaskell [ENG / M4B] [VIP]",
            author="Elizabeth Gaskell",
            book_title="Cranford",
            magnet=MAGNET,
            is_hidden=True,
            kind="semi-private",
            attributes={"tag": "freeleech", "minimumratio": "1.5"},
        )
    ]
    [release] = ask(prowlarr)
    assert (release.magnet, release.kind) == ("", "semi-private")
    assert (release.author, release.book_title) == ("Elizabeth Gaskell", "Cranford")
    assert (release.tags, release.minimum_ratio) == (("freeleech",), 1.5)
    assert (release.grabs, release.files) == (40, 1)
    fetched = fetch(release.link, Endpoint("Gutenberg", prowlarr.url, prowlarr.key), timeout=SLOW)
    assert fetched.magnet is not None
    assert fetched.magnet.hash_v1 == "ab" * 20


# --- A tracker that fails -------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_swallows_the_first_failure_and_blocks_after_it(
    prowlarr: FakeIndexer, row: Indexer, book: Book
) -> None:
    """The first is an empty feed; only its status tells that it is none."""
    prowlarr.fail("tracker-down", wait=300)
    search_book(book, asked_by="ann")
    query = Query.objects.get()
    assert query.outcome == "failed"
    assert "found nothing because its tracker failed" in query.sentence
    row.refresh_from_db()
    assert row.is_off
    with pytest.raises(ServiceDownError, match="asks for a pause") as raised:
        ask(prowlarr)
    assert raised.value.retry_after == pytest.approx(300, abs=2)


@pytest.mark.django_db
def test_while_it_starts_it_is_not_ready_and_asked_again(
    prowlarr: FakeIndexer, row: Indexer
) -> None:
    prowlarr.releases = [Offer()]
    prowlarr.fail("503", times=1)
    [said] = check_indexer(row)
    assert "is not ready (HTTP 503)" in said.sentence
    assert all_well(check_indexer(row))
    row.refresh_from_db()
    assert row.is_usable
