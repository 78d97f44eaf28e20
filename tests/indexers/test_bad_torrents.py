"""What is said of a .torrent that cannot be used."""

import gzip
from typing import Any

import pytest

from indexers.torrents import read_torrent
from tests.fakes.torrents import make_torrent
from tests.indexers.crafted import (
    PIECE,
    ROOT,
    bencode,
    folder,
    leaf,
    pieces_of,
    refusal,
    seen_by_client,
    torrent,
    tree,
)

NOT_A_TORRENT = {
    "nothing": (b"", "it is empty"),
    "blanks": (b" \r\n\t", "it is empty"),
    "a web page": (b"<!DOCTYPE html><title>Log in</title>", "login page"),
    "a page with a mark": (b"\xef\xbb\xbf\n<html>", "login page"),
    "an indexer's error": (b'<?xml version="1.0"?><error code="100"/>', "login page"),
    "a JSON answer": (b'{"result":"error"}', "login page"),
    "a magnet": (b"magnet:?xt=urn:btih:" + b"a" * 40, "magnet link"),
    "packed": (gzip.compress(torrent()), "something else"),
    "a list": (b"le", "something else"),
    "a number": (b"i5e", "something else"),
    "a text": (b"4:Emma", "something else"),
    "blanks before it": (b" " + torrent(), "something else"),
    "only its first byte": (b"d", "cut short"),
    "an empty one": (b"de", "no info dictionary"),
    "info is a text": (bencode({"info": "Emma"}), "no info dictionary"),
    "a magnet in disguise": (bencode({"magnet-uri": "magnet:?"}), "no info dictionary"),
    "a value without a key": (b"di5ee", "damaged at byte 1"),
    "a key without a value": (b"d4:infoe", "damaged at byte 7"),
    "a list as a key": (b"dlei5ee", "damaged at byte 1"),
    "no digits": (b"d1:aiee", "damaged at byte 4"),
    "no number": (b"d1:ai5xee", "damaged at byte 4"),
    "a letter": (b"d1:axe", "damaged at byte 4"),
    "a length without an end": (b"d" + b"9" * 1000, "damaged at byte 1"),
    "a length of 13 digits": (b"d1:a0000000000001:ae", "damaged at byte 4"),
    "a number without an end": (b"d1:ai" + b"9" * 21, "damaged at byte 4"),
    "a number of 21 digits": (b"d1:ai" + b"0" * 21 + b"ee", "damaged at byte 4"),
    "a text longer than the file": (b"d999999999999:a", "cut short"),
    "cut in a length": (b"d12", "cut short"),
    "cut in a number": (b"d1:ai-1", "cut short"),
}


@pytest.mark.parametrize(("data", "words"), NOT_A_TORRENT.values(), ids=NOT_A_TORRENT)
def test_what_is_no_torrent_is_called_by_its_name(data: bytes, words: str) -> None:
    said = refusal(data)
    assert words in said
    assert said.startswith("This torrent file cannot be used: ")
    assert said.endswith(".")


@pytest.mark.parametrize("version", ["v1", "v2", "hybrid"])
def test_a_torrent_that_is_cut_anywhere_is_cut_short(version: str) -> None:
    data = make_torrent({"Emma/1.mp3": b"1" * 40000, "Emma/2.mp3": b"2"}, version=version)
    for length in range(1, len(data)):
        assert "cut short" in refusal(data[:length])


FILE = {"length": 100, "path": ["01.mp3"]}
WRONG_INFO: dict[str, tuple[bytes, str]] = {
    "no name": (torrent(name=None), "no name"),
    "an empty name": (torrent(name=""), "no name"),
    "a name of slashes": (torrent(name="\\\\"), "no name"),
    "a number for a name": (torrent(name=5), "no name"),
    "an endless name": (torrent(name="Emma" * 2000), "too long"),
    "an endless file name": (folder({"length": 1, "path": ["Emma" * 2000]}), "too long"),
    "no piece length": (torrent(piece_length=None), "piece length"),
    "a piece of nothing": (torrent(piece_length=0), "piece length"),
    "a negative piece": (torrent(piece_length=-PIECE), "piece length"),
    "a huge piece": (torrent(piece_length=2**29), "piece length"),
    "a text as piece length": (torrent(piece_length="16384"), "piece length"),
    "no pieces": (torrent(pieces=None), "no piece hashes"),
    "a list of pieces": (torrent(pieces=[b"p" * 20]), "no piece hashes"),
    "no piece at all": (torrent(pieces=b""), "does not fit"),
    "half a piece": (torrent(pieces=b"p" * 10), "does not fit"),
    "19 bytes for a piece": (torrent(pieces=b"p" * 19), "does not fit"),
    "a piece too many": (torrent(pieces=b"p" * 40), "does not fit"),
    "a piece too few": (torrent(length=PIECE + 1), "does not fit"),
    "no size": (torrent(length=None), "size of one of its files"),
    "a text as size": (torrent(length="100"), "size of one of its files"),
    "a negative size": (torrent(length=-1), "size of one of its files"),
    "an impossible size": (torrent(length=2**62), "size of one of its files"),
    "a size beyond 64 bits": (torrent(length=10**19, pieces=b""), "no bytes"),
    "nothing in it": (torrent(length=0, pieces=b""), "no bytes"),
    "no files": (folder(), "no file"),
    "impossible in sum": (
        torrent(length=None, files=[{"length": 2**42, "path": [str(n)]} for n in range(3)]),
        "impossibly many",
    ),
    "only padding": (folder({"length": 100, "attr": "p"}), "no file"),
    "a number as file": (torrent(files=[5], length=None), "list of files is damaged"),
    "a list as file": (torrent(files=[[]], length=None), "list of files is damaged"),
    "a file without a path": (folder({"length": 100}), "no name"),
    "an empty path": (folder({"length": 100, "path": []}), "no name"),
    "a text as path": (folder({"length": 100, "path": "01.mp3"}), "no name"),
    "an empty better path": (folder({**FILE, "path.utf-8": []}), "no name"),
    "a number in a path": (folder({"length": 100, "path": ["CD", 1]}), "not text"),
    "101 folders": (folder({"length": 100, "path": ["CD"] * 101}), "too many folders"),
    "a file without a size": (folder(FILE, {"path": ["02.mp3"]}), "size of one of its files"),
    "a link to nowhere": (folder(FILE, {"path": ["x"], "attr": "l"}), "symbolic link"),
    "a link to a number": (
        folder(FILE, {"path": ["x"], "attr": "l", "symlink path": [1]}),
        "symbolic link",
    ),
    "the same name twice": (folder(FILE, FILE), "names a file twice: '01.mp3'"),
    "many names in capitals": (
        folder(
            *[{"length": 1, "path": [f"{n:04b}".translate({48: "a", 49: "A"})]} for n in range(16)]
        ),
        "the same name",
    ),
    "an unknown version": (torrent(meta_version=3), "version that is not known"),
    "a negative version": (torrent(meta_version=-1), "version that is not known"),
    "a tree without a version": (torrent(file_tree={}), "does not say"),
    "a version without a tree": (torrent(meta_version=2), "no tree of files"),
    "an empty tree": (tree({}), "no file"),
    "a tree of empty files": (tree({"01.mp3": leaf(0)}), "no bytes"),
    "a text in the tree": (tree({"01.mp3": "Emma"}), "tree of files is damaged"),
    "a folder without a name": (tree({"": {"01.mp3": leaf()}}), "tree of files is damaged"),
    "a file and a folder in one": (
        tree({"CD": {**leaf(), "a": leaf()}}),
        "tree of files is damaged",
    ),
    "a number in the tree": (tree({"01.mp3": {"": 5}}), "tree of files is damaged"),
    "padding in the tree": (tree({"01.mp3": leaf(attr="p")}), "tree of files is damaged"),
    "no root": (tree({"01.mp3": {"": {"length": 5}}}), "no v2 hash"),
    "a short root": (tree({"01.mp3": leaf(root=b"r" * 31)}), "no v2 hash"),
    "a root of zeros": (tree({"01.mp3": leaf(root=bytes(32))}), "no v2 hash"),
    "a small v2 piece": (
        tree({"01.mp3": leaf()}, piece_length=PIECE // 2),
        "a v2 torrent may have",
    ),
    "an odd v2 piece": (tree({"01.mp3": leaf()}, piece_length=3 * PIECE), "a v2 torrent may have"),
    "no v2 pieces": (tree({"01.mp3": leaf(PIECE + 1)}), "do not belong"),
    "v2 pieces of no file": (tree({"01.mp3": leaf()}, {ROOT: b"x" * 64}), "do not belong"),
    "too few v2 pieces": (tree({"01.mp3": leaf(PIECE + 1)}, {ROOT: b"x" * 32}), "does not fit"),
    "a number as v2 pieces": (tree({"01.mp3": leaf(PIECE + 1)}, {ROOT: 5}), "does not fit"),  # type: ignore[dict-item]
    "wrong v2 pieces": (tree({"01.mp3": leaf(PIECE + 1)}, {ROOT: b"x" * 64}), "are damaged"),
    "one root, two sizes": (
        tree({"1": leaf(PIECE + 1), "2": leaf(PIECE + 2)}, {ROOT: b"x" * 64}),
        "do not belong",
    ),
    "a hybrid's sizes": (tree({"Emma": leaf(5)}, length=6, pieces=pieces_of(6)), "differ"),
    "a hybrid's names": (tree({"Persuasion": leaf()}, length=5, pieces=pieces_of(5)), "differ"),
    "a hybrid without pieces": (tree({"Emma": leaf()}, length=5), "no piece hashes"),
    "a hybrid with a folder more": (
        tree({"CD": {}, "Emma": leaf()}, length=5, pieces=pieces_of(5)),
        "differ",
    ),
    "a hybrid with a file less": (
        tree(
            {"1": leaf(PIECE), "2": leaf(PIECE)},
            files=[{"length": PIECE, "path": ["1"]}],
            pieces=pieces_of(2 * PIECE),
        ),
        "differ",
    ),
    "a hybrid without padding": (
        tree(
            {"1": leaf(), "2": leaf()},
            files=[{"length": 5, "path": ["1"]}, {"length": 5, "path": ["2"]}],
            pieces=pieces_of(PIECE + 5),
        ),
        "differ",
    ),
}


@pytest.mark.parametrize(("data", "words"), WRONG_INFO.values(), ids=WRONG_INFO)
def test_a_torrent_that_contradicts_itself_is_refused(data: bytes, words: str) -> None:
    assert words in refusal(data)


STRICTER = {
    "an endless name",
    "an endless file name",
    "only padding",
    "a link to nowhere",
    "the same name twice",  # the client renames one of them: it would not be where we look
    "many names in capitals",  # the client refuses them too, but later
    "a negative version",
    "no v2 pieces",  # libtorrent 2.0, which most qBittorrents have, refuses them
    "a hybrid without pieces",
}


def test_libtorrent_refuses_nearly_all_of_these_too() -> None:
    taken = set()
    for name, (data, _) in WRONG_INFO.items():
        try:
            seen_by_client(data)
            taken.add(name)
        except RuntimeError:
            continue
    assert taken == STRICTER


def test_v2_pieces_given_twice_are_refused_by_both() -> None:
    whole = make_torrent({"Emma.m4b": b"E" * 2 * PIECE}, version="v2")
    at = whole.index(b"12:piece layersd") + len(b"12:piece layersd")
    pieces = whole[at : at + len(b"32:") + 32 + len(b"64:") + 64]
    data = whole[:at] + pieces + whole[at:]
    assert "not sorted" in refusal(data)
    with pytest.raises(RuntimeError):
        seen_by_client(data)


@pytest.mark.parametrize("tail_padded", [True, False])
def test_a_hybrid_may_leave_out_the_last_padding(tail_padded: bool) -> None:
    padding = {"length": PIECE - 5, "attr": "p", "path": [".pad", "16379"]}
    files: list[dict[str, Any]] = [
        {"length": 5, "path": ["1"]},
        padding,
        {"length": 5, "path": ["2"]},
    ]
    files += [padding] if tail_padded else []
    data = tree({"1": leaf(), "2": leaf()}, files=files, pieces=b"p" * 40)
    hybrid, seen = read_torrent(data), seen_by_client(data)
    assert (hybrid.hash_v1, hybrid.hash_v2) == (seen.hash_v1, seen.hash_v2)
    assert hybrid.size == 10


def nested(depth: int) -> bytes:
    return b"d1:a" + b"l" * depth + b"e" * depth + torrent()[1:]


def test_nesting_ends_where_libtorrents_ends() -> None:
    assert read_torrent(nested(98)).hash_v1 == seen_by_client(nested(98)).hash_v1
    assert "nested deeper" in refusal(nested(99))
    with pytest.raises(RuntimeError):
        seen_by_client(nested(99))


def test_a_hundred_thousand_levels_do_no_harm() -> None:
    assert "nested deeper" in refusal(nested(100_000))
    assert "nested deeper" in refusal(b"d1:a" * 100_000)


def test_a_torrent_of_more_than_ten_mebibytes_is_refused() -> None:
    largest = torrent(x=b"x" * (10 * 2**20 - len(torrent(x=b"")) - 7))
    assert len(largest) == 10 * 2**20
    assert read_torrent(largest).size == 100
    assert "larger than 10 MiB" in refusal(largest + b" ")


def test_a_million_parts_are_enough() -> None:
    assert "1,000,000 parts" in refusal(b"d1:al" + b"0:" * 1_000_000)


def test_short_bytes_cannot_make_endless_paths() -> None:
    files: dict[str, Any] = {str(number): leaf() for number in range(2000)}
    for _ in range(90):
        files = {"f" * 240: files}
    assert "too long" in refusal(tree(files))


def test_a_torrent_of_13500_files_is_read() -> None:
    files = [{"length": n, "path": [f"CD {n // 20}", f"{n:05}.mp3"]} for n in range(13_500)]
    read = read_torrent(folder(*files))
    assert len(read.files) == 13_500
    assert read.files[-1].path == "CD 674/13499.mp3"
    assert read.size == sum(range(13_500))
