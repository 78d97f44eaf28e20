"""A person's own work at what a runner does: it waits for its turn, as one more runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings

from tame.lib.commands import Command, Options, Result
from tame.lib.errors import ObstacleError
from tame.runners import Runner, kept

FILES = "files"
WAITS = "TAME is working on files just now. This begins as soon as that is done."
GAVE_UP = "TAME is still working on files, so nothing was done. Try it again later."
PRESS_AGAIN = "TAME is working on files just now, so nothing was done. Press it again in a minute."

C = TypeVar("C", bound=Command)
Run = Callable[[C, Options], Result]


@contextmanager
def turn(runner: Runner, seconds: float, give_up: str) -> Iterator[None]:
    """Raises ObstacleError when the others are not through within the time."""
    if not runner.take_within(seconds):
        raise ObstacleError(give_up)
    with kept(runner):
        yield


def at_the_files(run: Run[C]) -> Run[C]:
    """For the `run` of a command which moves files or writes to Audiobookshelf: never while the
    cluster, or another such command, does so."""

    @wraps(run)
    def inner(self: C, options: Options) -> Result:
        runner = Runner(FILES)
        if runner.take():
            with kept(runner):
                return run(self, options)
        if not options["json"]:
            self.stderr.write(WAITS)
        with turn(runner, settings.COMMAND_TURN_SECONDS, GAVE_UP):
            result = run(self, options)
        return replace(result, data={**result.data, "waited": WAITS})

    return inner


def one_at_the_files(act: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a button: a browser waits for the answer, so it gives up soon."""

    @wraps(act)
    def inner(*given: Any, **asked: Any) -> Any:
        with turn(Runner(FILES), settings.TURN_SECONDS, PRESS_AGAIN):
            return act(*given, **asked)

    return inner
