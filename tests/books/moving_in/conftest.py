"""A library of books that somebody put there by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from books.models import Library
from tests.books.moving_in.sources import BY_HAND, put


@pytest.fixture
def library(db: None, tmp_path: Path) -> Library:
    root = put(tmp_path / "audiobooks", *BY_HAND)
    return Library.objects.create(name="Audiobooks", root=str(root))
