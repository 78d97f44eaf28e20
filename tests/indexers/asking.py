"""Asking the fake indexers."""

from __future__ import annotations

from indexers.found import FoundRelease
from indexers.torznab import Endpoint, search
from tests.fakes.torznab import FakeIndexer

QUICK = (1.0, 1.0)
SLOW = (1.0, 5.0)


def at(fake: FakeIndexer) -> Endpoint:
    return Endpoint("Gutenberg", fake.url, fake.key)


def ask(fake: FakeIndexer, query: str = "cranford", *categories: int) -> tuple[FoundRelease, ...]:
    return search(at(fake), query, categories, timeout=SLOW)
