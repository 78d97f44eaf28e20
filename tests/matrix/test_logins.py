"""Every row of the table of logins, hosts and bans, in every generation."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from django.utils import timezone

from books.models import Book
from downloads.clients import open_client
from downloads.connect import add_client
from downloads.models import Client, Download
from downloads.push import push_due
from downloads.states import State
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from downloads.trackers import ask_trackers
from tests.factory import make_book
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.matrix.conftest import again, client_of, given, payload_of, through, waits

PLAIN = "text/plain; charset=UTF-8"
HOUR = 3600


@pytest.fixture
def row(every: FakeQBittorrent) -> Client:
    return client_of(every)


@pytest.fixture
def download(row: Client, book: Book) -> Download:
    """One that the client lists."""
    found = through(given(book, payload_of()))
    assert found.state == State.DOWNLOADING
    return found


def all_steps() -> str:
    return " ".join(step() for step in (push_due, sync_due, tidy_due, ask_trackers))


def untouched(download: Download) -> None:
    """A client that does not let us in says nothing about a torrent."""
    found = again(download)
    assert (found.state, found.last_error, found.warning) == (State.DOWNLOADING, "", "")
    assert found.missing_since is None


def goes_on(row: Client, download: Download) -> None:
    sync_due()
    assert again(row).last_error == ""
    assert again(row).is_usable
    untouched(download)


# --- Good logins ----------------------------------------------------------------------------------


def test_one_login_for_everything(every: FakeQBittorrent, row: Client, download: Download) -> None:
    """Answered 200 `Ok.` or 204, with the cookie of the generation."""
    for _ in range(3):
        all_steps()
    assert len(every.asked("auth/login")) == 1
    cookie = "QBT_SID_" if every.how.cookie_with_port else "SID="
    assert all(one.headers["Cookie"].startswith(cookie) for one in every.asked("torrents/info"))


def test_a_session_that_ended_is_renewed_once(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    every.expire_sessions()
    goes_on(row, download)
    assert len(every.asked("auth/login")) == 2


def test_a_session_that_was_idle_too_long_is_renewed(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    every.session_seconds = 0.0
    sync_due()  # renewed, and over again at once: one try, then a sentence
    assert len(every.asked("auth/login")) == 2
    assert "refuses requests although it just accepted the login" in again(row).last_error
    assert waits(again(row).off_until, 60)
    untouched(download)
    every.session_seconds = 3600.0
    row.reset()
    goes_on(row, download)


@pytest.mark.parametrize("renewed", [True, False])
def test_a_cookie_that_ends_is_renewed_by_answers(
    renewed: bool, every: FakeQBittorrent, row: Client, download: Download, time_machine: Any
) -> None:
    """Since 5.2 it lasts an hour and gets a new end after half of it; older ones have no end."""
    every.renews_cookies = renewed
    time_machine.move_to(timezone.now())
    for _ in range(3):
        time_machine.shift(40 * 60)
        all_steps()
        assert again(row).last_error == ""
    forgotten = every.how.cookie_with_port and not renewed
    assert len(every.asked("auth/login")) == (2 if forgotten else 1)


def somebody_logs_in(fake: FakeQBittorrent) -> None:
    login = {"username": fake.username, "password": fake.password}
    requests.post(f"{fake.url}/api/v2/auth/login", data=login, timeout=5).raise_for_status()


def test_sixteen_other_programs_throw_us_out_of_5_3(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    """The sixteenth login ends the oldest there; before, all are kept."""
    for _ in range(16):
        somebody_logs_in(every)
    every.requests.clear()
    goes_on(row, download)
    assert len(every.asked("auth/login")) == (1 if every.how.logins_kept else 0)


def test_requests_come_from_nowhere_else(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    """A foreign Referer or Origin would be answered 401; wrong Basic credentials lock out."""
    all_steps()
    own = (None, every.url, f"{every.url}/")
    for asked in every.requests:
        assert asked.headers.get("Origin") in own
        assert asked.headers.get("Referer") in own
        assert asked.headers["Host"] == f"127.0.0.1:{every.port}"
        assert "Authorization" not in asked.headers
        assert "Sec-Fetch-Site" not in asked.headers


def test_another_name_of_its_machine(every: FakeQBittorrent, book: Book) -> None:
    """Only the port of the Host header has to be its own."""
    client_of(every, address=every.url.replace("127.0.0.1", "localhost"))
    assert through(given(book, payload_of())).state == State.DOWNLOADING
    assert {asked.headers["Host"] for asked in every.requests} == {f"localhost:{every.port}"}


@pytest.mark.parametrize("generation", ["5.2", "5.3"])
def test_an_api_key_needs_no_login_and_no_cookie(generation: str, book: Book) -> None:
    with FakeQBittorrent(generation) as fake:
        row = client_of(fake, username="", password="", api_key=fake.api_key)
        fake.ban()  # which does not touch keys
        download = through(given(book, payload_of()))
        goes_on(row, download)
        assert not any(asked.path.startswith("auth/") for asked in fake.requests)
        assert not fake.asked("app/rotateAPIKey"), "it would end the key for every other program"
        for asked in fake.requests:
            assert asked.headers["Authorization"].startswith("Bearer ")
            assert "Cookie" not in asked.headers


# --- Refused --------------------------------------------------------------------------------------


def test_a_wrong_password_is_tried_once_and_stops_the_client(
    every: FakeQBittorrent, row: Client, download: Download, book: Book
) -> None:
    """`Fails.` or 401: five of them would lock TAME out for an hour."""
    every.password = "changed meanwhile"
    every.expire_sessions()
    every.requests.clear()
    for _ in range(7):
        all_steps()
    assert len(every.asked("auth/login")) == 1
    row = again(row)
    assert "seedbox refused the user name or the password: enter them again" in row.last_error
    assert row.refused_credentials
    assert (row.off_until, row.is_usable) == (None, False)
    untouched(download)
    other = given(make_book("Ruth"), payload_of("Ruth"))
    assert push_due() == "0 pushed."
    assert (again(other).state, again(other).attempts) == (State.QUEUED, 0)
    assert len(every.asked("auth/login")) == 1
    add_client(every.url, username=every.username, password="changed meanwhile")
    assert push_due() == "1 pushed.", "all goes on at once"
    goes_on(row, download)


def test_a_wrong_api_key_stops_the_client(every: FakeQBittorrent, book: Book) -> None:
    """403; before 5.2 there are no keys, so each is wrong."""
    row = client_of(every, username="", password="", api_key="qbt_" + "w" * 28)
    download = given(book, payload_of())
    for _ in range(7):
        all_steps()
    row = again(row)
    assert "seedbox refused the API key: copy it again" in row.last_error
    assert "since 5.2; an older one needs user name and password" in row.last_error
    assert not row.is_usable
    assert len(every.requests) == 1
    assert again(download).state == State.QUEUED
    if every.how.api_keys:
        add_client(every.url, api_key=every.api_key)
    else:
        add_client(every.url, username=every.username, password=every.password)
    assert push_due() == "1 pushed.", "all goes on at once"


@pytest.mark.parametrize("generation", ["5.2", "5.3"])
def test_the_login_that_was_given_last_counts(generation: str, book: Book) -> None:
    with FakeQBittorrent(generation) as fake:
        row = client_of(fake, username="", password="", api_key="qbt_" + "w" * 28)
        add_client(fake.url, username=fake.username, password=fake.password)
        assert (again(row).password, again(row).api_key) == (fake.password, "")
        given(book, payload_of())
        assert push_due() == "1 pushed."
        add_client(fake.url, category="spoken")
        assert again(row).password == fake.password
        add_client(fake.url, api_key=fake.api_key)
        assert (again(row).password, again(row).api_key) == ("", fake.api_key)


def test_a_login_that_nobody_gave_is_asked_for(every: FakeQBittorrent, book: Book) -> None:
    row = client_of(every, username="", password="")
    download = given(book, payload_of())
    for _ in range(3):
        all_steps()
    assert "seedbox wants a login: enter its user name and password" in again(row).last_error
    assert not again(row).is_usable
    assert again(download).state == State.QUEUED
    assert len(every.requests) == 1
    add_client(every.url, username=every.username, password=every.password)
    assert push_due() == "1 pushed.", "all goes on at once"


def test_a_ban_is_waited_out(every: FakeQBittorrent, row: Client, download: Download) -> None:
    """It says nothing about these credentials, so they are kept."""
    every.expire_sessions()
    every.ban()
    every.requests.clear()
    for _ in range(5):
        all_steps()
    assert len(every.asked("auth/login")) == 1
    row = again(row)
    assert "has locked this address out for an hour after too many wrong logins" in row.last_error
    assert waits(row.off_until, HOUR)
    assert row.refused_credentials == ""
    untouched(download)
    every.restart()
    Client.objects.update(off_until=timezone.now())
    goes_on(row, download)


def test_a_ban_does_not_end_a_login(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    every.ban()
    goes_on(row, download)


# --- Hosts and paths ------------------------------------------------------------------------------


def refuses_the_host(every: FakeQBittorrent, row: Client, download: Download) -> None:
    every.requests.clear()
    all_steps()
    row = again(row)
    assert f"seedbox does not want to be called 127.0.0.1:{every.port} (401" in row.last_error
    assert "with Docker publish the Web UI under its own port number" in row.last_error
    assert waits(row.off_until, 60)
    assert row.refused_credentials == "", "it is not the password"
    untouched(download)


def test_another_port_in_front(every: FakeQBittorrent, row: Client, download: Download) -> None:
    """Docker with -p 18080:8080: the Host header names a port that is not its own."""
    right, every.web_port = every.web_port, 8080
    every.expire_sessions()
    refuses_the_host(every, row, download)
    every.web_port = right
    row.reset()
    goes_on(row, download)


def test_a_name_that_it_does_not_want(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    """ServerDomains is set: every request is answered 401."""
    every.expire_sessions()
    for _ in range(6):
        every.answer_next("*", "Unauthorized", 401, PLAIN)
    refuses_the_host(every, row, download)


def test_an_endpoint_that_is_not_there(
    every: FakeQBittorrent, row: Client, download: Download
) -> None:
    every.answer_next("torrents/info", every.how.unknown_endpoint, 404, PLAIN)
    all_steps()
    assert "seedbox is no qBittorrent, or not at this path" in again(row).last_error
    assert waits(again(row).off_until, 60)
    untouched(download)
    Client.objects.update(off_until=timezone.now())
    goes_on(row, download)


def test_a_client_that_is_down_backs_off(
    every: FakeQBittorrent, row: Client, download: Download, settings: Any
) -> None:
    every.down()
    for minutes in (1, 5, 15, 30, 60, 60):
        Client.objects.update(off_until=None)
        all_steps()
        assert waits(again(row).off_until, 60 * minutes)
    assert f"refused the connection at 127.0.0.1:{every.port}" in again(row).last_error
    assert "refused the connection" not in all_steps(), "left alone"
    untouched(download)
    every.up()
    Client.objects.update(off_until=timezone.now())
    goes_on(row, download)
    assert again(row).failures == 0


def test_the_password_is_asked_for_again_by_nobody(every: FakeQBittorrent, row: Client) -> None:
    """The digest of what was refused is kept with the row: a restarted process knows it too."""
    every.password = "changed"
    given(make_book("Ruth"), payload_of("Ruth"))
    push_due()
    open_client(again(row)).log_out()
    Client.objects.update(off_until=None, failures=0)
    push_due()
    assert len(every.asked("auth/login")) == 1
