"""What the schedules run: one verb each, and a sentence."""

from __future__ import annotations

from books import trash as emptying
from tame.runners import noted, run_alone


@noted("trash")
def trash() -> str:
    """Throw away what was kept long enough. It shares the runner for files with import."""
    return run_alone("files", lambda r: emptying.trash_due(lambda: r.has_time), patience=2)
