"""Processes that share nothing but the database log in one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from downloads.clients import login_of
from downloads.models import Client
from tests.cluster.conftest import ROOT, connected
from tests.fakes.qbittorrent import FakeQBittorrent

SIX = 6
REFUSED = 7
LATE = 0.05
LOG_IN = f"""
import sys, django
django.setup()
from downloads.clients import talking_to
from downloads.models import Client
from tame.lib.errors import LoginRefusedError
row = Client.objects.get(pk=sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
try:
    with talking_to(row) as client:
        print(client.version())
except LoginRefusedError as error:
    print(error)
    sys.exit({REFUSED})
"""
LOOK = """
import sys, django
django.setup()
from downloads.clients import at_each, talking_to
from downloads.models import Client

def look(row):
    with talking_to(row) as client:
        return client.version()

for _ in sys.stdin:
    versions, troubles = at_each(Client.objects.order_by("pk"), look)
    print(len(versions), *troubles, flush=True)
"""
Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def row(transactional_db: None, fake: FakeQBittorrent) -> Client:
    return connected(fake)


@pytest.fixture
def start(transactional_db: None) -> Iterator[Start]:
    environment = {
        "TEST_DATA": str(settings.DATA_DIR),
        "TEST_DB": str(connection.settings_dict["NAME"]),
    }
    told: dict[str, Any] = {
        "cwd": ROOT, "env": os.environ | environment, "text": True, "bufsize": 1,
        "stdin": subprocess.PIPE, "stdout": subprocess.PIPE,
    }  # fmt: skip
    with ExitStack() as stack:

        def started(script: str, *arguments: object) -> Process:
            command = [sys.executable, "-c", script, *map(str, arguments)]
            process = stack.enter_context(subprocess.Popen(command, **told))
            stack.callback(process.kill)
            return process

        yield started


def six(start: Start, row: Client) -> list[Process]:
    """Processes that have read the client's row and will log in when told to."""
    return [start(LOG_IN, row.pk) for _ in range(SIX)]


def asked(process: Process) -> str:
    """What it says when it has looked at every client."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("look\n")
    return process.stdout.readline().strip()


def all_at_once(processes: list[Process]) -> list[str]:
    """What each of them said."""
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
    return [process.communicate(timeout=60)[0] for process in processes]


def test_six_processes_with_a_changed_password_make_one_login_request(
    row: Client, start: Start, fake: FakeQBittorrent
) -> None:
    fake.password = "changed meanwhile"
    processes = six(start, row)
    said = all_at_once(processes)
    assert [process.returncode for process in processes] == [REFUSED] * SIX
    assert len(fake.asked("auth/login")) == 1
    row.refresh_from_db()
    assert "seedbox refused the user name or the password: enter them again" in row.last_error
    assert set(said) == {f"{row.last_error}\n"}
    assert row.refused_credentials == login_of(row).digest()
    assert row.login_leased_until is None


@pytest.mark.wide
def test_two_rows_for_one_client_make_one_login_request_too(
    row: Client, start: Start, fake: FakeQBittorrent
) -> None:
    """What is refused is the password at that address, whatever the row is called."""
    attic = connected(fake, name="attic", default=False)
    fake.password = "changed meanwhile"
    fake.answer_late(LATE)
    said = set(all_at_once([start(LOG_IN, one.pk) for one in (row, attic)]))
    assert len(fake.asked("auth/login")) == 1
    assert {row.is_usable for row in Client.objects.all()} == {False}
    assert said == {f"{row.last_error}\n" for row in Client.objects.all()}
    first, second = sorted(said, key=len)
    names = ("seedbox", "attic") if first.startswith("seedbox") else ("attic", "seedbox")
    assert first.startswith(f"{names[0]} refused the user name or the password: enter them again")
    assert second == f"{names[1]} has the same address and login as {names[0]}: {first}"


@pytest.mark.wide
def test_clients_that_change_their_names_keep_their_sessions(
    row: Client, start: Start, fake: FakeQBittorrent
) -> None:
    """One that takes the name of another, and one more row for the same client."""
    with FakeQBittorrent() as other:
        attic = connected(other, name="attic", default=False)
        connected(fake, name="twin", default=False)
        process = start(LOOK)
        assert asked(process) == "3"
        for pk, name in ((row.pk, "between"), (attic.pk, "seedbox"), (row.pk, "attic")):
            Client.objects.filter(pk=pk).update(name=name)
        other.down()
        said = asked(process)
        assert said.startswith("2 seedbox refused the connection")
        other.up()
        assert asked(process) == "3"
        process.communicate(timeout=60)
        assert [len(fake.asked(f"auth/{what}")) for what in ("login", "logout")] == [2, 2]
        assert [len(other.asked(f"auth/{what}")) for what in ("login", "logout")] == [1, 1]


@pytest.mark.wide
def test_six_processes_with_the_right_password_log_in_one_after_the_other(
    row: Client, start: Start, fake: FakeQBittorrent
) -> None:
    """Each has a session of its own; nobody is refused for waiting."""
    fake.answer_late(LATE)
    processes = six(start, row)
    said = all_at_once(processes)
    assert [process.returncode for process in processes] == [0] * SIX
    assert len(set(said)) == 1
    logins = fake.asked("auth/login")
    assert len(logins) == SIX
    gaps = [after.at - before.at for before, after in pairwise(logins)]
    assert min(gaps) > LATE
    row.refresh_from_db()
    assert (row.last_error, row.login_leased_until) == ("", None)
