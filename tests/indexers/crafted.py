"""Torrents written by hand, as wrong as a test needs them."""

from __future__ import annotations

from typing import Any, NamedTuple

import libtorrent
import pytest

from indexers.torrents import File, read_torrent
from tame.lib.errors import BadInputError

PIECE = 16 * 1024
ROOT = b"r" * 32


def bencode(value: Any) -> bytes:
    """Sorted, as it should be. A text is UTF-8. What is None is left out."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, list | tuple):
        return b"l" + b"".join(bencode(part) for part in value if part is not None) + b"e"
    if isinstance(value, dict):
        told = {raw(key): content for key, content in value.items() if content is not None}
        return b"d" + b"".join(bencode(key) + bencode(told[key]) for key in sorted(told)) + b"e"
    return b"%d:%s" % (len(raw(value)), raw(value))


def raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def pieces_of(size: int) -> bytes:
    return b"p" * 20 * -(-size // PIECE)


def torrent(top: dict[str, Any] | None = None, **info: Any) -> bytes:
    """A lone file of 100 bytes. "_" stands for the blank in a key; None leaves a key out."""
    told = {"name": "Emma.m4b", "length": 100, "piece length": PIECE, "pieces": pieces_of(100)}
    told |= {key.replace("_", " "): value for key, value in info.items()}
    return bencode({"info": told, **(top or {})})


def folder(*files: dict[str, Any], **more: Any) -> bytes:
    total = sum(file.get("length", 0) for file in files)
    return torrent(**{"name": "Emma", "pieces": pieces_of(total), **more}, length=None, files=files)


def tree(branches: dict[str, Any], layers: dict[bytes, bytes] | None = None, **info: Any) -> bytes:
    """A v2 torrent; a hybrid when given `files` or `length`, and `pieces`."""
    v2 = {"name": "Emma", "meta_version": 2, "file_tree": branches, "length": None, "pieces": None}
    return torrent({"piece layers": layers or {}}, **{**v2, **info})


def leaf(size: int = 5, root: bytes = ROOT, **more: Any) -> dict[str, Any]:
    return {"": {"length": size, "pieces root": root, **more}}


def refusal(data: bytes) -> str:
    """What is said of a torrent that cannot be used."""
    with pytest.raises(BadInputError) as refused:
        read_torrent(data)
    return str(refused.value)


class Seen(NamedTuple):
    files: list[File]
    private: bool
    hash_v1: str
    hash_v2: str


def seen_by_client(data: bytes) -> Seen:
    """What libtorrent reads. Raises RuntimeError when it refuses the torrent."""
    info = libtorrent.load_torrent_buffer(data).ti
    if info is None:
        raise RuntimeError("a magnet link in a torrent's clothes")
    layout, hashes = info.layout(), info.info_hashes()
    unreal = libtorrent.file_storage.flag_pad_file | libtorrent.file_storage.flag_symlink
    files = [
        File(layout.file_path(at).removeprefix(info.name() + "/"), layout.file_size(at))
        for at in range(layout.num_files())
        if not layout.file_flags(at) & unreal
    ]
    return Seen(
        files,
        info.priv(),
        str(hashes.v1) if hashes.has_v1() else "",
        str(hashes.v2) if hashes.has_v2() else "",
    )
