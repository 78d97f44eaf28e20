"""`kill -9` in the middle of moving in: what was begun is ended by the next worker, once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.books.moving_in.sources import put, snapshot

ROOT = Path(__file__).resolve().parents[3]
BOOKS = 800


def manage(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "tame.settings", "ENV_FILE": os.devnull, "TAME_DATA": str(data),
        "TAME_BELLS": "0",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def count(data: Path, what: str) -> int:
    database = sqlite3.connect(data / "tame.sqlite3", timeout=10)
    try:
        question = f"SELECT count(*) FROM {what}"  # noqa: S608 - our own words
        return int(database.execute(question).fetchone()[0])
    finally:
        database.close()


@pytest.mark.long
def test_a_worker_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    root, data = tmp_path / "audiobooks", tmp_path / "data"
    put(root, *(f"Author {number}/Tale {number}/1.mp3" for number in range(BOOKS)))
    before = snapshot(root)
    assert manage(data, "quickstart", "--prepare-only").wait() == 0
    assert manage(data, "add_library", str(root)).wait() == 0
    worker = manage(data, "move_in", str(root))
    ends = time.monotonic() + 300
    done = "books_moveinline WHERE done_at IS NOT NULL"
    while count(data, done) < BOOKS // 2 and time.monotonic() < ends and worker.poll() is None:
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert BOOKS // 2 <= count(data, done) < BOOKS
    assert count(data, "books_shelfcopy") == count(data, done)
    go_on = "from books.moving_in.storing import store_due; store_due()"
    assert manage(data, "shell", "-c", go_on).wait() == 0
    for table in ("books_book", "books_shelfcopy", "books_shelfcopyhistory", done):
        assert count(data, table) == BOOKS
    assert {k: v for k, v in snapshot(root).items() if not k.startswith(".tame")} == before
