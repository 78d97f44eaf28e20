"""Ask the trackers of stalled torrents: one that calls a torrent unregistered is proof.

Not when many torrents of one tracker are called so together: that is the tracker's own trouble.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from downloads.clients import at_each, talking_to
from downloads.failing import fail
from downloads.listed import are_many
from downloads.models import Client, Download
from downloads.qbittorrent import QBittorrent, TrackerSays
from downloads.states import State
from tame.lib.backoff import hurried
from tame.lib.errors import LostRaceError, NotListedError, RefusedError

AT_A_TIME = 20  # one request each
UNREGISTERED = re.compile(
    r"(?i)\b(unregistered|not\s+registered|unknown\s+(torrent|info_?hash)|torrent\s+not\s+found|"
    r"(torrent|info_?hash)\s+(has\s+been|was|is)\s+(deleted|removed|trumped))\b"
)

Said = list[tuple[Download, str, bool]]  # the row, its tracker's host, whether it is unregistered


def ask_trackers() -> str:
    """Give up the stalled downloads whose tracker does not know them."""
    given_up, troubles = at_each(Client.usable(), ask_in)
    return " ".join([f"{sum(given_up)} unregistered.", *troubles])


def stalled(client: Client) -> list[Download]:
    """Downloading, and no byte for a while; those asked longest ago first."""
    rows = Download.objects.filter(
        client=client, state=State.DOWNLOADING, last_progress_at__lt=quiet_since()
    )
    return list(rows.select_related("client", "release").order_by("last_progress_at")[:AT_A_TIME])


def quiet_since() -> datetime:
    return timezone.now() - hurried(settings.STALLED_SECONDS)


def ask_in(client: Client) -> int:
    rows = stalled(client)
    if not rows:
        return 0
    with talking_to(client) as gateway:
        said = [answer for row in rows if (answer := ask(gateway, row))]
    return sum(unregistered(row, host) for row, host in alone(said))


def ask(gateway: QBittorrent, row: Download) -> tuple[Download, str, bool] | None:
    """What its trackers say; None when they say nothing or one of them works."""
    try:
        answers = gateway.tracker_messages(row.client_hash)
    except NotListedError:
        return None
    if not answers or any(answer.working for answer in answers):
        return None
    refusing = next((answer for answer in answers if is_unregistered(answer)), None)
    return row, (refusing or answers[0]).host, refusing is not None


def is_unregistered(answer: TrackerSays) -> bool:
    return bool(UNREGISTERED.search(answer.message))


def alone(said: Said) -> list[tuple[Download, str]]:
    """The refused ones, without those that fell together with most of their tracker."""
    by_host: dict[str, list[tuple[Download, bool]]] = defaultdict(list)
    for row, host, refused in said:
        by_host[host].append((row, refused))
    found = []
    for host, rows in by_host.items():
        fallen = [row for row, refused in rows if refused]
        if not are_many(fallen, [row for row, _ in rows]):
            found += [(row, host) for row in fallen]
    return found


def unregistered(row: Download, host: str) -> bool:
    error = RefusedError(f"{host} no longer knows this torrent: it was removed there.")
    try:
        fail(row, error, evidence={"tracker": host})
    except LostRaceError:
        return False
    return True
