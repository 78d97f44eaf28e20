"""One question to one indexer, as it goes out and as it comes back."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from indexers import torznab
from indexers.found import FoundRelease
from tame.lib.errors import ServiceDownError

Answer = tuple[tuple[FoundRelease, ...], ServiceDownError | None]


def ask(where: torznab.Endpoint, words: str, categories: Sequence[int], offset: int = 0) -> Answer:
    """Runs in a thread: a gateway call and nothing else. Without words: what is new."""
    try:
        found = torznab.search(
            where, words, categories, timeout=settings.INDEXER_TIMEOUT, offset=offset
        )
    except ServiceDownError as error:
        return (), error
    return found, None
