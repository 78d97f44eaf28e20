"""A qBittorrent that TAME runs beside itself, because a person asked for it.

On loopback only until that person says on which network interface: it would use this machine's
own address.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import shutil
import socket
from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from downloads.models import Client
from tame.children import Child, Program
from tame.lib.errors import BadInputError, LocalError
from tame.models import LOOPBACK, LocalClient
from tame.supervisor import Supervisor

USERNAME = "tame"
LOOK_SECONDS = 1.0
GRACE_SECONDS = 20  # it saves the state of its torrents when it ends
FOLDER = settings.DATA_DIR / "qbittorrent"
CONFIG = FOLDER / "qBittorrent" / "config" / "qBittorrent.conf"
NOT_HERE = (
    "There is no qbittorrent-nox on this machine. Install it (on Debian: sudo apt install "
    "qbittorrent-nox), or have it unpacked beside TAME without root: bin/get-qbittorrent trixie"
)

# Both places of the web page's settings: 5.3 moved them.
CONFIGURATION = r"""[LegalNotice]
Accepted=true
[Meta]
MigrationVersion=0
[Network]
PortForwardingEnabled=false
[BitTorrent]
Session\DefaultSavePath={downloads}
Session\DisableAutoTMMByDefault=true
Session\QueueingSystemEnabled=false
[Preferences]
General\Locale=en
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
LocalHostAuth=true
UseUPnP=false
"""


# --- What a person wants --------------------------------------------------------------------------


def interfaces() -> list[str]:
    """The network interfaces of this machine, without loopback."""
    return [name for _, name in socket.if_nameindex() if name != LOOPBACK]


def binary() -> str:
    """The program: on PATH, else unpacked beside TAME. Raises LocalError when there is none."""
    unpacked = sorted((settings.BASE_DIR / ".tools" / "qbittorrent").glob("*/qbittorrent-nox"))
    found = shutil.which("qbittorrent-nox") or (str(unpacked[-1]) if unpacked else "")
    if not found:
        raise LocalError(NOT_HERE)
    return found


def want(interface: str = LOOPBACK) -> LocalClient:
    """Run one on that interface; the supervisor does so within a second. Its client is a row like
    any other. Raises BadInputError for an unknown interface, LocalError without the program."""
    if interface not in (LOOPBACK, *interfaces()):
        known = ", ".join(interfaces()) or "none"
        raise BadInputError(f"This machine has no interface “{interface}”; it has: {known}.")
    binary()
    with transaction.atomic():
        row, _ = LocalClient.objects.get_or_create(pk=1)
        if row.client is None:
            row.client = connect(row)
        row.interface, row.wanted = interface, True
        row.save()
        switch(True)
    return row


def stop() -> LocalClient:
    """End it; what it has stays, and goes on when it is wanted again. Raises BadInputError when
    none runs."""
    row = LocalClient.objects.filter(pk=1, wanted=True).first()
    if row is None:
        raise BadInputError("No qBittorrent runs here.")
    with transaction.atomic():
        LocalClient.objects.update(wanted=False)
        switch(False)
    return row


def switch(enabled: bool) -> None:
    ours = LocalClient.objects.values("client")
    Client.objects.filter(pk__in=ours).update(enabled=enabled)


def connect(row: LocalClient) -> Client:
    """The row of the client, with a password nobody has to know."""
    row.web_port, row.peer_port = free_port(), free_port()
    password = secrets.token_urlsafe(18)
    row.password_hash = hashed(password)
    names = set(Client.objects.values_list("name", flat=True))
    return Client.objects.create(
        name="qBittorrent here" if "qBittorrent here" not in names else f"here {row.web_port}",
        address=f"http://127.0.0.1:{row.web_port}",
        username=USERNAME,
        password=password,
        default=not Client.objects.filter(default=True).exists(),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hashed(password: str) -> str:
    """As qBittorrent keeps it: PBKDF2-SHA-512, 100,000 rounds; salt and key in base64."""
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 100_000, 64)
    return f"{base64.b64encode(salt).decode()}:{base64.b64encode(key).decode()}"


# --- What the supervisor does ---------------------------------------------------------------------


def bindings(row: LocalClient) -> dict[str, str]:
    """The lines that decide which network it uses. On loopback it looks for nobody."""
    is_open = "false" if row.interface == LOOPBACK else "true"
    return {
        r"Session\Port": str(row.peer_port),
        r"Session\Interface": row.interface,
        r"Session\InterfaceName": row.interface,
        r"Session\InterfaceAddress": "127.0.0.1" if row.interface == LOOPBACK else "",
        r"Session\DHTEnabled": is_open,
        r"Session\PeXEnabled": is_open,
        r"Session\LSDEnabled": is_open,
    }


def configure(row: LocalClient) -> None:
    """Write its configuration once; afterwards change only which network it uses."""
    CONFIG.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not CONFIG.exists():
        downloads = settings.DATA_DIR / "downloads"
        downloads.mkdir(exist_ok=True)
        text = CONFIGURATION.format(
            downloads=downloads, port=row.web_port, username=USERNAME, password=row.password_hash
        )
        CONFIG.touch(mode=0o600)
        CONFIG.write_text(text)
    CONFIG.write_text(rebound(CONFIG.read_text(), bindings(row)))


def rebound(text: str, wanted: dict[str, str]) -> str:
    """The configuration with these lines of its [BitTorrent] part."""
    kept = [line for line in text.splitlines() if line.split("=")[0] not in wanted]
    lines = [f"{name}={value}" for name, value in wanted.items()]
    at = kept.index("[BitTorrent]") + 1
    return "\n".join([*kept[:at], *lines, *kept[at:]]) + "\n"


def program(path: str) -> Program:
    return Program("qbittorrent", lambda: run(path), GRACE_SECONDS, vital=False)


def run(path: str) -> None:
    """Becomes qBittorrent."""
    os.environ["HOME"] = str(FOLDER)
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.execv(path, [path, f"--profile={FOLDER}"])  # noqa: S606 - no shell, a path of ours


class Watcher:
    """Looks at the row now and then, and makes what runs agree with it."""

    def __init__(self, supervisor: Supervisor, tell: Callable[[str], None]) -> None:
        self.supervisor, self.tell = supervisor, tell
        self.child: Child | None = None
        self.interface, self.next_look = "", 0.0

    def look(self) -> None:
        if monotonic() < self.next_look:
            return
        self.next_look = monotonic() + LOOK_SECONDS
        try:
            row = LocalClient.objects.filter(pk=1, wanted=True).first()
        except DatabaseError as error:
            self.tell(f"Cannot see whether to run qBittorrent: {error}")
            return
        finally:
            connection.close_if_unusable_or_obsolete()
        if row is None:
            self.end()
        elif row.interface != self.interface:
            self.follow(row)

    def end(self) -> None:
        if self.child is not None and self.interface:
            self.interface = ""
            self.child.stop()
            self.tell("qbittorrent ends: nobody wants it here any more.")

    def follow(self, row: LocalClient) -> None:
        try:
            path = binary()
        except LocalError as error:
            self.tell(str(error))
            self.next_look = monotonic() + 60
            return
        self.interface = row.interface
        if self.child is None or self.child.gave_up:
            configure(row)
            self.child = self.supervisor.add(program(path))
        else:
            self.child.replace(GRACE_SECONDS, before=lambda: configure(row))
        where = "on loopback only" if row.interface == LOOPBACK else f"on {row.interface}"
        self.tell(f"qbittorrent runs {where}: {re.sub('/qbittorrent-nox$', '', path)}")
