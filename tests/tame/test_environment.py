"""Rows that the environment declares."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from downloads.clients import RowGate, login_of
from downloads.models import Client
from indexers.endpoints import endpoint
from indexers.models import Indexer
from tame import environment
from tame.lib.errors import BadInputError, LoginRefusedError
from tests.factory import make_client, make_indexer

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


def test_a_refusal_comes_back_with_the_variables(settings: Any) -> None:
    environment.declare()
    refused = login_of(Client.objects.get()).digest()
    Client.objects.update(refused_credentials=refused, last_error="Enter it again.")
    settings.QB_HOST = ""
    environment.declare()
    settings.QB_HOST = "qbittorrent"
    environment.declare()
    with pytest.raises(LoginRefusedError, match=r"^Its login was refused before"):
        RowGate(Client.objects.get()).check(refused)


def test_another_password_in_the_environment_ends_a_refusal(settings: Any) -> None:
    environment.declare()
    refused = login_of(Client.objects.get()).digest()
    Client.objects.update(refused_credentials=refused, last_error="Enter it again.")
    environment.declare()
    assert not Client.objects.get().is_usable
    settings.QB_PASSWORD = "orange-blossom-password"
    environment.declare()
    row = Client.objects.get()
    assert (row.is_usable, row.last_error) == (True, "")


def test_a_default_client_stays_the_default() -> None:
    make_client(default=True)
    environment.declare()
    assert Client.objects.get(default=True).name == "seedbox"


# --- Beside what a person added -------------------------------------------------------------------


def test_a_client_added_by_hand_at_the_same_address_is_taken_over() -> None:
    row = make_client(name="attic", address="http://qbittorrent:8090", password="by-hand")
    assert "attic at http://qbittorrent:8090" in environment.declare()[0]
    taken = Client.objects.get()
    assert (taken.pk, taken.name, taken.from_environment) == (row.pk, "attic", True)
    assert (taken.username, taken.password) == ("ann", "")
    assert environment.declare() == []


def test_an_indexer_added_by_hand_at_the_same_address_is_taken_over() -> None:
    address = "http://jackett:9117/api/v2.0/indexers/pd/results/torznab/api"
    row = make_indexer(name="Public domain", address=address, key="by-hand")
    environment.declare()
    taken = Indexer.objects.get()
    assert (taken.pk, taken.name, taken.from_environment) == (row.pk, "Public domain", True)
    assert taken.key == ""
    assert endpoint(taken).key == "indexer-key-from-environment"


def test_a_new_address_that_a_person_added_before_takes_the_declaration_over(settings: Any) -> None:
    environment.declare()
    address = "http://jackett:9117/api/v2.0/indexers/other/results/torznab/api"
    make_indexer(name="Other", address=address)
    settings.INDEXER_URL = address
    assert "Other at" in environment.declare()[0]
    after, before = Indexer.objects.order_by("-name")
    assert (after.name, after.enabled, after.from_environment) == ("Other", True, True)
    assert (before.enabled, before.from_environment) == (False, False)


def test_names_that_are_taken_get_a_number() -> None:
    for name in ("qBittorrent (environment)", "qBittorrent (environment) 2"):
        make_client(name=name, address=f"http://{len(name)}.example:1")
    environment.declare()
    assert Client.objects.get(from_environment=True).name == "qBittorrent (environment) 3"


# --- What cannot be used --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("nas", "http://nas:8090"),
        ("http://nas", "http://nas:8090"),
        ("nas:9000", "http://nas:9000"),
        ("https://nas.example:443/", "https://nas.example:443"),
        ("https://nas.example/qb", "https://nas.example:8090/qb"),
        ("[::1]", "http://[::1]:8090"),
    ],
)
def test_the_host_may_be_an_address(settings: Any, host: str, address: str) -> None:
    settings.QB_HOST = host
    environment.declare_client()
    assert Client.objects.get().address == address


@pytest.mark.parametrize("host", ["http://a b", "ftp://nas", "http://", "nas:high", "ann:pw@nas"])
def test_a_host_that_is_none_is_said_with_its_variable(settings: Any, host: str) -> None:
    settings.QB_HOST = host
    with pytest.raises(BadInputError, match=r"^QB_HOST cannot be used\. ") as refused:
        environment.declare()
    assert "pw" not in str(refused.value)
    assert not Client.objects.exists()


@pytest.mark.parametrize("url", ["http://localhost:9117/", "ftp://a/b", "http://a b/c"])
def test_an_indexer_that_is_none_is_said_with_its_variable(settings: Any, url: str) -> None:
    settings.INDEXER_URL = url
    with pytest.raises(BadInputError, match=r"^INDEXER_URL cannot be used\. "):
        environment.declare_indexer()
    assert not Indexer.objects.exists()
