"""What another process of ours does; light to import, because each process imports it anew."""

from __future__ import annotations

import os
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

from downloads.qbittorrent import Login, QBittorrent
from tame.lib.errors import LoginRefusedError
from tests.fakes.gate import FolderGate

REFUSED = 7


def log_in_with_old_password(url: str, folder: Path, start: Barrier) -> None:
    """Waits for the others, then logs in. Ends with `REFUSED` when it was."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    client = QBittorrent(Login("Attic", url, "captain", "old-password"), FolderGate(folder))
    start.wait()
    try:
        client.version()
    except LoginRefusedError:
        sys.exit(REFUSED)
