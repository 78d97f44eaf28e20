"""In place of the import of files: long work under the lease that belongs to it."""

from __future__ import annotations

from time import sleep

from tame.runners import Runner, run_alone


def hold_files(seconds: float) -> str:
    def hold(runner: Runner) -> str:
        sleep(seconds)
        return "held"

    return run_alone("files", hold)
