"""However the demo ends, its exit code and its last line say so."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import psutil
import pytest
import requests
from django.db import OperationalError

from demo.browser import DemoError
from downloads.models import Download
from tests.tame.running import ROOT

demo: Any = import_module("demo.__main__")


class EmptyStage:
    """On which nothing runs."""

    def __init__(self, speed: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def signals_stay() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (DemoError("None of the releases is the book."), 1, "None of the releases is the book."),
        (requests.ConnectionError("refused"), 1, "A page of TAME could not be read"),
        (requests.ReadTimeout("slow"), 1, "A page of TAME could not be read (ReadTimeout)"),
        (OperationalError("disk I/O error"), 1, "The database of TAME could not be read"),
        (Download.DoesNotExist("No download."), 1, "A row of TAME is gone"),
        (OSError(28, "No space left on device"), 1, "This machine refused something"),
        (KeyError("key"), 1, "The demo has a bug (KeyError)"),
        (KeyboardInterrupt(), 130, "It was stopped before its end"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_whatever_goes_wrong_is_the_last_line(
    error: BaseException, code: int, said: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def play(stage: EmptyStage, *, is_watched: bool) -> None:
        raise error

    monkeypatch.setattr(demo, "Stage", EmptyStage)
    monkeypatch.setattr(demo, "play", play)
    monkeypatch.setattr(sys, "argv", ["demo", "--exit"])
    assert demo.main() == code
    told = capsys.readouterr()
    last = json.loads(told.out.splitlines()[-1])
    assert (last["ok"], said in last["error"]) == (False, True)
    assert ("Traceback" in told.err) == isinstance(error, KeyError)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_demo_that_is_stopped_leaves_nothing(number: signal.Signals, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "--exit"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env=environment | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    watchdog = threading.Timer(100, process.kill)
    watchdog.start()
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("TAME starts")
        below = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        last = json.loads(process.stdout.read().splitlines()[-1])
    watchdog.cancel()
    assert process.returncode == 130
    assert (last["ok"], "stopped" in last["error"]) == (False, True)
    assert len(below) >= 2
    assert [one for one in below if one.is_running()] == []
    assert list(tmp_path.glob("tame-demo-*")) == []


def test_a_demo_that_cannot_start_says_so_to_a_program(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    for options, is_json in (["--exit"], True), ([], False):
        told = subprocess.run(
            [str(tmp_path / "bin" / "demo"), *options], env=os.environ | {"PYTHON": "/bin/false"},
            capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert (told.returncode, "Python 3.11" in told.stderr) == (1, True)
        assert ('{"ok": false' in told.stdout) == is_json
