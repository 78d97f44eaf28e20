"""Reads what an Audiobookshelf says, and checks it at the door.

`read_...` raise KeyError, TypeError or ValueError for what is not as it should be; the gateway
makes one sentence of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from books.audiobookshelf_answers import (
    Account,
    Details,
    ListedBook,
    OnlineBook,
    ShelfBook,
    ShelfFile,
    ShelfLibrary,
    Written,
)

Document = Mapping[str, Any]


def read_account(document: Document) -> Account:
    user, settings = document["user"], document["serverSettings"]
    allowed: Document = user["permissions"]
    return Account(
        name=text(user["username"]),
        kind=text(user["type"]),
        may_update=bool(allowed.get("update")),
        may_upload=bool(allowed.get("upload")),
        may_delete=bool(allowed.get("delete")),
        version=text(settings.get("version")),
        keeps_metadata_with_books=bool(settings.get("storeMetadataWithItem")),
    )


def read_library(document: Document) -> ShelfLibrary:
    how: Document = document.get("settings") or {}
    return ShelfLibrary(
        id=needed(document["id"]),
        name=text(document["name"]),
        folders=tuple(needed(folder["fullPath"]) for folder in document["folders"]),
        holds_books=document.get("mediaType") == "book",
        is_watched=not how.get("disableWatcher"),
        last_scan=moment(document["lastScan"]) if document.get("lastScan") else None,
    )


def is_scan_of(task: Document, library_id: str) -> bool:
    scans = str(task["action"]) in ("library-scan", "watcher-scan")
    return scans and not task.get("isFinished") and task["data"].get("libraryId") == library_id


def read_listed(document: Document) -> ListedBook:
    media = document["media"]
    known: Document = media["metadata"]
    return ListedBook(
        id=needed(document["id"]),
        path=needed(document["path"]),
        folder=text(document.get("relPath")),
        is_missing=bool(document.get("isMissing")),
        added_at=moment(document["addedAt"]),
        updated_at=moment(document["updatedAt"]),
        tags=texts(media.get("tags")),
        title=text(known.get("title")),
        authors=text(known.get("authorName")),
        narrators=text(known.get("narratorName")),
        series=text(known.get("seriesName")),
        year=text(known.get("publishedYear")),
        asin=text(known.get("asin")),
        isbn=text(known.get("isbn")),
        seconds=float(media.get("duration") or 0),
        size=int(media.get("size") or 0),
    )


def read_book(document: Document) -> ShelfBook:
    media = document["media"]
    return ShelfBook(
        id=needed(document["id"]),
        path=needed(document["path"]),
        is_missing=bool(document.get("isMissing")),
        is_invalid=bool(document.get("isInvalid")),
        added_at=moment(document["addedAt"]),
        updated_at=moment(document["updatedAt"]),
        tags=texts(media.get("tags")),
        details=read_details(media["metadata"]),
        tracks=tuple(read_file(track) for track in media.get("tracks") or ()),
        files=tuple(read_file(file) for file in document.get("libraryFiles") or ()),
    )


def read_file(document: Document) -> ShelfFile:
    known: Document = document["metadata"]
    return ShelfFile(
        number=text(document.get("ino")),
        name=needed(known["relPath"]),
        size=int(known["size"]),
    )


def read_details(known: Document) -> Details:
    return Details(
        title=text(known.get("title")),
        subtitle=text(known.get("subtitle")),
        authors=tuple(needed(author["name"]) for author in known.get("authors") or ()),
        narrators=texts(known.get("narrators")),
        series=tuple(
            (needed(one["name"]), text(one.get("sequence"))) for one in known.get("series") or ()
        ),
        year=text(known.get("publishedYear")),
        publisher=text(known.get("publisher")),
        description=text(known.get("description")),
        language=text(known.get("language")),
        asin=text(known.get("asin")),
        isbn=text(known.get("isbn")),
    )


def read_written(document: Document) -> Written:
    book = document.get("libraryItem")
    return Written(
        is_changed=bool(document.get("updated")),
        details=read_details(book["media"]["metadata"]) if book else None,
    )


def read_online(documents: object) -> tuple[OnlineBook, ...]:
    """The services behind it differ in what they tell: what is no book is left out."""
    many = documents if isinstance(documents, list) else []
    return tuple(read_online_book(one) for one in many if isinstance(one, dict))


def read_online_book(document: Document) -> OnlineBook:
    places = document.get("series")
    return OnlineBook(
        title=document.get("title"),
        subtitle=document.get("subtitle"),
        authors=document.get("author"),
        narrators=document.get("narrator"),
        series=tuple(
            (one.get("series"), one.get("sequence"))
            for one in (places if isinstance(places, list) else [])
            if isinstance(one, dict)
        ),
        year=document.get("publishedYear"),
        language=document.get("language"),
        asin=document.get("asin"),
        isbn=document.get("isbn"),
        minutes=document.get("duration"),
        publisher=document.get("publisher"),
        description=document.get("description"),
        cover=document.get("cover"),
    )


def read_providers(document: Document) -> dict[str, str]:
    return {needed(one["value"]): text(one.get("text")) for one in document["providers"]["books"]}


def read_listening(user: Document) -> dict[str, bool]:
    """By book: whether this person has finished it. Only of what they began."""
    found = {}
    for progress in user["mediaProgress"]:
        begun = progress.get("isFinished") or float(progress.get("progress") or 0) > 0
        if begun or float(progress.get("currentTime") or 0) > 0:
            found[needed(progress["libraryItemId"])] = bool(progress.get("isFinished"))
    return found


# --- Values ---------------------------------------------------------------------------------------


def text(value: object) -> str:
    """Null is empty; a number is written out."""
    if value is None:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise TypeError("neither text nor a number")


def needed(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise TypeError("no text")


def texts(values: Iterable[object] | None) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("a text in the place of a list")
    return tuple(text(value) for value in values or ())


def moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(float(milliseconds) / 1000, tz=UTC)
