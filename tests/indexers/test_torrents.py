"""What is read from a .torrent, and what is said of one that cannot be used."""

import hashlib
from typing import Any

import pytest

from indexers.torrents import File, read_torrent
from tests.fakes.torrents import hashes_of, make_torrent
from tests.indexers.crafted import PIECE, folder, leaf, refusal, seen_by_client, torrent, tree

CHAPTERS = {
    "Emma/01.mp3": b"Emma Woodhouse, " * 3000,
    "Emma/02.mp3": b"handsome, " * 1000,
    "Emma/art/cover.jpg": b"clever",
}


def paths(data: bytes) -> list[str]:
    return [file.path for file in read_torrent(data).files]


@pytest.mark.parametrize("version", ["v1", "v2", "hybrid"])
def test_a_torrent_of_every_version_is_read(version: str) -> None:
    data = make_torrent(CHAPTERS, version=version)
    emma = read_torrent(data)
    assert emma.name == "Emma"
    assert set(emma.files) == {
        File(path.removeprefix("Emma/"), len(content)) for path, content in CHAPTERS.items()
    }
    assert emma.size == sum(map(len, CHAPTERS.values()))
    assert (emma.hash_v1, emma.hash_v2) == hashes_of(data)
    assert bool(emma.hash_v1) == (version != "v2")
    assert bool(emma.hash_v2) == (version != "v1")


@pytest.mark.parametrize("version", ["v1", "v2", "hybrid"])
@pytest.mark.parametrize("size", [1, PIECE, PIECE + 1, 5 * PIECE, 9 * PIECE])
@pytest.mark.parametrize("piece_length", [PIECE, 4 * PIECE])
def test_a_lone_file_has_no_folder(version: str, size: int, piece_length: int) -> None:
    data = make_torrent({"Cranford.m4b": b"C" * size}, version=version, piece_length=piece_length)
    cranford = read_torrent(data)
    assert (cranford.name, cranford.files) == ("Cranford.m4b", (File("Cranford.m4b", size),))
    assert (cranford.hash_v1, cranford.hash_v2) == hashes_of(data)


UNTIDY = {
    "unsorted keys": b"d4:name4:Emma6:lengthi5e12:piece lengthi16384e6:pieces20:%se",
    "a leading zero": b"d6:lengthi05e4:name4:Emma12:piece lengthi16384e6:pieces20:%se",
    "a zero before a text": b"d6:lengthi5e4:name04:Emma12:piece lengthi16384e6:pieces20:%se",
    "a repeated key": b"d6:lengthi5e6:lengthi9e4:name4:Emma12:piece lengthi16384e6:pieces20:%se",
}


@pytest.mark.parametrize("info", UNTIDY.values(), ids=UNTIDY)
def test_the_hash_is_of_the_bytes_as_they_came(info: bytes) -> None:
    info %= b"p" * 20
    emma = read_torrent(b"d8:announce8:http://a4:info" + info + b"e")
    assert emma.hash_v1 == hashlib.sha1(info).hexdigest()
    assert emma.files == (File("Emma", 5),)


@pytest.mark.parametrize("info", UNTIDY.values(), ids=UNTIDY)
def test_untidy_bytes_are_refused_where_the_version_forbids_them(info: bytes) -> None:
    info = info.replace(b"4:name", b"12:meta versioni1e4:name") % (b"p" * 20)
    assert "not sorted" in refusal(b"d4:info" + info + b"e")


def test_a_tidy_torrent_that_says_it_is_version_1_is() -> None:
    data = torrent(meta_version=1)
    assert (read_torrent(data).hash_v1, read_torrent(data).hash_v2) == hashes_of(data)


def test_of_two_info_dictionaries_the_first_counts() -> None:
    first, second = torrent(name="Emma"), torrent(name="Persuasion")
    assert read_torrent(first[:-1] + second[1:]) == read_torrent(first)


@pytest.mark.parametrize("rest", [b"\n", b"<!-- a tracker's warning -->", b"d", b"\0" * 100])
def test_what_follows_the_torrent_is_ignored_as_by_the_client(rest: bytes) -> None:
    assert read_torrent(torrent() + rest) == read_torrent(torrent())


def test_padding_and_links_are_no_files() -> None:
    data = folder(
        {"length": 10, "path": ["01.mp3"]},
        {"length": PIECE - 10, "path": [".pad", str(PIECE - 10)], "attr": "p"},
        {"length": 7, "attr": "p"},
        {"length": 9, "path": ["_____padding_file_0_made by BitComet"]},
        link_to("01.mp3"),
        {"length": 20, "path": ["02.mp3"], "attr": "xh"},
        {"length": 0, "path": ["empty.nfo"]},
    )
    emma = read_torrent(data)
    assert emma.files == (File("01.mp3", 10), File("02.mp3", 20), File("empty.nfo", 0))
    assert emma.size == 30


def link_to(*target: str) -> dict[str, Any]:
    return {"path": ["link"], "attr": "l", "symlink path": [*target]}


UNSAFE = [
    "..",
    ".",
    "../Emma",
    "CD/../../Emma",
    "/etc/passwd",
    "..\\Emma",
    ".\\.",
    "a\0b",
    "..\u202e",
]


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("place", ["name", "folder", "file", "v2 folder", "v2 file", "link"])
def test_a_torrent_with_an_unsafe_path_is_refused(name: str, place: str) -> None:
    data = {
        "name": torrent(name=name),
        "folder": folder({"length": 1, "path": [name, "01.mp3"]}),
        "file": folder({"length": 1, "path": ["CD", name]}),
        "v2 folder": tree({name: {"01.mp3": leaf()}}),
        "v2 file": tree({"CD": {name: leaf()}}),
        "link": folder({"length": 1, "path": ["a"]}, link_to("CD", name)),
    }[place]
    assert "unsafe file name" in refusal(data)


LONG = "й" * 150
CLEANED = {
    "AC/DC": "ACDC",
    "CD\\01": "CD01",
    "tab\tbell\x07": "tab_bell_",
    "del\x7f\x85": "del__",
    "gpj.\u202e3pm": "gpj.3pm",
    "zero\u200bwidth": "zerowidth",
    "...": "...",
    "": "_",
    "\\": "_",
    LONG + ".mp3": "й" * 120 + ".mp3",
    LONG: "й" * 120,
    "x" * 100: "x" * 100,
    "x" * 250: "x" * 240,
    "x" * 250 + ".opus": "x" * 240 + ".opus",
    "x" * 239 + ".opus": "x" * 239 + ".",
    "x" * 250 + ".eightlet": "x" * 240 + ".eightlet",
    "x" * 250 + ".nineletts": "x" * 240,
    " blank ": " blank ",
}


@pytest.mark.parametrize(("written", "path"), CLEANED.items())
def test_an_odd_name_is_cleaned_as_the_client_cleans_it(written: str, path: str) -> None:
    data = folder({"length": 1, "path": [written]}, {"length": 1, "path": ["CD 1", "01.mp3"]})
    assert paths(data) == [path, "CD 1/01.mp3"]
    assert [file.path for file in seen_by_client(data).files] == [path, "CD 1/01.mp3"]


@pytest.mark.parametrize(
    ("name", "encoding", "read"),
    [
        (b"Jane Eyre", "", "Jane Eyre"),
        ("Война и мир".encode(), "windows-1251", "Война и мир"),
        ("Война и мир".encode("cp1251"), "Windows-1251", "Война и мир"),
        ("Война и мир".encode("koi8-r"), "KOI8-R", "Война и мир"),
        ("西遊記".encode("big5"), "Big5", "西遊記"),
        ("Madame Bovary, édition".encode("latin-1"), "", "Madame Bovary, édition"),
        ("Emma\u2019s choice".encode("cp1252"), "UTF-8", "Emma\u2019s choice"),
        (b"caf\xe9 \x81", "", "café \ufffd"),
        (b"caf\xe9", "iso-8859-99", "café"),
        (b"caf\xe9", "unicode_escape", "café"),
        (b"caf\xe9", "\xff", "café"),
    ],
)
def test_a_name_that_is_not_utf8_is_still_read(name: bytes, encoding: str, read: str) -> None:
    data = folder({"length": 1, "path": [name]}, name=name, top={"encoding": encoding})
    emma = read_torrent(data)
    assert (emma.name, emma.files[0].path) == (read, read)


def test_the_utf8_names_are_preferred() -> None:
    file = {"length": 1, "path": [b"\xc9mile"], "path.utf-8": ["Émile"]}
    emile = read_torrent(folder(file, **{"name": b"\xc9", "name.utf-8": "Rousseau"}))
    assert (emile.name, emile.files) == ("Rousseau", (File("Émile", 1),))


def test_trackers_come_in_their_order_and_once() -> None:
    tiers = [
        ["http://b/announce", " udp://c:80 "],
        ["http://a/announce?passkey=1", 5, ""],
        "http://x",
    ]
    top = {"announce": "http://a/announce?passkey=1", "announce-list": tiers}
    assert read_torrent(torrent(top)).trackers == (
        "http://a/announce?passkey=1",
        "http://b/announce",
        "udp://c:80",
    )


@pytest.mark.parametrize(
    "top",
    [
        {"announce": "not an address"},
        {"announce": ["http://a"]},
        {"announce-list": "http://a"},
        {"announce-list": [[]]},
        {"announce": b"\xff\xfe"},
        {"announce": "file:///etc/passwd", "url-list": "file:///etc/passwd"},
        {"url-list": {"a": "http://a"}, "httpseeds": ["http://a"]},
        {"url-list": ""},
    ],
)
def test_what_is_no_address_is_left_out(top: dict[str, Any]) -> None:
    read = read_torrent(torrent(top))
    assert (read.trackers, read.web_seeds) == ((), ())


@pytest.mark.parametrize(
    "seeds", ["http://w/My Books/", ["http://w/My Books/", 5, "http://w/My Books/"]]
)
def test_web_seeds_are_a_text_or_a_list(seeds: Any) -> None:
    assert read_torrent(torrent({"url-list": seeds})).web_seeds == ("http://w/My%20Books/",)


@pytest.mark.parametrize(
    ("value", "private"), [(None, False), (0, False), (1, True), (7, True), ("1", False)]
)
def test_private_is_what_the_client_takes_for_private(value: Any, private: bool) -> None:
    data = torrent(private=value)
    assert read_torrent(data).private == private == seen_by_client(data).private


def test_secrets_are_not_shown() -> None:
    secret = read_torrent(
        torrent({"announce": "http://t/s3cret/announce", "url-list": "http://s3cret/"})
    )
    assert secret.trackers
    assert "s3cret" not in repr(secret)
    broken = torrent({"announce": "http://t/s3cret/announce"}, pieces=None)
    assert "s3cret" not in refusal(broken)
