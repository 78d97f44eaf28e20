"""The processes of the demo: TAME as `bin/start` runs it, and services of its own on loopback."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from demo import shelf
from demo.browser import DemoError
from demo.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 45.0  # seconds for TAME to answer
TAMES = ("TAME_", "QB_", "INDEXER_", "ABS_")  # what it reads; what a person has set is not used
USER = "demo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def said_by(process: subprocess.Popen[str] | None, name: str) -> dict[str, str]:
    """Where it answers, and its key."""
    line = process.stdout.readline() if process and process.stdout else ""
    if not line:
        raise DemoError(f"The demo's {name} did not start.")
    said: dict[str, str] = json.loads(line)
    return said


class Stage:
    """A throw-away data folder and what runs on it. Leaving it ends and removes everything."""

    def __init__(self, speed: int) -> None:
        self.keep = tempfile.TemporaryDirectory(prefix="tame-demo-", ignore_cleanup_errors=True)
        self.folder = Path(self.keep.name)
        self.address = f"http://localhost:{free_port()}"
        self.password = secrets.token_urlsafe(9)
        self.processes: list[subprocess.Popen[str]] = []
        self.speed = speed

    @property
    def environment(self) -> dict[str, str]:
        """What TAME is started with, and what a process needs to read its rows."""
        return {
            "TAME_DATA": str(self.folder / "data"),
            "TAME_URL": self.address,
            "TAME_WITH_QBITTORRENT": "yes",
            "ENV_FILE": os.devnull,
            "DJANGO_SUPERUSER_USERNAME": USER,
            "DJANGO_SUPERUSER_PASSWORD": self.password,
        }

    @property
    def log(self) -> Path:
        return self.folder / "tame.log"

    def _service(self, module: str, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", module, *options]
        return self._run(command, stdout=subprocess.PIPE)

    def _stand_in(self) -> subprocess.Popen[str]:
        folder = self.folder / "audiobooks"
        folder.mkdir()
        return self._service("demo.audiobookshelf", str(folder))

    def _shelf(self, said: Mapping[str, str]) -> Shelf:
        return Shelf(said["address"], said["key"], self.folder / "audiobooks")

    def _tame(self) -> subprocess.Popen[str]:
        command = [sys.executable, "manage.py", "quickstart"]
        return self._run(command, self.environment, stdout=self.log.open("w"))

    def _run(
        self, command: list[str], more: Mapping[str, str] | None = None, stdout: Any = None
    ) -> subprocess.Popen[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(TAMES)}
        process = subprocess.Popen(  # noqa: S603 - our own programs
            command,
            cwd=ROOT,
            env=clean | dict(more or {}),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT if more else None,
            start_new_session=True,  # Ctrl-C reaches only the demo, which ends them in order
            text=True,
        )
        self.processes.append(process)
        return process

    def wait_until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.check()
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):  # noqa: S310
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise DemoError(f"TAME did not answer within {PATIENCE:.0f} s.{self.last_words()}")

    def check(self) -> None:
        if self.tame.poll() is not None:
            raise DemoError(f"TAME ended with code {self.tame.returncode}.{self.last_words()}")

    def last_words(self) -> str:
        lines = self.log.read_text().splitlines()[-5:]
        return " Its last lines: " + " / ".join(lines) if lines else ""

    def __enter__(self) -> Self:
        try:
            given = shelf.given(os.environ)
            indexer = self._service("demo.indexer", "--speed", str(self.speed))
            stand_in = None if given else self._stand_in()
            self.tame = self._tame()
            self.indexer = said_by(indexer, "indexer")
            self.shelf = given or self._shelf(said_by(stand_in, "Audiobookshelf"))
        except BaseException:  # Ctrl-C, too: nothing may be left
            self.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave the rest
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.keep.cleanup()
