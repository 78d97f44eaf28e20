"""Push queued downloads: fetch the torrent ourselves, hand over bytes, believe nothing.

Every step looks before it acts, so it may be killed at any line and run again.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from downloads.clients import at_each, talking_to
from downloads.failing import fail
from downloads.instead import take_instead
from downloads.listed import OUR_TAG
from downloads.models import Client, Download
from downloads.obtain import Ready, prepare
from downloads.qbittorrent import QBittorrent, Seen
from downloads.states import State, Wish
from downloads.waiting import has_place, waiting
from tame.lib import bell
from tame.lib.errors import (
    LocalError,
    LostRaceError,
    NotFetchedError,
    ServiceDownError,
    TameError,
)
from tame.lib.lease import claim, give_back, renew

CONFIRM = "downloads.tasks.confirm"
TIDY = "downloads.tasks.tidy"


def push_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Push what is queued, per client as many as it has places, the most urgent first."""
    pushed, troubles = at_each(Client.usable(), lambda client: push_to(client, keep_going))
    return " ".join([f"{sum(pushed)} pushed.", *troubles])


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
        gave_nothing = isinstance(error, NotFetchedError)
        if not (gave_nothing and take_instead(download, str(error), token=token)):
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


# --- The client -----------------------------------------------------------------------------------


def hand_over(download: Download, ready: Ready, token: str) -> None:
    with talking_to(download.client) as client:
        there = already_there(client, download, ready)
        if there is None:
            add(client, download, ready, token)
            sentence = f"Handed to {download.client}. Now it is looked for."
        else:
            sentence = take_over(client, download, there)
            if there.needs_metadata:
                give_metadata(client, download, ready, token)
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
    path = client.folder_of(download.category)
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
    download.note(
        f"It was in {download.client} before TAME: its category, tags, folder and files are left "
        "as they are.",
        actor="TAME",
        evidence={"hash": there.hash, "category": there.category, "save_path": there.save_path},
    )
    return f"{download.client} already had it; TAME follows it and leaves it as it is."


def give_metadata(client: QBittorrent, download: Download, ready: Ready, token: str) -> None:
    """A magnet link there may wait for its file list for ever, and we hold it. The client refuses
    the file as a duplicate and takes the list from it; category, tags and folder stay."""
    if isinstance(ready.content, bytes):
        renew(download, token)
        client.add(ready.content, category="", save_path="", tags=[])
