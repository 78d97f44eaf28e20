"""Make the clients agree with what is wished of a torrent, and read it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from downloads.clients import at_each, talking_to
from downloads.listed import OUR_TAG, find
from downloads.models import Client, Download
from downloads.needed import is_needed, is_only_copy
from downloads.qbittorrent import QBittorrent, Seen
from downloads.shared_files import shared_files
from downloads.states import GONE_WISHES, LIVE, WISHED_AT_GOAL, AtGoal, State, Wish
from tame.lib.errors import LostRaceError
from tame.lib.lease import free


def tidy_due() -> str:
    """Act on every wish that its client does not agree with yet."""
    agreed, troubles = at_each(Client.usable(), tidy_client)
    return " ".join([f"{sum(agreed)} wishes came true.", *troubles])


def open_wishes(client: Client) -> list[Download]:
    """Rows whose wish is open and that nobody works on: an add may still be under way."""
    rows = Download.objects.filter(free(), client=client, client_agrees_at=None)
    return list(rows.exclude(client_wish=Wish.NONE).exclude(state__in=(State.QUEUED, State.FAILED)))


def tidy_client(client: Client) -> int:
    """Four requests of reading at most, and one of acting for each kind of wish; two of reading
    more where files are to go."""
    rows = open_wishes(client)
    if not rows:
        return 0
    with talking_to(client) as gateway:
        seen = find(gateway, rows)
        rows = [row for row in rows if not is_taken_back(row, seen.get(row.pk))]
        act(gateway, [row for row in rows if not agrees(row, seen.get(row.pk))], seen)
        after = find(gateway, rows)
    return sum(close(row) for row in rows if agrees(row, after.get(row.pk)))


def is_taken_back(row: Download, seen: Seen | None) -> bool:
    """What seed wished is not done when a book of it is on its way again since, or does not stand
    without the torrent's files any more, or when somebody took the torrent over."""
    wished = WISHED_AT_GOAL.get(AtGoal(row.seed_end)) if row.seed_end else None
    if seen is None or wished not in GONE_WISHES or row.client_wish != wished:
        return False
    if OUR_TAG in seen.tags and not has_to_stay(row, with_files=wished == Wish.GONE_WITH_FILES):
        return False
    rows = Download.objects.filter(pk=row.pk, client_wish=wished, client_agrees_at=None)
    return bool(rows.update(client_wish=Wish.NONE, seed_end=""))


def has_to_stay(row: Download, *, with_files: bool) -> str:
    return is_needed(row, with_files=with_files) or (is_only_copy(row) if with_files else "")


def agrees(row: Download, seen: Seen | None) -> bool:
    if row.client_wish in GONE_WISHES:
        return seen is None
    if seen is None:
        return row.state not in LIVE
    return seen.is_stopped == (row.client_wish == Wish.STOPPED)


def act(gateway: QBittorrent, rows: Iterable[Download], seen: dict[int, Seen]) -> None:
    rows = [row for row in rows if row.pk in seen]
    with_files = [row for row in rows if row.client_wish == Wish.GONE_WITH_FILES]
    shared = shared_files(gateway, [seen[row.pk] for row in with_files])
    wished: dict[str, list[str]] = {}
    for row in rows:
        one = seen[row.pk].hash
        wish = Wish.GONE if one in shared else row.client_wish
        wished.setdefault(wish, []).append(one)
        if one in shared:
            said = f"Its files stay: “{shared[one].name}” in {row.client} uses them, too."
            row.note(said, actor="TAME", evidence={"other": shared[one].hash})
    for wish, hashes in wished.items():
        carry_out(gateway, wish, hashes)


def carry_out(gateway: QBittorrent, wish: str, hashes: Sequence[str]) -> None:
    if wish == Wish.RUNNING:
        gateway.start(hashes)
    elif wish == Wish.STOPPED:
        gateway.stop(hashes)
    else:
        gateway.delete(hashes, with_files=wish == Wish.GONE_WITH_FILES)


def close(row: Download) -> bool:
    """The client agrees; a completed download whose torrent is gone ends here."""
    rows = Download.objects.filter(pk=row.pk, client_wish=row.client_wish)
    if not rows.update(client_agrees_at=timezone.now()):
        return False
    if row.state == State.COMPLETED and row.client_wish in GONE_WISHES:
        try:
            row.move_to(State.REMOVED, f"It is out of {row.client}.", actor="TAME")
        except LostRaceError:
            return False
    return True
