"""A client's row as a logged-in gateway: one login at a time, and none with refused credentials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from downloads.logins import connect
from downloads.models import Client
from downloads.qbittorrent import Login, QBittorrent
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.lib.errors import LoginRefusedError, ServiceDownError
from tame.lib.lease import free

T = TypeVar("T")
LOGIN_SECONDS = 30  # a login that takes longer belongs to a dead process
LOOK_SECONDS = 0.05
WAITING = ("downloads.tasks.push", "downloads.tasks.confirm", "downloads.tasks.tidy")


def login_of(client: Client) -> Login:
    """What the gateway logs in with; the environment's secrets are read here, never stored."""
    ours = client.from_environment
    return Login(
        name=client.name,
        url=client.address,
        username=client.username,
        password=settings.QB_PASSWORD if ours else client.password,
        api_key=settings.QB_API_KEY if ours else client.api_key,
    )


def open_client(client: Client) -> QBittorrent:
    """The process's session with this client. No request is made before it is used."""
    return connect(login_of(client), RowGate(client), timeout=settings.CLIENT_TIMEOUT)


class RowGate:
    """Asks the rows before any login, so that six processes make one login request, also where
    two rows name the same qBittorrent."""

    def __init__(self, client: Client) -> None:
        self.key, self._name, self._address = client.pk, client.name, client.address

    @contextmanager
    def entering(self, digest: str) -> Iterator[None]:
        until = self.take_turn()
        try:
            self.check(digest)
            yield
        finally:
            self.door().filter(login_leased_until=until).update(login_leased_until=None)

    def door(self) -> QuerySet[Client]:
        """The row whose lease all take that log in at this address."""
        same = Client.objects.filter(Q(address=self._address) | Q(pk=self.key)).order_by("pk")
        return Client.objects.filter(pk__in=same.values("pk")[:1])

    def take_turn(self) -> datetime:
        give_up = monotonic() + LOGIN_SECONDS
        while monotonic() < give_up:
            until = timezone.now() + timedelta(seconds=LOGIN_SECONDS)
            if self.door().filter(free("login_leased_until")).update(login_leased_until=until):
                return until
            sleep(LOOK_SECONDS)
        raise ServiceDownError("Another process has been logging in to the client for too long.")

    def check(self, digest: str) -> None:
        """Raises LoginRefusedError when they were refused, this client's row or another's."""
        told = {row.pk: row for row in Client.objects.filter(refused_credentials=digest)}
        if self.key in told:
            raise LoginRefusedError(told[self.key].last_error)
        for other in told.values():
            said = f"{self._name} has the same address and login as {other}: {other.last_error}"
            self.refused(digest, said)
            raise LoginRefusedError(said)

    def refused(self, digest: str, sentence: str) -> None:
        rows = Client.objects.filter(pk=self.key)
        rows.update(refused_credentials=digest, last_error=sentence)


@contextmanager
def talking_to(client: Client) -> Iterator[QBittorrent]:
    """Talk to the client; its row learns how that went. ServiceDownError is raised again."""
    try:
        yield open_client(client)
    except ServiceDownError as error:
        client.note_failure(error)
        Client.objects.filter(pk=client.pk).update(up_since=None)
        raise
    note_answer(client)


def note_answer(client: Client) -> None:
    """It let us in. A refusal of this very login stands, and so does one that came meanwhile: a
    session outlives the password that it was opened with."""
    refused, now = client.refused_credentials, timezone.now()
    if refused and refused == login_of(client).digest():
        return
    well: dict[str, object] = {"failures": 0, "off_until": None, "last_error": ""}
    well |= {"last_ok_at": now, "refused_credentials": ""}
    if client.up_since is None:
        well["up_since"] = now
    if Client.objects.filter(pk=client.pk, refused_credentials=refused).update(**well):
        for column, value in well.items():
            setattr(client, column, value)


def at_each(clients: Iterable[Client], act: Callable[[Client], T]) -> tuple[list[T], list[str]]:
    """What came of it at each of them, and the sentences of those that are down."""
    results, troubles = [], []
    for client in clients:
        try:
            results.append(act(client))
        except ServiceDownError as error:
            troubles.append(str(error))
    return results, troubles


def is_warm(client: Client) -> bool:
    """It has answered for long enough to have its whole list."""
    if client.up_since is None:
        return False
    return client.up_since < timezone.now() - hurried(settings.CLIENT_WARM_SECONDS)


def credentials_changed(client: Client) -> None:
    """New ones were saved: forget the refusal, also that of another row with the same login, and
    all goes on at once."""
    client.reset()
    same = Q(pk=client.pk) | Q(refused_credentials=login_of(client).digest())
    Client.objects.filter(same).update(refused_credentials="", failures=0, last_error="")
    for task in WAITING:
        bell.ring(task)


def make_default(client: Client) -> str:
    """From now on it gets what no route sends elsewhere."""
    with transaction.atomic():
        Client.objects.exclude(pk=client.pk).filter(default=True).update(default=False)
        Client.objects.filter(pk=client.pk).update(default=True)
    return f"{client} gets what no route sends elsewhere."
