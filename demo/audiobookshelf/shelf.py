"""The books an Audiobookshelf has, and what a scan makes of the disk."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tinytag import TinyTag, TinyTagException

from demo.audiobookshelf.folders import AUDIO, EBOOKS, Seen, books_in, read_names, suffix

TEXT_KEYS = (
    "title", "subtitle", "publishedYear", "publishedDate", "publisher", "description", "isbn",
    "asin", "language",
)  # fmt: skip
SERIES = re.compile(r"(.*\S) #(\S+)")
SCRIPT = re.compile(r"(?is)<script.*?</script>")
PICTURES = ("jpg", "jpeg", "png", "webp")
DIGITS = re.compile(r"(\d+)")


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


@dataclass
class Shelf:
    """A library: `folder` is where it really is, `seen_as` how the server calls it."""

    name: str
    folder: Path
    seen_as: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))
    watches: bool = False
    audiobooks_only: bool = False
    kind: str = "book"
    last_scan: int | None = None

    @property
    def full_path(self) -> str:
        return self.seen_as or str(self.folder)


@dataclass
class Scan:
    """What it saw when it began; the end comes later."""

    shelf: Shelf
    seen: dict[str, Seen]
    new: list[str]
    force: bool
    ends: float
    action: str = "library-scan"


class Shelves:
    """All libraries. Time passes when somebody asks: `settle` does what was due by then."""

    def __init__(self) -> None:
        self.libraries: list[Shelf] = []
        self.books: dict[str, Kept] = {}
        self.scans: list[Scan] = []
        self.scan_seconds = 0.0
        self.watch_seconds = 0.05
        self.unreadable: set[str] = set()  # folders that the server's user cannot read
        self.stores_with_book = False
        self.dropped = 0  # scans that were asked for while another ran
        self._first_seen: dict[tuple[str, str], float] = {}

    def of(self, shelf: Shelf) -> list[Kept]:
        return [book for book in self.books.values() if book.library == shelf.id]

    def look(self, shelf: Shelf) -> dict[str, Seen]:
        seen = books_in(shelf.folder, audiobooks_only=shelf.audiobooks_only)
        return {path: one for path, one in seen.items() if path not in self.unreadable}

    # --- Scans ------------------------------------------------------------------------------------

    def begin(self, shelf: Shelf, *, force: bool = False) -> None:
        """A second one while one runs is forgotten, whatever was answered."""
        if any(scan.shelf is shelf for scan in self.scans):
            self.dropped += 1
            return
        seen = self.look(shelf)
        known = {book.path for book in self.of(shelf)}
        new = [path for path in seen if path not in known]
        self.scans.append(Scan(shelf, seen, new, force, time.monotonic() + self.scan_seconds))
        if not self.scan_seconds:
            self.settle()

    def settle(self) -> None:
        moment = time.monotonic()
        for shelf in self.libraries:
            if shelf.watches:
                self.watch(shelf, moment)
        for scan in [scan for scan in self.scans if scan.ends <= moment]:
            self.scans.remove(scan)
            self.finish(scan)

    def watch(self, shelf: Shelf, moment: float) -> None:
        """It adds what has been there for a while, and asks nobody whether a scan is at it."""
        known = {book.path for book in self.of(shelf)}
        for path, seen in self.look(shelf).items():
            first = self._first_seen.setdefault((shelf.id, path), moment)
            if path not in known and moment - first >= self.watch_seconds:
                self.add(shelf, seen)

    def watching(self) -> Iterator[str]:
        """The libraries in which the watcher is at something."""
        for shelf in self.libraries:
            known = {book.path for book in self.of(shelf)}
            if shelf.watches and any(path not in known for path in self.look(shelf)):
                yield shelf.id

    def finish(self, scan: Scan) -> None:
        shelf, new = scan.shelf, dict.fromkeys(scan.new)
        for path, twins in self.by_path(shelf).items():
            for younger in twins[1:]:
                younger.is_missing = True
            if path in scan.seen:
                twins[0].is_missing = False
                self.refresh(shelf, twins[0], scan.seen[path], force=scan.force)
            else:
                self.vanished(shelf, twins[0], scan.seen, new)
        for path in new:  # also one that the watcher has added meanwhile
            self.add(shelf, scan.seen[path])
        shelf.last_scan = now()

    def by_path(self, shelf: Shelf) -> dict[str, list[Kept]]:
        paths: dict[str, list[Kept]] = {}
        for book in self.of(shelf):
            paths.setdefault(book.path, []).append(book)
        return paths

    def vanished(
        self, shelf: Shelf, book: Kept, seen: dict[str, Seen], new: dict[str, None]
    ) -> None:
        """A new path with one of its inode numbers is taken for it, with all that it had."""
        numbers = {stat.st_ino for stat in book.files.values()}
        for path in new:
            if numbers & {stat.st_ino for stat in seen[path].files.values()}:
                del new[path]
                book.path, book.is_missing = path, False
                self.refresh(shelf, book, seen[path], force=True)
                return
        book.is_missing = True

    def add(self, shelf: Shelf, seen: Seen) -> None:
        book = Kept(shelf.id, seen.path, seen.is_file)
        self.refresh(shelf, book, seen, force=True)
        if book.order or any(suffix(name) in EBOOKS for name in book.files):
            self.books[book.id] = book

    def refresh(self, shelf: Shelf, book: Kept, seen: Seen, *, force: bool) -> None:
        """Names and tags fill what is empty; the sidecar wins again when anything has changed."""
        touched = {name: stat.st_ctime_ns for name, stat in seen.files.items()}
        before = {name: stat.st_ctime_ns for name, stat in book.files.items()}
        if touched == before and not force:
            return
        folder = shelf.folder / seen.path if not seen.is_file else (shelf.folder / seen.path).parent
        if set(touched) != set(before) or touched != before:
            book.files = seen.files
            self.listen(book, folder)
        fill(book, read_names(seen.path))
        fill_from_tags(book, folder)
        read_sidecar(book, folder / "metadata.json")
        pictures = [name for name in sorted(book.files) if suffix(name) in PICTURES]
        first = [name for name in pictures if Path(name).stem == "cover"] or pictures
        if first and not book.cover:
            book.cover = f"{shelf.full_path}/{seen.path}/{first[0]}"
        book.updated_at = now()

    def listen(self, book: Kept, folder: Path) -> None:
        """What cannot be played is among the files and not the tracks, and nothing says so."""
        sounds = {name: read(folder / name) for name in book.files if suffix(name) in AUDIO}
        book.durations = {
            name: tag.duration for name, tag in sounds.items() if tag and tag.duration
        }
        numbers = {name: sounds[name].track for name in book.durations}  # type: ignore[union-attr]
        is_complete = len(set(numbers.values())) == len(numbers) and all(numbers.values())
        by_name = sorted(book.durations, key=natural)
        book.order = sorted(by_name, key=lambda n: numbers[n] or 0) if is_complete else by_name


def read(path: Path) -> TinyTag | None:
    try:
        return TinyTag.get(path)
    except (TinyTagException, OSError, ValueError):
        return None


def natural(name: str) -> list[Any]:
    return [(int(bit), "") if bit.isdecimal() else (-1, bit) for bit in DIGITS.split(name)]


def fill(book: Kept, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value and not book.metadata.get(name):
            book.metadata[name] = value


def fill_from_tags(book: Kept, folder: Path) -> None:
    """They beat the folder's name, at the first look."""
    tag = read(folder / book.order[0]) if book.order else None
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
