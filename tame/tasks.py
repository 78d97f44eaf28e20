"""The roof's tasks."""

from __future__ import annotations

from tame.runners import note_beat


def beat() -> str:
    """The canary's answer: a worker took a task from the queue just now."""
    note_beat()
    return "alive"
