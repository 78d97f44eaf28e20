"""Commands as another program runs them: real processes, their output and their exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from books.models import Book
from tests.factory import make_book, make_indexer

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def manage(*arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | how
    return subprocess.run(
        command(arguments), cwd=ROOT, env=environment(), text=True, timeout=60, check=False, **how
    )


def command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def environment() -> dict[str, str]:
    """The test's own database and nobody's settings."""
    name = str(connection.settings_dict["NAME"])
    return os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DB": name}


@pytest.mark.wide
def test_stdout_is_one_json_document_whatever_happens() -> None:
    ended = manage("add_book", "Cranford", "--author", "Elizabeth Gaskell", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["book"]["id"] == Book.objects.get().pk
    for arguments, code in {
        ("add_book", "...", "--json"): 2,
        ("list_books", "--limit", "0", "--json"): 2,
        ("list_books", "--jason", "--json"): 2,
        ("add_book", "--json"): 2,
        ("test_clients", "--json"): 4,
    }.items():
        ended = manage(*arguments)
        assert (ended.returncode, ended.stderr) == (code, "")
        document = json.loads(ended.stdout)
        assert document["ok"] is False
        assert document["error"]


def test_a_person_gets_sentences_on_stderr_and_no_traceback() -> None:
    ended = manage("list_books", "--state", "lost")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("--state: There is no state “lost”. There are: available,")
    ended = manage("client_state", "seedbox")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "There is no client “seedbox”. The command list_clients shows all.\n"


def test_a_database_that_is_not_prepared_is_a_sentence(tmp_path: Path) -> None:
    name = str(tmp_path / "new.sqlite3") if connection.vendor == "sqlite" else "nowhere"
    ended = subprocess.run(
        command(["list_books"]),
        env=environment() | {"TEST_DB": name},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("The database cannot be used (")
    assert "Start TAME once" in ended.stderr


@pytest.mark.wide
def test_a_reader_who_has_heard_enough_ends_it_quietly() -> None:
    for number in range(300):
        make_book(f"The Collected Letters, Volume {number}")
    read, write = os.pipe()
    with os.fdopen(write, "w") as out:
        process = subprocess.Popen(
            command(["list_books", "--limit", "500", "--json"]),
            cwd=ROOT,
            env=environment(),
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(read)
    _, said = process.communicate(timeout=60)
    assert (said, process.returncode) == ("", 1)


def test_ctrl_c_is_told_in_json_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        make_indexer("Silent", f"http://127.0.0.1:{silent.getsockname()[1]}/api")
        process = subprocess.Popen(
            command(["test_indexers", "--json"]),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with silent.accept()[0]:  # it asks, and waits
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    assert json.loads(out) == {"ok": False, "error": "Stopped; what was done until then stays."}


@pytest.mark.wide
def test_an_old_terminal_gets_what_it_can_show() -> None:
    make_book("Ælfric\u2019s Life")
    ended = subprocess.run(
        command(["list_books"]),
        cwd=ROOT,
        env=environment() | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert "\\xc6lfric\\u2019s Life" in ended.stdout


@pytest.mark.wide
def test_the_bar_is_on_the_terminal_and_the_document_in_the_pipe() -> None:
    for number in (1, 2, 3):
        make_indexer(f"Indexer {number}", f"http://127.0.0.1:{number}/api")
    terminal, stderr = pty.openpty()
    ended = manage("test_indexers", "--json", stderr=stderr)
    os.close(stderr)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert ended.returncode == 3
    assert len(json.loads(ended.stdout)["indexers"]) == 3
    assert "3 of 3 Indexer 3" in shown
    assert shown.endswith("\r\x1b[K")
