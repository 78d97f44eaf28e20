"""Gates for logins that need no database: one kept in a folder, shared by processes."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tame.lib.errors import LoginRefusedError


class FolderGate:
    """The lease is a lock on a file; every refused digest is a file with the sentence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = folder
        self.entered = 0

    @contextmanager
    def entering(self, digest: str) -> Iterator[None]:
        with (self.folder / "lease").open("w") as lease:
            fcntl.flock(lease, fcntl.LOCK_EX)
            refusal = self.folder / digest
            if refusal.exists():
                raise LoginRefusedError(refusal.read_text())
            self.entered += 1
            yield

    def refused(self, digest: str, sentence: str) -> None:
        (self.folder / digest).write_text(sentence)

    @property
    def refusals(self) -> list[str]:
        """The sentences of all refused logins."""
        return [path.read_text() for path in self.folder.iterdir() if path.name != "lease"]
