"""Everything from an empty folder to a running TAME."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand

from tame import kernel, leftovers, local_qbittorrent, prepare, programs
from tame.canary import Canary
from tame.children import FORK
from tame.lib.errors import LocalError, TameError
from tame.supervisor import Supervisor
from tame.welcome import Welcome

INTERRUPTED = 130  # as a shell says it


class Command(BaseCommand):
    help = "Prepare the data folder, then run the web server and the task cluster until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="Run nothing afterwards.")

    def handle(self, *args: Any, prepare_only: bool, **options: Any) -> None:
        try:
            lock = take_lock()
            self._end_leftovers()
            if not prepare_only:
                check_port()
        except LocalError as error:
            self._fail(error)
        self._prepare_apart()
        if not prepare_only:
            sys.exit(self._supervise())
        os.close(lock)

    def _prepare_apart(self) -> None:
        """In a process of its own: what a migration needs would stay in memory for good."""
        process = FORK.Process(target=self._prepare, args=(os.getpid(),))
        process.start()
        with suppress(KeyboardInterrupt):  # it got that, too
            process.join()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)

    def _prepare(self, parent: int) -> None:
        kernel.end_with_parent(parent)
        try:
            prepare.prepare(self.tell)
        except TameError as error:
            self._fail(error)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)

    def _fail(self, error: TameError) -> NoReturn:
        self.stderr.write(str(error))
        sys.exit(1)

    def tell(self, line: str) -> None:
        with suppress(OSError):  # the terminal may have been closed
            self.stdout.write(line)
            self.stdout.flush()

    def _end_leftovers(self) -> None:
        if count := leftovers.end(settings.DATA_DIR / "processes.json"):
            self.tell(f"Ended {count} processes of a run that was killed")

    def _supervise(self) -> int:
        programs.warm()
        supervisor = Supervisor(
            note=settings.DATA_DIR / "processes.json",
            first_wait=settings.RESTART_SECONDS,
            tell=self.tell,
        )
        supervisor.add(programs.web())
        canary = Canary(supervisor.add(programs.tasks()), tell=self.tell)
        welcome = Welcome(self.tell, queue_answers=lambda: canary.has_answered)
        local = local_qbittorrent.Watcher(supervisor, self.tell)
        supervisor.watchers += [canary.look, welcome.look, local.look]
        return supervisor.run()


def take_lock() -> int:
    """One TAME for one data folder; the lock ends with this process, however it ends."""
    path = settings.DATA_DIR / "supervisor.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # unlike flock not passed on by a fork
    except OSError as error:
        owner = os.read(lock, 20).decode() or "?"
        raise LocalError(
            f"TAME already runs on {settings.DATA_DIR} (process {owner}). "
            "Stop that one first, or give this one a folder of its own with TAME_DATA."
        ) from error
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def check_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, settings.PORT))
        except OSError as error:
            is_low = error.errno == errno.EACCES
            why = "may only be used by root" if is_low else "is taken by another program"
            other = settings.PORT + (8000 if is_low else 1)
            raise LocalError(
                f"Port {settings.PORT} {why}. Put another one into .env, for example "
                f"TAME_PORT={other}, and start TAME again."
            ) from error
