"""Magnet links and bare info hashes, as people and indexers write them."""

from __future__ import annotations

import base64

import libtorrent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.torrents import Magnet, client_hashes, hash_from_text, read_magnet
from tame.lib.errors import BadInputError
from tests.fakes.torrents import hashes_of, magnet_of, make_torrent

V1 = "0123456789abcdef0123456789abcdef01234567"
V2 = "ab" * 31 + "cd"
OTHER = "f" * 40
BASE32 = base64.b32encode(bytes.fromhex(V1)).decode()
MAGNET = f"magnet:?xt=urn:btih:{V1}"
thorough = settings(max_examples=250, deadline=None, derandomize=True, database=None)

WRITTEN = {
    "hex": (MAGNET, V1, ""),
    "capitals": (f"magnet:?xt=urn:btih:{V1.upper()}", V1, ""),
    "base32": (f"magnet:?xt=urn:btih:{BASE32}", V1, ""),
    "small base32": (f"magnet:?xt=urn:btih:{BASE32.lower()}", V1, ""),
    "a capital scheme": (MAGNET.replace("magnet", "Magnet"), V1, ""),
    "capital words": (f"magnet:?XT=URN:BTIH:{V1}", V1, ""),
    "blanks around it": (f" \r\n{MAGNET}\n", V1, ""),
    "v2": (f"magnet:?xt=urn:btmh:1220{V2}", "", V2),
    "v2 in capitals": (f"magnet:?xt=urn:btmh:1220{V2.upper()}", "", V2),
    "v2 without its prefix": (f"magnet:?xt=urn:btmh:{V2}", "", V2),
    "a hybrid": (f"{MAGNET}&xt=urn:btmh:1220{V2}", V1, V2),
    "a hybrid, v2 first": (f"magnet:?xt=urn:btmh:1220{V2}&xt=urn:btih:{V1}", V1, V2),
    "numbered": (f"magnet:?xt.1=urn:btih:{V1}&xt.2=urn:btmh:1220{V2}", V1, V2),
    "percent-encoded": (f"magnet:?xt=urn%3Abtih%3A{V1}", V1, ""),
    "wholly encoded": (f"magnet:?xt=urn%3abtih%3a{V1[:-1]}%37", V1, ""),
    "not first": (f"magnet:?dn=Emma&xt=urn:btih:{V1}", V1, ""),
    "after nothing": (f"magnet:?&&foo&=x&xt=urn:btih:{V1}", V1, ""),
    "XML left over": (f"magnet:?dn=Emma&amp;xt=urn:btih:{V1}", V1, ""),
    "XML left over in front": (f"magnet:?amp;xt=urn:btih:{V1}", V1, ""),
    "XML left over twice": (f"magnet:?dn=Emma&amp;amp;xt=urn:btih:{V1}", V1, ""),
    "the same twice": (f"{MAGNET}&xt=urn:btih:{BASE32}", V1, ""),
    "two torrents": (f"magnet:?xt=urn:btih:{OTHER}&xt=urn:btih:{V1}", V1, ""),
    "beside a broken one": (f"{MAGNET}&xt=urn:btih:broken", V1, ""),
    "beside another network": (f"{MAGNET}&xt=urn:sha1:{BASE32[::-1]}", V1, ""),
    "a bare hash": (V1, V1, ""),
    "a bare hash in capitals": (f" {V1.upper()}\n", V1, ""),
    "a bare base32 hash": (BASE32, V1, ""),
    "a bare v2 hash": (V2, "", V2),
}


@pytest.mark.parametrize(("text", "v1", "v2"), WRITTEN.values(), ids=WRITTEN)
def test_the_hash_is_read_however_it_is_written(text: str, v1: str, v2: str) -> None:
    magnet = read_magnet(text)
    assert (magnet.hash_v1, magnet.hash_v2) == (v1, v2)


@pytest.mark.parametrize(("text", "v1", "v2"), WRITTEN.values(), ids=WRITTEN)
def test_the_client_reads_the_same_hash_from_our_link(text: str, v1: str, v2: str) -> None:
    hashes = libtorrent.parse_magnet_uri(read_magnet(text).uri).info_hashes
    assert str(hashes.v1) == (v1 or "0" * 40)
    assert str(hashes.v2) == (v2 or "0" * 64)


@pytest.mark.parametrize("version", ["v1", "v2", "hybrid"])
@pytest.mark.parametrize("base32", [True, False])
def test_a_magnet_names_the_torrent_it_was_made_of(version: str, base32: bool) -> None:
    payload = make_torrent({"Emma/1.mp3": b"1", "Emma/2.mp3": b"2"}, version=version)
    magnet = read_magnet(magnet_of(payload, base32=base32, name="Emma"))
    assert (magnet.hash_v1, magnet.hash_v2, magnet.name) == (*hashes_of(payload), "Emma")


NO_MAGNET = {
    "nothing": ("", "does not begin with magnet:?"),
    "blanks": (" \n ", "does not begin with magnet:?"),
    "a web address": (f"http://x/{V1}", "does not begin with magnet:?"),
    "words": ("Pride and Prejudice", "does not begin with magnet:?"),
    "a hash with a letter too few": (V1[1:], "does not begin with magnet:?"),
    "only the scheme": ("magnet:?", "no info hash"),
    "no hash": ("magnet:?dn=Emma&tr=http%3A%2F%2Fs3cret%2Fannounce", "no info hash"),
    "a short hash": (MAGNET[:-1], "no info hash"),
    "a long hash": (MAGNET + "0", "no info hash"),
    "letters beyond f": (f"magnet:?xt=urn:btih:{'g' * 40}", "no info hash"),
    "digits beyond base32": (f"magnet:?xt=urn:btih:{'1' * 32}", "no info hash"),
    "letters of another script": ("magnet:?xt=urn:btih:" + "\u212a" * 32, "no info hash"),
    "zeros": (f"magnet:?xt=urn:btih:{'0' * 40}", "no info hash"),
    "another kind of hash": (f"magnet:?xt=urn:btmh:1114{V1}", "no info hash"),
    "another network": (f"magnet:?xt=urn:sha1:{BASE32}", "no info hash"),
    "a second link below": (f"{MAGNET}\n{MAGNET}", "line breaks"),
    "a tab": (f"{MAGNET}&dn=a\tb", "line breaks"),
    "a zero byte": (f"{MAGNET}\0", "line breaks"),
    "a line break of Unicode": (f"{MAGNET}&dn=a\u2028b", "line breaks"),
    "an endless one": (MAGNET + "&tr=http://a" * 6000, "longer than 64 KiB"),
}


@pytest.mark.parametrize(("text", "words"), NO_MAGNET.values(), ids=NO_MAGNET)
def test_what_is_no_magnet_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(BadInputError, match="This magnet link cannot be used") as refused:
        read_magnet(text)
    said = str(refused.value)
    assert words in said
    assert said.endswith(".")
    assert "s3cret" not in said


def test_everything_else_is_read_and_kept() -> None:
    magnet = read_magnet(
        f"{MAGNET}&dn=Emma+%28Austen%29&xl=12345&tr=http%3A%2F%2Fa%2Fannounce%3Fpasskey%3D1"
        "&tr.1=udp://b:1337&tr=http%3A%2F%2Fa%2Fannounce%3Fpasskey%3D1&tr=&tr=nonsense"
        "&ws=http%3A%2F%2Fw%2FMy%20Books%2F&ws=file:///etc/passwd&x.pe=127.0.0.1:6881&so=0-2"
    )
    assert (magnet.name, magnet.size) == ("Emma (Austen)", 12345)
    assert magnet.trackers == ("http://a/announce?passkey=1", "udp://b:1337")
    assert magnet.web_seeds == ("http://w/My%20Books/",)
    assert magnet.uri.startswith(f"{MAGNET}&dn=Emma+%28Austen%29&xl=12345&tr=http%3A%2F%2Fa%2F")
    assert magnet.uri.endswith("&x.pe=127.0.0.1:6881&so=0-2")


def test_the_client_finds_the_trackers_in_our_link() -> None:
    magnet = read_magnet(f"{MAGNET}&amp;tr=http://a/announce&amp;tr=udp%3A%2F%2Fb%3A1%2Fannounce")
    seen = libtorrent.parse_magnet_uri(magnet.uri)
    assert tuple(seen.trackers) == magnet.trackers == ("http://a/announce", "udp://b:1/announce")


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("&dn=Emma [MP3] {2} #1", "Emma [MP3] {2} #1"),
        ("&dn=100% Emma 5%", "100% Emma 5%"),
        ("&dn=L'Émile", "L'Émile"),
        ("&dn=%C3%89mile", "Émile"),
        ("&dn=%C9mile", "\ufffdmile"),
        ("&dn=a%0Ab%00c%7F", "a b c"),
        ("&dn=&dn=Emma", "Emma"),
        ("&dn=a=b", "a=b"),
        ("&DN.1=Emma", "Emma"),
        ("&dn=\ud800", "?"),
        ("&dn", ""),
        ("", ""),
    ],
)
def test_a_name_may_hold_anything(field: str, name: str) -> None:
    magnet = read_magnet(MAGNET + field)
    assert magnet.name == name
    assert magnet.uri.isascii()
    assert not set(magnet.uri) & set(' "<>[]{}#\n')


@pytest.mark.parametrize("name", ["Emma [MP3] #1", "100% Emma", "5%zz&amp;x=1", "Émile, or a+b"])
def test_the_client_reads_the_same_name_from_our_link(name: str) -> None:
    magnet = read_magnet(f"{MAGNET}&dn={name}")
    assert libtorrent.parse_magnet_uri(magnet.uri).name == magnet.name != ""


@pytest.mark.parametrize("size", ["", "0", "-5", "1e9", "12 GB", "9" * 40, "\u0663"])
def test_a_size_that_is_none_is_unknown(size: str) -> None:
    assert read_magnet(f"{MAGNET}&xl={size}").size is None


def test_a_magnets_secrets_are_not_shown() -> None:
    secret = read_magnet(f"{MAGNET}&tr=http://t/s3cret/announce&ws=http://s3cret/")
    assert secret.trackers
    assert "s3cret" not in repr(secret)


PARTS = [
    f"xt=urn:btih:{V1}",
    f"xt=urn:btih:{BASE32}",
    f"xt.1=urn:btmh:1220{V2}",
    "xt=urn:btih:x",
    "amp;dn=Emma",
    "dn=100%",
    "tr=http://a/announce",
    "ws=http://w/ x",
    "=",
]
links = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=20)), max_size=8)


@given(links)
@thorough
def test_our_link_says_the_same_to_us_and_to_the_client(parts: list[str]) -> None:
    magnet = read_or_none("magnet:?" + "&".join(parts))
    if magnet is None:
        return
    assert read_magnet(magnet.uri) == magnet
    hashes = libtorrent.parse_magnet_uri(magnet.uri).info_hashes
    assert str(hashes.v1) == (magnet.hash_v1 or "0" * 40)
    assert str(hashes.v2) == (magnet.hash_v2 or "0" * 64)


def read_or_none(text: str) -> Magnet | None:
    try:
        return read_magnet(text)
    except BadInputError:
        return None


@given(st.text())
@thorough
def test_any_text_is_read_or_refused(text: str) -> None:
    assert hash_from_text(text) == ""
    assert read_or_none(text) is None


HASHES = {
    V1: V1,
    V1.upper(): V1,
    f"\t{V1}\n": V1,
    BASE32: V1,
    BASE32.lower(): V1,
    V2: V2,
    f"1220{V2.upper()}": V2,
    f"urn:btih:{V1}": V1,
    f"urn:btmh:1220{V2}": V2,
    "": "",
    "none": "",
    "0" * 40: "",
    "0" * 64: "",
    V1 + "0": "",
    f"{V1} {V1}": "",
    f"{V1[:-1]}g": "",
    "\u0661" * 40: "",
    f"1114{V2}": "",
}


@pytest.mark.parametrize(("text", "read"), HASHES.items())
def test_a_hash_is_lower_case_hex_or_none(text: str, read: str) -> None:
    assert hash_from_text(text) == read


@pytest.mark.parametrize(
    ("v1", "v2", "ids"),
    [
        (V1, "", (V1,)),
        ("", V2, (V2[:40],)),
        (V1, V2, (V2[:40], V1)),
        (V2[:40], V2, (V2[:40],)),
        ("", "", ()),
    ],
)
def test_the_client_lists_a_torrent_by_these(v1: str, v2: str, ids: tuple[str, ...]) -> None:
    assert client_hashes(v1, v2) == ids
