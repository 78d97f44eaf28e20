"""A book in its database, and where its metadata comes from: names, tags, its sidecar, people."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tinytag import TinyTag, TinyTagException

TEXT_KEYS = (
    "title", "subtitle", "publishedYear", "publishedDate", "publisher", "description", "isbn",
    "asin", "language",
)  # fmt: skip
SERIES = re.compile(r"(.*\S) #(\S+)")
SCRIPT = re.compile(r"(?is)<script.*?</script>")


def now() -> int:
    return int(time.time() * 1000)


@dataclass
class Kept:
    """A book in its database. `metadata` as in its answers, authors and series as plain values."""

    library: str
    path: str
    is_file: bool
    id: str = field(default_factory=lambda: str(uuid4()))
    metadata: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    files: dict[str, os.stat_result] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    durations: dict[str, float] = field(default_factory=dict)
    cover: str | None = None
    is_missing: bool = False
    is_invalid: bool = False
    was_tagged: bool = False
    added_at: int = field(default_factory=now)
    updated_at: int = field(default_factory=now)


def read_sound(path: Path) -> TinyTag | None:
    try:
        return TinyTag.get(path)
    except (TinyTagException, OSError, ValueError):
        return None


def fill(book: Kept, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value and not book.metadata.get(name):
            book.metadata[name] = value


def fill_from_tags(book: Kept, folder: Path) -> None:
    """They beat the folder's name, at the first look."""
    tag = read_sound(folder / book.order[0]) if book.order else None
    if tag is None or book.was_tagged:
        return
    book.was_tagged = True
    known = {
        "title": tag.album or tag.title,
        "authors": [tag.artist] if tag.artist else [],
        "narrators": [tag.composer] if tag.composer else [],
        "publishedYear": tag.year,
    }
    book.metadata |= {name: value for name, value in known.items() if value}


def read_sidecar(book: Kept, path: Path) -> None:
    """Null clears a text; empty authors and tags say nothing; empty series and narrators clear."""
    try:
        known: Any = json.loads(path.read_bytes().decode())  # a byte order mark makes it no JSON
    except (OSError, ValueError):
        return
    known = known.get("metadata", known)
    for name in TEXT_KEYS:
        if name in known and isinstance(known[name], str | None):
            book.metadata[name] = known[name] or None
    for name in ("authors", "genres"):
        if isinstance(known.get(name), list) and known[name]:
            book.metadata[name] = known[name]
    if isinstance(known.get("narrators"), list):
        book.metadata["narrators"] = known["narrators"]
    if isinstance(known.get("series"), list):
        book.metadata["series"] = [read_series(text) for text in known["series"]]
    if isinstance(known.get("tags"), list) and known["tags"]:
        book.tags = known["tags"]


def read_series(text: str) -> tuple[str, str]:
    found = SERIES.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def write_sidecar(book: Kept, folder: Path) -> None:
    """As with storeMetadataWithItem. What cannot be written is only logged."""
    known = {name: book.metadata.get(name) for name in TEXT_KEYS}
    known |= {name: book.metadata.get(name, []) for name in ("authors", "narrators", "genres")}
    pairs = book.metadata.get("series", [])
    known["series"] = [f"{name} #{place}" if place else name for name, place in pairs]
    known["tags"] = book.tags
    try:
        (folder / "metadata.json").write_text(json.dumps(known))
    except OSError:
        return


def patch(book: Kept, body: dict[str, Any]) -> bool:
    """What of a PATCH is taken; wrong shapes are ignored, or wipe. Whether anything changed."""
    before = (dict(book.metadata), list(book.tags))
    known = body.get("metadata") or {}
    for name in TEXT_KEYS:
        if name in known and isinstance(known[name], str | int | None):
            text = known[name] if known[name] is None else str(known[name])
            if name == "description" and text:
                text = SCRIPT.sub("", text)
            book.metadata[name] = text or None
    if isinstance(known.get("authors"), list):
        named = [one.get("name") for one in known["authors"] if isinstance(one, dict)]
        book.metadata["authors"] = [name for name in named if name]  # of plain texts nothing stays
    if isinstance(known.get("series"), list) and all(isinstance(s, dict) for s in known["series"]):
        book.metadata["series"] = [
            (one["name"], one["sequence"] if isinstance(one.get("sequence"), str) else "")
            for one in known["series"]
        ]
    for name in ("narrators", "genres"):
        if isinstance(known.get(name), list):
            book.metadata[name] = known[name]
    if isinstance(body.get("tags"), list):
        book.tags = body["tags"]
    return before != (book.metadata, book.tags)
