"""The fake behaves as a Jackett was seen to, and as Prowlarr's source says."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree as Xml

import pytest

from tame.lib.allowed import Allowed
from tame.lib.call_errors import CallError
from tame.lib.http import Answer, get
from tests.fakes.torrents import hashes_of, make_torrent
from tests.fakes.torznab import FakeIndexer, Offer
from tests.fakes.torznab_failures import DOWNLOADS
from tests.indexers.asking import ask
from tests.indexers.feeds import answer, manifest

MAGNET = "magnet:?xt=urn:btih:" + "ab" * 20
CRANFORD = make_torrent({"Cranford/01.mp3": b"In the first place, Cranford"})
SEEN = {capture["file"]: capture for capture in manifest()}


def call(fake: FakeIndexer, path: str, method: str = "GET", **headers: str) -> Answer:
    url = path if path.startswith("http") else fake.server + path
    shown = {name.replace("_", "-"): text for name, text in headers.items()}
    return get(
        url, allowed=Allowed(fake.url), timeout=(1, 3), cap=2**20, headers=shown, method=method
    )


def results(fake: FakeIndexer, **query: str) -> Answer:
    return call(fake, f"{fake.url}?{urlencode({'apikey': fake.key} | query)}")


def error_in(body: bytes) -> Mapping[str, str]:
    root = Xml.fromstring(body)  # noqa: S314 - our own fake wrote it
    assert root.tag == "error"
    return root.attrib


@pytest.mark.parametrize(
    ("file", "query"),
    [
        ("badkey.xml", {"apikey": "WRONG", "t": "caps"}),
        ("nokey.xml", {"apikey": ""}),
        ("upper.xml", {"apikey": "", "ApiKey": "{key}"}),
        ("bad_t.xml", {"t": "details", "id": "1"}),
        ("tvsearch_unsupported.xml", {"t": "tvsearch", "q": "x"}),
        ("search_cat_bad.json", {"t": "search", "cat": "abc"}),
    ],
)
def test_it_refuses_as_jackett_does(
    jackett: FakeIndexer, file: str, query: Mapping[str, str]
) -> None:
    filled = {name: text.replace("{key}", jackett.key) for name, text in query.items()}
    said = results(jackett, **filled)
    assert said.status == SEEN[file]["status"]
    if file.endswith("json"):
        assert json.loads(said.body).keys() >= {"result", "error", "stacktrace"}
    else:
        assert error_in(said.body)["code"] == SEEN[file]["error_code"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("tracker-down", "err502.xml"),
        ("tracker-limit", "err429.xml"),
        ("tracker-login", "errhtml.xml"),
        ("tracker-hangs", "hang_single.xml"),
        ("not-configured", "unconfigured_indexer.xml"),
        ("unknown-indexer", "unknown_indexer.json"),
    ],
)
def test_it_fails_as_jackett_does(jackett: FakeIndexer, name: str, file: str) -> None:
    jackett.fail(name)
    said = results(jackett, q="cranford")
    assert said.status == SEEN[file]["status"]
    if file.endswith("json"):
        assert json.loads(said.body).keys() == json.loads(answer(file)).keys()
    else:
        assert error_in(said.body)["code"] == error_in(answer(file))["code"]


def test_the_key_works_as_passkey_and_not_as_a_header(jackett: FakeIndexer) -> None:
    query = urlencode({"passkey": jackett.key, "t": "caps"})
    assert b"<caps>" in call(jackett, f"{jackett.url}?{query}").body
    assert b'code="100"' in call(jackett, f"{jackett.url}?t=caps", X_Api_Key=jackett.key).body


def test_other_forms_of_the_address_work(fake: FakeIndexer) -> None:
    forms = {
        "jackett": ["/torznab/gutenberg", "/api/v2.0/indexers/gutenberg/results/torznab/anything"],
        "prowlarr": ["/api/v1/indexer/1/newznab"],
    }
    for path in forms[fake.kind]:
        assert call(fake, f"{path}?{urlencode({'apikey': fake.key, 't': 'caps'})}").status == 200


def test_a_request_without_a_function_is_a_search(jackett: FakeIndexer) -> None:
    jackett.releases = [Offer()]
    assert b"<item>" in results(jackett, q="cranford").body
    assert jackett.searches == ["cranford"]


def test_author_and_title_count_only_where_caps_list_them(fake: FakeIndexer) -> None:
    fake.releases = [Offer(), Offer("Emma by Jane Austen")]
    query = {"t": "book", "author": "Gaskell", "title": "Cranford"}
    ignored = results(fake, **query).body.count(b"<item>")
    assert ignored == {"jackett": 2, "prowlarr": 0}[fake.kind]  # the newest, or nothing at all
    fake.books_by = "q,title,author"
    assert results(fake, **query).body.count(b"<item>") == 1


def test_links_lead_to_the_host_of_the_search(jackett: FakeIndexer) -> None:
    jackett.releases = [Offer()]
    said = call(jackett, f"{jackett.url}?{urlencode({'apikey': jackett.key})}", Host="jackett:9117")
    assert b"<link>http://jackett:9117/dl/gutenberg/?jackett_apikey=" in said.body


def test_what_needs_no_key(fake: FakeIndexer) -> None:
    path = {"jackett": "/health", "prowlarr": "/ping"}[fake.kind]
    assert json.loads(call(fake, path).body) == {"status": "OK"}


def test_jacketts_pages_redirect(jackett: FakeIndexer) -> None:
    assert call(jackett, "/").headers["Location"] == "/UI/Dashboard"
    said = call(jackett, "/api/v2.0/indexers?configured=true&apikey=x")
    assert said.status == 302
    assert jackett.key in said.headers["Location"]  # as the real one gives it away


def test_prowlarrs_indexer_0_lists_a_test(prowlarr: FakeIndexer) -> None:
    query = urlencode({"apikey": prowlarr.key})
    assert b"<title>Test Release</title>" in call(prowlarr, f"/0/api?{query}").body
    assert call(prowlarr, "/1/api").status == 401
    assert call(prowlarr, f"/9/api?{query}").status == 404
    assert call(prowlarr, "/1/api?t=caps", Authorization=f"Bearer {prowlarr.key}").status == 200


# --- Downloads ------------------------------------------------------------------------------------


def link_to(fake: FakeIndexer, offer: Offer) -> str:
    fake.releases = [offer]
    return ask(fake)[0].link


def test_a_link_gives_the_torrent(fake: FakeIndexer) -> None:
    said = call(fake, link_to(fake, Offer(torrent=CRANFORD)))
    assert (said.status, said.body) == (200, CRANFORD)
    made_up = call(fake, link_to(fake, Offer("Cranford, made up"))).body
    assert hashes_of(made_up)[0]
    assert len(fake.downloads) == 2


def test_a_link_may_redirect_to_a_magnet(fake: FakeIndexer) -> None:
    said = call(fake, link_to(fake, Offer(magnet=MAGNET, is_hidden=True)))
    assert (said.status, said.body) == ({"jackett": 302, "prowlarr": 301}[fake.kind], b"")
    assert said.headers["Location"] == MAGNET


def test_bad_links_fail_without_a_reason(jackett: FakeIndexer) -> None:
    link = link_to(jackett, Offer())
    assert call(jackett, link.replace("path=", "path=x")).status == 404
    assert call(jackett, link.partition("&file=")[0]).status == 404
    assert call(jackett, link.replace("apikey=", "apikey=x")).status == 401
    assert call(jackett, link.replace("path=", "way=")).status == 500
    said = call(jackett, link, method="HEAD")
    assert (said.status, said.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("name", sorted(set(DOWNLOADS) - {"hang", "closed"}))
def test_downloads_fail_while_searches_go_on(fake: FakeIndexer, name: str) -> None:
    link = link_to(fake, Offer(torrent=CRANFORD))
    fake.fail_downloads(name)
    said = call(fake, link)
    assert (said.status, said.body) == (DOWNLOADS[name].status, DOWNLOADS[name].body)
    assert len(ask(fake)) == 1
    fake.recover()
    assert call(fake, link).body == CRANFORD


def test_downloads_may_break_off(fake: FakeIndexer) -> None:
    link = link_to(fake, Offer())
    fake.fail_downloads("closed")
    with pytest.raises(CallError) as broken:
        call(fake, link)
    assert broken.value.code == "closed"


# --- For tests ------------------------------------------------------------------------------------


def test_requests_are_kept_with_their_times(fake: FakeIndexer) -> None:
    fake.delay = 0.1
    before = time.monotonic()
    ask(fake, "cranford")
    assert before <= fake.requests[0].at <= time.monotonic() - 0.1
    assert (fake.requests[0].method, fake.searches) == ("GET", ["cranford"])


def test_a_failure_that_does_not_exist_is_a_mistake_in_the_test(fake: FakeIndexer) -> None:
    with pytest.raises(KeyError):
        fake.fail("tired")
    with pytest.raises(KeyError):
        fake.fail_downloads("tired")
