"""What the schedules and bells run of the books: one verb each, and a sentence."""

from __future__ import annotations

from books import trash as emptying
from books.moving_in import reading, storing
from tame.runners import hand_over, noted, run_alone

MOVE_IN = "books.tasks.move_in"


@noted("trash")
def trash() -> str:
    """Throw away what was kept long enough. It shares the runner for files with import."""
    return run_alone("files", lambda r: emptying.trash_due(lambda: r.has_time), patience=2)


@noted("move_in")
def move_in() -> str:
    """Read the folders that a person named, and store what was confirmed. It shares the runner
    for files."""
    said = run_alone(
        "files",
        lambda r: f"{reading.read_due(lambda: r.has_time)} {storing.store_due(lambda: r.has_time)}",
        patience=2,
    )
    hand_over(said, MOVE_IN, lambda: reading.is_any_due() or storing.is_any_due())
    return said
