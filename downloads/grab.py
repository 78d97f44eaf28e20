"""Grab a release for a book: the download is queued, and what was believed is kept with it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import Book
from books.replaceable import replaceable
from books.states import Wish
from downloads.believed import believed
from downloads.brakes import Obstacle, Room
from downloads.minimums import goals_at_the_grab
from downloads.models import (
    Client,
    Download,
    Import,
    Payload,
)
from downloads.states import IMPORT_LIVE
from indexers.decide import judge_again, judge_now
from indexers.decisions import REJECT, TAKE, volumes_in
from indexers.found import TITLE_LIMIT
from indexers.models import Block, Release
from indexers.torrents import Magnet, Torrent, read_magnet, read_torrent
from indexers.values import offer_of, wanted_of, with_names
from tame.lib import bell
from tame.lib.errors import BadInputError, ObstacleError

PUSH = "downloads.tasks.push"

NO_CLIENT = (
    "There is no qBittorrent to hand this to. Connect one first: Downloads, Clients, Add client."
)


class How(StrEnum):
    """How it came to a grab."""

    BY_HAND = "by hand"
    APPROVED = "approved"  # the choice as TAME put it
    ANYWAY = "anyway"  # against what the rules say
    BY_ITSELF = "by itself"


def obstacles(book: Book, release: Release | None = None, info_hash: str = "") -> list[Obstacle]:
    """What stands in the way of any grab right now, whoever presses it."""
    found = []
    coming = Import.objects.filter(book=book, state__in=IMPORT_LIVE).select_related("download")
    if live := coming.first():
        what = live.download or live.source_folder
        found.append(Obstacle("coming", f"“{book}” is already coming: {what}."))
    known = info_hash or (release.info_hash if release else "")
    if block := Block.on(known, release, book):
        said = f"This release is on the blocklist: {block.reason}"
        found.append(Obstacle("blocked", said, block.until))
    return found


def sentences(found: Iterable[Obstacle]) -> str:
    return " ".join(obstacle.sentence for obstacle in found)


def grab(
    book: Book,
    release: Release,
    *,
    actor: str,
    client: Client | None = None,
    how: How = How.BY_HAND,
    passed_by: Mapping[str, str] = MappingProxyType({}),
) -> Download:
    """Queue the release for the book. It is judged again first: what the rules reject, or has no
    room, is taken only `How.ANYWAY`. `passed_by`: better ones, and why not those. Raises
    ObstacleError, or BadInputError without a client."""
    if not (release.link or release.magnet):
        raise BadInputError(f"“{release}” has no link to a torrent: {release.indexer} gave none.")
    indexer = release.indexer
    client = client or Client.chosen_for(indexer)
    verdict = judge_again(book, release)
    reasons = [one.sentence for one in verdict.rejections.all()]
    against = what_speaks_against(verdict.outcome, reasons, release.size, client, how)
    if against and how != How.ANYWAY:
        raise ObstacleError(" ".join(against))
    download = queue(
        book,
        actor=actor,
        client=client,
        payload=payload_of(release),
        release=release,
        indexer=indexer,
        indexer_name=indexer.name,
        title=release.title,
        size=release.size,
        hash_v1=release.info_hash if len(release.info_hash) == 40 else "",
        hash_v2=release.info_hash if len(release.info_hash) == 64 else "",
        automatic=how == How.BY_ITSELF,
        decision=believed(verdict, how, against) | {"passed_by": dict(passed_by)},
    )
    for other in books_beside(book, release):
        deliver_too(download, other, actor)
    return download


def grounds_against(book: Book, release: Release) -> list[str]:
    """The sentences that a person would overrule by taking it anyway, as things are now. Nothing
    is stored."""
    found, client = judge_now(book, release), Client.chosen_for(release.indexer)
    said = [one.sentence for one in found.objections]
    return what_speaks_against(found.outcome, said, release.size, client, How.BY_HAND)


def what_speaks_against(
    outcome: str, reasons: list[str], size: int | None, client: Client | None, how: How
) -> list[str]:
    """What a person may overrule. By itself only what no rule objects to is taken."""
    is_enough = outcome == TAKE or (outcome != REJECT and how != How.BY_ITSELF)
    said = [] if is_enough else list(reasons)
    if client and (full := Room(client).space(size)):
        said.append(full.sentence)
    return said


def books_beside(book: Book, release: Release) -> list[Book]:
    """Other wanted books that a box set brings, as far as its name says which volumes it holds."""
    known = with_names(Book.objects.filter(pk=book.pk)).get()
    volumes = volumes_in(offer_of(release), wanted_of(known))
    if volumes is None:
        return []
    beside = Book.objects.filter(
        wish=Wish.WANTED,
        on_shelf=False,
        coming=False,
        places__series__in=[place.series_id for place in known.places.all()],
        places__sort_number__range=volumes,
    )
    others = beside.exclude(pk=book.pk).distinct()
    return [other for other in others if not Block.on(release.info_hash, release, other)]


def deliver_too(download: Download, book: Book, actor: str) -> None:
    try:
        with transaction.atomic():
            deliver(download, book, actor)
    except IntegrityError:  # it comes by something else since
        return


def payload_of(release: Release) -> Payload:
    """What push begins with: the release's magnet, else its link."""
    return arrived(magnet=release.magnet) if release.magnet else Payload(link=release.link)


def add_torrent(
    book: Book, given: bytes | str, *, actor: str, client: Client | None = None
) -> Download:
    """Queue what a person gave for the book: .torrent bytes, a magnet, or a link to either.

    Raises BadInputError when it can be seen at once that it is neither.
    """
    client = client or Client.chosen_for(None)
    if isinstance(given, bytes):
        torrent = read_torrent(given)
        sealed = base64.b64encode(given).decode()
        return queue(
            book,
            actor=actor,
            client=client,
            payload=arrived(torrent=sealed),
            **known_of(torrent),
        )
    text = given.strip()
    if text.lower().startswith(("http://", "https://")):
        title = f"{book} (from a link given by {actor})"
        return queue(book, actor=actor, client=client, payload=Payload(link=text), title=title)
    magnet = read_magnet(text)
    return queue(
        book, actor=actor, client=client, payload=arrived(magnet=magnet.uri), **known_of(magnet)
    )


def arrived(**content: str) -> Payload:
    return Payload(here_since=timezone.now(), **content)


def known_of(torrent: Torrent | Magnet) -> dict[str, Any]:
    """The columns that a torrent's own bytes or a magnet tell."""
    return {
        "title": torrent.name[:TITLE_LIMIT] or torrent.hash_v1 or torrent.hash_v2,
        "size": torrent.size,
        "hash_v1": torrent.hash_v1,
        "hash_v2": torrent.hash_v2,
    }


def queue(
    book: Book, *, actor: str, client: Client | None, payload: Payload, **columns: Any
) -> Download:
    """A queued download with its import; joins a live download of the same torrent."""
    if client is None:
        raise BadInputError(NO_CLIENT)
    hashes = (columns.get("hash_v1", ""), columns.get("hash_v2", ""))
    in_the_way = obstacles(book, columns.get("release"), hashes[0] or hashes[1])
    if in_the_way:
        raise ObstacleError(sentences(in_the_way))
    try:
        with transaction.atomic():
            download = joined(client, hashes) or begun(book, actor, client, payload, columns)
            deliver(download, book, actor)
            return download
    except IntegrityError as error:  # somebody was faster; the rows say who
        said = sentences(obstacles(book)) or "It is being taken already."
        raise ObstacleError(said) from error


def joined(client: Client, hashes: tuple[str, str]) -> Download | None:
    """The live download of the same torrent. Raises ObstacleError while it is taken out."""
    download = Download.holding(client, hashes).first()
    if download is not None and download.is_leaving:
        raise ObstacleError(
            f"This torrent is just being taken out of {client}. Try again when that is done."
        )
    return download


def begun(
    book: Book, actor: str, client: Client, payload: Payload, columns: Mapping[str, Any]
) -> Download:
    decision = columns.get("decision", {})
    download = Download(
        client=client,
        category=client.category,
        asked_by=actor,
        priority=book.priority,
        **goals_at_the_grab(columns.get("indexer"), columns.get("release")),
        **columns,
    )
    said = taken(actor, book, decision.get("overruled"))
    download.begin(said, actor=actor, evidence=decision)
    payload.download = download
    payload.save()
    bell.ring(PUSH)
    return download


def taken(actor: str, book: Book, overruled: list[str] | None) -> str:
    although = f", although: {' '.join(overruled)}" if overruled else "."
    return f"{actor} took this for “{book}”{although}"


def deliver(download: Download, book: Book, actor: str) -> Import:
    """An import of the book by this download, pending until it is complete."""
    delivery = Import(download=download, book=book, replaces=replaceable(book))
    return delivery.begin(f"To come from download {download.pk}, “{download}”.", actor=actor)
