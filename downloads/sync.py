"""Sync what is downloading: one request per client, one write for all rows, moves for the few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from downloads.clients import at_each, is_warm, talking_to
from downloads.confirm import differences, in_its_log
from downloads.failing import fail, give_up, pass_over
from downloads.listed import are_many, find
from downloads.models import Client, Download
from downloads.qbittorrent import QBittorrent, Seen
from downloads.states import Failure, State, Wish
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import LocalError, LostRaceError
from tame.lib.many_rows import update_rows
from tame.lib.sizes import readable

FIGURES = [
    "client_hash", "client_state", "content_path", "progress", "size", "downloaded", "speed",
    "eta", "seeds", "ratio", "seeding_seconds", "warning", "last_progress_at", "missing_since",
    "attempts",
]  # fmt: skip
IMPORT = "downloads.tasks.import_"


def sync_due() -> str:
    """Bring every download in every client up to date."""
    seen, troubles = at_each(Client.usable(), sync_client)
    return " ".join([f"{sum(seen)} seen.", *troubles])


def sync_client(client: Client) -> int:
    """At most two requests, whatever the number of torrents; how many rows were seen."""
    rows = due(client)
    if not rows:
        return 0
    with talking_to(client) as gateway:
        seen = find(gateway, rows)
        write_figures([(row, seen[row.pk]) for row in rows if row.pk in seen])
        problem = many_fell(client, rows, seen)
        if problem != client.problem:
            Client.objects.filter(pk=client.pk).update(problem=problem)
        if not problem:
            for row in rows:
                move_on(gateway, row, seen.get(row.pk))
    return len(seen)


def due(client: Client) -> list[Download]:
    """What is downloading, and every ten minutes what is seeding."""
    states = [State.DOWNLOADING]
    then = timezone.now() - hurried(settings.SEED_SYNC_SECONDS)
    if client.seeds_synced_at is None or client.seeds_synced_at < then:
        states.append(State.COMPLETED)
        Client.objects.filter(pk=client.pk).update(seeds_synced_at=timezone.now())
    rows = list(Download.objects.filter(client=client, state__in=states).defer("decision"))
    for row in rows:
        row.client = client  # joined, its sealed password would be opened for every row
    return rows


# --- Figures --------------------------------------------------------------------------------------


def write_figures(pairs: Sequence[tuple[Download, Seen]]) -> None:
    """Write the rows whose figures have changed."""
    now = timezone.now()
    changed = {}
    for row, seen in pairs:
        new = figures(row, seen, now)
        if any(getattr(row, name) != value for name, value in new.items()):
            changed[row.pk] = new
    update_rows(Download, FIGURES, changed)


def figures(row: Download, seen: Seen, now: datetime) -> dict[str, Any]:
    """The columns of one row. Attempts fall to zero only because bytes arrived."""
    advanced = seen.downloaded > row.downloaded or seen.progress > row.progress
    last = now if advanced or row.last_progress_at is None else row.last_progress_at
    return {
        "client_hash": seen.hash,
        "client_state": seen.state,
        "content_path": seen.content_path,
        "progress": seen.progress,
        "size": seen.size,
        "downloaded": seen.downloaded,
        "speed": seen.download_speed,
        "eta": seen.eta,
        "seeds": seen.seeds,
        "ratio": seen.ratio,
        "seeding_seconds": seen.seeding_seconds,
        "warning": warning(row, seen, now - last),
        "last_progress_at": last,
        "missing_since": None,
        "attempts": 0 if advanced else row.attempts,
    }


def warning(row: Download, seen: Seen, idle: timedelta) -> str:
    """How it feels, as sentences. One that a person stopped is never stalled."""
    odd = [] if row.adopted else differences(row, seen)
    return " ".join(said for said in (trouble(row, seen, idle), *odd) if said)


def trouble(row: Download, seen: Seen, idle: timedelta) -> str:
    if is_broken(seen):
        return f"{row.client} reports an error for this torrent ({seen.state})."
    if seen.is_complete or seen.is_stopped or seen.is_checking or seen.is_moving:
        return ""
    if idle < hurried(settings.STALLED_SECONDS):
        return ""
    minutes = int(idle.total_seconds() // 60)
    what = "no metadata" if seen.needs_metadata else "no byte"
    seeds = "nobody seeds it" if not seen.seeds else f"{seen.seeds} seed it"
    return f"Stalled: {what} arrived for {minutes} minutes; {seeds} right now."


# --- Moves ----------------------------------------------------------------------------------------


def move_on(gateway: QBittorrent, row: Download, seen: Seen | None) -> None:
    try:
        if seen is None:
            note_missing(row)
        elif row.state == State.COMPLETED:
            data_lost(row, seen)
        elif seen.is_complete:
            completed(row, seen)
        elif is_broken(seen):
            broken(gateway, row, seen)
        elif is_hopeless(row, seen):
            hopeless(row, seen)
    except LostRaceError:
        return


def completed(row: Download, seen: Seen) -> None:
    row.move_to(
        State.COMPLETED,
        f"All wanted files are there: {readable(seen.size)}.",
        actor="TAME",
        evidence={"state": seen.state, "content_path": seen.content_path},
        completed_at=seen.completed_at or timezone.now(),
        progress=1,
        speed=0,
        warning="",
        last_error="",
    )
    bell.ring(IMPORT)


def data_lost(row: Download, seen: Seen) -> None:
    """Files went missing after completion; checking and moving say nothing yet."""
    if seen.is_checking or seen.is_moving or (seen.amount_left == 0 and not seen.is_missing_files):
        return
    row.move_to(
        State.DOWNLOADING,
        f"{row.client} no longer has all of its files ({seen.state}).",
        actor="TAME",
        evidence={"state": seen.state, "amount_left": seen.amount_left},
    )


def broken(gateway: QBittorrent, row: Download, seen: Seen) -> None:
    """The client cannot write or find the files: our side; its log tells why."""
    lines, _ = gateway.log_since(row.log_mark)
    words = [line.text for line in lines if seen.name in line.text][-2:]
    sentence = (
        f"{row.client} cannot go on with this torrent ({seen.state}): look at the free space and "
        f"the rights of {seen.save_path}. {in_its_log(words)}"
    )
    fail(row, LocalError(sentence.strip()), evidence={"state": seen.state, "log": words})


def is_hopeless(row: Download, seen: Seen) -> bool:
    """No seed and no metadata for days. One that is stopped is not waiting for anybody."""
    since = row.last_progress_at or row.state_since
    for_days = since < timezone.now() - hurried(settings.HOPELESS_SECONDS)
    return for_days and seen.needs_metadata and not seen.seeds and not seen.is_stopped


def hopeless(row: Download, seen: Seen) -> None:
    sentence = "For days nobody seeded this torrent and not even its metadata arrived."
    give_up(row, sentence, evidence={"state": seen.state})


# --- Missing --------------------------------------------------------------------------------------


def many_fell(client: Client, rows: Sequence[Download], seen: Mapping[int, Seen]) -> str:
    """Three or more and more than half in trouble at once is one problem of the client, not of
    the rows: its sentence, else nothing."""
    missing = [row for row in rows if row.pk not in seen]
    if are_many(missing, rows):
        return (
            f"{client} lists only {len(rows) - len(missing)} of the {len(rows)} torrents it had. "
            "Nothing was changed. Is it another qBittorrent at this address, or is its list lost?"
        )
    errored = [row for row in rows if row.pk in seen and is_broken(seen[row.pk])]
    if are_many(errored, rows):
        return (
            f"{client} reports an error for {len(errored)} of {len(rows)} torrents at once. "
            f"Nothing was changed. Look at the disk and the rights of {client.save_path or 'it'}."
        )
    unanswered = [row for row in rows if row.pk in seen and is_hopeless(row, seen[row.pk])]
    if are_many(unanswered, rows):
        return (
            f"Nobody answers any of {len(unanswered)} torrents of {client}, for days. Nothing was "
            "changed. Is its network or its VPN up? If it is, mark them as failed one by one."
        )
    return ""


def is_broken(seen: Seen) -> bool:
    return seen.is_errored or seen.is_missing_files


def note_missing(row: Download) -> None:
    """Looked for again a minute later, once the client has been up for two; then a person asks."""
    now = timezone.now()
    if row.missing_since is None:
        Download.objects.filter(pk=row.pk, missing_since=None).update(missing_since=now)
    elif row.missing_since < now - hurried(settings.LOOK_AGAIN_SECONDS) and is_warm(row.client):
        vanished(row)


@transaction.atomic
def vanished(row: Download) -> None:
    if row.state == State.COMPLETED:
        row.move_to(
            State.REMOVED,
            f"Somebody removed it in {row.client} after it was complete.",
            actor="TAME",
            client_agrees_at=timezone.now(),
        )
        return
    sentence = (
        f"Somebody removed this torrent in {row.client}. Put it back with Retry, "
        "take the next best release, or cancel it."
    )
    pass_over(row, sentence)
    row.move_to(
        State.HELD,
        sentence,
        actor="TAME",
        failure=Failure.VANISHED,
        last_error=sentence,
        client_wish=Wish.NONE,
    )
