"""Import by hand: a folder on the disk, or a torrent in qBittorrent, as a book.

What is shown before is only looked at; the folder is linked or copied as any other, and the torrent
keeps category, path and state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from books.models import Book, Library
from downloads.adopting import download_of, magnet_of, strangers
from downloads.clients import talking_to
from downloads.delivered import Delivered, look_at_folder
from downloads.grab import deliver, obstacles, sentences
from downloads.importing import Plan, would_be
from downloads.kin import as_named, with_people
from downloads.manifest import AUDIO, suffix
from downloads.models import Client, Download, Import, Payload
from downloads.qbittorrent import Seen
from downloads.splitting import Known, named_in, words_of
from downloads.states import State
from tame.lib import bell
from tame.lib.errors import BadInputError, NotListedError, ObstacleError, TameError
from tame.lib.seeing import is_folder, reading
from tame.lib.words import find_words

IMPORT = "downloads.tasks.import_"
MOST = 20  # books that are offered for a folder
LISTED = 200  # torrents


@dataclass
class Preview:
    """`books`: which it may be, the surest first; `is_sure`: its names name the first one wholly.
    `plan`: what an import of `book` would do; `trouble`: why it would not."""

    folder: Path
    files: int
    books: list[Book]
    is_sure: bool
    book: Book | None = None
    plan: Plan | None = None
    trouble: str = ""
    left: list[str] = field(default_factory=list)


# --- A folder -------------------------------------------------------------------------------------


def read_folder(text: str) -> Path:
    """One that is there and no part of a library. Raises BadInputError."""
    folder = Path(text.strip())
    if not text.strip() or not folder.is_absolute():
        raise BadInputError("Give the whole path of the folder, as in /srv/incoming/Cranford.")
    if not is_folder(folder):
        raise BadInputError(f"TAME sees no folder {folder}.")
    real = folder.resolve()
    for library in Library.objects.all():
        root = Path(library.root).resolve()
        if real == root or root in real.parents:
            raise BadInputError(
                f"{folder} is in the library “{library}” already. What stands there is taken in by "
                "moving in."
            )
        if real in root.parents:
            raise BadInputError(f"{folder} holds the library “{library}”: it is no book.")
    return folder


def preview(folder: Path, book: Book | None = None, files: Sequence[str] = ()) -> Preview:
    """Stores nothing. `files`: paths that a person says are the book; else all that is. Raises
    LocalError, BadInputError."""
    with reading():
        delivered = look_at_folder(folder)
    books, is_sure = matching(delivered, folder)
    chosen = book or (books[0] if is_sure else None)
    shown = Preview(folder, len(delivered.files), books, is_sure, chosen)
    if chosen is None:
        return shown
    try:
        check_free(chosen)
        row = Import(book=chosen, source_folder=str(folder), chosen_files=list(files))
        shown.plan = would_be(row)
    except TameError as error:
        shown.trouble = str(error)
    return shown


def matching(delivered: Delivered, folder: Path) -> tuple[list[Book], bool]:
    """The books that its folder, album or file may be, and whether the first is sure."""
    labels = list(dict.fromkeys(label for label in labels_of(delivered, folder) if label.strip()))
    words = [words_of(label) for label in labels]
    titles = Book.objects.order_by("-added_at", "-pk").values_list("pk", "title")
    near = [pk for pk, title in titles if any(find_words(one, words_of(title)) for one in words)]
    books = with_people(near[:MOST])
    known = [Known(as_named(book)) for book in books.values()]
    for label in labels:
        found = named_in(label, known, several=False)
        if found.sure and len(found.books) == 1:
            first = books.pop(found.books[0])
            return [first, *books.values()], True
    return list(books.values()), False


def labels_of(delivered: Delivered, folder: Path) -> Iterable[str]:
    yield folder.name
    yield f"{folder.parent.name} - {folder.name}"
    sounds = [file.name for file in delivered.files if suffix(file.name) in AUDIO]
    if sounds and (heard := delivered.hear(sounds[0])):
        yield heard.album
    if len(sounds) == 1:
        yield Path(sounds[0]).stem


def check_free(book: Book) -> None:
    """Raises ObstacleError for one that comes by something else or is there already."""
    if in_the_way := obstacles(book):
        raise ObstacleError(sentences(in_the_way))
    if book.on_shelf:
        raise ObstacleError(f"“{book}” is on the shelf already. Take it off first.")


def files_in(folder: Path) -> list[str]:
    """As an import calls them. Raises LocalError, BadInputError."""
    return [file.name for file in look_at_folder(folder).files]


def import_folder(folder: Path, book: Book, *, actor: str, files: Sequence[str] = ()) -> Import:
    """Pending: the next import brings it in. Raises ObstacleError."""
    check_free(book)
    try:
        with transaction.atomic():
            row = Import(source_folder=str(folder), book=book, chosen_files=list(files))
            row.begin(f"{actor} imports the folder {folder}, which stays as it is.", actor=actor)
            bell.ring(IMPORT)
    except IntegrityError as error:
        raise ObstacleError(f"“{book}” is coming already.") from error
    return row


# --- A torrent ------------------------------------------------------------------------------------


def foreign(client: Client, words: str = "") -> list[Seen]:
    """Torrents of the client that are complete and no download of TAME, the newest first."""
    with talking_to(client) as gateway:
        seen = strangers(client, gateway.all())
    wanted = words_of(words)
    fits = [one for one in seen if all(word in words_of(one.name) for word in wanted)]
    fits.sort(key=lambda one: (one.added_at or timezone.now(), one.hash), reverse=True)
    return fits[:LISTED]


def adopt(client: Client, torrent: str, book: Book, *, actor: str) -> Import:
    """The torrent is followed and its book imported; in the client nothing is changed.

    Raises ServiceDownError, NotListedError, ObstacleError.
    """
    check_free(book)
    with talking_to(client) as gateway:
        seen = next(iter(gateway.find([torrent])), None)
    if seen is None:
        raise NotListedError(f"{client} does not list this torrent.")
    if not seen.is_complete:
        raise ObstacleError(f"“{seen.name}” is not complete yet.")
    try:
        with transaction.atomic():
            download = known(client, seen) or follow(client, seen, actor)
            row = deliver(download, book, actor)
            bell.ring(IMPORT)
    except IntegrityError as error:
        raise ObstacleError(f"“{book}” is coming already.") from error
    return row


def known(client: Client, seen: Seen) -> Download | None:
    """It may be a download by now."""
    download = Download.holding(client, (seen.hash_v1, seen.hash_v2)).first()
    if download is not None and (download.is_leaving or download.state != State.COMPLETED):
        raise ObstacleError(f"“{download}” is {download.get_state_display()} as a download.")
    return download


def follow(client: Client, seen: Seen, actor: str) -> Download:
    download = download_of(client, seen)
    download.asked_by = actor
    download.begin(
        f"{actor} adopted it. Its category, tags, folder and files are left as they are.",
        actor=actor,
        evidence={"hash": seen.hash, "category": seen.category, "save_path": seen.save_path},
    )
    Payload.objects.create(download=download, magnet=magnet_of(seen), here_since=timezone.now())
    return download


def shown_for(books: Sequence[Book]) -> list[tuple[int, str]]:
    """As choices of a form; two that are called alike by their numbers, too."""
    names = [f"{book} by {book.authors}" if book.authors else str(book) for book in books]
    return [
        (book.pk, f"{name} (book {book.pk})" if names.count(name) > 1 else name)
        for book, name in zip(books, names, strict=True)
    ]
