"""An indexer's row as the plain values its gateways take."""

from __future__ import annotations

from django.conf import settings

from indexers.capabilities import usable_categories
from indexers.models import Indexer
from indexers.torznab import Endpoint


def key_of(indexer: Indexer) -> str:
    """The key; that of the indexer declared by the environment is read at use, never stored."""
    return str(settings.INDEXER_KEY) if indexer.from_environment else indexer.key


def endpoint(indexer: Indexer | None) -> Endpoint:
    """An empty one for a link that a person gave."""
    if indexer is None:
        return Endpoint()
    return Endpoint(
        name=indexer.name,
        url=indexer.address,
        key=key_of(indexer),
        also_allowed=tuple(indexer.also_allow.split()),
    )


def categories_of(indexer: Indexer) -> tuple[int, ...]:
    """The categories to ask for: those it knows, once its capabilities have been read."""
    known = {int(number): name for number, name in indexer.caps.get("categories", {}).items()}
    wanted = tuple(indexer.categories)
    return usable_categories(wanted, known) if known else wanted
