"""The folder of what TAME keeps, and the secret key in it."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def made(given: str, *, below: Path) -> Path:
    """The folder that a person named, for its owner only; a relative one stands `below`."""
    folder = (below / given).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder cannot be made: {error}. Name another one with TAME_DATA."
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """The key in the data folder, made once; if another process was faster, its key."""
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _written_by_another(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _written_by_another(path: Path) -> str:
    """It may be at it this very moment."""
    for _ in range(30):
        if key := path.read_text().strip():
            return key
        time.sleep(0.1)
    raise ImproperlyConfigured(
        f"{path} is empty. Delete it: then TAME makes a new key, and stored passwords have to be "
        "entered again. Or put the key into it that TAME had."
    )
