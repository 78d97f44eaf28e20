"""An indexer's row as the plain values its gateways take."""

from __future__ import annotations

from django.conf import settings

from indexers import torznab
from indexers.fetching import Source
from indexers.models import Indexer
from indexers.torznab import Endpoint


def key_of(indexer: Indexer) -> str:
    """The key; that of the indexer declared by the environment is read at use, never stored."""
    return str(settings.INDEXER_KEY) if indexer.from_environment else indexer.key


def also_allowed(indexer: Indexer) -> tuple[str, ...]:
    return tuple(indexer.also_allow.split())


def endpoint(indexer: Indexer) -> Endpoint:
    return Endpoint(
        name=indexer.name,
        url=indexer.address,
        key=key_of(indexer),
        also_allowed=also_allowed(indexer),
    )


def categories_of(indexer: Indexer) -> tuple[int, ...]:
    """The categories to ask for: those it knows, once its capabilities have been read."""
    known = {int(number): name for number, name in indexer.caps.get("categories", {}).items()}
    wanted = tuple(indexer.categories)
    return torznab.usable_categories(wanted, known) if known else wanted


def source(indexer: Indexer | None) -> Source:
    """What a fetch may use of the indexer; nothing for a link that a person gave."""
    if indexer is None:
        return Source()
    return Source(
        name=indexer.name,
        url=indexer.address,
        key=key_of(indexer),
        also_allowed=also_allowed(indexer),
    )
