"""Every test talks to loopback only; the modules that take longest come first."""

from __future__ import annotations

import gc
import socket
from typing import Any

import pytest
from django.utils.module_loading import import_string
from pytest_django.plugin import DjangoDbBlocker

from tests.live.servers import say_what_was_missing

LOOPBACK = ("127.", "::1", "localhost")
LONGEST = (
    "tests/books/test_replacing.py",
    "tests/downloads/test_seeding.py",
    "tests/live/",
    "tests/matrix/test_adds.py",
    "tests/matrix/test_settings_take_effect.py",
    "tests/security/test_leaks.py",
    "tests/tame/test_bootstrap.py",
    "tests/tame/test_commands_process.py",
    "tests/tame/test_settings.py",
    "tests/tame/test_supervisor.py",
    "tests/tame/test_turns.py",
)
_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else "localhost"
    if not str(host).startswith(LOOPBACK):
        raise AssertionError(f"A test wanted to reach {host}: tests talk to loopback only.")
    _connect(self, address)


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Else, of several workers, the last would be alone with one of them in the end. pytest-django,
    which puts tests without a database last, has sorted them before."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was collected stays to the end: that the collector of garbage walks over it again and
    again takes an eighth of all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """With the rows that a migration makes, also where no migration runs."""
    with django_db_blocker.unblock():
        import_string("tests.factory.make_usual_rows")()


@pytest.fixture(autouse=True)
def usual_rows(request: pytest.FixtureRequest) -> None:
    """Again: a test that commits leaves the tables empty behind it."""
    has_rows = {"db", "transactional_db"} & set(request.fixturenames)
    if has_rows or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        import_string("tests.factory.make_usual_rows")()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    say_what_was_missing(terminalreporter)
