"""The tree as a stranger gets it: it starts, and what he reads is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]


def run(folder: Path, data: Path, *arguments: str, **more: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "TAME_DATA")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "tame.settings", "ENV_FILE": os.devnull, "TAME_DATA": str(data),
    } | more  # fmt: skip
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.wide
def test_fresh_clone_starts(tmp_path: Path) -> None:
    """What is tracked is enough: no ignored file is imported, every module is there."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    run(clone, tmp_path / "data", "manage.py", "quickstart", "--prepare-only")
    assert (tmp_path / "data" / "tame.sqlite3").exists()


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"])
def test_what_a_stranger_reads_is_there(name: str) -> None:
    assert (ROOT / name) in tracked()
