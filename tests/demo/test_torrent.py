"""The bencode writer beside libtorrent's."""

from __future__ import annotations

from typing import Any

import libtorrent
import pytest

from demo.torrent import bencode


@pytest.mark.parametrize(
    "value",
    [
        0,
        -3,
        b"\x00\xff",
        [],
        {"pieces": b"x", "name": b"Cranford", "length": 5},  # keys out of order
        {"files": [{"path": [b"01.mp3"], "length": 2**40}]},
    ],
)
def test_it_writes_what_libtorrent_writes(value: Any) -> None:
    assert bencode(value) == libtorrent.bencode(value)


def test_text_is_written_as_utf_8() -> None:
    assert bencode("Thérèse") == "9:Thérèse".encode()


def test_what_has_no_bencoding_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        bencode({"length": 1.5})
