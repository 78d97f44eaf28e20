"""The demo's indexer, running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from demo.indexer import Indexer

KEY = "only-for-tests"


@contextmanager
def serving(speed: int = 0) -> Iterator[Indexer]:
    with Indexer(key=KEY, speed=speed) as indexer:
        thread = threading.Thread(target=indexer.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield indexer
        finally:
            indexer.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def indexer() -> Iterator[Indexer]:
    with serving() as running:
        yield running
