"""A book's cover: that of its files on the shelf, else what a source has, fetched in advance.

Nothing waits for it, and no page fetches: what is not there is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from books.asking import SOURCES
from books.cover_models import Cover
from books.metadata.picture import NoPictureError, fetch_picture
from books.models import Book, ShelfCopy
from books.origins import source_of
from books.sources import MetadataSource
from tame.lib.backoff import hurried
from tame.lib.errors import ServiceDownError
from tame.lib.numbers import counted
from tame.lib.pictures import SUFFIXES, kind_of

MOST_BYTES = 10 * 2**20  # of a file on the shelf that a page shows
A_PASS = 50  # covers
AGAIN = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
NAMES = ("cover", "folder", "front")  # of several pictures the first called so


@dataclass(frozen=True)
class Picture:
    content: bytes
    kind: str


# --- Shown ----------------------------------------------------------------------------------------


def picture_of(book: Book) -> Picture | None:
    """What its page shows."""
    return on_shelf(book) or fetched(book)


def stamp_of(book: Book) -> str:
    """Another one for another picture; empty where there is none. No file is read."""
    if (path := file_of(book)) is not None:
        return f"f{path.stat().st_mtime_ns}"
    row = Cover.objects.filter(book=book).exclude(kind="").values_list("fetched_at", flat=True)
    at = row.first()
    return f"s{at.timestamp():.0f}" if at else ""


def on_shelf(book: Book) -> Picture | None:
    path = file_of(book)
    try:
        content = path.read_bytes() if path and path.stat().st_size <= MOST_BYTES else b""
    except OSError:
        return None
    kind = kind_of(content)
    return Picture(content, kind) if kind else None


def fetched(book: Book) -> Picture | None:
    row = Cover.objects.filter(book=book).exclude(kind="").first()
    return Picture(bytes(row.content), row.kind) if row else None


def file_of(book: Book) -> Path | None:
    if not book.on_shelf:
        return None
    copies = ShelfCopy.on_shelf(book).select_related("library")
    for copy in copies.defer("manifest", "library__server"):
        if (path := picture_in(copy.path)) is not None:
            return path
    return None


def picture_in(folder: Path) -> Path | None:
    """The picture beside the tracks. Links are not followed, folders not looked into."""
    try:
        found = [
            path
            for path in sorted(folder.iterdir())
            if path.suffix.lower().lstrip(".") in SUFFIXES and not path.name.startswith(".")
            and path.is_file() and not path.is_symlink()
        ]  # fmt: skip
    except OSError:
        return None
    named = [path for name in NAMES for path in found if path.stem.lower() == name]
    return next(iter(named or found), None)


# --- Fetched --------------------------------------------------------------------------------------


def due() -> QuerySet[Book]:
    is_new = Q(cover=None) | ~Q(cover__address=F("cover_url"))
    is_ripe = Q(cover__next_try_at__lte=timezone.now())
    return Book.objects.exclude(cover_url="").filter(is_new | is_ripe).order_by("-pk")


def fetch_due(keep_going: Callable[[], bool] = lambda: True) -> str:
    """Of each book whose cover a source has named; at the source's pace is not needed: each is one
    picture, once."""
    done = 0
    for book in list(due().select_related("cover")[:A_PASS]):
        if not keep_going():
            break
        done += fetch(book)
    return f"{counted(done, 'cover')} fetched." if done else ""


def fetch(book: Book) -> bool:
    """True when it is there. What fails is tried again later, what is no picture only when the
    source names another."""
    home = home_of(book)
    if home is None:
        note(book, "", timezone.now() + hurried(AGAIN[-1]))
        return False
    try:
        content, kind = fetch_picture(book.cover_url, home=home, timeout=settings.SOURCE_TIMEOUT)
    except ServiceDownError as error:
        row = Cover.objects.filter(book=book).first()
        wait = AGAIN[min(row.tries if row else 0, len(AGAIN) - 1)]
        note(book, str(error), timezone.now() + hurried(wait))
        return False
    except NoPictureError as error:
        note(book, str(error), None)
        return False
    columns = {
        "address": book.cover_url, "content": content, "kind": kind, "tries": 0,
        "fetched_at": timezone.now(), "next_try_at": None, "last_error": "",
    }  # fmt: skip
    Cover.objects.update_or_create(book_id=book.pk, defaults=columns)
    return True


def note(book: Book, error: str, again: object) -> None:
    row, _ = Cover.objects.get_or_create(book_id=book.pk, defaults={"address": book.cover_url})
    tries = 0 if row.address != book.cover_url else row.tries + 1
    Cover.objects.filter(pk=row.pk).update(
        address=book.cover_url, tries=tries, next_try_at=again, last_error=error
    )


def home_of(book: Book) -> str | None:
    """The address of the source that named the cover; empty for a person's; None where that source
    may not be asked."""
    kind = source_of(book, "cover_url")
    row = MetadataSource.objects.filter(kind=kind).first()
    if row is None:
        return ""
    if not (row.enabled and row.answered):
        return None
    return row.address or SOURCES.get(kind, (None, ""))[1]
