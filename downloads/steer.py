"""What a person does with a download. Each verb serves the button, the list action and the command.

A verb raises BadInputError or ObstacleError with a sentence when it makes no sense in the
download's state, and ServiceDownError when it has to ask the client and cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from downloads.approve import correct_download
from downloads.clients import talking_to
from downloads.failing import block_release, fail, lift_blocks, pass_over
from downloads.grab import obstacles, payload_of
from downloads.listed import find
from downloads.models import Download, Import, Payload
from downloads.orders import check_category
from downloads.qbittorrent import QBittorrent, Seen
from downloads.states import (
    IN_CLIENT,
    Failure,
    ImportState,
    State,
    Wish,
)
from indexers.models import Verdict
from tame.lib import bell
from tame.lib.errors import BadInputError, LocalError, ObstacleError, RefusedError
from tame.lib.moments import at

PUSH = "downloads.tasks.push"
TIDY = "downloads.tasks.tidy"
WHAT_COMES = {  # of a cancelled torrent: it is still there when this is said
    Wish.NONE: "its torrent stays as it is",
    Wish.GONE: "its torrent goes, its files stay",
    Wish.GONE_WITH_FILES: "its torrent goes with its files",
}
Act = Callable[[QBittorrent, tuple[str, ...]], None]


def push_now(download: Download, *, actor: str) -> str:
    """Let the next push take it: a queued one as it is, a failed or held one by a retry."""
    if download.state == State.QUEUED:
        bell.ring(PUSH)
        return f"“{download}” is next to be pushed."
    return retry(download, actor=actor)


def retry(download: Download, *, actor: str) -> str:
    """Start again with all tries: failed, held, or given up (which also lifts its block)."""
    if download.state == State.ABANDONED:
        return revive(download, actor=actor)
    if download.state not in (State.FAILED, State.HELD):
        raise not_now(download, "nothing to retry")
    requeue(download, f"{actor} tries it again.", actor)
    return f"“{download}” is queued again."


@transaction.atomic
def requeue(download: Download, sentence: str, actor: str) -> None:
    forgive(download)
    download.move_to(
        State.QUEUED,
        sentence,
        actor=actor,
        attempts=0,
        retry_at=None,
        failure=Failure.NONE,
        missing_since=None,
        client_wish=Wish.NONE,
        client_agrees_at=None,
    )
    bell.ring(PUSH)


def forgive(download: Download) -> None:
    """A person's retry passes its release over no longer."""
    if download.release_id:
        Verdict.objects.filter(release=download.release_id).update(passed_over_until=None, why="")


def revive(download: Download, *, actor: str) -> str:
    """Take up a download that was given up. Its books must be free."""
    dropped = download.imports.filter(state=ImportState.DROPPED).select_related("book")
    books = {delivery.book for delivery in dropped}
    for book in books:
        if in_the_way := obstacles(book):
            raise ObstacleError(f"{in_the_way[0].sentence} Cancel that one first.")
    payload = payload_again(download)
    try:
        with transaction.atomic():
            if payload is not None:
                payload.save()
            lift_blocks(download, books)
            requeue(download, f"{actor} takes it up again.", actor)
            for book in books:
                Import(download=download, book=book).begin("Taken up again.", actor=actor)
    except IntegrityError as error:
        raise ObstacleError("Its book or its torrent is held by another download now.") from error
    return f"“{download}” is queued again."


def payload_again(download: Download) -> Payload | None:
    """What push would miss: a torrent is not kept for ever. None when it is still there."""
    if Payload.objects.filter(download=download).exists():
        return None
    release = download.release
    if release is None or not (release.link or release.magnet):
        raise ObstacleError(
            "Its torrent is kept no longer and its release is not listed any more. Search again."
        )
    payload = payload_of(release)
    payload.download = download
    return payload


@transaction.atomic
def retry_on(download: Download, when: datetime, *, actor: str) -> str:
    """Try a failed or held download again at that time, with all tries."""
    if when <= timezone.now():
        raise BadInputError("That time is over. Give one that is still to come, or use Retry.")
    if download.state == State.HELD:
        raise BadInputError(f"“{download}” waits for you: use Retry when its cause is gone.")
    if download.state != State.FAILED:
        raise not_now(download, "nothing to retry")
    rows = Download.objects.filter(pk=download.pk, state=State.FAILED)
    if not rows.update(retry_at=when, attempts=0):
        raise BadInputError("It changed meanwhile; nothing was done.")
    download.note(f"{actor} wants it tried again {at(when)}.", actor=actor)
    return f"“{download}” is tried again {at(when)}."


def pause(download: Download, *, actor: str) -> str:
    wish(download, Wish.STOPPED, (State.QUEUED, *IN_CLIENT), f"{actor} paused it.", actor)
    return f"“{download}” is paused."


def resume(download: Download, *, actor: str) -> str:
    wish(download, Wish.RUNNING, (State.QUEUED, *IN_CLIENT), f"{actor} resumed it.", actor)
    bell.ring(PUSH)
    return f"“{download}” goes on."


def wish(
    download: Download, wished: Wish, states: tuple[State, ...], sentence: str, actor: str
) -> None:
    """Store what is wished of the torrent; tidy makes the client agree and reads it back."""
    with transaction.atomic():
        rows = Download.objects.filter(pk=download.pk, state__in=states)
        if not rows.update(client_wish=wished, client_agrees_at=None):
            raise not_now(download, "there is nothing to do that to")
        download.note(sentence, actor=actor, evidence={"wish": wished})
    download.client_wish, download.client_agrees_at = wished, None
    bell.ring(TIDY)


@transaction.atomic
def cancel(download: Download, *, actor: str, torrent: str = Wish.GONE) -> str:
    """Stop wanting this download. `torrent`: `Wish.NONE` leaves it in the client, `GONE` takes it
    out and keeps the files, `GONE_WITH_FILES` removes both. A complete one ends when it is out.
    What was in the client before TAME stays there."""
    wished = Wish.NONE if download.adopted else Wish(torrent)
    correct_download(download)
    if State.CANCELLED in download.MOVES[download.state]:  # else TAME would take it once more
        pass_over(download, f"{actor} cancelled it.")
    if download.state == State.COMPLETED:
        return cancel_completed(download, wished, actor)
    if State.CANCELLED not in download.MOVES[download.state]:
        raise not_now(download, "nothing to cancel")
    download.move_to(
        State.CANCELLED,
        f"{actor} cancelled it; {WHAT_COMES[wished]}.",
        actor=actor,
        client_wish=wished,
        client_agrees_at=None,
        retry_at=None,
    )
    bell.ring(TIDY)
    return f"“{download}” is cancelled; {WHAT_COMES[wished]}."


def cancel_completed(download: Download, wished: Wish, actor: str) -> str:
    if wished == Wish.NONE:
        raise BadInputError(f"“{download}” is complete: nothing to cancel.")
    wish(download, wished, (State.COMPLETED,), f"{actor} wants it out of the client.", actor)
    return f"“{download}” leaves {download.client}."


@transaction.atomic
def failed_because(download: Download, reason: str, *, actor: str, block: bool = False) -> str:
    """A person says that it failed, and why; with `block` its release is not taken again."""
    if not reason.strip():
        raise BadInputError("Say why it failed: the reason is kept with the download.")
    sentence = reason.strip()
    if download.state == State.HELD or State.FAILED not in download.MOVES[download.state]:
        raise not_now(download, "it cannot fail now")
    if not block:
        fail(download, LocalError(sentence), actor=actor)
        return f"“{download}” failed and is tried again."
    correct_download(download)
    if State.ABANDONED in download.MOVES[download.state]:
        fail(download, RefusedError(sentence), actor=actor)
        return f"“{download}” is given up and its release blocked."
    block_release(download, sentence, actor)
    cancel(download, actor=actor, torrent=download.wish_when_given_up)
    return f"“{download}” is cancelled and its release blocked."


def not_now(download: Download, why: str) -> BadInputError:
    return BadInputError(f"“{download}” is {download.get_state_display()}: {why}.")


def recheck(download: Download, *, actor: str) -> str:
    ask_client(download, "recheck", actor, lambda client, h: client.recheck(h))
    return f"“{download}” is being rechecked."


def reannounce(download: Download, *, actor: str) -> str:
    ask_client(download, "re-announce", actor, lambda client, h: client.reannounce(h))
    return f"“{download}” was announced again."


def set_category(download: Download, category: str, *, actor: str) -> str:
    """Give the torrent another category; it is made when the client does not know it."""

    def change(client: QBittorrent, hashes: tuple[str, ...]) -> None:
        client.ensure_category(category)
        client.set_category(hashes, category)
        if listed(client, download).category != category:
            raise ObstacleError(
                f"{download.client} did not give it the category “{category}”: set it there."
            )

    check_category(download.client.name, category)
    if download.state == State.QUEUED:
        download.note(f"Its category is “{category}”.", actor=actor)
    else:
        ask_client(download, f"set the category {category}", actor, change)
    Download.objects.filter(pk=download.pk).update(category=category)
    return f"“{download}” has the category “{category}”."


@transaction.atomic
def set_priority(download: Download, priority: int, *, actor: str) -> str:
    """Higher goes first. It counts until the download is pushed."""
    if download.state not in (State.QUEUED, State.FAILED, State.HELD):
        raise not_now(download, "its turn has come already")
    Download.objects.filter(pk=download.pk).update(priority=priority)
    was = {"was": download.priority}
    download.note(f"{actor} gave it the priority {priority}.", actor=actor, evidence=was)
    return f"“{download}” has the priority {priority}."


def ask_client(download: Download, what: str, actor: str, act: Act) -> None:
    if download.state not in IN_CLIENT:
        raise BadInputError(
            f"“{download}” is {download.get_state_display()}: it is not in {download.client}."
        )
    with talking_to(download.client) as client:
        act(client, (listed(client, download).hash,))
    download.note(f"{actor} had {download.client} {what}.", actor=actor)


def listed(client: QBittorrent, download: Download) -> Seen:
    """The torrent in the client's list: an unknown hash is answered like a known one."""
    seen = find(client, [download]).get(download.pk)
    if seen is None:
        raise ObstacleError(
            f"{download.client} does not list this torrent: it was removed there, or it is not "
            "shown yet. Try again in a minute."
        )
    return seen
