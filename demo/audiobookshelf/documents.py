"""Its people, libraries and books as it shows them in JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.shelf import Shelf
from demo.audiobookshelf.state import Person, State


def person(who: Person) -> dict[str, Any]:
    progress = [
        {"libraryItemId": book, "progress": share, "isFinished": share >= 1, "currentTime": share}
        for book, share in who.listens.items()
    ]
    return {
        "id": who.id,
        "username": who.username,
        "type": who.type,
        "token": who.token,
        "permissions": who.permissions,
        "librariesAccessible": [],
        "mediaProgress": progress,
    }


def library(shelf: Shelf) -> dict[str, Any]:
    return {
        "id": shelf.id,
        "name": shelf.name,
        "folders": [{"id": f"f-{shelf.id}", "fullPath": shelf.full_path, "libraryId": shelf.id}],
        "mediaType": shelf.kind,
        "provider": "openlibrary",
        "settings": {
            "disableWatcher": not shelf.watches,
            "audiobooksOnly": shelf.audiobooks_only,
        },
        "lastScan": shelf.last_scan,
    }


def head(fake: State, book: Kept) -> dict[str, Any]:
    shelf = next(one for one in fake.shelves.libraries if one.id == book.library)
    return {
        "id": book.id,
        "ino": str(next(iter(book.files.values())).st_ino) if book.files else "0",
        "libraryId": book.library,
        "path": f"{shelf.full_path}/{book.path}",
        "relPath": book.path,
        "isFile": book.is_file,
        "isMissing": book.is_missing,
        "isInvalid": book.is_invalid,
        "addedAt": book.added_at,
        "updatedAt": book.updated_at,
        "mediaType": "book",
    }


def minified(fake: State, book: Kept) -> dict[str, Any]:
    known = book.metadata
    series = [f"{name} #{place}" if place else name for name, place in known.get("series") or []]
    metadata = {
        **{name: value for name, value in known.items() if name not in ("authors", "series")},
        "authorName": ", ".join(known.get("authors") or []),
        "narratorName": ", ".join(known.get("narrators") or []),
        "seriesName": ", ".join(series),
    }
    media = {
        "metadata": metadata,
        "tags": book.tags,
        "coverPath": book.cover,
        "numTracks": len(book.order),
        "duration": sum(book.durations.values()),
        "size": sum(stat.st_size for stat in book.files.values()),
    }
    return head(fake, book) | {"media": media}


def expanded(fake: State, book: Kept) -> dict[str, Any]:
    known = book.metadata
    metadata = {
        **known,
        "authors": [{"id": f"a-{name}", "name": name} for name in known.get("authors") or []],
        "series": [
            {"id": f"s-{name}", "name": name, "sequence": place or None}
            for name, place in known.get("series") or []
        ],
        "narrators": known.get("narrators") or [],
        "genres": known.get("genres") or [],
    }
    media = {
        "metadata": metadata,
        "tags": book.tags,
        "coverPath": book.cover,
        "tracks": [file(book, name) for name in book.order],
        "duration": sum(book.durations.values()),
        "chapters": [],
    }
    return head(fake, book) | {
        "media": media,
        "libraryFiles": [file(book, name) for name in sorted(book.files)],
    }


def file(book: Kept, name: str) -> dict[str, Any]:
    stat = book.files[name]
    metadata = {"filename": Path(name).name, "relPath": name, "size": stat.st_size}
    return {"ino": str(stat.st_ino), "metadata": metadata, "duration": book.durations.get(name, 0)}
