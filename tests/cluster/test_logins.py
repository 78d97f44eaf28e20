"""Processes that share nothing but the database log in one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
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
row = Client.objects.get()
print("ready", flush=True)
sys.stdin.readline()
try:
    with talking_to(row) as client:
        print(client.version())
except LoginRefusedError as error:
    print(error)
    sys.exit({REFUSED})
"""
Process = subprocess.Popen[str]


@pytest.fixture
def row(transactional_db: None, fake: FakeQBittorrent) -> Client:
    return connected(fake)


@pytest.fixture
def six(row: Client) -> Iterator[list[Process]]:
    """Processes that have read the client's row and will log in when told to."""
    environment = {
        "TEST_DATA": str(settings.DATA_DIR),
        "TEST_DB": str(connection.settings_dict["NAME"]),
    }
    told: dict[str, Any] = {
        "cwd": ROOT, "env": os.environ | environment, "text": True, "bufsize": 1,
        "stdin": subprocess.PIPE, "stdout": subprocess.PIPE,
    }  # fmt: skip
    with ExitStack() as stack:
        found = [
            stack.enter_context(subprocess.Popen([sys.executable, "-c", LOG_IN], **told))
            for _ in range(SIX)
        ]
        for process in found:
            stack.callback(process.kill)
        yield found


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
    row: Client, six: list[Process], fake: FakeQBittorrent
) -> None:
    fake.password = "changed meanwhile"
    said = all_at_once(six)
    assert [process.returncode for process in six] == [REFUSED] * SIX
    assert len(fake.asked("auth/login")) == 1
    row.refresh_from_db()
    assert "seedbox refused the user name or the password: enter them again" in row.last_error
    assert set(said) == {f"{row.last_error}\n"}
    assert row.refused_credentials == login_of(row).digest()
    assert row.login_leased_until is None


@pytest.mark.wide
def test_six_processes_with_the_right_password_log_in_one_after_the_other(
    row: Client, six: list[Process], fake: FakeQBittorrent
) -> None:
    """Each has a session of its own; nobody is refused for waiting."""
    fake.answer_late(LATE)
    said = all_at_once(six)
    assert [process.returncode for process in six] == [0] * SIX
    assert len(set(said)) == 1
    logins = fake.asked("auth/login")
    assert len(logins) == SIX
    gaps = [after.at - before.at for before, after in pairwise(logins)]
    assert min(gaps) > LATE
    row.refresh_from_db()
    assert (row.last_error, row.login_leased_until) == ("", None)
