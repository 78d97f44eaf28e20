"""Rows that the environment declares: address and user are written here and by nobody else.

Their passwords are read at use and never stored; name, limits and enabled stay the person's.
"""

from __future__ import annotations

from django.conf import settings

from downloads.models import Client
from indexers.models import Indexer
from indexers.torznab import read_address

GONE = "It was declared by {} in the environment, which no longer does."


def declare() -> list[str]:
    """Write the declared rows after a migrate; a sentence for each that changed."""
    return [said for said in (declare_client(), declare_indexer()) if said]


def declare_client() -> str:
    row = Client.objects.filter(from_environment=True).first()
    if not settings.QB_HOST:
        return retire(row, "QB_HOST")
    host = settings.QB_HOST if "://" in settings.QB_HOST else f"http://{settings.QB_HOST}"
    wanted = {"address": f"{host}:{settings.QB_PORT}", "username": settings.QB_USERNAME}
    if row is None:
        default = not Client.objects.filter(default=True).exists()
        Client.objects.create(
            name="qBittorrent (environment)", from_environment=True, default=default, **wanted
        )
        return f"qBittorrent at {wanted['address']} comes from the environment."
    Client.objects.filter(pk=row.pk).update(**wanted | revived(row, "QB_HOST"))
    return ""


def declare_indexer() -> str:
    row = Indexer.objects.filter(from_environment=True).first()
    if not settings.INDEXER_URL:
        return retire(row, "INDEXER_URL")
    address = read_address(settings.INDEXER_URL)
    wanted = {"address": address.url, "kind": address.kind}
    if row is None:
        Indexer.objects.create(name="Indexer (environment)", from_environment=True, **wanted)
        return f"The indexer at {address.url} comes from the environment."
    Indexer.objects.filter(pk=row.pk).update(**wanted | revived(row, "INDEXER_URL"))
    return ""


def retire(row: Client | Indexer | None, variable: str) -> str:
    """The variable is gone: the row stays, disabled, and says why."""
    if row is None or not row.enabled:
        return ""
    sentence = GONE.format(variable)
    type(row)._default_manager.filter(pk=row.pk).update(enabled=False, last_error=sentence)
    return f"{row} is switched off. {sentence}"


def revived(row: Client | Indexer, variable: str) -> dict[str, object]:
    """It was retired by us, not switched off by a person: it comes back."""
    if row.enabled or row.last_error != GONE.format(variable):
        return {}
    return {"enabled": True, "last_error": ""}
