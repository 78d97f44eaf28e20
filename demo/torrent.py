"""The .torrent of a folder, whose seed is a web server."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PIECE_LENGTH = 16 * 1024


@dataclass(frozen=True)
class Torrent:
    payload: bytes
    info_hash: str  # v1, lower-case hex


def bencode(value: object) -> bytes:
    match value:
        case int():
            return b"i%de" % value
        case str():
            return bencode(value.encode())
        case bytes():
            return b"%d:%s" % (len(value), value)
        case Mapping():
            pairs = sorted((key.encode(), inner) for key, inner in value.items())
            return b"d%se" % b"".join(bencode(key) + bencode(inner) for key, inner in pairs)
        case Sequence():
            return b"l%se" % b"".join(map(bencode, value))
    raise TypeError(f"{type(value).__name__} has no bencoding.")


def folder_torrent(files: Sequence[Path], web_seed: str) -> Torrent:
    """A v1 torrent named after the files' folder. `web_seed` is the address above that folder.

    It takes two files: libtorrent before 2.0.12 asks a web seed for `/folder` instead of
    `/folder/file` when there is only one.
    """
    content = [path.read_bytes() for path in files]
    info = {
        "files": [
            {"length": len(data), "path": [path.name]}
            for path, data in zip(files, content, strict=True)
        ],
        "name": files[0].parent.name,
        "piece length": PIECE_LENGTH,
        "pieces": _pieces(b"".join(content)),
    }
    torrent = {"created by": "TAME demo", "info": info, "url-list": web_seed}
    info_hash = hashlib.sha1(bencode(info), usedforsecurity=False).hexdigest()
    return Torrent(bencode(torrent), info_hash)


def _pieces(data: bytes) -> bytes:
    return b"".join(
        hashlib.sha1(data[start : start + PIECE_LENGTH], usedforsecurity=False).digest()
        for start in range(0, len(data), PIECE_LENGTH)
    )
