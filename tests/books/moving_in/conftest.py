"""A library of books that somebody put there by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books.models import Library
from tests.books.moving_in.sources import BY_HAND, put


@pytest.fixture(autouse=True)
def no_bells(settings: Any) -> None:
    settings.BELLS = False


@pytest.fixture
def library(db: None, tmp_path: Path) -> Library:
    root = put(tmp_path / "audiobooks", *BY_HAND)
    return Library.objects.create(name="Audiobooks", root=str(root))
