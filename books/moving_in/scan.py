"""Which folders below a root are books: read, and nothing else.

By Audiobookshelf's rules: the first folder with sound in it is a book and swallows what is below;
folders named CD 1 or Disc 2 belong to the book above them; sound in the root is a book by itself.
What begins with a dot is not looked at, and links to folders are not followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from books.moving_in.found import FoundFile
from books.moving_in.sound_files import natural_key
from books.sound import is_sound

DISC = re.compile(r"(?i)(cd|dis[ck])\s*\d{1,3}")
DEEPEST = 12  # folders below the root


@dataclass(frozen=True)
class BookFolder:
    """`folder`: below the root; a loose file is its own. Files are below it, sound first and in
    its order; a loose file's only file is itself, with an empty path."""

    folder: str
    files: tuple[FoundFile, ...]
    changed_at: float = 0  # seconds since 1970, of its newest file
    holds_others: bool = False  # sound in it and in folders of it: perhaps several books

    @property
    def sound(self) -> list[FoundFile]:
        return [file for file in self.files if is_sound(file.path or self.folder)]

    @property
    def is_loose(self) -> bool:
        return len(self.files) == 1 and not self.files[0].path


@dataclass
class Scan:
    """`unread`: what could not be looked into; then nothing may be called gone."""

    books: list[BookFolder] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    step: Callable[[], object] = lambda: None


@dataclass
class Folder:
    files: list[os.DirEntry[str]] = field(default_factory=list)
    folders: list[os.DirEntry[str]] = field(default_factory=list)

    @property
    def sound(self) -> list[os.DirEntry[str]]:
        return [entry for entry in self.files if is_sound(entry.name)]


def scan(root: Path, below: str = "", step: Callable[[], object] = lambda: None) -> Scan:
    """The books in the folder `below` of the root. `step` is called before every folder."""
    found = Scan(step=step)
    if below:
        visit(str(root / below), below, found)
        return found
    top = look(str(root), found)
    for entry in top.sound:
        add(found, BookFolder(entry.name, (sized("", entry, found),), changed(entry)))
    for entry in top.folders:
        visit(entry.path, entry.name, found)
    return found


def visit(path: str, below: str, found: Scan) -> None:
    here = look(path, found)
    if here.sound or any(is_disc(entry, found) for entry in here.folders):
        add(found, book_of(path, below, here, found))
        return
    if below.count("/") >= DEEPEST:
        found.unread.append(shown(path))
        return
    for entry in here.folders:
        visit(entry.path, f"{below}/{entry.name}", found)


def add(found: Scan, book: BookFolder) -> None:
    if book.sound:
        found.books.append(book)


def look(path: str, found: Scan) -> Folder:
    folder = Folder()
    found.step()
    try:
        with os.scandir(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        found.unread.append(shown(path))
        return folder
    for entry in listed:
        if entry.name.startswith("."):
            continue
        if not is_text(entry.name):
            found.unread.append(f"{shown(entry.path)} (its name is not UTF-8)")
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                folder.folders.append(entry)
            elif entry.is_file():
                folder.files.append(entry)
        except OSError:
            found.unread.append(shown(entry.path))
    return folder


def is_text(name: str) -> bool:
    """Bytes of a name that are none cannot be kept in a row."""
    return shown(name) == name


def shown(path: str) -> str:
    return path.encode("utf-8", "replace").decode("utf-8")


def is_disc(entry: os.DirEntry[str], found: Scan) -> bool:
    return bool(DISC.fullmatch(entry.name)) and bool(look(entry.path, found).sound)


def book_of(path: str, below: str, here: Folder, found: Scan) -> BookFolder:
    files, newest = [], 0.0
    for inside, entry in everything(here, found):
        files.append(sized(inside, entry, found))
        newest = max(newest, changed(entry))
    files.sort(key=lambda file: (not is_sound(file.path), natural_key(file.path)))
    deeper = [f for f in files if is_sound(f.path) and "/" in f.path]
    others = [f for f in deeper if not DISC.fullmatch(f.path.partition("/")[0])]
    return BookFolder(below, tuple(files), newest, bool(here.sound and others))


def everything(
    here: Folder, found: Scan, inside: str = ""
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    for entry in here.files:
        yield f"{inside}{entry.name}", entry
    if inside.count("/") < DEEPEST:
        for entry in here.folders:
            below = look(entry.path, found)
            yield from everything(below, found, f"{inside}{entry.name}/")


def sized(path: str, entry: os.DirEntry[str], found: Scan) -> FoundFile:
    try:
        return FoundFile(path, entry.stat().st_size)
    except OSError:
        found.unread.append(shown(entry.path))
        return FoundFile(path, 0)


def changed(entry: os.DirEntry[str]) -> float:
    try:
        return entry.stat().st_mtime
    except OSError:
        return 0
