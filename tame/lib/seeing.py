"""Whether a file or folder can be seen and read: without the right to, Python raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tame.lib.errors import LocalError


def is_folder(path: Path) -> bool:
    """Also False where TAME may not look."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_seen(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


@contextmanager
def reading() -> Iterator[None]:
    """What a disk refuses is a fault on our side. Raises LocalError."""
    try:
        yield
    except PermissionError as error:
        raise LocalError(
            f"TAME may not read {error.filename}. Give its user the right to, or a shared group."
        ) from error
    except OSError as error:
        where = error.filename or "A file"
        raise LocalError(f"{where} cannot be read: {error.strerror}.") from error
