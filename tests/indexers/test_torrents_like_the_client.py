"""libtorrent, the heart of qBittorrent, and our reader see the same in the same bytes."""

from __future__ import annotations

import copy
from typing import Any

import libtorrent
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexers.torrents import Torrent, read_torrent
from tame.lib.errors import BadInputError
from tests.fakes.torrents import make_torrent
from tests.indexers.crafted import PIECE, bencode, folder, seen_by_client, torrent

# The same examples in every run: a red test here must be the fault of the change under test.
thorough = settings(max_examples=250, deadline=None, derandomize=True, database=None)

CONTENTS = {
    "several": {
        "Emma/01.mp3": b"a" * (3 * PIECE - 7),
        "Emma/02.mp3": b"b" * PIECE,
        "Emma/art/cover.jpg": b"c" * 99,
        "Emma/empty.nfo": b"",
    },
    "one": {"Emma.m4b": b"d" * (5 * PIECE)},
    "small": {"Emma/1": b"1", "Emma/2": b"2"},
}
WHOLE = [
    make_torrent(files, version=version, private=version == "v1")
    for version in ("v1", "v2", "hybrid")
    for files in CONTENTS.values()
]
WHOLE.append(
    folder(
        {"length": 9, "path": [b"\xc9mma", "1"], "path.utf-8": ["Émma", "1"]},
        {"length": 91, "path": [".pad", "91"], "attr": "p"},
        {"path": ["link"], "attr": "l", "symlink path": ["1"]},
    )
)
SMALL_CHANGES = [
    b"e",
    b"i0e",
    b"1:a",
    b"d",
    b"l",
    b"0",
    b"9",
    b"le",
    b"de",
    b"-",
    b":",
    b"\xff",
    b"\0",
]
KEYS = [
    b"info", b"piece layers", b"name", b"name.utf-8", b"files", b"length", b"path", b"path.utf-8",
    b"attr", b"symlink path", b"pieces", b"piece length", b"meta version", b"file tree", b"private",
    b"pieces root", b"", b"..", b"1",
]  # fmt: skip
VALUES: list[Any] = [  # None: the key is left out
    None, None, None, None,
    b"", b"1", b"..", b"p", b"l", b"x" * 32, bytes(32), b"x" * 20, 0, 1, 2, 3, -1, 5, 100, PIECE,
    2**28, 2**29, 2**40, 2**63 - 1, 10**19, [], {}, [b"1"], {b"": {}}, {b"1": {}}, [[]],
    [b"", b"1"], [5], b"a/b", b"\xe2\x80\xaea", b"y" * 300 + b".mp3",
]  # fmt: skip


def read(data: bytes) -> Torrent | None:
    try:
        return read_torrent(data)
    except BadInputError:
        return None


def agree(data: bytes) -> None:
    """Either both read the same, or we refuse. We may be stricter, never laxer."""
    ours = read(data)
    if ours is None:
        return
    theirs = seen_by_client(data)
    assert (ours.hash_v1, ours.hash_v2) == (theirs.hash_v1, theirs.hash_v2)
    assert ours.private == theirs.private
    assert [file.size for file in ours.files] == [file.size for file in theirs.files]


@given(
    st.sampled_from(WHOLE),
    st.lists(
        st.tuples(
            st.sampled_from(["flip", "flip", "flip", "cut", "insert", "replace", "end"]),
            st.floats(0, 1, exclude_max=True),
            st.integers(0, 7),
            st.sampled_from(SMALL_CHANGES),
        ),
        min_size=1,
        max_size=2,
    ),
)
@thorough
def test_damaged_bytes_are_read_alike_or_refused(
    whole: bytes, damages: list[tuple[str, float, int, bytes]]
) -> None:
    data = bytearray(whole)
    for kind, where, amount, change in damages:
        at = int(where * len(data))
        if kind == "flip" and data:
            data[at] ^= 1 << amount
        elif kind == "cut":
            del data[at : at + amount]
        elif kind == "insert":
            data[at:at] = change
        elif kind == "replace":
            data[at : at + len(change)] = change
        else:
            del data[max(at, 1) :]
    agree(bytes(data))


def containers(value: Any) -> list[Any]:
    """Every dictionary and list in it, itself first."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict | list) else []
    return own + [found for content in inner for found in containers(content)]


@given(
    st.sampled_from(WHOLE),
    st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from(VALUES)),
        min_size=1,
        max_size=3,
    ),
)
@thorough
def test_well_formed_nonsense_is_read_alike_or_refused(
    whole: bytes, changes: list[tuple[int, int, Any]]
) -> None:
    told = libtorrent.bdecode(whole)
    for place, which, value in changes:
        found = containers(told)
        target = found[place % len(found)]
        if isinstance(target, dict):
            keys = [*target, *KEYS]
            target[keys[which % len(keys)]] = copy.deepcopy(value)
        elif target:
            target[which % len(target)] = copy.deepcopy(value)
        else:
            target.append(copy.deepcopy(value))
    agree(bencode(told))


names = st.text(st.characters(codec="utf-8"), max_size=100)
files = st.lists(
    st.fixed_dictionaries(
        {"length": st.integers(0, 3 * PIECE), "path": st.lists(names, min_size=1, max_size=4)}
    ),
    min_size=1,
    max_size=5,
)


@given(names, files, st.booleans())
@example("Emma", [{"length": 1, "path": ["x" * 239 + "ß.mp3"]}], True)
@thorough
def test_any_names_are_read_alike_or_refused(
    name: str, described: list[dict[str, Any]], private: bool
) -> None:
    data = folder(*described, name=name, private=int(private))
    agree(data)
    ours = read(data)
    if ours is None:
        return
    assert ours.files == tuple(seen_by_client(data).files)
    for file in ours.files:
        assert not file.path.startswith("/")
        assert not {"", ".", ".."} & set(file.path.split("/"))


@given(st.binary(max_size=200))
@thorough
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    for tried in (data, b"d" + data, b"d4:info" + data, torrent()[:40] + data):
        agree(tried)


@pytest.mark.parametrize("whole", WHOLE)
def test_whole_torrents_are_read_alike(whole: bytes) -> None:
    assert read_torrent(whole).files == tuple(seen_by_client(whole).files)
    agree(whole)
