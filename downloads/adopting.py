"""Adopt the torrents that seed books which move in. Before anything is stored they are shown beside
each line, where a person may leave some out or take an unsure one; after it they are looked for
once more. In the client nothing is changed: no category, no tag, no path, no state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from books.models import MoveInLine
from books.moving_models import Action
from downloads.clients import is_warm, talking_to
from downloads.models import (
    HOLDS_ITS_HASH,
    Client,
    Download,
    DownloadHistory,
    Import,
    ImportHistory,
    Payload,
)
from downloads.qbittorrent import Seen
from downloads.recognise import Match, Standing, recognise
from downloads.states import ImportState, State
from tame.lib.errors import ServiceDownError
from tame.lib.numbers import counted


@dataclass
class Adopted:
    torrents: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass
class Found:
    """By client what its torrents seed, which clients could not be asked, and which have come up
    only just now: those may not list everything yet."""

    matches: list[tuple[Client, list[Match]]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    cold: list[Client] = field(default_factory=list)


# --- Look, before anything is stored --------------------------------------------------------------


def look_due() -> str:
    """Note beside every line that waits for a person which torrents seem to seed its book. A
    client that is down is asked again."""
    lines = list(to_look_at())
    if not lines:
        return "Nothing to look for."
    found = look_for(lines)
    if found.troubles:
        return " ".join(found.troubles)
    note_seeds(lines, found)
    return f"{sum(bool(line.seeds) for line in lines)} of {len(lines)} books are seeded."


def to_look_at() -> QuerySet[MoveInLine]:
    """What is left out has no torrents to adopt."""
    rows = MoveInLine.objects.filter(done_at=None, seeds_looked_at=None, library__isnull=False)
    read = rows.filter(run__read_at__isnull=False, run__confirmed_at=None)
    return read.exclude(action=Action.SKIP).select_related("library").order_by("pk")


def look_for(lines: Sequence[MoveInLine]) -> Found:
    """Asks every client that is switched on; a few requests each, however many books there are."""
    found = Found()
    clients = Client.objects.filter(enabled=True)
    off = clients.exclude(pk__in=Client.usable().values("pk")).first()
    if off is not None:
        found.troubles = [
            f"The torrents of {len(lines)} books are looked for once {off} answers again."
        ]
        return found
    standing = [stands(line) for line in lines]
    for client in clients.prefetch_related("paths"):
        try:
            with talking_to(client) as gateway:
                torrents = strangers(client, gateway.all())
                matches = recognise(client, gateway, torrents, standing)
            found.matches.append((client, matches))
            found.cold += [] if is_warm(client) else [client]
        except ServiceDownError as error:
            found.troubles.append(str(error))
    return found


def stands(line: MoveInLine) -> Standing:
    """Where its copy stands, or will."""
    place = line.copy or line
    root = Path(place.library.root) if place.library else Path()
    return Standing(line, line.title, root / place.folder, place.manifest)


def strangers(client: Client, seen: Iterable[Seen]) -> list[Seen]:
    """Complete ones that no download has."""
    held = Download.objects.filter(HOLDS_ITS_HASH, client=client)
    known = {h for pair in held.values_list("hash_v1", "hash_v2") for h in pair if h}
    return [one for one in seen if one.is_complete and not known & {one.hash_v1, one.hash_v2}]


def note_seeds(lines: Sequence[MoveInLine], found: Found) -> None:
    """`seeds` of the lines; what a person ticked meanwhile is a column of its own."""
    now = None if found.cold else timezone.now()
    seeds: dict[int, list[dict[str, Any]]] = {}
    for client, matches in found.matches:
        for match in matches:
            for book in match.books:
                seeds.setdefault(id(book.line), []).append(as_seed(client, match))
    for line in lines:
        line.seeds, line.seeds_looked_at = seeds.get(id(line), []), now
    MoveInLine.objects.bulk_update(
        [line for line in lines if line.pk], ["seeds", "seeds_looked_at"], batch_size=500
    )


def as_seed(client: Client, match: Match) -> dict[str, Any]:
    return {
        "key": key_of(client, match),
        "client": client.name,
        "name": match.seen.name,
        "size": match.seen.total_size,
        "evidence": match.evidence,
        "doubt": match.doubt,
    }


def key_of(client: Client, match: Match) -> str:
    return f"{client.pk}:{match.seen.hash}"


# --- Adopt, when the books are there --------------------------------------------------------------


def adopt_due() -> str:
    """Once for every copy that moved in; a client that is down is asked again."""
    lines = list(due())
    if not lines:
        return "Nothing to adopt."
    found = look_for(lines)
    again = [f"{client} has just come up: it is asked once more." for client in found.cold]
    adopted = Adopted(troubles=[*found.troubles, *again])
    for client, matches in found.matches:
        meant = [one for match in matches if (one := as_meant(client, match)).books]
        try:
            store(client, meant)
            adopted.torrents += len(meant)
        except IntegrityError:  # somebody adopted one of them just now
            adopted.troubles.append(f"{client} is looked at once more.")
    if not adopted.troubles:
        due().filter(pk__in=[line.pk for line in lines]).update(seeds_sought_at=timezone.now())
    return " ".join([f"{counted(adopted.torrents, 'torrent')} adopted.", *adopted.troubles])


def due() -> QuerySet[MoveInLine]:
    rows = MoveInLine.objects.filter(copy__isnull=False, seeds_sought_at=None)
    return rows.select_related("copy__library", "library").order_by("pk")


def is_any_due() -> bool:
    return bool(due().exists())


def as_meant(client: Client, match: Match) -> Match:
    """With the books alone that it shall be adopted for."""
    key = key_of(client, match)
    return replace(match, books=[book for book in match.books if book.line.takes(key, match.doubt)])


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
            import_of(row, book)
            for row, match in zip(downloads, matches, strict=True)
            for book in match.books
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


def import_of(download: Download, book: Standing) -> Import:
    """Without the copy, which it did not make: undoing it would move a person's own files."""
    stood = book.line.copy
    return Import(
        download=download,
        book_id=stood.book_id,
        library_id=stood.library_id,
        state=ImportState.SHELVED,
        manifest=stood.manifest,
        final_folder=stood.folder,
    )
