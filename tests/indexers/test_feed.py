"""What is understood of a feed, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.feed import read_feed
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tests.indexers.feeds import (
    HASH,
    answer,
    attribute,
    entry,
    feed,
    manifest,
    one,
    read,
)

LISTS = [capture for capture in manifest() if capture.get("items") is not None]
REFUSALS = [capture for capture in manifest() if "error" in capture]


# --- What a Jackett really answered ---------------------------------------------------------------


@pytest.mark.parametrize("capture", LISTS, ids=lambda capture: capture["file"])
def test_jackett_feeds_are_understood_to_the_last_entry(capture: dict[str, Any]) -> None:
    understood = read_feed(answer(capture["file"]))
    assert (len(understood.releases), understood.skipped) == (capture["items"], 0)


@pytest.mark.parametrize(
    "capture", [c for c in LISTS if "first" in c], ids=lambda capture: capture["file"]
)
def test_the_first_release_is_as_the_manifest_says(capture: dict[str, Any]) -> None:
    release, first = read_feed(answer(capture["file"])).releases[0], capture["first"]
    attrs = first["attrs"]
    assert release.title == first["title"]
    assert release.guid == first["guid"]
    assert release.size == int(first["size"])
    assert release.files == int(first["files"])
    assert release.grabs == int(first["grabs"])
    assert release.seeders == int(attrs["seeders"][0])
    assert release.peers == int(attrs["peers"][0])
    assert release.categories == tuple(int(number) for number in attrs["category"])
    assert release.info_hash == attrs.get("infohash", [""])[0]
    assert release.magnet == attrs.get("magneturl", [""])[0]
    assert release.link.startswith("http" if first["link_scheme"] == "http" else "")
    assert bool(release.link) == (first["link_scheme"] == "http")
    assert release.download_factor == float(attrs["downloadvolumefactor"][0])
    assert release.published
    assert f"{release.published:%a, %d %b %Y %H:%M:%S +0000}" == first["pubDate"]


@pytest.mark.parametrize("capture", REFUSALS, ids=lambda capture: capture["file"])
def test_jackett_errors_are_no_empty_results(capture: dict[str, Any]) -> None:
    kind = LoginRefusedError if capture["error_code"] == "100" else ServiceDownError
    with pytest.raises(kind) as refused:
        read_feed(answer(capture["file"]), name="Gutenberg")
    assert type(refused.value) is kind
    assert str(refused.value).startswith("Gutenberg ")
    assert "   at " not in str(refused.value)
    assert "IndexerException" not in str(refused.value)


def test_a_private_release_brings_its_rules() -> None:
    (release,) = read_feed(answer("book_q_private.xml")).releases
    assert release.kind == "private"
    assert (release.author, release.book_title) == ("Edgar Rice Burroughs", "A Princess of Mars")
    assert (release.minimum_ratio, release.minimum_seed_seconds) == (1.0, 259200)
    assert release.details == "http://127.0.0.1:18080/d/5"
    assert "jackett_apikey=APIKEY" in release.link


def test_names_in_every_script_survive() -> None:
    (release,) = read_feed(answer("unicode.xml")).releases
    assert (
        release.title == 'The Time Machine & The Invisible Man <Wells> "2-in-1" \u2013 Ünïcode 理'
    )


def test_what_two_indexers_of_an_aggregate_list_stays_twice() -> None:
    hashes = [release.info_hash for release in read_feed(answer("all_search.xml")).releases]
    assert hashes.count(HASH) > 1


# --- What is no feed, or a dangerous one ----------------------------------------------------------


def refusal(body: bytes) -> str:
    with pytest.raises(ServiceDownError) as refused:
        read_feed(body, name="Gutenberg")
    return str(refused.value)


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE rss SYSTEM "http://evil.example/rss.dtd">',
        b"<!DOCTYPE rss>",
    ],
)
def test_hostile_xml_is_refused(declared: bytes) -> None:
    body = b'<?xml version="1.0"?>' + declared + b"<rss><channel><title>&b;</title></channel></rss>"
    assert "declares a document type, which TAME refuses" in refusal(body)
    assert "declares a document type" in refusal(body.decode().encode("utf-16"))


def test_a_feed_may_be_only_so_large_and_so_deep() -> None:
    assert "nested more than 40 deep" in refusal(b"<rss>" + b"<a>" * 100_000)
    assert "nested more than 40 deep" in refusal(feed("<item>" + "<a>" * 100 + "</a>" * 100))
    assert "larger than 8 MiB" in refusal(b"<rss><channel>" + b" " * 8 * 1024 * 1024)
    assert "more than 500,000 tags" in refusal(b"<rss>" + b"<a/>" * 500_001 + b"</rss>")
    assert "more than 1,000,000 ampersands" in refusal(b"<rss>" + b"&" * 1_000_001)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss><channel><item><title>Cranford</title>",
        b"<rss><channel></rss>",
        b"<",
        b"<rss><channel><item></channel></item></rss>",
    ],
)
def test_broken_xml_is_an_outage(body: bytes) -> None:
    assert refusal(body).startswith("Gutenberg sent an answer that TAME cannot read: broken XML: ")


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        (b"", "an empty answer"),
        (b" \n\xef\xbb\xbf ", "an empty answer"),
        (b"Not found", "something that is not XML"),
        (b"\x00\x01\x02", "something that is not XML"),
        (b'{"Results": []}', "JSON instead of a Torznab feed"),
        (b"[1]", "JSON instead of a Torznab feed"),
        (b"{", "JSON instead of a Torznab feed"),
        (b"[" * 100_000, "JSON instead of a Torznab feed"),
        (b"<!-- hello --><HTML><body>Welcome", "a web page instead of results"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html/>', "a web page instead"),
        (b"<!doctype html><input type='password'>", "a login page instead of results"),
        (b"<html><title>Sign in - Home</title></html>", "a login page instead of results"),
        (b"<html><title>Just a moment...</title></html>", "an anti-bot page instead of results"),
        (b"<rss/>", "<rss> instead of what was asked for"),
        (b"<caps/>", "<caps> instead of what was asked for"),
        (b"<feed><channel/></feed>", "<feed> instead of what was asked for"),
    ],
)
def test_outage_is_not_an_empty_result(body: bytes, clause: str) -> None:
    assert refusal(body).startswith(f"Gutenberg sent {clause}")


def test_an_empty_feed_is_a_good_answer() -> None:
    assert read() == read_feed(answer("search_nothing.xml"))
    assert read().releases == ()


def test_an_error_in_the_middle_of_a_feed_counts() -> None:
    body = feed('<error code="100">Incorrect user credentials</error>', entry())
    with pytest.raises(LoginRefusedError, match='it says "Incorrect user credentials"'):
        read_feed(body)


# --- Slips that a reader forgives -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "understood"),
    [
        ("Pride & Prejudice", "Pride & Prejudice"),
        ("Pride &amp Prejudice", "Pride &amp Prejudice"),
        ("Pride &ndash; Prejudice", "Pride \u2013 Prejudice"),
        ("Les Mis&eacute;rables &#8211; 1&#x3;", "Les Misérables \u2013 1"),
        ("Cran\x1aford &lt;1853&gt;", "Cranford <1853>"),
        ("Cran\x00ford", "Cranford"),
        ("AT&T;&bogus;", "AT&T;&bogus;"),
        ("<![CDATA[Pride & <b> Prejudice]]> & more", "Pride & <b> Prejudice & more"),
        ("<![CDATA[Cran\x1aford &eacute;]]>", "Cranford &eacute;"),
    ],
)
def test_slips_in_the_xml_are_mended(title: str, understood: str) -> None:
    assert one(title=title).title == understood


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "UTF-16"),
        ("utf-16", "utf-8"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("iso-8859-1", "ISO-8859-1"),
        ("windows-1252", "windows-1252"),
        ("utf-8", "no-such-encoding"),
        ("utf-8", "rot13"),
        ("utf-8", "windows-9999"),
        ("gb18030", "gb18030"),
    ],
)
def test_feeds_come_in_many_encodings(encoding: str, declared: str) -> None:
    text = feed(entry(title="Les Misérables")).decode().replace("UTF-8", declared)
    (release,) = read_feed(text.encode(encoding)).releases
    assert release.title == "Les Misérables"


def test_a_stray_byte_costs_a_letter_and_not_the_search() -> None:
    body = feed(entry(title="Les Mis@rables"), entry(guid="2")).replace(b"@", b"\xe9")
    assert [release.title[:7] for release in read_feed(body).releases] == ["Les Mis", "Cranfor"]


def test_blanks_before_the_declaration_do_no_harm() -> None:
    assert len(read_feed(b"\n \xef\xbb\xbf" + feed(entry())).releases) == 1


def test_an_undeclared_namespace_does_no_harm() -> None:
    assert one(attribute("seeders", "4", "nonsense")).seeders is None
    assert one(attribute("seeders", "4")).seeders == 4  # `feed` declares none


# --- Whatever comes -------------------------------------------------------------------------------


@given(st.binary(max_size=400))
def test_no_bytes_are_a_bug(body: bytes) -> None:
    for prefix in (b"", b"<rss><channel><item>", b"<!DOCTYPE ", b"\xff\xfe"):
        with suppress(ServiceDownError):
            read_feed(prefix + body)
