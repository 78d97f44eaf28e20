"""The demo's Audiobookshelf, in the hands of a test: it can be asked what was asked of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.page import page_of
from demo.audiobookshelf.shelf import Shelf
from demo.audiobookshelf.state import Asked, State
from tests.fakes.loopback import Loopback


class FakeAudiobookshelf(State, Loopback):
    """A context manager. `asked` is every request."""

    def __init__(self, folder: Path | None = None, *, name: str = "Audiobooks") -> None:
        State.__init__(self)
        if folder is not None:
            self.add_library(folder, name)
        Loopback.__init__(self, page_of(self))

    @property
    def shelf(self) -> Shelf:
        return self.shelves.libraries[0]

    @property
    def books(self) -> list[Kept]:
        with self.lock:
            self.shelves.settle()
            return list(self.shelves.books.values())

    def add_library(self, folder: Path, name: str, **how: Any) -> Shelf:
        shelf = Shelf(name, folder, **how)
        self.shelves.libraries.append(shelf)
        return shelf

    def scan(self, *, force: bool = False) -> None:
        """As its own button does, and wait for the end."""
        with self.lock:
            self.shelves.begin(self.shelf, force=force)
            for scan in self.shelves.scans:
                scan.ends = 0
            self.shelves.settle()

    def calls(self, method: str, path: str = "") -> list[Asked]:
        return [one for one in self.asked if one.method == method and path in one.path]

    @property
    def writes(self) -> list[Asked]:
        """Whatever may have changed something, scans besides."""
        harmless = ("/scan", "/authorize", "/pathexists")
        changing = [one for one in self.asked if one.method != "GET"]
        return [one for one in changing if not one.path.endswith(harmless)]
