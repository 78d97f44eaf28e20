"""A library on disk and the Audiobookshelf that shows it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from books.audiobookshelf import Server
from books.models import Library
from demo.audiobookshelf.state import API_KEY
from tests.elsewhere import elsewhere as elsewhere
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.shelves import shown_library

BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
CHAPTERS = sorted((BOOKS / "Elizabeth Gaskell - Cranford (1853)").iterdir())
PutBook = Callable[..., Path]


def put_chapters(root: Path, folder: str = "Elizabeth Gaskell/Cranford", chapters: int = 2) -> Path:
    """A book's folder with real chapters."""
    made = root / folder
    made.mkdir(parents=True)
    for path in CHAPTERS[:chapters]:
        shutil.copy(path, made / path.name)
    return made


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False


@pytest.fixture
def shelf_root(tmp_path: Path) -> Path:
    root = tmp_path / "audiobooks"
    root.mkdir()
    return root


@pytest.fixture
def abs_fake(shelf_root: Path) -> Iterator[FakeAudiobookshelf]:
    with FakeAudiobookshelf(shelf_root) as fake:
        yield fake
        assert not fake.faults, fake.faults[0]


@pytest.fixture
def library(db: None, abs_fake: FakeAudiobookshelf) -> Library:
    """Of that shelf, by the same path."""
    return shown_library(abs_fake)


@pytest.fixture
def server(abs_fake: FakeAudiobookshelf) -> Server:
    return Server("Attic shelf", abs_fake.url, API_KEY, timeout=(2, 5))
