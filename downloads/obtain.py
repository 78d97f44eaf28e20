"""Obtain the torrent of a download: fetch it ourselves, check it, store it with its hashes."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from downloads.failing import absolve, block_release
from downloads.models import Download, Payload
from downloads.states import ImportState, State
from indexers.endpoints import endpoint
from indexers.fetching import Fetched, fetch
from indexers.limits import Allowance, reserve_fetch
from indexers.models import Block, Query
from indexers.torrents import client_hashes, read_magnet, read_torrent
from tame.lib.errors import (
    BadInputError,
    BlockedError,
    LocalError,
    LostRaceError,
    NotFetchedError,
    RefusedError,
    ServiceDownError,
)
from tame.lib.lease import give_back, renew


@dataclass(frozen=True)
class Ready:
    """What is handed to the client, with the hashes it will be known by."""

    content: bytes | str
    hash_v1: str
    hash_v2: str

    @property
    def hashes(self) -> tuple[str, ...]:
        return client_hashes(self.hash_v1, self.hash_v2)


def prepare(download: Download, token: str) -> Ready | None:
    """The torrent with its hashes stored; None when the row went to another download or waits."""
    payload = Payload.objects.get(download=download)
    ready = stored(payload)
    if ready is None:
        fetched = fetch_payload(download, payload, token)
        if fetched is None:
            return None
        ready = fetched
    check_announced(download, ready)
    check_blocklist(download, ready)
    return ready if keep_hashes(download, ready, token) else None


def stored(payload: Payload) -> Ready | None:
    try:
        if payload.torrent:
            data = base64.b64decode(payload.torrent)
            torrent = read_torrent(data)
            return Ready(data, torrent.hash_v1, torrent.hash_v2)
        if payload.magnet:
            magnet = read_magnet(payload.magnet)
            return Ready(magnet.uri, magnet.hash_v1, magnet.hash_v2)
    except BadInputError as error:
        raise NotFetchedError(str(error), code="bad-magnet") from error
    return None


def fetch_payload(download: Download, payload: Payload, token: str) -> Ready | None:
    """Fetch and store the torrent. None when its indexer is down: the row stays queued."""
    indexer = download.indexer
    asked, allowed = note_fetch(download)
    if asked is None:
        give_back(download, token, last_error=allowed.sentence)
        return None
    try:
        fetched = fetch(payload.link, endpoint(indexer), timeout=settings.FETCH_TIMEOUT)
    except ServiceDownError as error:
        asked.end(Query.Outcome.FAILED, str(error))
        if indexer is None:
            raise NotFetchedError(str(error), code="unreachable") from error
        indexer.note_failure(error)
        give_back(download, token, last_error=str(error))
        return None
    except NotFetchedError as error:
        asked.end(Query.Outcome.FAILED, str(error))
        if indexer is not None and indexer.note_bad_fetch(str(error)):
            give_back(download, token, last_error=indexer.last_error)
            absolve(indexer)
            return None
        raise
    asked.end(Query.Outcome.ANSWERED, f"{download.indexer_name} gave the torrent.")
    if indexer is not None:
        indexer.note_good_fetch()
    renew(download, token)
    return keep(payload, fetched)


def note_fetch(download: Download) -> tuple[Query | None, Allowance]:
    """The fetch as a row, unless the indexer allows no more of them today."""
    asked = download.title[:500]
    if download.indexer is not None:
        return reserve_fetch(download.indexer, asked=asked)
    by = download.indexer_name
    return Query.objects.create(kind=Query.Kind.FETCH, indexer_name=by, asked=asked), Allowance()


def keep(payload: Payload, fetched: Fetched) -> Ready:
    if fetched.magnet is not None:
        payload.magnet = fetched.magnet.uri
        payload.here_since = timezone.now()
        payload.save(update_fields=["magnet", "here_since"])
        return Ready(fetched.magnet.uri, fetched.magnet.hash_v1, fetched.magnet.hash_v2)
    if fetched.torrent is None or fetched.data is None:
        raise NotFetchedError("The link gave neither a torrent nor a magnet.", code="not-a-torrent")
    payload.torrent = base64.b64encode(fetched.data).decode()
    payload.here_since = timezone.now()
    payload.save(update_fields=["torrent", "here_since"])
    return Ready(fetched.data, fetched.torrent.hash_v1, fetched.torrent.hash_v2)


def check_announced(download: Download, ready: Ready) -> None:
    """Another torrent than the one that was listed is proof against the release."""
    announced = download.release.info_hash if download.release else ""
    if announced and announced not in (ready.hash_v1, ready.hash_v2, *ready.hashes):
        raise RefusedError(
            f"{download.indexer_name} listed the info hash {announced}, but its link gave "
            f"{ready.hash_v1 or ready.hash_v2}: another torrent than the one you chose."
        )


def check_blocklist(download: Download, ready: Ready) -> None:
    """A book that it is blocked for does not come by it; blocked for all of them it is refused,
    and this listing of it is blocked for whom the torrent was."""
    open_ = list(download.imports.filter(state=ImportState.PENDING).select_related("book"))
    known = ready.hash_v1 or ready.hash_v2
    blocks = {row: Block.on(known, download.release, row.book) for row in open_}
    blocked = {row: block for row, block in blocks.items() if block}
    for row, block in blocked.items():
        block_release(download, block.reason, block.blocked_by, block.book, block.until)
        sentence = f"This torrent is on the blocklist: {block.reason}"
        if len(blocked) == len(open_):
            raise BlockedError(sentence)
        row.move_to(ImportState.DROPPED, sentence, actor="TAME")


def keep_hashes(download: Download, ready: Ready, token: str) -> bool:
    """Store the hashes. False when another download has this torrent: it takes over our books."""
    rows = Download.objects.filter(pk=download.pk, leased_by=token)
    known_as = ready.hashes[0]
    try:
        with transaction.atomic():
            found = rows.update(hash_v1=ready.hash_v1, hash_v2=ready.hash_v2, client_hash=known_as)
    except IntegrityError as error:
        other = Download.holding(download.client, (ready.hash_v1, ready.hash_v2))
        holder = other.exclude(pk=download.pk).first()
        if holder is None:
            raise LocalError("This torrent is being cancelled; it is tried again soon.") from error
        merge(download, holder, token)
        return False
    if not found:
        raise LostRaceError("Another worker has taken this over.")
    download.hash_v1, download.hash_v2, download.client_hash = (
        ready.hash_v1,
        ready.hash_v2,
        known_as,
    )
    return True


def merge(download: Download, other: Download, token: str | None = None) -> None:
    """The same torrent twice: the other download delivers our books, and this one ends."""
    if other.is_leaving:
        raise LocalError("This torrent is being cancelled; it is tried again soon.")
    if other.state not in (State.QUEUED, State.PUSHED, State.DOWNLOADING, State.COMPLETED):
        raise LocalError(
            f"This is the same torrent as download {other.pk}, which is "
            f"{other.get_state_display()}. Retry or cancel that one first."
        )
    sentence = f"This is the same torrent as download {other.pk}, which brings it."
    with transaction.atomic():
        download.imports.filter(state=ImportState.PENDING).update(download=other)
        download.move_to(
            State.CANCELLED, sentence, actor="TAME", token=token, evidence={"same_as": other.pk}
        )
