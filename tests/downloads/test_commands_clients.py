"""Clients and path mappings on the command line, against a fake qBittorrent."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from books.models import Book
from downloads.clients import open_client
from downloads.models import Client, ClientPath, Download
from tame.lib.sizes import readable
from tests.commanding import done, run, run_json
from tests.downloads.conftest import Shop
from tests.factory import make_client
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torrents import hashes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return give


# --- Adding ---------------------------------------------------------------------------------------


def test_a_client_is_added_and_works(fake: FakeQBittorrent, stdin: Any) -> None:
    stdin(f"{fake.password}\n")
    address = fake.url.removeprefix("http://") + "/"
    document = done("add_client", address, "--username", fake.username, "--password-stdin")
    row = Client.objects.get()
    assert document["client"]["id"] == row.pk
    assert (row.name, row.address, row.category, row.default) == (
        "qBittorrent",
        fake.url,
        "tame",
        True,
    )
    assert fake.password not in json.dumps(document)
    assert done("test_clients")["clients"][0]["ok"]


def test_a_known_client_gets_the_new_password(
    fake: FakeQBittorrent, client_row: Client, stdin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Client.objects.update(password="wrong")
    assert run("test_clients")[0] == 3
    assert Client.objects.get().refused_credentials
    monkeypatch.setenv("QB_SECRET", fake.password)
    given = ("--username", fake.username, "--password-env", "QB_SECRET", "--name", "other")
    assert not done("add_client", fake.url, *given)["new"]
    assert Client.objects.get().name == "seedbox"
    assert not Client.objects.get().refused_credentials
    assert done("client_state")["clients"][0]["ok"]


def test_the_first_client_is_the_default_until_another_is(stdin: Any) -> None:
    done("add_client", "http://attic:8080", "--name", "attic")
    done("add_client", "http://cellar:8080")
    done("add_client", "http://porch:8080")
    assert list(Client.objects.filter(default=True).values_list("name", flat=True)) == ["attic"]
    done("add_client", "http://cellar:8080", "--default")
    assert set(Client.objects.values_list("name", "default")) == {
        ("attic", False),
        ("qBittorrent", True),
        ("qBittorrent at porch:8080", False),
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ftp://host"], "Write the address as you open qBittorrent"),
        (["http://"], "Write the address as you open qBittorrent"),
        (["http://host:99999"], "Write the address as you open qBittorrent"),
        (["host 8080"], "Write the address as you open qBittorrent"),
        (["http://ann:rose@host:8080"], "Leave user, password and"),
        (["http://host", "--name", "seedbox"], "called “seedbox” already"),
        (["http://host", "--username", "ann"], "Give the password too"),
        (["http://host", "--password", "rose"], "unrecognized arguments: --password"),
        (["http://host", "--category", "a//b"], "cannot have a category"),
    ],
)
def test_what_is_no_client_is_refused(arguments: list[str], sentence: str, stdin: Any) -> None:
    stdin("")
    make_client()
    code, out, err = run("add_client", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "rose" not in err
    assert Client.objects.count() == 1


def test_a_client_of_the_environment_keeps_its_login(stdin: Any) -> None:
    stdin("rose\n")
    make_client(from_environment=True, address="http://host:8080")
    given = ("--username", "eve", "--password-stdin")
    code, _, err = run("add_client", "http://host:8080", *given)
    assert code == 2
    assert "QB_PASSWORD" in err
    assert Client.objects.get().username == "ann"


def test_a_dry_run_adds_no_client() -> None:
    assert done("add_client", "http://host:8080", "--dry-run")["new"]
    assert not Client.objects.exists()


# --- Folders --------------------------------------------------------------------------------------


def test_a_folder_is_mapped_and_looked_for(client_row: Client, tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    document = done("add_path_mapping", "seedbox", "/downloads/", f"{tmp_path}/")
    assert document["mapping"] == {"client": "/downloads", "here": str(tmp_path)}
    assert document["check"]["ok"]
    assert done("test_mapping", client_row.pk, "/downloads/books")["client"] == "seedbox"
    code, document = run_json("test_mapping", "seedbox", "/downloads/films")
    assert code == 1
    assert "It is not there." in document["error"]
    again = done("add_path_mapping", "seedbox", "/downloads", "/gone")
    assert (again["new"], again["check"]["ok"]) == (False, False)
    assert ClientPath.objects.get().our_prefix == "/gone"


def test_the_folder_is_where_the_client_saves_now(
    fake: FakeQBittorrent, client_row: Client, tmp_path: Path
) -> None:
    done("test_clients", "seedbox")
    (tmp_path / "spoken").mkdir()
    fake.preferences["save_path"] = str(tmp_path)
    assert str(tmp_path) in done("test_mapping", "seedbox")["sentence"]
    fake.categories[client_row.category] = "spoken"
    assert str(tmp_path / "spoken") in done("test_mapping", "seedbox")["sentence"]
    fake.down()
    assert str(tmp_path / "spoken") in done("test_mapping", "seedbox")["sentence"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["seedbox", "downloads", "/mnt"], "“downloads” is no whole path"),
        (["seedbox", "C:\\Downloads", "mnt"], "“mnt” is no whole path"),
        (["seedbox", "C:\\Downloads", "C:\\mnt"], "“C:\\mnt” is no whole path"),
        (["attic", "/downloads", "/mnt"], "There is no client “attic”."),
    ],
)
def test_what_is_no_folder_is_refused(arguments: list[str], sentence: str) -> None:
    make_client()
    code, out, err = run("add_path_mapping", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert not ClientPath.objects.exists()


def test_the_folder_of_an_untested_client_is_not_known() -> None:
    make_client()
    code, _, err = run("test_mapping", "seedbox")
    assert (code, err) == (
        1,
        "The folder of seedbox is not known yet: test the client first.\n",
    )


# --- Looking --------------------------------------------------------------------------------------


def test_the_state_of_a_client_is_told(
    fake: FakeQBittorrent, client_row: Client, shop: Shop, book: Book
) -> None:
    done("grab", book.pk, shop.release(book, shop.torrent()).pk)
    done("push_downloads", "--confirm")
    state = done("client_state", "seedbox")["clients"][0]
    assert (state["version"], state["save_path"]) == ("v5.1.0", str(fake.downloads))
    assert (state["connection_status"], state["torrents"]) == ("firewalled", 1)
    assert sum(state["torrents_by_state"].values()) == 1
    assert state["free"] > 0
    said = run("client_state", "seedbox")[1]
    assert f"saves to {fake.downloads} ({readable(state['free'])} free), 1 torrent, " in said
    assert said.endswith(" a second.\n")


def test_clients_are_switched_and_their_pauses_ended() -> None:
    row = make_client(failures=3, last_error="seedbox does not answer.")
    told = done("switch_clients", "off", "seedbox")["clients"]
    assert told == [{"id": row.pk, "ok": True, "sentence": "seedbox is switched off."}]
    assert not Client.objects.get().enabled
    done("switch_clients", "on", row.pk)
    done("switch_clients", "reset-pause", "seedbox")
    row = Client.objects.get()
    assert (row.enabled, row.failures, row.last_error) == (True, 0, "")


def test_a_test_says_by_its_code_that_a_client_is_down(
    fake: FakeQBittorrent, client_row: Client
) -> None:
    make_client("attic")
    assert run_json("test_clients", "attic")[0] == 3
    assert run_json("test_clients")[0] == 1
    assert run_json("test_clients", "seedbox")[0] == 0


def test_one_client_that_is_down_does_not_hide_the_other(client_row: Client) -> None:
    make_client("attic")
    code, document = run_json("client_state")
    assert code == 1
    assert [row["ok"] for row in document["clients"]] == [False, True]
    code, document = run_json("client_torrents", "attic")
    assert code == 3
    assert "attic" in document["error"]


def test_all_torrents_are_listed_with_the_downloads_they_are(
    fake: FakeQBittorrent, client_row: Client, shop: Shop, book: Book
) -> None:
    payload, foreign = shop.torrent(), shop.torrent("Ruth")
    done("grab", book.pk, shop.release(book, payload).pk)
    done("push_downloads", "--confirm")
    gateway = open_client(client_row)
    gateway.add(foreign, category="films", save_path="", tags=[], stopped=True)
    document = done("client_torrents", "seedbox")
    rows = {row["hash"]: row for row in document["torrents"]}
    assert document["total"] == 2
    assert rows[hashes_of(payload)[0]]["download"] == Download.objects.get().pk
    assert rows[hashes_of(foreign)[0]]["download"] is None
    stopped = done("client_torrents", "seedbox", "--filter", "stopped")["torrents"]
    assert [row["category"] for row in stopped] == ["films"]
    assert done("client_torrents", "seedbox", "--limit", 1)["has_more"]
    assert run("client_torrents", "seedbox", "--filter", "paused")[0] == 2


@pytest.mark.parametrize("command", ["test_clients", "client_state", "sync_downloads"])
def test_without_a_client_there_is_an_obstacle(command: str) -> None:
    code, out, err = run(command)
    assert (code, out) == (4, "")
    assert err.startswith("There is no qBittorrent to ask.")


def test_a_client_that_is_switched_off_is_not_asked(fake: FakeQBittorrent) -> None:
    make_client(address=fake.url, enabled=False)
    assert run("sync_downloads", "seedbox") == (4, "", "seedbox is switched off.\n")
    assert not fake.requests
