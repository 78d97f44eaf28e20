"""A Jackett and a Prowlarr on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
