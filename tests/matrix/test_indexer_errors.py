"""Every row of the error table of indexers, through a whole search: what is shown, what is next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from indexers.connect import add_indexer, check_indexer, list_indexers
from indexers.models import Indexer, Query, Release
from indexers.search import search_book, search_due
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tests.factory import make_book, make_indexer
from tests.fakes.site import Page, Site
from tests.fakes.torznab import FakeIndexer, Member, Offer
from tests.fakes.torznab_documents import error
from tests.fakes.torznab_failures import ANYBODY, JACKETT, PROWLARR
from tests.matrix.conftest import again, waits

MINUTE, HOUR = 60, 3600
KEY = "key"  # only a new key ends it
EMPTY = "empty"  # cannot be told from having nothing
OFFER = Offer("Cranford by Elizabeth Gaskell [ENG / M4B]")

ROWS: dict[str, tuple[str, Any]] = {  # of both: what is said, and what ends it
    "suspended": ("refused the key: it says", KEY),
    "request-limit": ("asks for a pause: too many requests", HOUR),
    "download-limit": ("asks for a pause: too many requests", HOUR),
    "limit-code": ("asks for a pause: too many requests", MINUTE),
    "429": ("asks for a pause: too many requests", 900),
    "401": ("refused the key (HTTP 401). Copy the API key again", KEY),
    "403": ("refused the key (HTTP 403). Copy the API key again", KEY),
    "404": ("does not exist at its address any more. Copy its Torznab address", MINUTE),
    "502": ("failed (HTTP 502). Look at this indexer", MINUTE),
    "503": ("is not ready (HTTP 503); it may be starting", 900),
    "proxy-login": ("A web server in front of", MINUTE),
    "login-page": ("sent a login page instead of results", MINUTE),
    "login-redirect": ("sent TAME to a login page", MINUTE),
    "anti-bot": ("sent an anti-bot page instead of results", MINUTE),
    "web-page": ("sent a web page instead of results", MINUTE),
    "moved": ("answers at http://new.example:9117", MINUTE),
    "lost": ("sent TAME elsewhere without saying where", MINUTE),
    "empty-body": ("sent an empty answer", MINUTE),
    "other-json": ("sent JSON instead of a Torznab feed", MINUTE),
    "text": ("sent something that is not XML", MINUTE),
    "other-xml": ("sent <caps> instead of what was asked for", MINUTE),
    "cut-off-xml": ("sent an answer that TAME cannot read: broken XML", MINUTE),
    "hostile-xml": ("it declares a document type", MINUTE),
    "deep-xml": ("its elements are nested", MINUTE),
    "too-big": ("the answer is larger than 8 MiB. Fewer categories", MINUTE),
    "teapot": ("answered HTTP 418 and no results", MINUTE),
    "hang": ("it did not answer in time. It may be waiting for a slow tracker", MINUTE),
    "closed": ("it broke the connection off", MINUTE),
}
OF_JACKETT: dict[str, tuple[str, Any]] = {
    "bad-key": ('refused the key: it says "Invalid API Key"', KEY),
    "unsupported": ("did not accept the request", MINUTE),
    "not-configured": ("is not set up in Jackett. Set it up there", MINUTE),
    "unknown-indexer": ("does not exist at its address any more", MINUTE),
    "broken-request": ("could not search: it says", MINUTE),
    "tracker-down": ('it says "Request to tracker.example failed', MINUTE),
    "tracker-login": ("the tracker sent a web page instead of results", MINUTE),
    "tracker-limit": ("asks for a pause: too many requests", MINUTE),
    "tracker-hangs": ("the tracker did not answer in time", MINUTE),
    "tracker-anti-bot": ("the tracker shows an anti-bot page", MINUTE),
}
OF_PROWLARR: dict[str, tuple[str, Any]] = {
    "bad-key": ("refused the key (HTTP 401)", KEY),
    "unsupported": ("did not accept the request", MINUTE),
    "no-function": ("did not accept the request", MINUTE),
    "unknown-indexer": ("does not exist at its address any more", MINUTE),
    "disabled": ("is disabled in Prowlarr. Enable it there", MINUTE),
    "tracker-limit": ("asks for a pause: too many requests", 900),
    "broken-request": ("could not search: it says", MINUTE),
    "tracker-down": ("found nothing because its tracker failed", 900),
    "tracker-login": ("found nothing because its tracker failed", 900),
    "tracker-hangs": ("found nothing because its tracker failed", 900),
}
CODES: dict[int, tuple[str, Any]] = {
    **dict.fromkeys((*range(100, 109), 150, 199), ("refused the key: it says", KEY)),
    **dict.fromkeys((200, 201, 202, 203), ("did not accept the request: it says", MINUTE)),
    **dict.fromkeys((300, 301, 310), ("could not search: it says", MINUTE)),
    410: ("is disabled in Prowlarr", MINUTE),
    429: ("asks for a pause", MINUTE),
    900: ("could not search: it says", MINUTE),
    901: ("is disabled in Prowlarr", MINUTE),
    910: ("is disabled in Prowlarr", MINUTE),
}
WORDS = {"apikey", "t", "q", "cat", "extended", "configured"}
PATHS = re.compile(
    r"/api/v2\.0/indexers/\w+/results/torznab/api|/\d+/api|/api/v1/indexer|/api/v1/indexerstatus"
)
PAIRS = [
    (kind, name, *row)
    for kind, own in (("jackett", OF_JACKETT), ("prowlarr", OF_PROWLARR))
    for name, row in (ROWS | own).items()
]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as server:
        yield server


@pytest.fixture(autouse=True)
def at_once(settings: Any) -> None:
    settings.QUERY_SECONDS = 0


def of(fake: FakeIndexer) -> Indexer:
    fake.releases = [OFFER]
    row, _ = add_indexer(fake.url, key=fake.key, name="Gutenberg")
    return row


def is_left_alone(indexer: Indexer, end: Any) -> None:
    """Until its pause is over, or until it gets another key; it is asked nothing meanwhile."""
    if end == KEY:
        assert indexer.key_was_refused
    else:
        assert waits(indexer.off_until, end)
    assert not indexer.is_usable
    assert search_due(lambda: True) == []


def comes_back(indexer: Indexer, end: Any, book: Book) -> None:
    """The pause is over, or there is a new key: then the next search finds what is there."""
    if end == KEY:
        add_indexer(indexer.address, key=indexer.key)
    Indexer.objects.filter(failures__gt=0, off_until__isnull=False).update(off_until=timezone.now())
    Book.objects.filter(pk=book.pk).update(next_search_at=timezone.now())
    (search,) = search_due(lambda: True)
    assert [query.outcome for query in search.queries.all()] == [Query.Outcome.ANSWERED]
    indexer = again(indexer)
    assert (indexer.failures, indexer.off_until, indexer.last_error) == (0, None, "")
    assert Release.objects.exists()


@pytest.mark.parametrize(
    ("kind", "name", "said", "end"), PAIRS, ids=[f"{p[0]}-{p[1]}" for p in PAIRS]
)
def test_every_failure_is_shown_and_waited_out(
    kind: str, name: str, said: str, end: Any, book: Book
) -> None:
    with FakeIndexer(kind) as fake:
        indexer = of(fake)
        fake.fail(name, wait=900)
        (query,) = search_book(book, asked_by="test").queries.all()
        assert query.outcome == Query.Outcome.FAILED
        assert query.sentence.startswith(("Gutenberg ", "A web server in front of Gutenberg"))
        assert said in query.sentence
        assert fake.key not in query.sentence
        indexer = again(indexer)
        assert indexer.last_error == query.sentence
        asked = len(fake.requests)
        is_left_alone(indexer, end)
        assert len(fake.requests) == asked
        assert not Release.objects.exists()
        fake.recover()
        comes_back(indexer, end, book)


@pytest.mark.parametrize("kind", ["jackett", "prowlarr"])
def test_a_missing_key_is_said_as_a_wrong_one_is(kind: str, book: Book) -> None:
    with FakeIndexer(kind) as fake:
        fake.releases = [OFFER]
        indexer, _ = add_indexer(fake.url, key="", name="Gutenberg")
        (query,) = search_book(book, asked_by="test").queries.all()
        assert query.outcome == Query.Outcome.FAILED
        assert "refused the key" in query.sentence
        is_left_alone(again(indexer), KEY)
        add_indexer(fake.url, key=fake.key)
        comes_back(again(indexer), KEY, book)


def test_every_failure_of_the_fakes_is_in_the_tables() -> None:
    assert ROWS.keys() | OF_JACKETT.keys() == ANYBODY.keys() | JACKETT.keys()
    swallowed = {"tracker-down", "tracker-login", "tracker-hangs"}
    assert ROWS.keys() | OF_PROWLARR.keys() == ANYBODY.keys() | PROWLARR.keys() | swallowed


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_read_whatever_the_status(
    code: int, status: int, site: Site, book: Book
) -> None:
    said, end = CODES[code]
    url = site.put("/api", Page(status, error(code, "Something is wrong")))
    indexer = make_indexer("Gutenberg", url)
    (query,) = search_book(book, asked_by="test").queries.all()
    assert query.outcome == Query.Outcome.FAILED
    assert said in query.sentence
    is_left_alone(again(indexer), end)


@pytest.mark.parametrize("code", [500, 501])
@pytest.mark.parametrize(
    ("words", "said", "end"),
    [
        ("", "asks for a pause", HOUR),
        ("Request limit reached", "asks for a pause", HOUR),
        ("Daily limit exceeded", "asks for a pause", HOUR),
        ("Failed to download", "could not search: it says", MINUTE),
    ],
)
def test_a_limit_lasts_an_hour(
    code: int, words: str, said: str, end: int, site: Site, book: Book
) -> None:
    indexer = make_indexer("Gutenberg", site.put("/api", Page(200, error(code, words))))
    (query,) = search_book(book, asked_by="test").queries.all()
    assert said in query.sentence
    is_left_alone(again(indexer), end)


def test_pauses_grow_while_it_stays_down(site: Site, book: Book) -> None:
    indexer = make_indexer("Gutenberg", site.put("/api", Page(502)))
    for minutes in (1, 5, 15, 30, 60, 60):
        Indexer.objects.filter(failures__gt=0).update(off_until=timezone.now())
        search_book(book, asked_by="test")
        assert waits(again(indexer).off_until, 60 * minutes)


def test_one_that_fails_says_nothing_of_the_others(site: Site, book: Book) -> None:
    make_indexer("Broken", site.put("/api", Page(502)))
    with FakeIndexer() as fake:
        of(fake)
        search = search_book(book, asked_by="test")
    assert {q.indexer_name: (q.outcome, q.found) for q in search.queries.all()} == {
        "Broken": ("failed", 0), "Gutenberg": ("answered", 1),
    }  # fmt: skip


def test_an_unknown_category_is_an_empty_answer_and_the_test_says_so(book: Book) -> None:
    """Nobody says that it is unknown; the capabilities do."""
    with FakeIndexer() as fake:
        indexer = of(fake)
        Indexer.objects.update(categories=[3040])
        (query,) = search_book(book, asked_by="test").queries.all()
        assert (query.outcome, query.sentence) == (
            Query.Outcome.ANSWERED, "Gutenberg has nothing by these words.",
        )  # fmt: skip
        checks = check_indexer(again(indexer))
    assert not checks[0].is_well
    assert "does not know the category 3040. It has: 3000 Audio, 3030" in checks[0].sentence


# --- The aggregate, and the lists -----------------------------------------------------------------


def test_all_at_once_hides_failures_and_the_test_says_so(book: Book) -> None:
    """A member that fails or hangs is missing from the answer of `all` without a sign."""
    with FakeIndexer() as fake:
        fake.releases = [OFFER]
        indexer, _ = add_indexer(fake.url.replace("gutenberg", "all"), key=fake.key, name="All")
        fake.fail("tracker-down")
        (query,) = search_book(book, asked_by="test").queries.all()
        assert query.outcome == Query.Outcome.ANSWERED
        fake.recover()
        checks = check_indexer(again(indexer))
    unwell = [check.sentence for check in checks if not check.is_well]
    assert len(unwell) == 1
    assert unwell[0].startswith("All stands for several indexers at once: when one of them fails")


@pytest.mark.parametrize("kind", ["jackett", "prowlarr"])
def test_an_import_lists_each_and_never_all(kind: str) -> None:
    ids = ("gutenberg", "librivox") if kind == "jackett" else ("1", "2")
    with FakeIndexer(kind) as fake:
        fake.members = [Member(name, name) for name in ids]
        urls = [one.url for one in list_indexers(fake.server, fake.key)]
    assert len(urls) == 2
    assert not any("/all/" in url for url in urls)


@pytest.mark.parametrize("kind", ["jackett", "prowlarr"])
def test_an_import_with_a_wrong_key_says_so(kind: str) -> None:
    with FakeIndexer(kind) as fake, pytest.raises(LoginRefusedError, match="refused the key"):
        list_indexers(fake.server, "tulip")


def test_an_import_that_leads_to_a_login_page_says_so(site: Site) -> None:
    """The address of that page holds the key."""
    for path in ("/api/v2.0/indexers/all/results/torznab/api", "/api/v1/indexer"):
        site.redirect(path, "/UI/Login?ReturnUrl=%2Fapi%3Fapikey%3Dtulip-4711")
    with pytest.raises(ServiceDownError) as caught:
        list_indexers(site.url, "tulip-4711")
    assert "tulip" not in str(caught.value)
    assert "Open its page in a browser and paste" in str(caught.value)


def test_a_category_that_is_no_number_is_never_sent(book: Book) -> None:
    with FakeIndexer() as fake:
        of(fake)
        search_book(book, asked_by="test")
        search_book(make_book("Emma", "Jane Austen"), asked_by="test")
        sent = [asked.query.get("cat", "") for asked in fake.requests]
    assert sent == ["3030", "3030"]


@pytest.mark.parametrize("kind", ["jackett", "prowlarr"])
def test_only_what_every_version_knows_is_asked(kind: str, book: Book) -> None:
    """Ids, book searches and management pages fail in one or the other."""
    with FakeIndexer(kind) as fake:
        indexer = of(fake)
        search_book(book, asked_by="test")
        check_indexer(again(indexer))
        list_indexers(fake.server, fake.key)
        asked = list(fake.requests)
    assert {name for one in asked for name in one.query} <= WORDS
    assert {one.query.get("t", "caps") for one in asked} <= {"caps", "search", "indexers"}
    assert all(PATHS.fullmatch(one.path) for one in asked), [one.path for one in asked]
    assert {one.method for one in asked} == {"GET"}
