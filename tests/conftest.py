"""Every test talks to loopback only; the modules that take longest come first."""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest
from django.utils.module_loading import import_string
from pytest_django.plugin import DjangoDbBlocker

from tests.live.servers import say_what_was_missing

LOOPBACK = ("127.", "::1", "localhost")
LONGEST = (
    "tests/cluster/test_kills.py",
    "tests/matrix/test_adds.py",
    "tests/security/test_leaks.py",
    "tests/tame/test_bootstrap.py",
    "tests/tame/test_quickstart.py",
    "tests/tame/test_settings.py",
)
SLOW = re.compile(  # seconds of real processes each: only the full run takes them
    "|".join(
        (
            r"test_settings\.py::test_(the_deployment_checks|a_log_in_works_)",
            r"test_bootstrap\.py::test_(a_python_without|the_wheel_is|an_environment_whose)",
            r"test_commands_process\.py::test_stdout_is_one_json_document",
            r"test_killed_rows\.py::test_(an_undo|the_way_back)_killed",
            r"test_replacing\.py::test_\w+_killed_at_any_call\[copy",
            r"live/test_(adopting|seeding)\.py::.*\[real-(4\.5|5\.3)",
            r"test_quickstart\.py::test_a_(cluster_that_lost_its_idle|frozen_cluster)",
            r"test_runners\.py::test_the_canary_is_answered_while_all_runners_hang",
            r"test_two_clusters\.py::test_a_worker_that_overslept.*\[before-add",
            r"downloads/test_adopting\.py::test_requests_and_queries_do_not_grow.*\[4\.5",
        )
    )
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Else, of several workers, the last would be alone with one of them in the end."""
    for item in items:
        if SLOW.search(item.nodeid):
            item.add_marker(pytest.mark.wide)
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


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
