"""Grab a release for a book: the download is queued, and what was believed is kept with it."""

from __future__ import annotations

import base64
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import Book
from downloads.models import (
    Client,
    Download,
    DownloadHistory,
    Import,
    ImportHistory,
    Payload,
    recompute_coming,
)
from downloads.states import IMPORT_LIVE, ImportState, State
from indexers.models import Block, Release, Verdict
from indexers.torrents import Magnet, Torrent, read_magnet, read_torrent
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError

PUSH = "downloads.tasks.push"
NO_CLIENT = (
    "There is no qBittorrent to hand this to. Connect one first: Downloads, Clients, Add client."
)


def obstacles(book: Book, release: Release | None = None, info_hash: str = "") -> list[str]:
    """What stands in the way of a grab right now, each as a sentence."""
    found = []
    coming = Import.objects.filter(book=book, state__in=IMPORT_LIVE).select_related("download")
    if live := coming.first():
        found.append(f"“{book}” is already coming: {live.download or live.source_folder}.")
    known = info_hash or (release.info_hash if release else "")
    if block := Block.on(known, release, book):
        found.append(f"This release is on the blocklist: {block.reason}")
    return found


def grab(book: Book, release: Release, *, actor: str, client: Client | None = None) -> Download:
    """Queue the release for the book. Raises ObstacleError, or BadInputError without a client."""
    if not (release.link or release.magnet):
        raise BadInputError(f"“{release}” has no link to a torrent: {release.indexer} gave none.")
    indexer = release.indexer
    return queue(
        book,
        actor=actor,
        client=client or Client.chosen_for(indexer),
        payload=payload_of(release),
        release=release,
        indexer=indexer,
        indexer_name=indexer.name,
        title=release.title,
        size=release.size,
        hash_v1=release.info_hash if len(release.info_hash) == 40 else "",
        hash_v2=release.info_hash if len(release.info_hash) == 64 else "",
        ratio_goal=indexer.ratio_goal,
        seed_goal=indexer.seed_goal,
        decision=believed(book, release),
    )


def payload_of(release: Release) -> Payload:
    """What push begins with: the release's magnet, else its link."""
    return arrived(magnet=release.magnet) if release.magnet else Payload(link=release.link)


def believed(book: Book, release: Release) -> dict[str, Any]:
    """What was known of the release when it was taken; it outlives release and indexer."""
    verdict = Verdict.objects.filter(book=book, release=release).first()
    return {
        "release": release.title,
        "indexer": release.indexer.name,
        "size": release.size,
        "seeders": release.seeders,
        "published": release.published_at.isoformat() if release.published_at else None,
        "outcome": verdict.outcome if verdict else None,
        "score": verdict.score if verdict else None,
        "parts": verdict.parts if verdict else {},
        "digest": verdict.digest if verdict else "",
        "overruled": [said.sentence for said in verdict.rejections.all()] if verdict else [],
        "at": timezone.now().isoformat(),
    }


def add_torrent(
    book: Book, given: bytes | str, *, actor: str, client: Client | None = None
) -> Download:
    """Queue what a person gave for the book: .torrent bytes, a magnet, or a link to either.

    Raises BadInputError when it can be seen at once that it is neither.
    """
    client = client or Client.chosen_for(None)
    if isinstance(given, bytes):
        torrent = read_torrent(given)
        sealed = base64.b64encode(given).decode()
        return queue(
            book,
            actor=actor,
            client=client,
            payload=arrived(torrent=sealed),
            **known_of(torrent),
        )
    text = given.strip()
    if text.lower().startswith(("http://", "https://")):
        title = f"{book} (from a link given by {actor})"
        return queue(book, actor=actor, client=client, payload=Payload(link=text), title=title)
    magnet = read_magnet(text)
    return queue(
        book, actor=actor, client=client, payload=arrived(magnet=magnet.uri), **known_of(magnet)
    )


def arrived(**content: str) -> Payload:
    return Payload(here_since=timezone.now(), **content)


def known_of(torrent: Torrent | Magnet) -> dict[str, Any]:
    """The columns that a torrent's own bytes or a magnet tell."""
    return {
        "title": torrent.name or torrent.hash_v1 or torrent.hash_v2,
        "size": torrent.size,
        "hash_v1": torrent.hash_v1,
        "hash_v2": torrent.hash_v2,
    }


def queue(
    book: Book, *, actor: str, client: Client | None, payload: Payload, **columns: Any
) -> Download:
    """A queued download with its import; joins a live download of the same torrent."""
    if client is None:
        raise BadInputError(NO_CLIENT)
    hashes = (columns.get("hash_v1", ""), columns.get("hash_v2", ""))
    in_the_way = obstacles(book, columns.get("release"), hashes[0] or hashes[1])
    if in_the_way:
        raise ObstacleError(" ".join(in_the_way))
    try:
        with transaction.atomic():
            return _queue(book, actor, client, payload, hashes, columns)
    except IntegrityError as error:  # somebody was faster; the rows say who
        in_the_way = obstacles(book) or ["It is being taken already."]
        raise ObstacleError(" ".join(in_the_way)) from error


def _queue(
    book: Book,
    actor: str,
    client: Client,
    payload: Payload,
    hashes: tuple[str, str],
    columns: dict[str, Any],
) -> Download:
    download = Download.holding(client, hashes).first()
    if download is not None and download.is_leaving:
        raise ObstacleError(
            f"This torrent is just being taken out of {client}. Try again when that is done."
        )
    if download is None:
        download = Download.objects.create(
            client=client,
            category=client.category,
            asked_by=actor,
            priority=book.priority,
            **columns,
        )
        payload.download = download
        payload.save()
        note(download, actor, f"{actor} took this for “{book}”.", columns.get("decision", {}))
        bell.ring(PUSH)
    deliver(download, book, actor)
    return download


def deliver(download: Download, book: Book, actor: str) -> Import:
    """An import of the book by this download, pending until it is complete."""
    delivery = Import.objects.create(download=download, book=book)
    ImportHistory.objects.create(
        row=delivery,
        to_state=ImportState.PENDING,
        actor=actor,
        sentence=f"To come from download {download.pk}, “{download}”.",
    )
    recompute_coming(book.pk)
    return delivery


def note(download: Download, actor: str, sentence: str, evidence: dict[str, Any]) -> None:
    DownloadHistory.objects.create(
        row=download,
        from_state="" if download.state == State.QUEUED else download.state,
        to_state=download.state,
        actor=actor,
        sentence=sentence,
        evidence=evidence,
    )
