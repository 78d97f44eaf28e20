"""Rows that the environment declares: address and user are written here and by nobody else.

Their passwords are read at use and never stored; name, limits and enabled stay the person's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from books.models import ShelfServer
from books.shelf_servers import read_shelf_address
from downloads.clients import credentials_changed, login_of
from downloads.connect import read_client_address
from downloads.models import Client
from indexers.addresses import read_address
from indexers.models import Indexer
from tame.lib.errors import BadInputError

GONE = "It was declared by {} in the environment, which no longer does."
REFUSED_BEFORE = "Its login was refused before it was switched off: correct it, or press Test."
R = TypeVar("R", Client, Indexer, ShelfServer)
Read = TypeVar("Read")


def declare() -> list[str]:
    """Write the declared rows after a migrate; a sentence for each that changed."""
    said = (declare_client(), declare_indexer(), declare_shelf_server())
    return [sentence for sentence in said if sentence]


def declare_client() -> str:
    if not settings.QB_HOST:
        return retire(declared(Client), "QB_HOST")
    wanted = {"address": read_or_name("QB_HOST", client_address), "username": settings.QB_USERNAME}
    row, said = row_at(Client, wanted["address"], "QB_HOST", password="", api_key="")
    if row is None:
        default = not Client.objects.filter(default=True).exists()
        name = free_name(Client, "qBittorrent (environment)")
        Client.objects.create(name=name, from_environment=True, default=default, **wanted)
        return f"qBittorrent at {wanted['address']} comes from the environment."
    Client.objects.filter(pk=row.pk).update(**wanted | revived(row, "QB_HOST"))
    row.refresh_from_db()
    if row.refused_credentials not in ("", login_of(row).digest()):  # it was another password
        credentials_changed(row)
    return said


def client_address() -> str:
    """QB_HOST may be an address with a port of its own."""
    parts = urlsplit(read_client_address(settings.QB_HOST))
    if parts.port is None:
        parts = parts._replace(netloc=f"{parts.netloc}:{settings.QB_PORT}")
    return parts.geturl()


def declare_indexer() -> str:
    if not settings.INDEXER_URL:
        return retire(declared(Indexer), "INDEXER_URL")
    address = read_or_name("INDEXER_URL", lambda: read_address(settings.INDEXER_URL))
    wanted = {"address": address.url, "kind": address.kind}
    row, said = row_at(Indexer, address.url, "INDEXER_URL", key="")
    if row is None:
        name = free_name(Indexer, "Indexer (environment)")
        Indexer.objects.create(name=name, from_environment=True, **wanted)
        return f"The indexer at {address.url} comes from the environment."
    Indexer.objects.filter(pk=row.pk).update(**wanted | revived(row, "INDEXER_URL"))
    return said


def declare_shelf_server() -> str:
    if not settings.ABS_URL:
        return retire(declared(ShelfServer), "ABS_URL")
    address = read_or_name("ABS_URL", lambda: read_shelf_address(settings.ABS_URL))
    row, said = row_at(ShelfServer, address, "ABS_URL", key="")
    if row is None:
        name = free_name(ShelfServer, "Audiobookshelf (environment)")
        ShelfServer.objects.create(name=name, from_environment=True, address=address)
        return f"Audiobookshelf at {address} comes from the environment."
    wanted: dict[str, object] = {"address": address}
    ShelfServer.objects.filter(pk=row.pk).update(**wanted | revived(row, "ABS_URL"))
    return said


def read_or_name(variable: str, read: Callable[[], Read]) -> Read:
    """What `read` gives; its BadInputError names the variable."""
    try:
        return read()
    except BadInputError as error:
        raise BadInputError(f"{variable} cannot be used. {error}") from error


def declared(kind: type[R]) -> R | None:
    return kind._default_manager.filter(from_environment=True).first()


def row_at(kind: type[R], address: str, variable: str, **unsealed: str) -> tuple[R | None, str]:
    """The declared row. One that a person added at this very address becomes it, with a sentence;
    what was declared before is the person's then, switched off. `unsealed`: what is read at use."""
    before = declared(kind)
    rows = kind._default_manager.filter(address=address)
    same = rows.order_by("-from_environment", "pk").first()
    if same is None or same == before:
        return before, ""
    with transaction.atomic():
        retire(before, variable)
        kind._default_manager.filter(from_environment=True).update(from_environment=False)
        rows.filter(pk=same.pk).update(from_environment=True, **unsealed)
    same.refresh_from_db()
    return same, f"{same} at {address} comes from the environment now."


def free_name(kind: type[Client | Indexer | ShelfServer], name: str) -> str:
    """The name, with a number behind it when it is taken."""
    taken = set(kind._default_manager.values_list("name", flat=True))
    further = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(n for n in further if n not in taken)


def retire(row: Client | Indexer | ShelfServer | None, variable: str) -> str:
    """The variable is gone: the row stays, disabled, and says why."""
    if row is None or not row.enabled:
        return ""
    sentence = GONE.format(variable)
    type(row)._default_manager.filter(pk=row.pk).update(enabled=False, last_error=sentence)
    return f"{row} is switched off. {sentence}"


def revived(row: Client | Indexer | ShelfServer, variable: str) -> dict[str, object]:
    """It was retired by us, not switched off by a person: it comes back. So does a refusal."""
    if row.enabled or row.last_error != GONE.format(variable):
        return {}
    is_refused = isinstance(row, Client) and row.refused_credentials
    return {"enabled": True, "last_error": REFUSED_BEFORE if is_refused else ""}
