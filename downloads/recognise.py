"""Which torrents seed which books: told by the files themselves, else by the sizes of all of them.

What cannot be told without guessing is unsure, with the reason. Two requests to a client beside the
list, and to one before 5.2, which tells files only torrent by torrent, `MOST_ASKED` more at most.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from books.sound import is_sound
from downloads.diagnose import our_path
from downloads.models import Client
from downloads.qbittorrent import ClientFile, QBittorrent, Seen
from tame.lib.errors import NotListedError
from tame.lib.words import main_title, normalise

MOST_ASKED = 20  # torrents whose files are asked for one by one
MOST_AT_ONCE = 2000  # torrents whose files are asked for in one request
BESIDE = 16 * 2**20  # bytes of covers and notes that a torrent may have and a library not
Inode = tuple[int, int]
Sizes = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Standing:
    """A book where it stands: its line of a reading, its folder and its manifest."""

    line: Any
    title: str
    folder: Path
    manifest: Sequence[Mapping[str, Any]]

    @cached_property
    def sound(self) -> list[Mapping[str, Any]]:
        """A loose file is its own folder."""
        names = {one["name"]: self.folder.name if one["name"] == "." else one["name"]
                 for one in self.manifest}  # fmt: skip
        return [one for one in self.manifest if is_sound(names[one["name"]])]

    @cached_property
    def sizes(self) -> Sizes:
        return tuple(sorted(one["size"] for one in self.sound))

    @cached_property
    def totals(self) -> frozenset[int]:
        """Bytes of its sound, and of all its files."""
        return frozenset({sum(self.sizes), sum(one["size"] for one in self.manifest)})

    @cached_property
    def inodes(self) -> frozenset[Inode]:
        """Empty when one of its files is not seen."""
        found = [inode_of(self.folder / one["name"]) for one in self.sound]
        return frozenset(inode for inode in found if inode) if all(found) else frozenset()


@dataclass
class Match:
    """A torrent, the books whose files it seems to seed, and by what it is known. `doubt`: why no
    more than a person can tell; empty when it is sure."""

    seen: Seen
    books: list[Standing]
    evidence: str
    doubt: str = ""


@dataclass
class OnDisk:
    """What a torrent's content path shows here."""

    inodes: set[Inode] = field(default_factory=set)
    sizes: list[int] = field(default_factory=list)  # of its sound
    total: int = 0


def recognise(
    client: Client, gateway: QBittorrent, torrents: Sequence[Seen], books: Sequence[Standing]
) -> list[Match]:
    """`torrents`: complete ones that no download has."""
    if not torrents or not books:
        return []
    here = {seen.hash: on_disk(client, seen) for seen in torrents}
    matches = by_files(torrents, here, books)
    told = {match.seen.hash for match in matches}
    found = {id(book) for match in matches for book in match.books}
    left = [seen for seen in torrents if seen.hash not in told]
    shelf = Shelf(book for book in books if id(book) not in found)
    return matches + (by_sizes(gateway, left, here, shelf) if shelf.sound else [])


# --- The files themselves -------------------------------------------------------------------------


def by_files(
    torrents: Iterable[Seen], here: Mapping[str, OnDisk], books: Sequence[Standing]
) -> list[Match]:
    """The same file on the disk, whatever it is called. No request."""
    owners: dict[Inode, Standing] = {}
    for book in books:
        owners |= dict.fromkeys(book.inodes, book)
    matches = []
    for seen in torrents:
        seeded = here[seen.hash].inodes
        near = {id(owners[inode]): owners[inode] for inode in seeded if inode in owners}
        if whole := [book for book in near.values() if book.inodes <= seeded]:
            matches.append(Match(seen, whole, "the same files on the disk"))
    return matches


def on_disk(client: Client, seen: Seen) -> OnDisk:
    """A torrent without a folder of its own names the one in which all others are, too: that says
    nothing."""
    found = OnDisk()
    if seen.content_path.rstrip("/\\") == seen.save_path.rstrip("/\\"):
        return found
    top = Path(our_path(client, seen.content_path)[0])
    if top.is_file():
        note(found, top)
    for folder, _, names in os.walk(top):
        for name in names:
            note(found, Path(folder) / name)
    return found


def note(found: OnDisk, path: Path) -> None:
    with suppress(OSError):
        is_ = path.stat()
        found.inodes.add((is_.st_dev, is_.st_ino))
        found.total += is_.st_size
        if is_sound(path.name):
            found.sizes.append(is_.st_size)


def inode_of(path: Path) -> Inode | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino


# --- The sizes of all files -----------------------------------------------------------------------


class Shelf:
    """Books by what a torrent's sizes tell of them."""

    def __init__(self, books: Iterable[Standing]) -> None:
        self.by_sizes: dict[Sizes, list[Standing]] = {}
        self.by_total: dict[int, list[Standing]] = {}
        self.by_largest: dict[int, list[Standing]] = {}
        for book in books:
            if not book.sizes:
                continue
            self.by_sizes.setdefault(book.sizes, []).append(book)
            self.by_largest.setdefault(book.sizes[-1], []).append(book)
            for total in book.totals:
                self.by_total.setdefault(total, []).append(book)
        self.sound = sorted({sum(sizes) for sizes in self.by_sizes})

    def is_near(self, seen: Seen) -> bool:
        """As large as a book, or as a book with a cover and some notes."""
        at = bisect_right(self.sound, seen.total_size) - 1
        return seen.total_size in self.by_total or (
            at >= 0 and seen.total_size - self.sound[at] <= BESIDE
        )

    def of(self, sizes: Sizes) -> list[Standing]:
        """The books with exactly this sound; else those of a set that together are all of it."""
        if alike := self.by_sizes.get(sizes):
            return alike
        whole = Counter(sizes)
        inside = [
            book
            for size in whole
            for book in self.by_largest.get(size, ())
            if Counter(book.sizes) <= whole
        ]
        together = sum((Counter(book.sizes) for book in inside), Counter[int]())
        return inside if together == whole else []


def by_sizes(
    gateway: QBittorrent,
    torrents: Sequence[Seen],
    here: Mapping[str, OnDisk],
    shelf: Shelf,
) -> list[Match]:
    """All sound has the same sizes, to the byte: seen on the disk, else told by the client."""
    sizes = {
        seen.hash: tuple(sorted(here[seen.hash].sizes))
        for seen in torrents
        if here[seen.hash].total == seen.total_size
    }
    unseen = [seen for seen in torrents if seen.hash not in sizes and shelf.is_near(seen)]
    unseen.sort(key=lambda seen: seen.total_size not in shelf.by_total)
    told = gateway.files_in_list([seen.hash for seen in unseen[:MOST_AT_ONCE]])
    sizes |= {name: sizes_of(files) for name, files in told.items()}
    silent = [s for s in unseen if s.hash not in told and s.total_size in shelf.by_total]
    matches = by_totals(silent, shelf)
    known = {match.seen.hash for match in matches}
    vague = [seen for seen in silent if seen.hash not in known]
    sizes |= asked_one_by_one(gateway, vague[:MOST_ASKED])
    matches += [too_many(seen, shelf) for seen in vague[MOST_ASKED:]]
    return matches + of_same_sizes(torrents, sizes, shelf)


def of_same_sizes(
    torrents: Iterable[Seen], sizes: Mapping[str, Sizes], shelf: Shelf
) -> list[Match]:
    """Sure only where one torrent and one book have them."""
    held = Counter(sizes.values())
    matches = []
    for seen in torrents:
        theirs = sizes.get(seen.hash, ())
        books = shelf.of(theirs) if theirs else []
        if not books:
            continue
        doubt = ""
        if held[theirs] > 1:
            doubt = f"{held[theirs]} torrents have files of these sizes"
        elif theirs in shelf.by_sizes and len(books) > 1:
            doubt = f"{len(books)} books have files of these sizes"
        matches.append(Match(seen, books, "files of the same sizes", doubt))
    return matches


def by_totals(torrents: Sequence[Seen], shelf: Shelf) -> list[Match]:
    """A client before 5.2 tells the files of one torrent at a time. The size of all of them to the
    byte, of no other torrent and no other book, and the book's title in its name: that is it."""
    held = Counter(seen.total_size for seen in torrents)
    return [
        Match(seen, books, "its size to the byte and its name")
        for seen in torrents
        for books in [shelf.by_total[seen.total_size]]
        if len(books) == held[seen.total_size] == 1 and is_named(seen.name, books[0].title)
    ]


def too_many(seen: Seen, shelf: Shelf) -> Match:
    books = shelf.by_total[seen.total_size]
    return Match(
        seen, books, "its size to the byte",
        f"qBittorrent before 5.2 tells files only torrent by torrent; {MOST_ASKED} were asked for",
    )  # fmt: skip


def asked_one_by_one(gateway: QBittorrent, torrents: Iterable[Seen]) -> dict[str, Sizes]:
    found = {}
    for seen in torrents:
        with suppress(NotListedError):
            found[seen.hash] = sizes_of(gateway.files(seen.hash))
    return found


def sizes_of(files: Iterable[ClientFile]) -> Sizes:
    wanted = [one for one in files if one.priority > 0 and is_sound(one.name)]
    return tuple(sorted(one.size for one in wanted))


def is_named(name: str, title: str) -> bool:
    """All words of the title stand in the name, in their order."""
    words = normalise(main_title(title))
    return bool(words) and f" {words} " in f" {normalise(name)} "
