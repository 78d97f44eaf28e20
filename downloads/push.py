"""Push queued downloads: fetch the torrent ourselves, hand over bytes, believe nothing.

Every step looks before it acts, so it may be killed at any line and run again.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from downloads.clients import talking_to
from downloads.failing import absolve, fail
from downloads.grab import note
from downloads.models import Client, Download, Payload
from downloads.qbittorrent import QBittorrent, Seen
from downloads.states import ImportState, State, Wish
from downloads.waiting import has_place, waiting
from indexers.endpoints import source
from indexers.fetching import Fetched, fetch
from indexers.models import Block
from indexers.torrents import client_hashes, read_magnet, read_torrent
from tame.lib import bell
from tame.lib.errors import (
    BadInputError,
    LocalError,
    LostRaceError,
    NotFetchedError,
    RefusedError,
    ServiceDownError,
    TameError,
)
from tame.lib.lease import claim, give_back, renew

CONFIRM = "downloads.tasks.confirm"
TIDY = "downloads.tasks.tidy"
OUR_TAG = "tame"


@dataclass(frozen=True)
class Ready:
    """What is handed to the client, with the hashes it will be known by."""

    content: bytes | str
    hash_v1: str
    hash_v2: str

    @property
    def hashes(self) -> tuple[str, ...]:
        return client_hashes(self.hash_v1, self.hash_v2)


def push_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Push what is queued, per client as many as it has places, the most urgent first."""
    pushed, troubles = 0, []
    for client in Client.usable():
        try:
            pushed += push_to(client, keep_going)
        except ServiceDownError as error:
            troubles.append(str(error))
    return " ".join([f"{pushed} pushed.", *troubles])


def push_to(client: Client, keep_going: Callable[[], bool]) -> int:
    pushed = 0
    for download in waiting(client):
        if not has_place(client) or not keep_going():
            break
        pushed += push_one(download)
    return pushed


def push_one(download: Download) -> bool:
    """Hand one queued download to its client; True when that was done.

    Raises ServiceDownError when the client is down; every other trouble ends in the row.
    """
    token = claim(Download.objects.filter(state=State.QUEUED), download.pk)
    if token is None:
        return False
    try:
        check_tries(download)
        ready = prepare(download, token)
        if ready is None:
            return False
        hand_over(download, ready, token)
    except LostRaceError:
        let_go_if_cancelled(download)
        return False
    except ServiceDownError as error:
        give_back(download, token, last_error=str(error))
        let_go_if_cancelled(download)
        raise
    except TameError as error:
        fail_unless_lost(download, error, token)
        return False
    return True


def check_tries(download: Download) -> None:
    """A failed row is not queued again without a try left: its last worker did not come to that."""
    download.refresh_from_db(fields=["attempts"])
    if download.attempts > settings.MAX_ATTEMPTS:
        raise LocalError(
            "Its last try was cut off: whoever worked on it was killed. Look at TAME's log for the "
            "reason before you press Retry."
        )


def fail_unless_lost(download: Download, error: TameError, token: str) -> None:
    try:
        fail(download, error, token=token)
    except LostRaceError:
        let_go_if_cancelled(download)


def let_go_if_cancelled(download: Download) -> None:
    """Cancelled while we were at it: what we may have added meanwhile has to go, too. Tidy waits
    for the end of our lease before it looks, so it ends here."""
    gone = Download.objects.filter(
        pk=download.pk, leased_by="", state__in=(State.CANCELLED, State.ABANDONED)
    ).exclude(client_wish=Wish.NONE)
    if gone.update(leased_until=None, client_agrees_at=None):
        bell.ring(TIDY)


# --- The torrent ----------------------------------------------------------------------------------


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
    try:
        fetched = fetch(payload.link, source(indexer), timeout=settings.FETCH_TIMEOUT)
    except ServiceDownError as error:
        if indexer is None:
            raise NotFetchedError(str(error), code="unreachable") from error
        indexer.note_failure(error)
        give_back(download, token, last_error=str(error))
        return None
    except NotFetchedError as error:
        if indexer is not None and indexer.note_bad_fetch(str(error)):
            give_back(download, token, last_error=indexer.last_error)
            absolve(indexer)
            return None
        raise
    if indexer is not None:
        indexer.note_good_fetch()
    renew(download, token)
    return keep(payload, fetched)


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
    for book in download.books:
        if block := Block.on(ready.hash_v1 or ready.hash_v2, download.release, book):
            raise RefusedError(f"This torrent is on the blocklist: {block.reason}")


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


# --- The client -----------------------------------------------------------------------------------


def hand_over(download: Download, ready: Ready, token: str) -> None:
    with talking_to(download.client) as client:
        there = already_there(client, download, ready)
        if there is None:
            add(client, download, ready, token)
            sentence = f"Handed to {download.client}. Now it is looked for."
        else:
            sentence = take_over(client, download, there)
    download.move_to(
        State.PUSHED,
        sentence,
        actor="TAME",
        token=token,
        evidence={"hashes": list(ready.hashes), "already_there": there is not None},
        failure="",
        warning="",
        last_error="",
        missing_since=None,
        retry_at=None,
        adopted=download.adopted,
    )
    bell.ring(CONFIRM)


def already_there(client: QBittorrent, download: Download, ready: Ready) -> Seen | None:
    """The torrent in the client's list, by its hash. A magnet's hash may have changed with its
    metadata, so it is also looked for by the tag that an earlier try gave it."""
    found = client.find(ready.hashes)
    if not found and isinstance(ready.content, str):
        found = client.find_by_tag(download.tag)
    return found[0] if found else None


def add(client: QBittorrent, download: Download, ready: Ready, token: str) -> None:
    folder = client.ensure_category(download.category)
    path = folder or client.default_save_path()
    _, mark = client.log_since(download.client.log_mark)
    Client.objects.filter(pk=download.client_id).update(log_mark=mark)
    renew(download, token)  # the last look before the one act that cannot be undone
    client.add(
        ready.content,
        category=download.category,
        save_path=path,
        tags=[OUR_TAG, download.tag],
    )
    Download.objects.filter(pk=download.pk, leased_by=token).update(save_path=path, log_mark=mark)


def take_over(client: QBittorrent, download: Download, there: Seen) -> str:
    """It is in the list already: from an earlier try of ours, or from before TAME."""
    if OUR_TAG in there.tags:
        client.add_tags([there.hash], [download.tag])
        if there.is_errored or there.is_missing_files:
            client.recheck([there.hash])
        client.start([there.hash])
        return f"{download.client} already has it, from an earlier try."
    download.adopted = True
    note(
        download,
        "TAME",
        f"It was in {download.client} before TAME: its category, tags, folder and files are left "
        "as they are.",
        {"hash": there.hash, "category": there.category, "save_path": there.save_path},
    )
    return f"{download.client} already had it; TAME follows it and leaves it as it is."
