"""Give up a download and take another release for its book: one press."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from books.models import Book
from downloads.approve import correct_download
from downloads.failing import pass_over
from downloads.grab import grab
from downloads.models import Download
from downloads.states import Failure, State
from downloads.steer import cancel
from indexers.decide import judge_again
from indexers.decisions import REJECT
from indexers.models import Release
from indexers.verdicts import BEST_FIRST, standing_verdicts
from tame.lib.errors import LostRaceError, ObstacleError


def offers(book: Book) -> Iterator[Release]:
    """Releases for the book that are neither rejected, passed over nor blocked, the best first.
    One query; one that was seen again and is not judged yet counts as offered."""
    standing = standing_verdicts().filter(book=book).select_related("release__indexer")
    for verdict in standing.order_by(*BEST_FIRST).iterator(chunk_size=20):
        if verdict.release.link or verdict.release.magnet:
            yield verdict.release


def next_best(download: Download) -> Release | None:
    """What would be taken instead; None when nothing else was found."""
    return next((release for _, release in others(download)), None)


def others(download: Download) -> Iterator[tuple[Book, Release]]:
    """Other releases for the books it was to deliver, the best first."""
    for book in download.books or all_books(download):
        for release in others_for(book, download):
            yield book, release


def other_for(book: Book, download: Download | None) -> Release | None:
    """What would be taken for the book instead of this download."""
    return next(others_for(book, download), None)


def others_for(book: Book, download: Download | None) -> Iterator[Release]:
    for release in offers(book):
        if download is None or not is_same(release, download):
            yield release


def is_same(release: Release, download: Download) -> bool:
    same = release.info_hash and release.info_hash in (download.hash_v1, download.hash_v2)
    return bool(same) or release.pk == download.release_id


def all_books(download: Download) -> list[Book]:
    """Also those that it will not deliver any more."""
    return [delivery.book for delivery in download.imports.select_related("book")]


def take_next_best(download: Download, *, actor: str) -> Download:
    """Give this download up and grab the next best release for its book. A retry that claimed it
    first wins, and this says so. What cannot be replaced stays as it was."""
    found = next((pair for pair in others(download) if still_stands(*pair)), None)
    if found is None:
        raise ObstacleError("No other release is known for this book. Search for it first.")
    book, release = found
    with transaction.atomic():
        correct_download(download)
        pass_over(download, f"{actor} took another one instead.")
        leave(download, actor)
        return grab(book, release, actor=actor)


def still_stands(book: Book, release: Release) -> bool:
    """Judged at this moment; it may not have been judged yet."""
    return judge_again(book, release).outcome != REJECT


def leave(download: Download, actor: str) -> None:
    sentence = f"{actor} takes the next best release instead."
    try:
        if State.ABANDONED in download.MOVES[download.state]:
            download.move_to(
                State.ABANDONED,
                sentence,
                actor=actor,
                failure=download.failure or Failure.PERSON,
                retry_at=None,
                client_wish=download.wish_when_given_up,
                client_agrees_at=None,
            )
        elif download.state not in (State.ABANDONED, State.CANCELLED, State.REMOVED):
            cancel(download, actor=actor, torrent=download.wish_when_given_up)
    except LostRaceError as error:
        raise ObstacleError("It is being tried again this very moment; wait for that.") from error
