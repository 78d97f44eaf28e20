"""Brakes: how much TAME takes by itself, and what has to stay free on a client's disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from downloads.clients import talking_to
from downloads.models import Brakes, Client, Download
from downloads.states import UNFINISHED, Failure, State
from tame.lib.moments import moment
from tame.lib.sizes import readable

GIGABYTE = 10**9
ASSUMED = GIGABYTE // 2  # bytes of a release whose indexer does not tell
DAY = timedelta(days=1)
FRESH = timedelta(minutes=10)  # free space is asked for again after so long
STILL_TO_COME = (*UNFINISHED, State.FAILED, State.HELD)


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of a grab at this moment; `until`: when it has passed, if known.
    `passes`: waiting helps; else a smaller release, or a person."""

    kind: str
    sentence: str
    until: datetime | None = None
    passes: bool = True


class Room:
    """What a client has room for right now, by the brakes. Read once; made anew after a grab."""

    def __init__(self, client: Client) -> None:
        self.client, self.brakes, self.taken = client, Brakes.now(), Taken()
        self.unfinished = Download.objects.filter(client=client, state__in=UNFINISHED).count()
        self.coming = to_come_since_looked(client)

    def obstacles(self, size: int | None) -> list[Obstacle]:
        """What holds TAME, though no person, from taking so many bytes."""
        found = [
            self.taken.grabs(self.brakes.grabs_a_day),
            self.places(),
            self.taken.gigabytes(self.brakes.gigabytes_a_day, size or ASSUMED),
            self.space(size),
        ]
        return [obstacle for obstacle in found if obstacle]

    def too_large(self, size: int | None) -> str:
        """Why so many bytes would not fit today, however long TAME waits; empty: they would."""
        said = [what.sentence for what in self.obstacles(size) if not what.passes]
        return " ".join(said)

    def places(self) -> Obstacle | None:
        limit = self.client.unfinished_limit
        if self.unfinished < limit:
            return None
        said = f"{self.client} has {self.unfinished} of {limit} unfinished downloads: the next one "
        return Obstacle("unfinished", f"{said}goes when one of them is complete.")

    def space(self, size: int | None) -> Obstacle | None:
        """Free space, without what is still to come and the reserve. Unknown is not full."""
        free = self.client.free_bytes
        reserve = self.brakes.reserve_gigabytes * GIGABYTE
        needed = size or ASSUMED
        if free is None or free - self.coming - reserve >= needed:
            return None
        said = (
            f"{self.client} has {readable(free)} free, of which {readable(self.coming)} are still "
            f"to come and {readable(reserve)} stay free: no room for {readable(needed)}."
        )
        return Obstacle("space", said, passes=False)


class Taken:
    """What TAME took by itself within a day, the oldest first. What was given up because its link
    gave no torrent brought nothing, and left its place to another."""

    def __init__(self) -> None:
        rows = Download.objects.filter(automatic=True, added_at__gt=timezone.now() - DAY)
        rows = rows.exclude(state=State.ABANDONED, failure=Failure.NOT_FETCHED)
        self.rows = list(rows.order_by("added_at").values_list("added_at", "size"))

    def grabs(self, limit: int) -> Obstacle | None:
        if len(self.rows) < limit:
            return None
        until = self.rows[-limit][0] + DAY if limit else None
        said = f"{len(self.rows)} of {limit} automatic grabs a day are used{goes_on(until)}"
        return Obstacle("grabs a day", said, until)

    def gigabytes(self, limit: int, size: int) -> Obstacle | None:
        room = limit * GIGABYTE - size
        if room < 0:
            said = f"It is larger than the {limit} GB a day that TAME takes by itself: take it "
            said += "yourself, or let off the brake."
            return Obstacle("gigabytes a day", said, passes=False)
        planned = sum(size_ or ASSUMED for _, size_ in self.rows)
        if planned <= room:
            return None
        until = self._room_at(planned - room)
        said = f"{planned / GIGABYTE:.1f} of {limit} GB a day are planned{goes_on(until)}"
        return Obstacle("gigabytes a day", said, until)

    def _room_at(self, missing: int) -> datetime:
        """When so many bytes are a day old."""
        for added, size in self.rows:
            missing -= size or ASSUMED
            if missing <= 0:
                return added + DAY
        return timezone.now() + DAY


def goes_on(until: datetime | None) -> str:
    return f": it goes on at {moment(until)}." if until else "."


# --- Space ----------------------------------------------------------------------------------------


def to_come_since_looked(client: Client) -> int:
    """Bytes for which the free space that the client told has to do: what was not there at that
    moment. What came since is still free by that figure."""
    ours = Download.objects.filter(client=client)
    coming = Q(state__in=STILL_TO_COME)
    found = ours.filter(coming).aggregate(left=Sum(since_looked(Coalesce(F("size"), ASSUMED))))
    if client.free_seen_at is None:
        return found["left"] or 0
    ended = ours.exclude(coming).filter(state_since__gt=client.free_seen_at)
    found |= ended.aggregate(came=Sum(since_looked(F("downloaded"))))
    return (found["left"] or 0) + (found["came"] or 0)


def since_looked(size: Combinable) -> Greatest:
    return Greatest(size - F("downloaded_when_looked"), 0)


def look_at_space(client: Client) -> None:
    """Ask the client what is free, unless it was asked a short while ago. Raises
    ServiceDownError."""
    now = timezone.now()
    if client.free_seen_at is not None and client.free_seen_at > now - FRESH:
        return
    with talking_to(client) as gateway:
        keep_space(client, gateway.free_space(), now)


def keep_space(client: Client, free: int | None, looked_at: datetime) -> None:
    """What was free, and beside it what of each download was there, as far as is known."""
    client.free_bytes, client.free_seen_at = free, looked_at
    with transaction.atomic():
        Client.objects.filter(pk=client.pk).update(free_bytes=free, free_seen_at=looked_at)
        coming = Download.objects.filter(client=client, state__in=STILL_TO_COME)
        coming.update(downloaded_when_looked=F("downloaded"))
