"""What the processes of a cluster must not inherit from each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROW = """
import django; django.setup()
from uuid import uuid4
from django.db import connection
from tame.cluster import Guard, StopFlag

def tell():
    print("shared" if connection.connection else "its own", flush=True)

guard = Guard(StopFlag(), StopFlag(), uuid4(), start=False)
connection.ensure_connection()  # as the scheduler does, every 30 seconds
guard.spawn_process(tell).join()
"""


def test_a_worker_that_comes_later_shares_no_connection(tmp_path: Path) -> None:
    """One that is shared gives a worker the answers to another's questions, on PostgreSQL; SQLite
    forbids it, because the database may be damaged."""
    given = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATA": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", GROW],
        cwd=ROOT, env=os.environ | given, capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert (told.stdout, told.stderr) == ("its own\n", "")
