"""What the demo knows of TAME: its rows, read and never written."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.utils import timezone

from books.models import ShelfCopy
from demo.browser import DemoError
from downloads.models import Client, Download, Import
from downloads.states import ImportState
from indexers.models import Search, Verdict
from tame.models import SchedulePreference

PATIENCE = 60.0  # seconds for one step; the schedules alone would carry it in that time
LOOK_SECONDS = 0.05
TROUBLE = {"failed", "held", "abandoned", "cancelled", "removed"}
Found = TypeVar("Found")


@dataclass
class Step:
    """One step as it is printed and summarised. `waited`: seconds in which nothing worked on it."""

    name: str
    began: datetime
    seconds: float = 0
    waited: float = 0
    worker: int | None = None
    evidence: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "step": self.name,
            "seconds": round(self.seconds, 2),
            "waited": round(self.waited, 2),
            "worker": self.worker,
        }


def wait_for(what: str, look: Callable[[], Found | None], patience: float = PATIENCE) -> Found:
    """Whatever `look` finds first. Raises DemoError when the patience is at its end."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(LOOK_SECONDS)
    raise DemoError(f"{what} did not come within {patience:.0f} seconds.")


def finished_search(book_id: int) -> Search | None:
    return Search.objects.filter(book=book_id, finished_at__isnull=False).first()


def verdicts(book_id: int) -> list[Verdict]:
    """What TAME thinks of each release, the best first; empty until all are judged as the book is
    now, and one of them may be taken."""
    found = Verdict.objects.filter(book=book_id).select_related("release")
    if found.filter(digest="").exists():
        return []
    outcomes: list[str] = list(Verdict.Outcome.values)
    rows = found.prefetch_related("rejections").order_by("-score", "-release__seeders")
    best_first = sorted(rows, key=lambda row: outcomes.index(row.outcome))
    return best_first if best_first and best_first[0].outcome == Verdict.Outcome.TAKE else []


def client() -> Client | None:
    return Client.objects.first()


def moved_to(download_id: int, state: str) -> Any:
    """The row of history of that move, once it was made. Raises DemoError when it went wrong."""
    download = Download.objects.get(pk=download_id)
    if download.state in TROUBLE:
        raise DemoError(f"The download is {download.get_state_display()}: {download.last_error}")
    return download.history.filter(to_state=state).first()


def delivered(download_id: int, state: str) -> Any:
    """The row of history of the book's own move. Raises DemoError when it went wrong."""
    row = Import.objects.get(download=download_id)
    if row.state in (ImportState.FAILED, ImportState.REVIEW):
        raise DemoError(f"The book was not imported: {row.last_error}")
    return row.history.filter(to_state=state).first()


def corrected(download_id: int) -> ShelfCopy | None:
    """The copy on the shelf, once what its server shows of it was compared and put right."""
    return ShelfCopy.objects.filter(
        pk__in=Import.objects.filter(download=download_id).values("copy"),
        corrected_at__isnull=False,
    ).first()


def tree(library: Path, folder: str) -> list[str]:
    """The files of a book in the library, without TAME's own note."""
    found = sorted(path for path in (library / folder).rglob("*") if path.is_file())
    return [str(path.relative_to(library)) for path in found if path.name[0] != "."]


def began_work(task: str) -> datetime | None:
    """When the task last began: what came before was waiting."""
    row = SchedulePreference.objects.filter(name=task).first()
    return row.last_started_at if row else None


def waited(since: datetime, ended: datetime, task: str) -> float:
    """Seconds between the step being due and its task beginning."""
    began = began_work(task) or ended
    return max(0.0, (min(began, ended) - since).total_seconds())


def is_below(process: int, ancestor: int) -> bool:
    """Whether the process was started by the supervisor: read from /proc."""
    while process > 1:
        if process == ancestor:
            return True
        try:
            status = Path(f"/proc/{process}/stat").read_text()
        except FileNotFoundError:
            return False
        process = int(status.rpartition(")")[2].split()[1])
    return False


def compare(download: Download, committed: tuple[Path, ...]) -> int:
    """Bytes that were downloaded and equal the committed files; anything else is a DemoError."""
    total = 0
    for path in committed:
        arrived = Path(download.content_path) / path.name
        if not arrived.exists():
            raise DemoError(f"{arrived} is not there.")
        data = arrived.read_bytes()
        if data != path.read_bytes():
            raise DemoError(f"{arrived} differs from the committed {path.name}.")
        total += len(data)
    return total


def now() -> datetime:
    return timezone.now()
