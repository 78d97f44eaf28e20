"""What the processes of a cluster must not inherit from each other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import django; django.setup()
from uuid import uuid4
from django.db import connection
from tame.children import Life, Program
from tame.cluster import Guard, StopFlag

def tell():
    print("shared" if connection.connection else "its own", flush=True)

connection.ensure_connection()
"""
FORKS = {
    "a worker beside the scheduler": """
guard = Guard(StopFlag(), StopFlag(), uuid4(), start=False)
guard.spawn_process(tell).join()
""",
    "a cluster beside the canary": """
life = Life(Program("cluster", tell, grace=1))
life.process.join()
print(*life.lines())
""",
}


@pytest.mark.parametrize("who", FORKS)
def test_who_is_forked_later_shares_no_connection(who: str, tmp_path: Path) -> None:
    """One that is shared gives a worker the answers to another's questions, on PostgreSQL; SQLite
    forbids it, because the database may be damaged."""
    given = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATA": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT + FORKS[who]],
        cwd=ROOT, env=os.environ | given, capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert (told.stdout, told.stderr) == ("its own\n", "")
