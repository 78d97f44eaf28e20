"""Which other torrents of a client use the files of one that is to go with its files: the client
removes them whoever else seeds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from downloads.qbittorrent import QBittorrent, Seen
from downloads.seen import ClientFile
from tame.lib.errors import NotListedError


def shared_files(gateway: QBittorrent, going: Sequence[Seen]) -> dict[str, Seen]:
    """By hash of those that go: another torrent, which stays, that uses a file of it. One request
    for the list; files are asked only where two stand in one place."""
    hashes = {one.hash for one in going}
    others = [one for one in gateway.all() if one.hash not in hashes] if going else []
    near = {one.hash: [other for other in others if overlap(one, other)] for one in going}
    asked = {seen.hash: seen for one in going if near[one.hash] for seen in (one, *near[one.hash])}
    paths = {name: paths_of(asked[name], files) for name, files in files_of(gateway, asked).items()}
    return {
        one: other
        for one, beside in near.items()
        for other in beside
        if paths.get(one, set()) & paths.get(other.hash, set())
    }


def files_of(gateway: QBittorrent, hashes: Iterable[str]) -> dict[str, tuple[ClientFile, ...]]:
    """In one request where the client can, else one by one."""
    found = gateway.files_in_list(list(hashes))
    for one in hashes:
        if one not in found:
            with suppress(NotListedError):
                found[one] = gateway.files(one)
    return found


def overlap(one: Seen, other: Seen) -> bool:
    mine, theirs = f"{plain(one.content_path)}/", f"{plain(other.content_path)}/"
    return mine.startswith(theirs) or theirs.startswith(mine)


def paths_of(seen: Seen, files: Iterable[ClientFile]) -> set[str]:
    return {f"{plain(seen.save_path)}/{plain(file.name)}" for file in files}


def plain(path: str) -> str:
    return path.replace("\\", "/").rstrip("/")
