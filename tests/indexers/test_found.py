"""What is known of a release from what a feed says of it."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.feed import read_feed
from indexers.found import FoundRelease
from tests.indexers.feeds import (
    ENCLOSURE,
    HASH,
    LINK,
    MAGNET,
    attribute,
    entry,
    feed,
    one,
    read,
)

BASE32 = "Q4F7J5D6A4X2MVDS3WHWBNPLZ2KQTGAY"


# --- Missing is not zero --------------------------------------------------------------------------


def test_what_is_not_said_is_unknown() -> None:
    release = one(enclosure=f"<link>{LINK}</link>")
    assert (release.size, release.seeders, release.peers, release.files) == (None,) * 4
    assert (release.grabs, release.published, release.year, release.minimum_ratio) == (None,) * 4
    assert (release.download_factor, release.upload_factor) == (None, None)
    assert (release.categories, release.tags) == ((), ())
    assert (release.info_hash, release.magnet, release.author, release.kind) == ("",) * 4


def test_every_field_has_a_value() -> None:
    assert vars(one()).keys() == {field.name for field in fields(FoundRelease)}
    assert one() == FoundRelease(**asdict(one()))


def test_no_seeder_is_not_an_unknown_number() -> None:
    assert one(attribute("seeders", "0") + attribute("peers", "0")).seeders == 0


def test_a_size_of_zero_is_unknown() -> None:
    without = ENCLOSURE.replace("300000000", "0")
    assert one(attribute("size", "0") + "<size>0</size>", enclosure=without).size is None


def test_the_attribute_says_the_size_best() -> None:
    assert one(attribute("size", "412345678") + "<size>5</size>").size == 412345678
    assert one("<size>412345678</size>").size == 412345678
    assert one(attribute("size", "") + "<size>1,234.5 MiB</size>").size == 1294467072
    assert one().size == 300_000_000


def test_the_size_of_the_torrent_file_is_not_the_size_of_the_book() -> None:
    assert one(enclosure=ENCLOSURE.replace("300000000", "48211")).size is None


def test_leechers_and_seeders_are_the_peers() -> None:
    assert one(attribute("seeders", "4") + attribute("leechers", "3")).peers == 7
    assert one(attribute("leechers", "3")).peers is None


@pytest.mark.parametrize(
    "wrong",
    [
        attribute("seeders", "-1"),
        attribute("seeders", "lots"),
        attribute("seeders", "9" * 5000),
        '<torznab:attr name="seeders" />',
        '<torznab:attr value="5" />',
        "<torznab:attr />",
    ],
)
def test_a_number_that_is_none_is_unknown(wrong: str) -> None:
    assert one(wrong).seeders is None


def test_newznab_and_torznab_may_stand_side_by_side() -> None:
    more = attribute("grabs", "0", "newznab") + attribute("grabs", "17")
    more += attribute("snatches", "3", "newznab") + attribute("size", "77", "newznab")
    release = one(more)
    assert (release.grabs, release.size) == (17, 77)
    assert one(attribute("snatches", "3", "newznab")).grabs == 3


def test_of_two_values_the_first_counts_unless_it_says_nothing() -> None:
    assert one(attribute("seeders", "5") + attribute("seeders", "17")).seeders == 5
    assert one(attribute("seeders", "0") + attribute("seeders", "17")).seeders == 17
    assert one(attribute("seeders", "0") + attribute("seeders", "")).seeders == 0


def test_prowlarr_says_kind_and_tags_in_its_own_way() -> None:
    source = '<prowlarrindexer id="3" type="semiPrivate">MaM</prowlarrindexer>'
    more = attribute("tag", "freeleech") + attribute("tag", "Internal") + attribute("tag", " ")
    more += attribute("files", "12") + attribute("language", "English") + attribute("year", "1853")
    release = one(source + more)
    assert (release.kind, release.files, release.year) == ("semi-private", 12, 1853)
    assert release.tags == ("freeleech", "internal")
    assert release.language == "English"


@pytest.mark.parametrize(
    ("more", "language"),
    [
        (attribute("lang_code", "ENG"), "ENG"),
        (attribute("language", "1"), "English"),
        (attribute("language", "7"), ""),
        (attribute("language", "English") + attribute("language", "German"), "English, German"),
    ],
)
def test_languages_are_named_in_many_ways(more: str, language: str) -> None:
    assert one(more).language == language


def test_categories_are_numbers_each_once() -> None:
    more = "<category>3030</category><category>Audio &gt; Books</category><category>-5</category>"
    more += attribute("category", "3030") + attribute("category", "100013")
    more += attribute("category", "9" * 30) + attribute("category", "0")
    assert one(more).categories == (3030, 100013)
    assert one("<category>3030</category>").categories == (3030,)
    assert one(attribute("category", "3030")).categories == (3030,)


@pytest.mark.parametrize("date", ["never", "Fri, 20 Nov 2099 18:00:00 +0000", ""])
def test_a_date_that_cannot_be_is_unknown(date: str) -> None:
    assert one(f"<pubDate>{date}</pubDate>").published is None


def test_the_usenet_date_stands_in() -> None:
    release = one(attribute("usenetdate", "Fri, 01 Mar 2024 10:20:30 +0000", "newznab"))
    assert release.published == datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)


# --- Links, magnets, hashes -----------------------------------------------------------------------


def test_info_hash_is_kept() -> None:
    assert one(attribute("infohash", HASH.upper())).info_hash == HASH
    assert one(attribute("infohash", HASH)).identity == HASH


@pytest.mark.parametrize(
    "wrong", ["", "0" * 40, "n/a", HASH[:-1], HASH + "0", "z" * 40, "1" * 32, "null"]
)
def test_what_is_no_hash_is_not_taken_for_one(wrong: str) -> None:
    release = one(attribute("infohash", wrong))
    assert release.info_hash == ""
    assert len(release.identity) == 64


def test_hashes_in_base32_and_of_version_2_are_read() -> None:
    assert one(attribute("infohash", BASE32)).info_hash == HASH
    assert one(attribute("infohash", "AB" * 32)).info_hash == "ab" * 32


@pytest.mark.parametrize(
    "place",
    [
        {"more": attribute("magneturl", MAGNET)},
        {"enclosure": f'<enclosure url="{MAGNET}" length="9" type="application/x-bittorrent" />'},
        {"enclosure": f'<enclosure url="{MAGNET}" type="x-scheme-handler/magnet" />'},
        {"enclosure": f"<link>{MAGNET}</link>"},
        {"guid": MAGNET},
        {"guid": MAGNET.replace("magnet:", "MAGNET:"), "enclosure": ""},
        {"enclosure": f"<link>{MAGNET.replace('&amp;', '&amp;amp;')} [ENG / M4B]</link>"},
    ],
)
def test_a_magnet_may_stand_in_the_place_of_any_link(place: dict[str, str]) -> None:
    release = one(**place)
    assert release.info_hash == HASH
    assert release.magnet.lower().startswith(f"magnet:?xt=urn:btih:{HASH}&dn=cranford")
    assert not release.link.lower().startswith("magnet:")


def test_a_magnet_without_a_hash_is_none() -> None:
    release = one(attribute("magneturl", "magnet:?dn=Cranford"))
    assert (release.magnet, release.link[:19]) == ("", "http://jackett:9117")


def test_a_magnet_in_base32_is_read() -> None:
    release = one(attribute("magneturl", f"magnet:?xt=urn:btih:{BASE32}"))
    assert release.info_hash == HASH


def test_when_magnet_and_hash_contradict_only_the_magnet_is_kept() -> None:
    release = one(attribute("magneturl", MAGNET) + attribute("infohash", "ab" * 20))
    assert (release.info_hash, release.link) == (HASH, "")
    assert release.magnet


def test_the_torrent_is_in_the_enclosure_and_the_link_is_a_page() -> None:
    page = "<link>http://tracker.example/details/1</link>"
    release = one(page, guid="cranford-1")
    assert release.link.startswith("http://jackett:9117/dl/gutenberg/")
    assert release.details == "http://tracker.example/details/1"


def test_the_page_of_a_release_is_taken_only_when_nothing_else_is_there() -> None:
    page = "http://tracker.example/details/1"
    both = f"<link>{page}</link><comments>{page}</comments>"
    assert one(both, enclosure="").link == page
    assert one(both, enclosure="", guid=MAGNET).link == ""
    assert one(both, enclosure="", guid="http://t.example/1.torrent").link.endswith("1.torrent")


@pytest.mark.parametrize("twice", ["&amp;amp;", "&amp;"])
def test_a_link_that_was_escaped_twice_is_mended(twice: str) -> None:
    assert one(enclosure=ENCLOSURE.replace("&amp;", twice)).link == LINK.replace("&amp;", "&")


def test_of_two_enclosures_the_torrent_is_taken() -> None:
    usenet = '<enclosure url="http://n.example/1.nzb" type="application/x-nzb" />'
    assert one(enclosure=usenet + ENCLOSURE).link.startswith("http://jackett:9117")


def test_usenet_is_left_out() -> None:
    usenet = '<enclosure url="http://n.example/1.nzb" length="5" type="application/x-nzb" />'
    understood = read(entry("<link>http://n.example/1.nzb</link>", enclosure=usenet), entry())
    assert (len(understood.releases), understood.skipped) == (1, 1)


@pytest.mark.parametrize(
    "bad",
    [
        entry(title=""),
        entry(title=" \u200b\u0085 "),
        entry(enclosure=""),
        entry(enclosure='<enclosure url="ftp://t.example/1.torrent" />'),
        entry(enclosure='<enclosure url="javascript:alert(1)" />'),
        entry(enclosure="<enclosure />"),
        entry(enclosure=f'<enclosure url="http://t.example/{"x" * 9000}" />'),
        "<item />",
        "<item><item><title>Emma</title></item></item>",
        "<item><description><title>Emma</title></description></item>",
        '<item><description><error code="100">no</error></description></item>',
    ],
)
def test_one_bad_item_does_not_fail_the_search(bad: str) -> None:
    understood = read(entry(guid="1"), bad, entry(guid="2"))
    assert [release.guid for release in understood.releases] == ["1", "2"]
    assert understood.skipped == 1


def test_a_title_is_one_line_that_can_be_read() -> None:
    title = "Cran\u202eford &amp;amp;\n\t Cousin Phillis\u0007 "
    assert one(title=title).title == "Cran ford & Cousin Phillis"
    assert len(one(title="Emma " * 500).title) == 1000


def test_a_page_shows_no_passkey() -> None:
    release = one("<comments>http://t.example/d?id=5&amp;passkey=rose</comments>")
    assert release.details == "http://t.example/d?id=5&passkey=…"
    assert one(guid="g", enclosure=f"<link>{LINK}</link>").details == ""


def test_secrets_are_not_in_the_representation() -> None:
    assert "KEY" not in repr(one(attribute("magneturl", MAGNET + "&amp;tr=KEY")))


# --- The same release twice -----------------------------------------------------------------------


def test_a_repeated_release_keeps_the_best_knowledge() -> None:
    (release,) = read(
        entry(attribute("seeders", "3") + attribute("author", "Elizabeth Gaskell")),
        entry(attribute("seeders", "9") + attribute("infohash", HASH) + "<size>5</size>"),
        entry(attribute("seeders", "1")),
    ).releases
    assert (release.seeders, release.author) == (9, "Elizabeth Gaskell")
    assert (release.info_hash, release.identity) == (HASH, HASH)


def test_one_guid_for_different_torrents_is_no_guid() -> None:
    hashes = ["ab" * 20, "cd" * 20]
    understood = read(*(entry(attribute("infohash", text), guid="0") for text in hashes))
    assert [release.identity for release in understood.releases] == hashes


def test_releases_without_a_guid_are_told_apart_by_title() -> None:
    understood = read(*(entry(guid="", title=title) for title in ("Emma", "Kim", "Emma")))
    assert [release.title for release in understood.releases] == ["Emma", "Kim"]
    assert all(len(release.identity) == 64 for release in understood.releases)


@pytest.mark.parametrize("passkey", ["rose", "tulip", "ro%2Fse"])
def test_the_identity_outlives_a_new_passkey(passkey: str) -> None:
    guid = "http://t.example/dl?id=5&amp;path=/a&amp;passkey={}&amp;x=1"
    identity = one(guid=guid.format("lily")).identity
    assert one(guid=guid.format(passkey)).identity == identity
    assert one(guid=guid.format("lily").replace("path=/a", "path=/b")).identity != identity


def test_the_identity_outlives_a_new_key() -> None:
    def identity(key: str, written: str) -> str:
        body = feed(entry(guid=f"http://t.example/rss/{written}/5"))
        return read_feed(body, secrets=[key]).releases[0].identity

    assert identity("a/b", "a%2Fb") == identity("lily", "lily")
    assert identity("", "lily") != identity("lily", "lily")


@given(
    st.sampled_from(
        ["size", "seeders", "infohash", "magneturl", "category", "year", "language", "minimumratio"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='<>&"'), max_size=60),
)
def test_no_value_fails_a_release(name: str, value: str) -> None:
    assert one(attribute(name, value)).link
    assert one(f"<size>{value}</size><pubDate>{value}</pubDate><type>{value}</type>").link
