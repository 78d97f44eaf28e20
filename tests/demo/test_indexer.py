"""The demo's indexer, asked over HTTP as TAME asks it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as Xml

import pytest
import requests

from demo.catalogue import AUDIOBOOK, BOOKS, EBOOK, books
from demo.indexer import Indexer
from indexers import torznab
from indexers.feed import read_feed
from indexers.fetching import fetch
from indexers.torrents import read_torrent
from indexers.torznab import Endpoint
from tame.lib.errors import LoginRefusedError, NotFetchedError
from tests.demo.conftest import KEY
from tests.fakes.torrents import hashes_of, make_torrent

TIMEOUT = (2, 5)
SHELF = {book.title: book for book in books()}
TITLES = sorted(SHELF)


def ask(indexer: Indexer, **query: str) -> requests.Response:
    return requests.get(indexer.torznab, params={"apikey": KEY, **query}, timeout=5)


def titles(indexer: Indexer, **query: str) -> list[str]:
    feed = Xml.fromstring(ask(indexer, t="search", **query).content)  # noqa: S314 - our own feed
    return [entry.findtext("title", "") for entry in feed.iter("item")]


def torrent_of(indexer: Indexer, title: str) -> bytes:
    true = next(r.title for r in indexer.releases if r.torrent and title in r.title)
    feed = read_feed(ask(indexer, t="search", q=title).content)
    link = next(r.link for r in feed.releases if r.title == true)
    return requests.get(link, timeout=5).content


# --- the feed -------------------------------------------------------------------------------------


def test_tame_reads_every_release_of_the_feed(indexer: Indexer) -> None:
    feed = read_feed(ask(indexer, t="search").content)
    assert [r.title for r in feed.releases] == [r.title for r in indexer.releases]
    assert [r.size for r in feed.releases] == [r.size for r in indexer.releases]
    assert [r.seeders for r in feed.releases] == [r.seeders for r in indexer.releases]
    assert [r.files for r in feed.releases] == [r.files for r in indexer.releases]
    assert [r.published for r in feed.releases] == [r.posted for r in indexer.releases]


def test_only_the_time_machine_hides_its_info_hash(indexer: Indexer) -> None:
    feed = read_feed(ask(indexer, t="search").content)
    shown = {r.title: r.info_hash for r in feed.releases}
    for release in indexer.releases:
        hidden = release.torrent is None or "Time Machine" in release.title
        expected = "" if hidden or release.torrent is None else release.torrent.info_hash
        assert (shown[release.title] or "") == expected


def test_the_capabilities_name_the_audiobook_category(indexer: Indexer) -> None:
    caps = Xml.fromstring(ask(indexer, t="caps").content)  # noqa: S314 - our own document
    assert {int(found.get("id", 0)) for found in caps.iter("subcat")} == {AUDIOBOOK, EBOOK}
    available = caps.find("searching/search")
    assert available is not None
    assert available.attrib == {"available": "yes", "supportedParams": "q"}


@pytest.mark.parametrize("key", [{"apikey": "wrong"}, {"apikey": ""}])
@pytest.mark.parametrize("function", ["caps", "search"])
def test_a_wrong_key_is_error_100_with_status_200(
    indexer: Indexer, key: dict[str, str], function: str
) -> None:
    answer = ask(indexer, t=function, **key)
    assert answer.status_code == 200
    assert Xml.fromstring(answer.content).attrib["code"] == "100"  # noqa: S314


def test_another_search_is_error_201(indexer: Indexer) -> None:
    answer = ask(indexer, t="tvsearch", q="cranford")
    assert Xml.fromstring(answer.content).attrib["code"] == "201"  # noqa: S314


@pytest.mark.parametrize("title", TITLES)
def test_a_search_finds_the_book_and_its_distractors(indexer: Indexer, title: str) -> None:
    book = SHELF[title]
    found = titles(indexer, q=f"{book.author} {title}")
    assert len(found) == 6
    assert all(title in name and book.author in name for name in found)


@pytest.mark.parametrize(
    ("query", "count"),
    [("CRANFORD", 6), ("gaskell cranford abridged", 1), ("wells cranford", 0), ("", 24)],
)
def test_every_word_of_the_query_counts(indexer: Indexer, query: str, count: int) -> None:
    assert len(titles(indexer, q=query)) == count


@pytest.mark.parametrize(
    ("categories", "count"), [("3030", 5), ("3000", 5), ("7000,3030", 6), ("7020", 1), ("2000", 0)]
)
def test_a_category_covers_those_below_it(indexer: Indexer, categories: str, count: int) -> None:
    assert len(titles(indexer, q="cranford", cat=categories)) == count


def test_limit_and_offset_are_honoured(indexer: Indexer) -> None:
    assert len(titles(indexer, limit="5")) == 5
    assert titles(indexer, offset="100") == []


def test_a_category_that_is_no_number_breaks_it_as_it_breaks_jackett(indexer: Indexer) -> None:
    answer = ask(indexer, t="search", cat="audio")
    assert (answer.status_code, answer.json()["result"]) == (500, "error")


# --- links ----------------------------------------------------------------------------------------


def test_links_lead_to_the_name_the_search_was_sent_to(indexer: Indexer) -> None:
    address = indexer.torznab.replace("127.0.0.1", "localhost")
    feed = read_feed(requests.get(address, params={"apikey": KEY}, timeout=5).content)
    link = urlsplit(feed.releases[0].link)
    assert link.netloc == f"localhost:{indexer.server_port}"
    assert link.path == "/dl/publicdomain/"
    assert parse_qs(link.query)["jackett_apikey"] == [KEY]


@pytest.mark.parametrize("title", TITLES)
def test_tame_and_libtorrent_read_the_same_torrent(indexer: Indexer, title: str) -> None:
    payload = torrent_of(indexer, title)
    ours = read_torrent(payload)
    assert (ours.hash_v1, ours.hash_v2) == hashes_of(payload)
    assert ours.name == SHELF[title].files[0].parent.name
    assert {(f.path, f.size) for f in ours.files} == {
        (path.name, path.stat().st_size) for path in SHELF[title].files
    }


@pytest.mark.parametrize("title", TITLES)
def test_another_torrent_maker_gives_the_same_hash(indexer: Indexer, title: str) -> None:
    files = {f"{path.parent.name}/{path.name}": path.read_bytes() for path in SHELF[title].files}
    assert hashes_of(torrent_of(indexer, title)) == hashes_of(make_torrent(files))


def test_the_web_seed_is_the_address_above_the_folder(indexer: Indexer) -> None:
    payload = torrent_of(indexer, "Cranford")
    assert read_torrent(payload).web_seeds == (f"{indexer.origin}/seed/",)


def test_a_distractor_is_a_dead_link_without_a_reason(indexer: Indexer) -> None:
    feed = read_feed(ask(indexer, t="search", q="cranford abridged").content)
    answer = requests.get(feed.releases[0].link, timeout=5)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("jackett_apikey=wrong&path=x&file=y", 401),
        (f"jackett_apikey={KEY}&path=nonsense&file=y", 404),
        (f"jackett_apikey={KEY}", 500),
    ],
)
def test_a_bad_link_fails_as_jackett_fails_it(indexer: Indexer, query: str, status: int) -> None:
    assert (
        requests.get(f"{indexer.origin}/dl/publicdomain/?{query}", timeout=5).status_code == status
    )


def test_head_is_refused(indexer: Indexer) -> None:
    answer = requests.head(f"{indexer.origin}/dl/publicdomain/", timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_the_details_page_names_the_release(indexer: Indexer) -> None:
    release = indexer.releases[0]
    page = requests.get(f"{indexer.origin}/details/{release.number}", timeout=5)
    assert release.title in page.text


@pytest.mark.parametrize("path", ["/", "/details/99", "/api/v2.0/indexers/other/results/torznab/"])
def test_nothing_else_is_there(indexer: Indexer, path: str) -> None:
    assert requests.get(indexer.origin + path, timeout=5).status_code == 404


# --- TAME's own gateway ---------------------------------------------------------------------------


def endpoint(indexer: Indexer, key: str = KEY) -> torznab.Endpoint:
    return torznab.Endpoint("Public Domain", indexer.torznab, key)


def test_tame_understands_the_capabilities(indexer: Indexer) -> None:
    caps = torznab.caps(endpoint(indexer), timeout=TIMEOUT)
    assert AUDIOBOOK in caps.categories
    assert caps.modes["search"] == ("q",)


def test_tame_sees_that_its_key_is_wrong(indexer: Indexer) -> None:
    with pytest.raises(LoginRefusedError, match="Public Domain"):
        torznab.search(endpoint(indexer, "wrong"), "cranford", timeout=TIMEOUT)


def test_tame_finds_nothing_where_nothing_is(indexer: Indexer) -> None:
    assert torznab.search(endpoint(indexer), "emma austen", timeout=TIMEOUT) == ()


def test_tame_fetches_the_book_and_not_its_distractor(indexer: Indexer) -> None:
    source = Endpoint("Public Domain", indexer.torznab, KEY)
    found = torznab.search(endpoint(indexer), "cranford", [AUDIOBOOK], timeout=TIMEOUT)
    links = {release.title: release.link for release in found}
    book = fetch(links["Cranford by Elizabeth Gaskell [ENG / M4B]"], source, timeout=TIMEOUT)
    assert book.torrent is not None
    assert book.torrent.size == SHELF["Cranford"].size
    with pytest.raises(NotFetchedError):
        fetch(
            links["Elizabeth Gaskell - Cranford (Abridged) [MP3 64kbps]"], source, timeout=TIMEOUT
        )


# --- the process ----------------------------------------------------------------------------------


def test_the_process_says_where_it_is_and_ends_when_asked() -> None:
    command = [sys.executable, "-m", "demo.indexer"]
    with subprocess.Popen(
        command, cwd=BOOKS.parent.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        ready = json.loads(process.stdout.readline())
        where = r"http://127\.0\.0\.1:\d+/api/v2\.0/indexers/publicdomain/results/torznab/"
        assert re.fullmatch(where, ready["torznab"])
        query = {"apikey": ready["key"], "t": "caps"}
        assert requests.get(ready["torznab"], params=query, timeout=5).ok
        process.send_signal(signal.SIGTERM)
        assert (process.wait(5), process.stderr.read()) == (0, "")
