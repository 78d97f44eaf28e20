"""Which torrent of a client's list is which download, and when too many fell to blame any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from downloads.models import Download
from downloads.qbittorrent import QBittorrent, Seen
from indexers.torrents import client_hashes

OUR_TAG = "tame"
MANY = 3


def find(gateway: QBittorrent, rows: Sequence[Download]) -> dict[int, Seen]:
    """What the client lists of the rows, by primary key: by their hashes, and what these do not
    find by our tag, because a hybrid's hash changes when its metadata arrives."""
    if not rows:
        return {}
    hashes = [h for row in rows for h in hashes_of(row)]
    found = matched(rows, gateway.find(hashes))
    if len(found) < len(rows):
        left = [row for row in rows if row.pk not in found]
        found |= matched(left, gateway.find_by_tag(OUR_TAG))
    return found


def hashes_of(row: Download) -> tuple[str, ...]:
    known = client_hashes(row.hash_v1, row.hash_v2)
    return known if not row.client_hash or row.client_hash in known else (row.client_hash, *known)


def matched(rows: Iterable[Download], seen: Iterable[Seen]) -> dict[int, Seen]:
    """Rows and torrents by hash or by the row's own tag; never by name, path or time."""
    by_hash, by_tag = {}, {}
    for torrent in seen:
        for key in (*client_hashes(torrent.hash_v1, torrent.hash_v2), torrent.hash):
            by_hash[key] = torrent
        for tag in torrent.tags:
            by_tag[tag] = torrent
    found = {}
    for row in rows:
        known = next((by_hash[h] for h in hashes_of(row) if h in by_hash), by_tag.get(row.tag))
        if known is not None:
            found[row.pk] = known
    return found


def are_many(fallen: Sequence[Download], asked: Sequence[Download]) -> bool:
    """Three or more and more than half: one problem of the client, a tracker or a network, and
    not of each row."""
    return len(fallen) >= MANY and 2 * len(fallen) > len(asked)
