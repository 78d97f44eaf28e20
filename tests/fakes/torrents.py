"""Torrents of any version, built from bytes in memory."""

from __future__ import annotations

import base64
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

import libtorrent

FLAGS = {
    "v1": libtorrent.create_torrent.v1_only,
    "v2": libtorrent.create_torrent.v2_only,
    "hybrid": 0,
}
PIECE_LENGTH = 16 * 1024


def noise(size: int, seed: int) -> bytes:
    """Bytes that no two seeds share, the same each time."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - no secret


def make_torrent(
    files: Mapping[str, bytes],
    *,
    web_seed: str = "",
    version: str = "v1",
    private: bool = False,
    trackers: Sequence[str] = (),
    piece_length: int = PIECE_LENGTH,
) -> bytes:
    """A .torrent of the given paths: one plain name, or several below one folder.

    `web_seed`: the address of a server which has these paths, for example `WebSeed(files).url`.
    """
    parts = [libtorrent.create_file_entry(path, len(data)) for path, data in files.items()]
    torrent = libtorrent.create_torrent(parts, piece_length, FLAGS[version])
    torrent.set_creator("TAME tests")
    torrent.set_creation_date(0)  # the same files give the same bytes
    torrent.set_priv(private)
    for tracker in trackers:
        torrent.add_tracker(tracker)
    if web_seed:
        torrent.add_url_seed(_seed_address(web_seed, files))
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        libtorrent.set_piece_hashes(torrent, folder)
    return bytes(libtorrent.bencode(torrent.generate()))


def _seed_address(web_seed: str, files: Mapping[str, bytes]) -> str:
    """A folder's seed is the address above it; a single file's is the file's own."""
    base = web_seed.rstrip("/") + "/"
    first = next(iter(files))
    return base if "/" in first else base + quote(first)


def hashes_of(payload: bytes) -> tuple[str, str]:
    """The v1 and the whole v2 info hash in lower-case hex; "" for the one it lacks."""
    found = libtorrent.torrent_info(payload).info_hashes()
    v1 = str(found.v1) if found.has_v1() else ""
    v2 = str(found.v2) if found.has_v2() else ""
    return v1, v2


def magnet_of(
    payload: bytes,
    *,
    base32: bool = False,
    versions: Sequence[str] = ("v1", "v2"),
    trackers: Sequence[str] = (),
    peers: Sequence[str] = (),
    name: str = "",
) -> str:
    """A magnet link to the torrent. `versions`: which of its hashes the link names."""
    v1, v2 = hashes_of(payload)
    topics = []
    if v1 and "v1" in versions:
        shown = base64.b32encode(bytes.fromhex(v1)).decode() if base32 else v1
        topics.append(f"xt=urn:btih:{shown}")
    if v2 and "v2" in versions:
        topics.append(f"xt=urn:btmh:1220{v2}")
    more = [("dn", name)] if name else []
    more += [("tr", tracker) for tracker in trackers]
    more += [("x.pe", peer) for peer in peers]
    return "magnet:?" + "&".join([*topics, urlencode(more)] if more else topics)
