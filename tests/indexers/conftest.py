"""A Jackett and a Prowlarr on loopback, and rows for an indexer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from indexers.models import Indexer
from tests.factory import make_indexer
from tests.fakes.torznab import FakeIndexer


@pytest.fixture(params=["jackett", "prowlarr"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeIndexer]:
    """Each in turn, for what holds for both."""
    with FakeIndexer(request.param) as server:
        yield server


@pytest.fixture
def jackett() -> Iterator[FakeIndexer]:
    with FakeIndexer() as server:
        yield server


@pytest.fixture
def prowlarr() -> Iterator[FakeIndexer]:
    with FakeIndexer("prowlarr") as server:
        yield server


@pytest.fixture
def indexer(db: None) -> Indexer:
    """One that nobody asks."""
    return make_indexer()


@pytest.fixture
def gutenberg(db: None, jackett: FakeIndexer) -> Indexer:
    """One that the Jackett answers for."""
    return make_indexer(address=jackett.url, key=jackett.key)


@pytest.fixture
def at_once(settings: Any) -> None:
    """No pause between two questions, and no step but those of the test."""
    settings.BELLS = False
    settings.QUERY_SECONDS = 0
