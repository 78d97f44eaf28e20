"""The address of an indexer, in the forms that people paste."""

from __future__ import annotations

import pytest

from indexers.addresses import read_address, read_server
from tame.lib.errors import BadInputError

JACKETT = "http://jackett:9117/api/v2.0/indexers/gutenberg/results/torznab/api"
BASED = "https://home.example/jackett/api/v2.0/indexers/gutenberg/results/torznab/api"


@pytest.mark.parametrize(
    "pasted",
    [
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results/torznab/",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results/torznab",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results/torznab/api",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results/torznab/api/",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results/torznab/api?t=search&cat=&q=",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results/potato/",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/results?Query=x",
        "http://jackett:9117/api/v2.0/indexers/gutenberg/config",
        "http://jackett:9117/torznab/gutenberg",
        "http://jackett:9117/torznab/gutenberg/",
        "http://jackett:9117/torznab/gutenberg/api?t=caps",
        "http://jackett:9117/dl/gutenberg/?path=Q2Z&file=Emma",
        "http://jackett:9117/UI/Dashboard#search=emma&tracker=gutenberg&category=3030",
        "jackett:9117/api/v2.0/indexers/gutenberg/results/torznab/",
        "//jackett:9117/torznab/gutenberg",
        " <HTTP://Jackett:9117/API/V2.0/indexers/gutenberg/results/torznab/>\n",
        "'http://jackett:9117/torznab/gutenberg'",
    ],
)
def test_every_address_of_a_jackett_indexer_is_the_same(pasted: str) -> None:
    address = read_address(pasted)
    assert (address.url, address.kind, address.key) == (JACKETT, "jackett", "")
    assert (address.server, address.is_aggregate) == ("http://jackett:9117", False)


@pytest.mark.parametrize(
    ("pasted", "url", "server"),
    [
        ("http://p:9696/1/api", "http://p:9696/1/api", "http://p:9696"),
        ("http://p:9696/1/", "http://p:9696/1/api", "http://p:9696"),
        ("p:9696/1", "http://p:9696/1/api", "http://p:9696"),
        ("http://p:9696/12/api?t=caps", "http://p:9696/12/api", "http://p:9696"),
        ("http://p:9696/12/download?link=x", "http://p:9696/12/api", "http://p:9696"),
        ("http://p:9696/api/v1/indexer/1/newznab", "http://p:9696/1/api", "http://p:9696"),
        ("http://p:9696/api/v1/indexer/1", "http://p:9696/1/api", "http://p:9696"),
        (
            "https://h.example/prowlarr/1",
            "https://h.example/prowlarr/1/api",
            "https://h.example/prowlarr",
        ),
        ("https://h.example/a/b/1/api", "https://h.example/a/b/1/api", "https://h.example/a/b"),
        ("http://[::1]:9696/1/api", "http://[::1]:9696/1/api", "http://[::1]:9696"),
        ("http://192.168.1.5:80/1/api", "http://192.168.1.5/1/api", "http://192.168.1.5"),
    ],
)
def test_prowlarr_numbers_its_indexers(pasted: str, url: str, server: str) -> None:
    address = read_address(pasted)
    assert (address.url, address.server, address.kind) == (url, server, "prowlarr")


@pytest.mark.parametrize(
    ("pasted", "url"),
    [
        ("http://bitmagnet:3333/torznab", "http://bitmagnet:3333/torznab"),
        ("http://bitmagnet:3333/torznab/api", "http://bitmagnet:3333/torznab/api"),
        ("https://t.example:443/api/torznab/?t=caps", "https://t.example/api/torznab"),
        ("https://t.example/api", "https://t.example/api"),
    ],
)
def test_other_servers_keep_their_path(pasted: str, url: str) -> None:
    assert (read_address(pasted).url, read_address(pasted).kind) == (url, "torznab")


@pytest.mark.parametrize("name", ["apikey", "passkey", "jackett_apikey"])
@pytest.mark.parametrize(("written", "key"), [("lily", "lily"), ("a%2Bb%3D", "a+b="), ("", "")])
def test_the_key_is_taken_out_of_the_address(name: str, written: str, key: str) -> None:
    address = read_address(
        f"https://home.example/jackett/torznab/gutenberg?t=caps&{name}={written}"
    )
    assert (address.url, address.key) == (BASED, key)
    assert not key or key not in repr(address)


def test_an_escaped_ampersand_hides_no_key() -> None:
    pasted = "http://jackett:9117/torznab/gutenberg/api?t=caps&amp;apikey=lily"
    assert read_address(pasted).key == "lily"


@pytest.mark.parametrize(
    ("name", "is_aggregate"),
    [
        ("all", True),
        ("ALL", True),
        ("type:private", True),
        ("!lang%3Aen", True),
        ("tag:a+tag:b", True),
        ("a,b", True),
        ("allbooks", False),
        ("gutenberg", False),
    ],
)
def test_several_indexers_at_once_are_recognised(name: str, is_aggregate: bool) -> None:
    address = read_address(f"http://jackett:9117/api/v2.0/indexers/{name}/results/torznab/")
    assert address.is_aggregate is is_aggregate
    assert read_address(address.url) == address


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "The address is empty."),
        (" \n", "The address is empty."),
        ("ftp://jackett:9117/torznab/gutenberg", "must begin with http:// or https://"),
        ("magnet:?xt=urn:btih:0", "must begin with http:// or https://"),
        ("http://", "names no host"),
        ("http:///torznab/gutenberg", "names no host"),
        ("http://jackett:99999/torznab/a", "That is not a web address."),
        ("http://[::1/torznab/a", "That is not a web address."),
        ("http://jackett:0/torznab/a", "names no host"),
        ("http://jackett:9117/tor znab/a", "has a space in it"),
        ("http://ann:rose@jackett:9117/torznab/a", "Leave the user name and the password out"),
        ("http://jackett:9117", "the address of a server, not of one of its indexers"),
        ("http://jackett:9117/?apikey=lily", "the address of a server"),
        ("jackett:9117/", "the address of a server"),
        (
            "http://jackett:9117/UI/Login?ReturnUrl=%2FUI%2FDashboard",
            "a page of Jackett or Prowlarr",
        ),
        ("http://jackett:9117/UI/Dashboard", "a page of Jackett or Prowlarr"),
        ("http://jackett:9117/UI/Dashboard#indexers", "a page of Jackett or Prowlarr"),
        ("http://home.example/jackett/UI/Login", "a page of Jackett or Prowlarr"),
        ("http://prowlarr:9696/login?returnUrl=/", "a page of Jackett or Prowlarr"),
        ("http://prowlarr:9696/indexers", "a page of Jackett or Prowlarr"),
        ("http://prowlarr:9696/settings/indexers", "a page of Jackett or Prowlarr"),
        ("http://prowlarr:9696/0/api", "only a test that lists nothing real"),
    ],
)
def test_what_cannot_be_used_says_what_to_paste(pasted: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_address(pasted)
    assert sentence in str(refused.value)
    assert "rose" not in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("pasted", "server"),
    [
        ("jackett:9117", "http://jackett:9117"),
        ("http://jackett:9117/", "http://jackett:9117"),
        ("http://jackett:9117/UI/Dashboard#indexers", "http://jackett:9117"),
        ("https://home.example/jackett/UI/Login?ReturnUrl=x", "https://home.example/jackett"),
        ("https://home.example/jackett/torznab/all/api?apikey=x", "https://home.example/jackett"),
        ("https://home.example/jackett", "https://home.example/jackett"),
        ("http://prowlarr:9696/settings/indexers", "http://prowlarr:9696"),
        ("http://prowlarr:9696/1/api", "http://prowlarr:9696"),
        ("https://home.example/prowlarr/system/status", "https://home.example/prowlarr"),
    ],
)
def test_the_server_is_found_from_any_of_its_pages(pasted: str, server: str) -> None:
    assert read_server(pasted) == server
