"""Asking a Jackett and a Prowlarr on loopback."""

from __future__ import annotations

import time
from dataclasses import replace
from urllib.parse import quote_plus

import pytest

from indexers.capabilities import usable_categories
from indexers.found import FoundRelease
from indexers.torznab import Endpoint, search
from tests.fakes.site import Page, Site
from tests.fakes.torznab import FakeIndexer, Offer
from tests.indexers.asking import SLOW, ask, at

MAGNET = "magnet:?xt=urn:btih:" + "ab" * 20


def titles(found: tuple[FoundRelease, ...]) -> list[str]:
    return [release.title for release in found]


# --- Searches -------------------------------------------------------------------------------------


def test_a_search_finds_what_is_offered(fake: FakeIndexer) -> None:
    offer = Offer(info_hash="AB" * 20, kind="semi-private", author="Elizabeth Gaskell", seeders=7)
    fake.releases = [offer, Offer("Emma by Jane Austen")]
    (release,) = ask(fake)
    assert (release.title, release.seeders, release.peers) == (offer.title, 7, 10)
    assert (release.info_hash, release.kind) == ("ab" * 20, "semi-private")
    assert (release.grabs, release.files, release.author) == (40, 1, "Elizabeth Gaskell")
    assert release.link.startswith(f"http://127.0.0.1:{fake.port}/")
    assert quote_plus(fake.key) in release.link


def test_sizes_are_rounded_on_the_way(jackett: FakeIndexer) -> None:
    jackett.releases = [Offer(size=412345678), Offer("Cranford, size unknown", size=None)]
    assert [release.size for release in ask(jackett)] == [412345664, None]


@pytest.mark.parametrize("title", ["It", "She", "Kim", "V.", "1984", "Ü", "Q & A", "理"])
def test_short_words_survive(fake: FakeIndexer, title: str) -> None:
    ask(fake, title)
    assert fake.searches == [title]


def test_only_the_term_is_asked_for(fake: FakeIndexer) -> None:
    ask(fake, "cranford gaskell", 3030, 7000, 3030)
    asked = dict(fake.requests[0].query)
    assert asked.pop("apikey") == fake.key
    assert asked == {"t": "search", "extended": "1", "q": "cranford gaskell", "cat": "3030,7000"}


def test_an_offset_is_passed_on(fake: FakeIndexer) -> None:
    assert search(at(fake), "cranford", timeout=SLOW, offset=100) == ()
    assert fake.requests[0].query["offset"] == "100"


def test_more_than_the_limit_of_caps_is_taken(jackett: FakeIndexer) -> None:
    jackett.releases = [Offer(f"Cranford {number}") for number in range(250)]
    assert len(ask(jackett)) == 250  # and not 100, which its capabilities name


def test_an_empty_term_lists_the_newest(fake: FakeIndexer) -> None:
    fake.releases = [Offer("Emma"), Offer("Kim")]
    assert titles(ask(fake, "")) == ["Emma", "Kim"]


def test_nothing_found_is_a_good_answer(fake: FakeIndexer) -> None:
    assert ask(fake, "zzzz") == ()


def test_a_magnet_stands_for_the_link(jackett: FakeIndexer) -> None:
    jackett.releases = [Offer(magnet=MAGNET)]
    (release,) = ask(jackett)
    assert (release.magnet, release.link) == (MAGNET, "")
    assert (release.guid, release.identity) == (MAGNET, "ab" * 20)


def test_a_release_of_two_members_of_an_aggregate_comes_once(jackett: FakeIndexer) -> None:
    entry = (
        '<item><title>Cranford</title><guid>g</guid><jackettindexer id="{}" />'
        f'<enclosure url="{MAGNET}" /></item>'
    )
    jackett.releases = [Offer("Cranford", raw=entry.format(name)) for name in ("a", "b")]
    assert titles(ask(jackett)) == ["Cranford"]


def test_the_partial_answer_of_all_is_what_we_get(jackett: FakeIndexer) -> None:
    jackett.releases = [Offer()]
    jackett.all_delay = 0.2
    everything = replace(at(jackett), url=jackett.url.replace("/gutenberg/", "/all/"))
    begun = time.monotonic()
    assert len(search(everything, "cranford", timeout=SLOW)) == 1
    assert time.monotonic() - begun >= 0.2
    jackett.fail("tracker-down")
    assert search(everything, "cranford", timeout=SLOW) == ()  # why TAME asks one by one


# --- Categories -----------------------------------------------------------------------------------


def test_an_unknown_category_finds_nothing(fake: FakeIndexer) -> None:
    fake.releases = [Offer()]
    assert len(ask(fake, "cranford", 3030)) == 1
    assert len(ask(fake, "cranford", 3000)) == 1
    assert ask(fake, "cranford", 5000) == ()


KNOWN = {3000: "Audio", 3030: "Audio/Audiobook", 7020: "Books/EBook", 100013: "AudioBooks"}


@pytest.mark.parametrize(
    ("wanted", "usable"),
    [
        ((3030,), (3030,)),
        ((3030, 5000), (3030,)),
        ((3010,), (3000,)),
        ((3010, 3040, 3030), (3000, 3030)),
        ((7000,), (7000,)),
        ((7050,), ()),
        ((100013, 100014), (100013,)),
        ((5000,), ()),
        ((), ()),
    ],
)
def test_an_unknown_category_is_left_out_with_care(
    wanted: tuple[int, ...], usable: tuple[int, ...]
) -> None:
    assert usable_categories(wanted, KNOWN) == usable


def test_an_address_of_any_form_may_be_asked() -> None:
    with Site() as site:
        site.put("/", Page(200, b"<rss><channel /></rss>"))
        assert search(Endpoint("Gutenberg", f"{site.url}/"), "cranford", timeout=SLOW) == ()
