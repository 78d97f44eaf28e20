"""The books an Audiobookshelf has, and what a scan makes of the disk."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from demo.audiobookshelf.folders import AUDIO, EBOOKS, Seen, books_in, read_names, suffix
from demo.audiobookshelf.kept import Kept, fill, fill_from_tags, now, read_sidecar, read_sound

PICTURES = ("jpg", "jpeg", "png", "webp")
DIGITS = re.compile(r"(\d+)")


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
        sounds = {name: read_sound(folder / name) for name in book.files if suffix(name) in AUDIO}
        book.durations = {
            name: tag.duration for name, tag in sounds.items() if tag and tag.duration
        }
        numbers = {name: sounds[name].track for name in book.durations}  # type: ignore[union-attr]
        is_complete = len(set(numbers.values())) == len(numbers) and all(numbers.values())
        by_name = sorted(book.durations, key=natural)
        book.order = sorted(by_name, key=lambda n: numbers[n] or 0) if is_complete else by_name


def natural(name: str) -> list[Any]:
    return [(int(bit), "") if bit.isdecimal() else (-1, bit) for bit in DIGITS.split(name)]
