"""Adopt the torrents that seed books which moved in: told by the files themselves, else by the
sizes of all of them. In the client nothing is changed: no category, no tag, no path, no state.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import MoveInLine, ShelfCopy
from books.moving_in.sound_files import AUDIO, suffix
from downloads.clients import talking_to
from downloads.diagnose import our_path
from downloads.models import (
    HOLDS_ITS_HASH,
    Client,
    Download,
    DownloadHistory,
    Import,
    ImportHistory,
    Payload,
)
from downloads.qbittorrent import ClientFile, QBittorrent, Seen
from downloads.states import ImportState, State
from tame.lib.errors import ServiceDownError

Inode = tuple[int, int]
Sizes = tuple[int, ...]


@dataclass
class Standing:
    """A copy that moved in. `sizes`: of its sound, sorted; `totals`: of that, and of all files."""

    copy: ShelfCopy
    sizes: Sizes
    totals: tuple[int, int]
    inodes: frozenset[Inode]


@dataclass
class Match:
    """A torrent, and the copies whose files it seeds."""

    seen: Seen
    copies: list[Standing]
    evidence: str


@dataclass
class Adopted:
    torrents: int = 0
    troubles: list[str] = field(default_factory=list)


def adopt_due() -> str:
    """Look once for the torrents of every copy that moved in; a client that is down is asked again.
    Two requests per client, and to those before 5.2 one more for each torrent that only its sizes
    can tell."""
    lines = list(due())
    if not lines:
        return "Nothing to adopt."
    clients = Client.objects.filter(enabled=True)
    off = clients.exclude(pk__in=Client.usable().values("pk")).first()
    if off is not None:
        return f"The torrents of {len(lines)} books are looked for once {off} answers again."
    standing = list(stand(lines))
    adopted = Adopted()
    for client in clients.prefetch_related("paths"):
        try:
            adopted.torrents += adopt_in(client, standing)
        except ServiceDownError as error:
            adopted.troubles.append(str(error))
        except IntegrityError:  # somebody adopted one of them just now
            adopted.troubles.append(f"{client} is looked at once more.")
    if not adopted.troubles:
        due().filter(pk__in=[line.pk for line in lines]).update(seeds_sought_at=timezone.now())
    return " ".join([f"{adopted.torrents} torrents adopted.", *adopted.troubles])


def due() -> Any:
    rows = MoveInLine.objects.filter(copy__isnull=False, seeds_sought_at=None)
    return rows.select_related("copy__library").order_by("pk")


def is_any_due() -> bool:
    return bool(due().exists())


def stand(lines: Iterable[MoveInLine]) -> Iterator[Standing]:
    for line in lines:
        copy = line.copy
        if copy is None:
            continue
        folder = Path(copy.library.root) / copy.folder
        sound = [one for one in copy.manifest if is_sound(one["name"], copy.folder)]
        inodes = [inode_of(folder / one["name"]) for one in sound]
        yield Standing(
            copy,
            tuple(sorted(one["size"] for one in sound)),
            (sum(one["size"] for one in sound), sum(one["size"] for one in copy.manifest)),
            frozenset(inode for inode in inodes if inode) if all(inodes) else frozenset(),
        )


def is_sound(name: str, folder: str) -> bool:
    """A loose file is its own folder."""
    return suffix(folder if name == "." else name) in AUDIO


def inode_of(path: Path) -> Inode | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino


# --- Which torrent is which book ------------------------------------------------------------------


def adopt_in(client: Client, standing: Sequence[Standing]) -> int:
    with talking_to(client) as gateway:
        torrents = strangers(client, gateway.all())
        matches = by_files(client, torrents, standing)
        told = {match.seen.hash for match in matches}
        found = {id(copy) for match in matches for copy in match.copies}
        matches += by_sizes(
            gateway,
            [seen for seen in torrents if seen.hash not in told],
            [copy for copy in standing if id(copy) not in found],
        )
    store(client, matches)
    return len(matches)


def strangers(client: Client, seen: Iterable[Seen]) -> list[Seen]:
    """Complete ones that no download has."""
    held = Download.objects.filter(HOLDS_ITS_HASH, client=client)
    known = {h for pair in held.values_list("hash_v1", "hash_v2") for h in pair if h}
    return [one for one in seen if one.is_complete and not known & {one.hash_v1, one.hash_v2}]


def by_files(client: Client, torrents: Iterable[Seen], standing: Sequence[Standing]) -> list[Match]:
    """The same file on the disk, whatever it is called. No request."""
    owners: dict[Inode, Standing] = {}
    for copy in standing:
        owners |= dict.fromkeys(copy.inodes, copy)
    matches = []
    for seen in torrents:
        seeded = inodes_below(client, seen) if owners else set()
        near = {id(owners[inode]): owners[inode] for inode in seeded if inode in owners}
        if copies := [copy for copy in near.values() if copy.inodes <= seeded]:
            matches.append(Match(seen, copies, "the same files on the disk"))
    return matches


def inodes_below(client: Client, seen: Seen) -> set[Inode]:
    """Of what the torrent has on the disk. A torrent without a folder of its own names the one in
    which all others are, too: that says nothing."""
    if seen.content_path.rstrip("/\\") == seen.save_path.rstrip("/\\"):
        return set()
    here = Path(our_path(client, seen.content_path)[0])
    if here.is_file():
        inode = inode_of(here)
        return {inode} if inode else set()
    found = set()
    for folder, _, names in os.walk(here):
        found |= {inode_of(Path(folder) / name) for name in names}
    return {inode for inode in found if inode}


def by_sizes(
    gateway: QBittorrent, torrents: Sequence[Seen], standing: Sequence[Standing]
) -> list[Match]:
    """All sound has the same sizes, to the byte, and only one book has these."""
    totals = {total for copy in standing for total in copy.totals}
    near = {seen.hash: seen for seen in torrents if seen.total_size in totals}
    files = gateway.files_of(list(near))
    by_size: dict[Sizes, list[Standing]] = {}
    for copy in standing:
        by_size.setdefault(copy.sizes, []).append(copy)
    matches = []
    for name, listed in files.items():
        alike = by_size.get(sizes_of(listed), [])
        if len(alike) == 1 and name in near:
            matches.append(Match(near[name], alike, "files of the same sizes"))
    return matches


def sizes_of(files: Iterable[ClientFile]) -> Sizes:
    wanted = [one for one in files if one.priority > 0 and suffix(one.name) in AUDIO]
    return tuple(sorted(one.size for one in wanted))


# --- Rows -----------------------------------------------------------------------------------------


def store(client: Client, matches: Sequence[Match]) -> None:
    """All of them in a fixed number of queries. They deliver nothing more: the book is there."""
    with transaction.atomic():
        downloads = Download.objects.bulk_create(
            [download_of(client, match.seen) for match in matches]
        )
        Payload.objects.bulk_create(
            Payload(download=row, magnet=magnet_of(match.seen), here_since=timezone.now())
            for row, match in zip(downloads, matches, strict=True)
        )
        DownloadHistory.objects.bulk_create(
            DownloadHistory(
                row=row, to_state=State.COMPLETED, actor="TAME",
                sentence=f"{client} seeds it already: recognised by {match.evidence}.",
                evidence={"hash": match.seen.hash, "state": match.seen.state},
            )
            for row, match in zip(downloads, matches, strict=True)
        )  # fmt: skip
        imports = Import.objects.bulk_create(
            import_of(row, copy)
            for row, match in zip(downloads, matches, strict=True)
            for copy in match.copies
        )
        ImportHistory.objects.bulk_create(
            ImportHistory(
                row=row, to_state=ImportState.SHELVED, actor="TAME",
                sentence="Its book stood on the shelf before TAME.",
            )
            for row in imports
        )  # fmt: skip


def download_of(client: Client, seen: Seen) -> Download:
    now = timezone.now()
    return Download(
        client=client,
        title=seen.name,
        hash_v1=seen.hash_v1,
        hash_v2=seen.hash_v2,
        client_hash=seen.hash,
        category=seen.category,
        save_path=seen.save_path,
        content_path=seen.content_path,
        adopted=True,
        state=State.COMPLETED,
        client_state=seen.state,
        progress=1,
        size=seen.size,
        downloaded=seen.downloaded,
        ratio=seen.ratio,
        seeding_seconds=seen.seeding_seconds,
        confirmed_at=now,
        completed_at=seen.completed_at or now,
        last_progress_at=now,
    )


def magnet_of(seen: Seen) -> str:
    """Enough to know it again, and no passkey."""
    v1 = f"xt=urn:btih:{seen.hash_v1}" if seen.hash_v1 else ""
    v2 = f"xt=urn:btmh:1220{seen.hash_v2}" if seen.hash_v2 else ""
    return "magnet:?" + "&".join(topic for topic in (v1, v2) if topic)


def import_of(download: Download, copy: Standing) -> Import:
    """Without the copy, which it did not make: undoing it would move a person's own files."""
    stood = copy.copy
    return Import(
        download=download,
        book_id=stood.book_id,
        library_id=stood.library_id,
        state=ImportState.SHELVED,
        manifest=stood.manifest,
        final_folder=stood.folder,
    )
