"""What an indexer can do, and which indexers a Jackett or Prowlarr has."""

from __future__ import annotations

import json
import re

import pytest

from indexers import complaints
from indexers.capabilities import Caps, Listed
from indexers.torznab import Endpoint, caps, list_indexers
from tame.lib.errors import BadInputError, LoginRefusedError, ServiceDownError
from tests.fakes.loopback import free_port
from tests.fakes.site import Page, Site
from tests.fakes.torznab import FakeIndexer, Member
from tests.indexers.asking import QUICK, SLOW, at

# --- Capabilities ---------------------------------------------------------------------------------


def test_caps_say_what_can_be_searched(fake: FakeIndexer) -> None:
    fake.books_by = "q,title,author"
    able = caps(at(fake), timeout=SLOW)
    assert able.modes == {"search": ("q",), "book-search": ("q", "title", "author")}
    assert able.categories == fake.categories


def caps_of(body: str) -> Caps:
    with Site() as site:
        site.put("/api", Page(200, body.encode("utf-8-sig")))
        return caps(Endpoint("Gutenberg", f"{site.url}/api"), timeout=QUICK)


def test_caps_of_old_servers_are_read() -> None:
    able = caps_of(
        """<?xml version="1.0"?><caps><searching><search available="YES" />
        <book-search available="yes" supportedParams="q, author,"/><tv-search /></searching>
        <categories><category id="7000" name="Other" /><category id="7020" name="Ebook" />
        <category id="books" name="Bad" /><category name="None" /><category id="-1" />
        <category id="3000"><subcat id="3030" name=" Audio " /><subcat id="" /></category>
        </categories></caps>"""
    )
    assert able.modes == {"search": ("q",), "book-search": ("q", "author")}
    assert able.categories == {7000: "Other", 7020: "Ebook", 3000: "", 3030: "Audio"}


def test_a_feed_is_no_list_of_capabilities() -> None:
    with pytest.raises(ServiceDownError, match="sent <rss> instead of what was asked for"):
        caps_of("<rss><channel /></rss>")


# --- Which indexers a server has ------------------------------------------------------------------


def test_the_indexers_of_a_server_are_listed(fake: FakeIndexer) -> None:
    other = "wikisource" if fake.kind == "jackett" else "7"
    fake.members.append(Member(other, "Wikisource & more", "semi-private", "de-DE"))
    first, second = list_indexers(fake.server + "/", fake.key, timeout=SLOW)
    assert (first.id, first.name, first.url) == (fake.id, "Gutenberg", fake.url)
    assert (second.name, second.kind, second.language) == (
        "Wikisource & more",
        "semi-private",
        "de-DE",
    )
    assert second.url == fake.url.replace(f"/{fake.id}/", f"/{other}/")
    assert second.categories[3030] == "Audio/Audiobook"
    assert second.enabled


def test_usenet_is_not_listed_and_disabled_is_told(prowlarr: FakeIndexer) -> None:
    prowlarr.members += [
        Member("2", "Usenet", protocol="usenet"),
        Member("3", "Switched off", enabled=False),
    ]
    listed = list_indexers(prowlarr.server, prowlarr.key, timeout=SLOW)
    assert [(one.name, one.enabled) for one in listed] == [
        ("Gutenberg", True),
        ("Switched off", False),
    ]


@pytest.mark.parametrize("page", ["", "/UI/Dashboard#indexers", "/settings/indexers", "/UI/Login"])
def test_any_page_of_the_server_will_do(fake: FakeIndexer, page: str) -> None:
    assert len(list_indexers(fake.server + page, fake.key, timeout=SLOW)) == 1


def test_the_base_path_is_found() -> None:
    with FakeIndexer("prowlarr", base_path="/prowlarr") as fake:
        bare = fake.server.removesuffix("/prowlarr")
        (listed,) = list_indexers(bare, fake.key, timeout=SLOW)
        assert listed.url == fake.url
        assert len(list_indexers(fake.server, fake.key, timeout=SLOW)) == 1


def test_a_wrong_key_lists_nothing(fake: FakeIndexer) -> None:
    with pytest.raises(LoginRefusedError) as caught:
        list_indexers(fake.server, "tulip", timeout=SLOW)
    said = str(caught.value)
    assert re.match(f"{fake.kind.title()} at http.* refused the key", said)
    assert said.endswith(complaints.SERVER_KEY)
    assert "this indexer" not in said


def test_neither_jackett_nor_prowlarr() -> None:
    with Site() as site:
        with pytest.raises(
            ServiceDownError, match=f"Neither Jackett nor Prowlarr answers at {site.url}"
        ):
            list_indexers(site.url, "lily", timeout=QUICK)
        assert all("lily" not in path for path in site.paths[1:])
    with pytest.raises(ServiceDownError, match="the connection was refused"):
        list_indexers(f"http://127.0.0.1:{free_port()}", "lily", timeout=QUICK)
    with pytest.raises(BadInputError, match="empty"):
        list_indexers("", "lily", timeout=QUICK)


@pytest.mark.parametrize(
    ("page", "error", "sentence"),
    [
        (Page(429), ServiceDownError, "asks for a pause"),
        (Page(500), ServiceDownError, "failed .HTTP 500"),
        (Page(403), LoginRefusedError, "refused the key"),
        (Page(200, b'{"message": "no"}'), ServiceDownError, 'it says "no"'),
        (Page(200, b"<html></html>"), ServiceDownError, "Neither Jackett nor Prowlarr"),
    ],
)
def test_a_prowlarr_that_cannot_list(page: Page, error: type[Exception], sentence: str) -> None:
    with Site() as site:
        site.put("/api/v1/indexer", page)
        with pytest.raises(error, match=sentence):
            list_indexers(site.url, "lily", timeout=QUICK)


def test_odd_entries_of_a_list_do_no_harm() -> None:
    odd = [7, {}, {"id": "x"}, {"id": 4, "capabilities": 5, "privacy": None, "language": None}]
    odd += [{"id": 5, "name": "Five", "capabilities": {"categories": [1, {"subCategories": 2}]}}]
    with Site() as site:
        site.put("/api/v1/indexer", Page(200, json.dumps(odd).encode()))
        listed = list_indexers(site.url, "lily", timeout=QUICK)
    assert [(one.id, one.name, one.kind, one.categories) for one in listed] == [
        ("4", "4", "", {}),
        ("5", "Five", "", {}),
    ]


@pytest.mark.parametrize("location", ["http://[", "http://h.example/x", "/UI/Login", ""])
def test_a_server_that_redirects_elsewhere_is_not_followed(location: str) -> None:
    with Site() as site:
        site.redirect("/api/v2.0/indexers/all/results/torznab/api", location)
        with pytest.raises(ServiceDownError, match="Neither Jackett nor Prowlarr"):
            list_indexers(site.url, "lily", timeout=QUICK)


def test_what_is_asked_holds_no_key_in_its_representation(fake: FakeIndexer) -> None:
    assert fake.key not in repr(at(fake))
    listed: tuple[Listed, ...] = list_indexers(fake.server, fake.key, timeout=SLOW)
    able: Caps = caps(at(fake), timeout=SLOW)
    assert fake.key not in repr((listed, able))
