"""Rows that the environment declares."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from downloads.clients import login_of
from downloads.models import Client
from indexers.endpoints import endpoint
from indexers.models import Indexer
from tame import environment
from tests.factory import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(settings: Any) -> None:
    settings.QB_HOST, settings.QB_PORT = "qbittorrent", 8090
    settings.QB_USERNAME, settings.QB_PASSWORD = "ann", "rose-garden-password"
    settings.INDEXER_URL = "http://jackett:9117/api/v2.0/indexers/pd/results/torznab/"
    settings.INDEXER_KEY = "indexer-key-from-environment"


def test_rows_are_made_once() -> None:
    assert len(environment.declare()) == 2
    assert environment.declare() == []
    client, indexer = Client.objects.get(), Indexer.objects.get()
    assert (client.address, client.username) == ("http://qbittorrent:8090", "ann")
    assert client.default
    assert indexer.kind == "jackett"


def test_passwords_are_read_at_use_and_never_stored() -> None:
    environment.declare()
    with connection.cursor() as cursor:
        cursor.execute("SELECT password, api_key FROM downloads_client")
        assert cursor.fetchall() == [("", "")]
        cursor.execute("SELECT key FROM indexers_indexer")
        assert cursor.fetchall() == [("",)]
    assert login_of(Client.objects.get()).password == "rose-garden-password"
    assert endpoint(Indexer.objects.get()).key == "indexer-key-from-environment"


def test_name_limits_and_enabled_stay_the_persons(settings: Any) -> None:
    environment.declare()
    Client.objects.update(name="attic", unfinished_limit=2, enabled=False)
    settings.QB_PORT = 9000
    environment.declare()
    client = Client.objects.get()
    assert (client.name, client.unfinished_limit, client.enabled) == ("attic", 2, False)
    assert client.address == "http://qbittorrent:9000"


def test_if_the_variables_go_the_row_stays_and_says_why(settings: Any) -> None:
    environment.declare()
    settings.QB_HOST = ""
    assert "QB_HOST" in environment.declare()[0]
    client = Client.objects.get()
    assert not client.enabled
    assert "QB_HOST" in client.last_error
    settings.QB_HOST = "qbittorrent"
    environment.declare()
    assert Client.objects.get().enabled


def test_a_default_client_stays_the_default() -> None:
    make_client(default=True)
    environment.declare()
    assert Client.objects.get(default=True).name == "seedbox"
