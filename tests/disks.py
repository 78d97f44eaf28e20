"""File systems and people without rights, for tests of what a disk may refuse."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

NOBODY = 65534


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system in memory; only where a test may mount one."""
    folder.mkdir(exist_ok=True)
    if os.getuid() or not shutil.which("mount"):
        pytest.skip("only root can mount a file system")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


@contextmanager
def open_to_all() -> Iterator[Path]:
    """A folder that nobody's own process reaches: pytest's own are root's alone."""
    folder = Path(mkdtemp(prefix="tame-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def said_by_a_child(work: Callable[[], object], prepare: Callable[[], None]) -> str:
    """The sentence of the error that `work` ends with, in a process of its own. It is empty when
    nothing went wrong."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            prepare()
            work()
            os.write(write, b"")
        except BaseException as error:
            os.write(write, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def become_nobody() -> None:
    """Root may write everywhere; whoever else runs the tests is without rights already."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
