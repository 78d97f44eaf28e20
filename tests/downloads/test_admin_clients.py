"""Clients in the admin: connected by a form, tested by a button, their passwords never shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models.signals import pre_save
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from downloads.actions import CLIENTS
from downloads.models import Client
from tame.environment import declare_client
from tests.factory import make_client
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.people import bob, browser, button_of, list_of, messages, page_of, reload

pytestmark = pytest.mark.django_db
ADD = "/admin/downloads/client/add/"
INLINES = {
    f"{name}-{part}_FORMS": 0 for name in ("paths", "routes") for part in ("TOTAL", "INITIAL")
}


def filled(row: Client, **changed: Any) -> dict[str, Any]:
    """The row's form as a browser would send it: credentials are always empty."""
    kept = {
        "name": row.name, "address": row.address, "username": row.username,
        "category": row.category, "unfinished_limit": row.unfinished_limit, "enabled": "on",
        "new_password": "", "new_api_key": "",
    }  # fmt: skip
    return kept | INLINES | changed


def again(row: Client) -> Client:
    return Client.objects.get(pk=row.pk)


# --- Connect and test -----------------------------------------------------------------------------


def test_a_client_is_connected_and_tested(fake: FakeQBittorrent) -> None:
    page = browser()
    data = {
        "name": "seedbox", "address": fake.url.removeprefix("http://"), "username": fake.username,
        "new_password": fake.password, "category": "tame", "unfinished_limit": 5,
    }  # fmt: skip
    added = page.post(ADD, data, follow=True)
    client = Client.objects.get()
    assert added.redirect_chain[-1][0] == page_of(client)
    assert "Nothing is known of seedbox yet: test it." in added.content.decode()
    assert not fake.requests
    assert client.default
    tested = page.post(button_of(client, "test"), follow=True)
    assert messages(tested)[0].startswith("seedbox answers: qBittorrent ")
    assert "Tell TAME where to search" in tested.content.decode()
    assert again(client).last_ok_at is not None


def test_a_test_says_what_is_wrong(fake: FakeQBittorrent) -> None:
    client = make_client(address=fake.url, username=fake.username, password="wrong")
    tested = browser().post(button_of(client, "test"), follow=True)
    assert len(messages(tested)) == 1
    assert "password" in messages(tested)[0]
    assert "Save the right one, then test." in tested.content.decode()


def test_several_are_tested_from_the_list(fake: FakeQBittorrent) -> None:
    good = make_client(address=fake.url, username=fake.username, password=fake.password)
    bad = make_client("attic", "http://127.0.0.1:1")
    data = {"action": "test", "_selected_action": [good.pk, bad.pk]}
    said = messages(browser().post(list_of(Client), data, follow=True))
    assert len(said) == 1
    assert said[0].startswith("1 tested and well, 1 not: attic")


def test_new_credentials_are_tried_after_a_refusal(
    fake: FakeQBittorrent, django_capture_on_commit_callbacks: Any
) -> None:
    client = make_client(address=fake.url, username=fake.username, password="wrong")
    browser().post(button_of(client, "test"))
    assert again(client).refused_credentials
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(page_of(client), filled(client, new_password=fake.password))
    client = again(client)
    assert client.password == fake.password
    assert client.is_usable
    assert not client.last_error


@pytest.mark.parametrize("given", ["new_password", "new_api_key"])
def test_a_new_way_in_takes_the_place_of_the_old_one(given: str) -> None:
    client = make_client(password="old", api_key="qbt_old0old0old0old")
    browser().post(page_of(client), filled(client, **{given: "new"}))
    row = again(client)
    expected = ("new", "") if given == "new_password" else ("", "new")
    assert (row.password, row.api_key) == expected


def test_another_name_leaves_a_refusal_alone(django_capture_on_commit_callbacks: Any) -> None:
    client = make_client(refused_credentials="x", last_error="seedbox refused the login.")
    with django_capture_on_commit_callbacks(execute=True):
        browser().post(page_of(client), filled(client, name="attic"))
    assert again(client).name == "attic"
    assert again(client).refused_credentials == "x"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ftp://seedbox", "Write the address as you open qBittorrent"),
        ("http://", "Write the address as you open qBittorrent"),
        ("http://ann:rose@seedbox", "Leave user, password"),
    ],
)
def test_an_address_that_is_none_is_said_beside_the_field(address: str, sentence: str) -> None:
    data = {"name": "x", "address": address, "category": "tame", "unfinished_limit": 5}
    shown = browser().post(ADD, data).content.decode()
    assert sentence in shown
    assert not Client.objects.exists()


# --- Credentials ----------------------------------------------------------------------------------


def test_a_password_is_never_shown() -> None:
    client = make_client(password="rose garden 4711", api_key="qbt_harmless4711")
    for address in (page_of(client), list_of(Client), page_of(client) + "../history/"):
        shown = browser().get(address).content.decode()
        assert "4711" not in shown
    assert "4711" not in str(client)


def test_an_empty_field_keeps_the_password() -> None:
    client = make_client(password="rose garden", api_key="qbt_harmless")
    browser().post(page_of(client), filled(client, name="attic"))
    client = again(client)
    assert (client.name, client.password, client.api_key) == (
        "attic", "rose garden", "qbt_harmless",
    )  # fmt: skip


def test_the_tick_box_removes_what_is_stored() -> None:
    client = make_client(password="rose garden", api_key="qbt_harmless")
    assert 'name="new_api_key-remove"' in browser().get(page_of(client)).content.decode()
    browser().post(page_of(client), filled(client, **{"new_api_key-remove": "on"}))
    assert (again(client).password, again(client).api_key) == ("rose garden", "")


def test_there_is_nothing_to_remove_where_nothing_is_stored() -> None:
    shown = browser().get(page_of(make_client(password="x"))).content.decode()
    assert 'name="new_password-remove"' in shown
    assert 'name="new_api_key-remove"' not in shown


def test_the_history_names_the_field_and_not_the_password() -> None:
    client = make_client()
    browser().post(page_of(client), filled(client, new_password="tulip 4711"))
    assert again(client).password == "tulip 4711"
    entry = LogEntry.objects.get()
    assert entry.get_change_message() == "Changed Password."
    assert "4711" not in f"{entry.change_message} {entry.object_repr}"


def test_a_form_with_an_error_shows_no_password_again() -> None:
    client = make_client()
    answer = browser().post(page_of(client), filled(client, name="", new_password="tulip 4711"))
    assert answer.status_code == 200
    assert "4711" not in answer.content.decode()


def test_a_password_that_can_no_longer_be_read_breaks_no_page() -> None:
    client = make_client(password="rose garden")
    page = browser()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE downloads_client SET password = 'fernet:of-another-key'")
    for address in (list_of(Client), page_of(client), reverse("admin:index")):
        assert page.get(address).status_code == 200
    page.post(page_of(client), filled(client, new_password="tulip"))
    assert again(client).password == "tulip"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE downloads_client SET password = 'fernet:of-another-key'")
    tested = page.post(button_of(client, "test"), follow=True)
    assert "secret key has changed" in messages(tested)[-1]


# --- What the environment owns --------------------------------------------------------------------


def test_what_the_environment_owns_is_shown_and_not_changed(settings: Any) -> None:
    settings.QB_HOST, settings.QB_USERNAME = "seedbox.lan", "captain"
    settings.QB_PASSWORD = "nautilus-4711"
    declare_client()
    client = Client.objects.get()
    shown = browser().get(page_of(client)).content.decode()
    assert "QB_HOST, QB_PORT, QB_USERNAME and QB_PASSWORD in the environment own" in shown
    assert "http://seedbox.lan:8080" in shown
    assert "4711" not in shown
    for name in ("address", "username", "new_password", "new_api_key"):
        assert f'name="{name}"' not in shown
    data = filled(client, name="attic", address="http://evil", new_password="x", username="x")
    browser().post(page_of(client), data)
    now = again(client)
    assert (now.name, now.address, now.username, now.password) == (
        "attic", "http://seedbox.lan:8080", "captain", "",
    )  # fmt: skip
    delete = reverse("admin:downloads_client_delete", args=[client.pk])
    assert browser().post(delete, {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": client.pk, "post": "yes"}
    shown = browser().post(list_of(Client), data).content.decode()
    assert "attic, which variables in the environment declare" in shown
    assert Client.objects.exists()


# --- Saving and verbs -----------------------------------------------------------------------------


def test_saving_a_client_while_a_task_writes_its_row_loses_nothing() -> None:
    client = make_client()

    def note(sender: Any, instance: Any, **_: Any) -> None:
        Client.objects.filter(pk=instance.pk).update(version="v5.1", failures=3, last_error="Away.")

    pre_save.connect(note, sender=Client)
    try:
        browser().post(page_of(client), filled(client, unfinished_limit=9))
    finally:
        pre_save.disconnect(note, sender=Client)
    now = again(client)
    assert (now.unfinished_limit, now.version, now.failures, now.last_error) == (
        9, "v5.1", 3, "Away.",
    )  # fmt: skip


def test_a_client_is_switched_off_and_on() -> None:
    client = make_client()
    assert messages(browser().post(button_of(client, "switch_off"), follow=True)) == [
        "seedbox is switched off."
    ]
    assert not again(client).enabled
    browser().post(button_of(client, "switch_on"))
    assert again(client).enabled


def test_a_pause_is_ended() -> None:
    client = make_client(failures=4, off_until="2099-01-01T00:00Z", last_error="Away.")
    data = {"action": "reset_pause", "_selected_action": client.pk}
    browser().post(list_of(Client), data)
    assert again(client).is_usable
    assert not again(client).last_error


def test_one_client_is_used_by_default() -> None:
    first, second = make_client(default=True), make_client("attic")
    browser().post(button_of(second, "make_default"))
    assert (again(first).default, again(second).default) == (False, True)


@pytest.mark.parametrize("verb", [verb.name for verb in CLIENTS])
def test_a_verb_needs_post_a_token_and_its_permission(verb: str) -> None:
    client = make_client()
    assert messages(reload(client, verb)) == ["Press the button again: nothing was done."]
    strict = browser(enforce_csrf_checks=True)
    assert strict.post(button_of(client, verb)).status_code == 403
    page = browser(bob("downloads.view_client"))
    assert page.post(button_of(client, verb)).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_costs_the_same_whatever_its_length(rows: int) -> None:
    for n in range(rows):
        make_client(f"seedbox {n}")
    page = browser()
    page.get(list_of(Client))
    with CaptureQueriesContext(connection) as queries:
        page.get(list_of(Client))
    assert len(queries) == 5


def test_the_folders_of_a_client_are_tested(tmp_path: Any) -> None:
    client = make_client(save_path="/downloads")
    said = messages(browser().post(button_of(client, "test_folders"), follow=True))
    assert "no mapping fits. It is not there." in said[0]
    client.paths.create(client_prefix="/downloads", our_prefix=str(tmp_path))
    said = messages(browser().post(button_of(client, "test_folders"), follow=True))
    assert said[0].endswith("It is there.")
