"""Confirm pushed downloads: only their own hash in the client's list is proof."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from downloads.clients import at_each, talking_to
from downloads.failing import fail
from downloads.listed import OUR_TAG, find
from downloads.models import Client, Download
from downloads.obtain import merge
from downloads.qbittorrent import QBittorrent, Seen
from downloads.states import State
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import LostRaceError, NotListedError

SYNC = "downloads.tasks.sync"


def confirm_due() -> str:
    """Look for every pushed download in its client's list, with two requests per client at most."""
    clients = Client.usable().filter(downloads__state=State.PUSHED).distinct()
    counts, troubles = at_each(clients, confirm_in)
    confirmed, waiting = sum(done for done, _ in counts), sum(left for _, left in counts)
    return " ".join([f"{confirmed} confirmed, {waiting} not listed yet.", *troubles])


def is_any_due() -> bool:
    return Client.usable().filter(downloads__state=State.PUSHED).exists()


def confirm_in(client: Client) -> tuple[int, int]:
    rows = list(Download.objects.filter(client=client, state=State.PUSHED))
    with talking_to(client) as gateway:
        seen = find(gateway, rows)
        confirmed = sum(confirmed_one(row, seen[row.pk]) for row in rows if row.pk in seen)
        missing = [row for row in rows if row.pk not in seen]
        late = [row for row in missing if is_late(row)]
        for row in late:
            not_listed(gateway, client, row)
    return confirmed, len(missing) - len(late)


def confirmed_one(row: Download, seen: Seen) -> bool:
    """Move on with what was read back; False when the row has moved on by itself."""
    hash_v2 = row.hash_v2 or seen.hash_v2
    # The client does not say that it had it already: whoever added it just before us owns it.
    adopted = row.adopted or OUR_TAG not in seen.tags
    theirs = "" if adopted == row.adopted else " Somebody else added it just before: it stays so."
    try:
        with transaction.atomic():
            row.move_to(
                State.DOWNLOADING,
                f"{row.client} lists it under {seen.hash}.{theirs}",
                actor="TAME",
                evidence={"hash": seen.hash, "state": seen.state, "save_path": seen.save_path},
                client_hash=seen.hash,
                hash_v1=row.hash_v1 or seen.hash_v1,
                hash_v2=hash_v2,
                client_state=seen.state,
                save_path=row.save_path or seen.save_path,
                content_path=seen.content_path,
                adopted=adopted,
                warning="" if adopted else " ".join(differences(row, seen)),
                confirmed_at=timezone.now(),
                last_progress_at=timezone.now(),
                missing_since=None,
            )
            bell.ring(SYNC)
    except LostRaceError:
        return False
    except IntegrityError:
        return merged(row, seen)
    return True


def merged(row: Download, seen: Seen) -> bool:
    """Its second hash belongs to another download: they are the same torrent."""
    holders = Download.holding(row.client, (seen.hash_v1, seen.hash_v2)).exclude(pk=row.pk)
    if other := holders.first():
        row.refresh_from_db()
        merge(row, other)
    return False


def differences(row: Download, seen: Seen) -> list[str]:
    """What the client made of it, where that is not what was asked."""
    said = []
    if row.category and seen.category != row.category:
        named = f"“{seen.category}”" if seen.category else "none"
        said.append(f"Its category in {row.client} is {named}, not “{row.category}”.")
    if row.tag not in seen.tags:
        said.append(f"{row.client} did not keep TAME's tag {row.tag}.")
    if row.save_path and seen.save_path.rstrip("/") != row.save_path.rstrip("/"):
        said.append(f"{row.client} saves it to {seen.save_path}, not to {row.save_path}.")
    return said


def in_its_log(words: Sequence[str]) -> str:
    return f"Its log says: “{'”, “'.join(words)}”." if words else ""


def is_late(row: Download) -> bool:
    return row.state_since < timezone.now() - hurried(settings.LISTED_WITHIN_SECONDS)


def not_listed(gateway: QBittorrent, client: Client, row: Download) -> None:
    """It took the torrent and does not have it: failed, in the words of the client's own log."""
    lines, _ = gateway.log_since(row.log_mark)
    words = [line.text for line in lines][-5:]
    said = in_its_log(words) or "Its log says nothing of it."
    error = NotListedError(
        f"{client} accepted the torrent, but it does not appear in its list. {said}"
    )
    try:
        fail(row, error, evidence={"log": words})
    except LostRaceError:
        return
