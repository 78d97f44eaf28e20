"""The roof's tasks."""

from __future__ import annotations

from tame import prune as pruning
from tame.runners import PAUSED, everything_is_paused, note_beat, noted


def beat() -> str:
    """The canary's answer: a worker took a task from the queue just now."""
    note_beat()
    return "alive"


@noted("prune")
def prune() -> str:
    return PAUSED if everything_is_paused() else pruning.prune()
