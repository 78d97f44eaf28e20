"""A supervisor over small programs: python -m tests.tame.nursery FOLDER PROGRAM [PROGRAM ...]"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tame.children import Program
from tame.supervisor import Supervisor

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
FIRST_WAIT = 0.05  # seconds


def steady() -> None:
    print("I am here")  # noqa: T201
    time.sleep(600)


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    steady()


def leading() -> None:
    """Has a worker that writes down when it gets the SIGTERM that is not meant for it."""
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, lambda *_: (FOLDER / "the-worker-got-it").touch())
        while True:
            time.sleep(1)
    steady()


def abandoning() -> None:
    """Ends as soon as told, but its worker does not."""
    if os.fork() == 0:
        stubborn()
    steady()


def hopeless() -> None:
    """Writes down when it was born."""
    with (FOLDER / "births").open("a") as births:
        births.write(f"{time.monotonic()}\n")
    print("I cannot read my book")  # noqa: T201
    sys.exit(3)


def dispensable() -> None:
    hopeless()


def escaping() -> None:
    """Its worker leaves the process group."""
    if os.fork() == 0:
        os.setsid()
        stubborn()
    steady()


PROGRAMS: dict[str, Callable[[], None]] = {
    program.__name__: program
    for program in (steady, stubborn, leading, abandoning, hopeless, dispensable, escaping)
}


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    supervisor = Supervisor(note=FOLDER / "processes.json", first_wait=FIRST_WAIT, tell=tell)
    for name in sys.argv[2:]:
        is_vital = name != "dispensable"
        supervisor.add(Program(name, PROGRAMS[name], grace=1, vital=is_vital))
    sys.exit(supervisor.run())
