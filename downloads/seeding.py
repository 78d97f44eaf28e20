"""What becomes of a torrent that has seeded for long enough: only the wish is written here, tidy
makes the client agree.

Never below its goal, never while a book of it is on its way into a library, and never anything
that was in the client before TAME.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from downloads.clients import at_each, talking_to
from downloads.goals import HOUR, UNBELIEVABLE, duration
from downloads.listed import OUR_TAG, are_many, find
from downloads.minimums import goal_of
from downloads.models import Client, Download, Seeding
from downloads.needed import is_needed, is_only_copy
from downloads.qbittorrent import Seen
from downloads.states import (
    GONE_WISHES,
    WISHED_AT_GOAL,
    AtGoal,
    State,
    Wish,
)
from tame.lib import bell

TIDY = "downloads.tasks.tidy"


def seed_due() -> str:
    """Wish what the person wants of every torrent that has seeded for long enough."""
    policy = Seeding.now()
    if policy.when_met == AtGoal.KEEP:
        return "All that is complete seeds on."
    ended, troubles = at_each(Client.usable(), lambda client: seed_in(client, policy))
    said = [sentence for _, strange in ended for sentence in strange]
    count = sum(done for done, _ in ended)
    return " ".join([f"{count} have seeded enough.", *said, *troubles])


def seed_in(client: Client, policy: Seeding) -> tuple[int, list[str]]:
    """How many ended, and what is strange. Asks the client only when something seems to be due."""
    if not ripe(client, policy):
        return 0, []
    plan = look(client, policy)
    if plan.problem:
        return 0, [plan.problem]
    return sum(end(row, plan.seen[row.pk], policy) for row in plan.due), []


def seeding_in(client: Client) -> list[Download]:
    """What is complete in the client and was put there by TAME."""
    rows = Download.objects.filter(client=client, state=State.COMPLETED, adopted=False)
    found = list(rows.defer("decision"))
    for row in found:
        row.client = client  # joined, its sealed password would be opened for every row
    return found


def ripe(client: Client, policy: Seeding) -> list[Download]:
    """Those whose goal is met by the figures of the last sync, and that were not ended that way
    already: whoever was resumed by a person after it goes on."""
    return [row for row in seeding_in(client) if is_ripe(row, policy)]


def is_ripe(row: Download, policy: Seeding) -> bool:
    has_open_wish = row.client_wish != Wish.NONE and row.client_agrees_at is None
    if has_open_wish or row.seed_end == policy.when_met:
        return False
    return goal_of(row, policy).is_met(row.ratio, row.seeding_seconds)


@dataclass(frozen=True)
class Plan:
    """`stays`: by download, why it is not ended though its goal is met."""

    due: list[Download]
    stays: Mapping[int, str]
    seen: Mapping[int, Seen]
    problem: str = ""


def look(client: Client, policy: Seeding) -> Plan:
    """What would end right now, by the client's own fresh figures. Changes nothing. Raises
    ServiceDownError."""
    rows = seeding_in(client)
    with talking_to(client) as gateway:
        seen = find(gateway, rows)
    here = [as_seen(row, seen[row.pk]) for row in rows if row.pk in seen]
    met = [row for row in here if seen[row.pk].is_complete and is_ripe(row, policy)]
    strange = [row for row in met if is_absurd(row, seen[row.pk])]
    if are_many(strange, rows):
        return Plan([], {}, seen, problem_of(client, strange, rows))
    stays = {row.pk: reason for row in met if (reason := why_it_stays(row, seen[row.pk], policy))}
    return Plan([row for row in met if row.pk not in stays], stays, seen)


def as_seen(row: Download, seen: Seen) -> Download:
    row.ratio, row.seeding_seconds = seen.ratio, seen.seeding_seconds
    return row


def is_absurd(row: Download, seen: Seen) -> bool:
    """It cannot have seeded longer than it was there, nor shared what it never downloaded."""
    since = min(row.added_at, seen.added_at or row.added_at)
    there = (timezone.now() - since).total_seconds()
    return seen.seeding_seconds > there + HOUR or not 0 <= seen.ratio < UNBELIEVABLE


def problem_of(client: Client, strange: list[Download], rows: list[Download]) -> str:
    return (
        f"{client} says of {len(strange)} of {len(rows)} torrents that they seeded longer than "
        "they were there, or shared what they never downloaded. Nothing was changed. Was it set "
        "up anew, or does a clock go wrong?"
    )


def why_it_stays(row: Download, seen: Seen, policy: Seeding) -> str:
    """As a sentence; empty when it may end."""
    if OUR_TAG not in seen.tags:
        return f"It has no tag of TAME's in {row.client}: somebody took it over."
    if is_absurd(row, seen):
        return f"The figures of {row.client} cannot be: {figures(row)}."
    if policy.when_met == AtGoal.STOP:
        return ""
    if reason := is_needed(row, with_files=policy.when_met == AtGoal.REMOVE_FILES):
        return reason
    return "" if policy.when_met == AtGoal.REMOVE else is_only_copy(row)


def end(row: Download, seen: Seen, policy: Seeding) -> bool:
    """Store what is wished; False when a person or an import was faster."""
    wished = WISHED_AT_GOAL[AtGoal(policy.when_met)]
    told = f"It has seeded for long enough ({goal_of(row, policy)}): {figures(row)}. "
    with transaction.atomic():
        if wished in GONE_WISHES and is_needed(row, with_files=wished == Wish.GONE_WITH_FILES):
            return False
        rows = Download.objects.filter(
            pk=row.pk,
            state=State.COMPLETED,
            client_wish=row.client_wish,
            client_agrees_at=row.client_agrees_at,
        )
        columns = {"client_wish": wished, "client_agrees_at": None, "seed_end": policy.when_met}
        if not rows.update(**columns):
            return False
        evidence = {"ratio": seen.ratio, "seeding_seconds": seen.seeding_seconds}
        said = f"{told}Now {policy.get_when_met_display()}."
        row.note(said, actor="TAME", evidence=evidence)
        bell.ring(TIDY)
    return True


def figures(row: Download) -> str:
    ratio = f"ratio {row.ratio:.1f}" if 0 <= row.ratio < UNBELIEVABLE else "ratio unknown"
    return f"{ratio}, {duration(row.seeding_seconds)}"


def about_to_end(policy: Seeding, clients: Iterable[Client]) -> int:
    """How many the next run would end, by the figures of the last sync."""
    return sum(len(ripe(client, policy)) for client in clients)
