"""Start and stop real qBittorrent servers that never leave loopback."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.loopback import free_port

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / ".tools" / "qbittorrent"
NEEDED = ("4.5", "5.1", "5.3")
USERNAME, PASSWORD = "captain", "nautilus-1870"
API_KEY = "qbt_TwentyThousandLeagues1870xyz"
FIRST_WITH_API_KEYS = (5, 2)

CONFIGURATION = r"""
[LegalNotice]
Accepted=true
[Meta]
MigrationVersion=0
[Network]
PortForwardingEnabled=false
[BitTorrent]
Session\Port={peer_port}
Session\Interface=lo
Session\InterfaceName=lo
Session\InterfaceAddress=127.0.0.1
Session\DHTEnabled=false
Session\PeXEnabled=false
Session\LSDEnabled=false
Session\AddTrackersEnabled=false
Session\QueueingSystemEnabled=false
Session\DefaultSavePath={downloads}
Session\TempPathEnabled=false
Session\Preallocation=false
Session\DisableAutoTMMByDefault=true
Session\RefreshInterval=250
Session\AnonymousModeEnabled=false
[Preferences]
General\Locale=en
Connection\ResolvePeerCountries=false
WebUI\Enabled=true
WebUI\Address=127.0.0.1
WebUI\Port={port}
WebUI\Username={username}
WebUI\Password_PBKDF2="@ByteArray({password})"
WebUI\LocalHostAuth=true
WebUI\UseUPnP=false
[WebUI]
Enabled=true
Address=127.0.0.1
Port={port}
Username={username}
Password_PBKDF2="@ByteArray({password})"
APIKey={api_key}
LocalHostAuth=true
UseUPnP=false
[RSS]
Session\EnableProcessing=false
AutoDownloader\EnableProcessing=false
"""


class RealServer:
    """One qbittorrent-nox with its own profile folder; a context manager."""

    def __init__(self, generation: str, binary: Path, folder: Path) -> None:
        self.generation = generation
        self.username, self.password = USERNAME, PASSWORD
        self.api_key = API_KEY if has_api_keys(generation) else ""
        self.downloads = folder / "downloads"
        self.port = free_port()
        self._binary, self._folder = binary, folder
        self._process: subprocess.Popen[bytes] | None = None
        self.downloads.mkdir(parents=True)
        self._configure()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        command = [str(self._binary), f"--profile={self._folder}"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait_until_it_answers()

    def down(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Forgets logins, bans and the log."""
        self.down()
        self.up()

    def __enter__(self) -> RealServer:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def _configure(self) -> None:
        target = self._folder / "qBittorrent" / "config" / "qBittorrent.conf"
        target.parent.mkdir(parents=True)
        text = CONFIGURATION.format(
            peer_port=free_port(),
            port=self.port,
            downloads=self.downloads,
            username=self.username,
            password=_hashed(self.password),
            api_key=API_KEY,
        )
        target.write_text(text)

    def _wait_until_it_answers(self) -> None:
        give_up = time.monotonic() + 20
        while time.monotonic() < give_up:
            try:
                urllib.request.urlopen(f"{self.url}/api/v2/app/version", timeout=2).close()
            except urllib.error.HTTPError as answer:
                answer.close()
                return
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError(f"qBittorrent {self.generation} did not start within 20 s")


def _hashed(password: str) -> str:
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 100_000, 64)
    return f"{base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()}"


def has_api_keys(generation: str) -> bool:
    return tuple(int(part) for part in generation.split(".")) >= FIRST_WITH_API_KEYS


@cache
def servers_found() -> dict[str, Path]:
    """Binaries by generation, "5.1" for example: those unpacked first, then the one on PATH."""
    found: dict[str, Path] = {}
    for binary in _binaries():
        generation = _generation(binary)
        if generation:
            found.setdefault(generation, binary)
    return dict(sorted(found.items()))


def _binaries() -> list[Path]:
    unpacked = sorted(UNPACKED.glob("*/qbittorrent-nox"))
    installed = shutil.which("qbittorrent-nox")
    return [*unpacked, Path(installed)] if installed else unpacked


def _generation(binary: Path) -> str:
    home = {"HOME": "/tmp", "XDG_CACHE_HOME": "/tmp", "XDG_CONFIG_HOME": "/tmp"}
    try:
        told = subprocess.run(
            [str(binary), "--version"],
            env=os.environ | home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    version = re.search(r"v(\d+\.\d+)", told)
    return version[1] if version else ""


def missing_generations() -> list[str]:
    return [generation for generation in NEEDED if generation not in servers_found()]


def say_what_was_missing(terminal: pytest.TerminalReporter) -> None:
    """In the last lines of a run, so that nobody takes the fakes' word for a real server's."""
    skipped = [report.nodeid for report in terminal.stats.get("skipped", [])]
    if any("real_server_is_here[" in node for node in skipped):
        terminal.write_line(what_was_missing())


def what_was_missing() -> str:
    """A sentence by name; "" when every generation is here."""
    missing = ", ".join(missing_generations())
    return missing and f"Not run against a real qBittorrent {missing}: see bin/get-qbittorrent."


if __name__ == "__main__":  # bin/test is several runs: the last lines are its own
    if sentence := what_was_missing():
        sys.stdout.write(f"{sentence}\n")
