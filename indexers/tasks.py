"""What the schedule runs."""

from __future__ import annotations

from indexers import search as searching
from indexers.models import Indexer
from tame.lib import bell
from tame.runners import Runner, noted, run_alone

SEARCH = "indexers.tasks.search"


@noted("search")
def search() -> str:
    """Search the books that are due; what is left is handed over with a bell."""
    return run_alone("search", search_for_a_while)


def search_for_a_while(runner: Runner) -> str:
    searches = searching.search_due(lambda: runner.has_time)
    if not runner.has_time and searching.is_any_due():
        bell.ring(SEARCH)
    if not searches and not Indexer.usable().exists():
        return "No indexer can be asked right now."
    return f"{len(searches)} books searched."
