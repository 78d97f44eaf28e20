"""What the schedule runs."""

from __future__ import annotations

from time import monotonic

from django.conf import settings

from indexers import search as searching
from indexers.decide import decide_due
from indexers.feeds import read_feeds
from indexers.models import Indexer
from indexers.upgrades import note_upgrades
from tame.lib.backoff import hurried
from tame.lib.numbers import counted
from tame.runners import BUSY, Runner, hand_over, noted, ring_later, run_alone

SEARCH = "indexers.tasks.search"
FEEDS = "indexers.tasks.feeds"
DECIDE = "indexers.tasks.decide"
JUDGE_SECONDS = 10  # a fifth runner: for so long there may be no worker for the canary


@noted("search")
def search() -> str:
    """Search the books that are due; what is left is handed over with a bell."""
    said = run_alone("search", search_for_a_while)
    hand_over(said, SEARCH, searching.is_any_due)  # no time left, or wanted since it began
    return said


@noted("decide")
def decide() -> str:
    """Judge what was found and not judged as things are now."""
    return run_alone("decide", judge_for_a_while)


def judge_for_a_while(runner: Runner) -> str:
    ends = monotonic() + hurried(JUDGE_SECONDS).total_seconds()
    judged = decide_due(lambda: runner.has_time and monotonic() < ends)
    if monotonic() >= ends:
        ring_later(DECIDE, settings.AGAIN_SECONDS)
    return f"{counted(judged, 'release')} judged."


@noted("upgrades")
def upgrades() -> str:
    """Say for which books on the shelf something better is searched."""
    return run_alone("decide", lambda runner: note_upgrades())


@noted("feeds")
def feeds() -> str:
    """Read what is new at every indexer. It shares the runner of the searches, which ask the same
    indexers, and waits its turn."""
    said = run_alone("search", lambda runner: read_feeds(lambda: runner.has_time), patience=2)
    if said == BUSY:
        ring_later(FEEDS, settings.AGAIN_SECONDS)
    hand_over(said, SEARCH, searching.is_any_due)
    return said


def search_for_a_while(runner: Runner) -> str:
    searches = searching.search_due(lambda: runner.has_time)
    if not searches and not Indexer.usable().exists():
        return "No indexer can be asked right now."
    return f"{counted(len(searches), 'book')} searched."
