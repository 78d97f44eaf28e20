"""A second file system: nothing can be linked across, so a book is copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    if not Path("/dev/shm").is_dir():
        pytest.skip("there is no second file system here")
    folder = Path(mkdtemp(prefix="tame-test-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)
