"""A fake Audiobookshelf as TAME knows it: its row, and the library that it shows."""

from __future__ import annotations

from typing import Any

from books.models import Library, ShelfServer
from demo.audiobookshelf.state import API_KEY
from tests.fakes.audiobookshelf import FakeAudiobookshelf


def connected(fake: FakeAudiobookshelf, name: str = "Attic") -> ShelfServer:
    return ShelfServer.objects.create(name=name, address=fake.url, key=API_KEY)


def shown_by(fake: FakeAudiobookshelf, server: ShelfServer | None = None) -> dict[str, Any]:
    """The columns of a library that stands on this shelf."""
    shelf = fake.shelf
    return {
        "server": server or connected(fake),
        "shelf_library_id": shelf.id,
        "shelf_prefix": shelf.full_path,
    }


def shown_library(
    fake: FakeAudiobookshelf, server: ShelfServer | None = None, **columns: Any
) -> Library:
    how = {"name": "Audiobooks", "root": str(fake.shelf.folder)} | shown_by(fake, server)
    return Library.objects.create(**how | columns)
