"""bin/test: its runs, the second try on CI, and its last line; pytest is a stand-in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tame.running import ROOT

MISSING = "Not run against a real qBittorrent 5.3: see bin/get-qbittorrent."
PYTHON = f"""#!/bin/sh
case "$*" in
*tests.live.servers) echo '{MISSING}' ;;
*last-failed*) echo again; exit $AGAIN ;;
*--collect-only*) ;;
*--ignore=tests/cluster*) exit $MANY ;;
*tests/cluster*) exit $ALONE ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / "requirements-test.txt").write_text("# nothing\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON)
    python.chmod(0o755)
    return tmp_path


def ended(clone: Path, *codes: int, ci: str = "true") -> tuple[int, list[str]]:
    """Exit code and lines, when the two runs and the second try end with these codes."""
    given = dict(zip(("MANY", "ALONE", "AGAIN"), map(str, codes), strict=True))
    given |= {"CI": ci, "PYTHON": str(clone / ".venv" / "bin" / "python")}
    told = subprocess.run(
        [str(clone / "bin" / "test")], env=os.environ | given,
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return told.returncode, told.stdout.splitlines()


@pytest.mark.parametrize(
    ("codes", "code", "tried_again"),
    [
        ((0, 0, 0), 0, False),
        ((1, 0, 0), 0, True),
        ((0, 1, 0), 0, True),
        ((1, 1, 1), 1, True),
        ((1, 0, 5), 1, True),  # nothing was found to be tried again
        ((2, 0, 0), 2, False),
        ((1, 2, 0), 2, False),
        ((1, 137, 0), 137, False),
        ((3, 1, 0), 3, False),
    ],
)
def test_a_run_that_was_cut_off_is_never_green(
    clone: Path, codes: tuple[int, ...], code: int, tried_again: bool
) -> None:
    found, lines = ended(clone, *codes)
    assert (found, "again" in lines) == (code, tried_again)


def test_a_person_gets_no_second_try(clone: Path) -> None:
    code, lines = ended(clone, 1, 0, 0, ci="")
    assert (code, "again" in lines) == (1, False)


@pytest.mark.parametrize("codes", [(0, 0, 0), (1, 0, 1), (2, 0, 0)])
def test_what_was_missing_is_the_last_line(clone: Path, codes: tuple[int, ...]) -> None:
    assert ended(clone, *codes)[1][-1] == MISSING


def test_a_hanging_test_does_not_end_its_run(tmp_path: Path) -> None:
    """What `--timeout-method=signal` is for: the next test is run, too."""
    file = tmp_path / "test_hanging.py"
    file.write_text("import time\ndef test_a(): time.sleep(60)\ndef test_b(): pass\n")
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", str(tmp_path), "-c", os.devnull,
         "-p", "no:django", "-p", "no:cacheprovider", "--timeout=1", "--timeout-method=signal",
         str(file)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (told.returncode, "1 failed, 1 passed" in told.stdout) == (1, True)
