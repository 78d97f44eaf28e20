"""What the schedule runs."""

from __future__ import annotations

from django.conf import settings

from indexers import search as searching
from indexers.decide import decide_due
from indexers.models import Indexer
from tame.runners import Runner, did_run, noted, ring_later, run_alone

SEARCH = "indexers.tasks.search"


@noted("search")
def search() -> str:
    """Search the books that are due; what is left is handed over with a bell."""
    said = run_alone("search", search_for_a_while)
    if did_run(said) and searching.is_any_due():  # no time left, or wanted since it began
        ring_later(SEARCH, settings.AGAIN_SECONDS)
    return said


@noted("decide")
def decide() -> str:
    """Judge what was found and not judged as things are now."""
    return run_alone("decide", lambda runner: decided(decide_due(lambda: runner.has_time)))


def decided(count: int) -> str:
    return f"{count} releases judged."


def search_for_a_while(runner: Runner) -> str:
    searches = searching.search_due(lambda: runner.has_time)
    if not searches and not Indexer.usable().exists():
        return "No indexer can be asked right now."
    return f"{len(searches)} books searched."
