"""What the schedules and bells run: one verb each, and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

from django.conf import settings
from django.utils import timezone

from downloads import adopting, importing, seeding, shelving, undoing
from downloads import confirm as confirming
from downloads import push as pushing
from downloads import retry as retrying
from downloads import sync as syncing
from downloads import take as taking
from downloads import tidy as tidying
from downloads import trackers as asking
from downloads.models import Download
from downloads.states import State
from downloads.waiting import is_any_waiting
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.runners import (
    A_MOMENT,
    PAUSED,
    Runner,
    did_run,
    everything_is_paused,
    hand_over,
    is_watched,
    note_run,
    noted,
    ring_later,
    run_alone,
)

PUSH = "downloads.tasks.push"
CONFIRM = "downloads.tasks.confirm"
IMPORT = "downloads.tasks.import_"
SHELVE = "downloads.tasks.shelve"
UNDO = "downloads.tasks.undo"
TICK = "downloads.tasks.tick"
WATCHED = {  # what a watched page is to show at once, by schedule
    "confirm": confirming.confirm_due,
    "sync": syncing.sync_due,
    "tidy": tidying.tidy_due,
}


@noted("grab")
def grab() -> str:
    """Take by itself what is certain, within the brakes. It asks the clients for their space, so it
    shares the runner of push."""
    said = run_alone("push", lambda runner: taking.take_due(lambda: runner.has_time), patience=2)
    hand_over(said, PUSH, is_any_waiting)
    return said


@noted("import")
def import_() -> str:
    """Import what is complete. It shares the runner for files with shelve."""
    said = run_alone("files", lambda r: importing.import_due(lambda: r.has_time), patience=2)
    hand_over(said, IMPORT, importing.is_any_due)
    hand_over(said, SHELVE, shelving.is_any_due)
    return said


@noted("shelve")
def shelve() -> str:
    said = run_alone("files", lambda r: shelving.shelve_due(lambda: r.has_time), patience=A_MOMENT)
    hand_over(said, IMPORT, importing.is_any_due)
    if did_run(said) and shelving.is_any_waiting():
        ring_later(SHELVE, settings.SCAN_LOOK_SECONDS)
    return said


@noted("undo")
def undo() -> str:
    """Take off the shelf, or put back, what a person said."""
    said = run_alone("files", lambda r: undoing.undo_due(lambda: r.has_time), patience=2)
    hand_over(said, UNDO, undoing.is_any_due)
    hand_over(said, SHELVE, shelving.is_any_due)
    return said


@noted("adopt")
def adopt() -> str:
    """Look for the torrents of what moves in, and adopt those of what did. It shares the runner
    for files."""
    return run_alone(
        "files", lambda r: f"{adopting.adopt_due()} {adopting.look_due()}", patience=A_MOMENT
    )


@noted("push")
def push() -> str:
    said = run_alone("push", lambda r: pushing.push_due(lambda: r.has_time), patience=2)
    hand_over(said, PUSH, is_any_waiting)  # no time left, or queued since it began
    return said


@noted("confirm")
def confirm() -> str:
    said = with_clients(confirming.confirm_due)
    hand_over(said, CONFIRM, confirming.is_any_due)
    return said


@noted("sync")
def sync() -> str:
    said = with_clients(syncing.sync_due)
    if did_run(said) and is_worth_watching():
        bell.ring(TICK)
    return said


@noted("tidy")
def tidy() -> str:
    return with_clients(tidying.tidy_due)


@noted("seed")
def seed() -> str:
    return with_clients(seeding.seed_due)


@noted("trackers")
def trackers() -> str:
    return with_clients(asking.ask_trackers)


@noted("retry")
def retry() -> str:
    if everything_is_paused():
        return PAUSED
    return f"{retrying.retry_due()} {importing.retry_due()}"


def tick() -> str:
    """Sync every few seconds while somebody watches; the bell and the minute schedule go on."""
    said = run_alone("tick", follow, patience=settings.TURN_SECONDS)
    if said.startswith("followed") and is_worth_watching():
        bell.ring(TICK)
    return said


def follow(runner: Runner) -> str:
    ends = monotonic() + hurried(settings.TICK_RUN_SECONDS).total_seconds()
    started, times, said = timezone.now(), 0, dict[str, str]()
    while monotonic() < ends and runner.has_time and is_worth_watching():
        said = {name: verb() for name, verb in WATCHED.items()}
        times += 1
        sleep(hurried(settings.TICK_SECONDS).total_seconds())
    for name, sentence in said.items():
        note_run(name, started, sentence)
    return f"followed {times} times"


def with_clients(verb: Callable[[], str]) -> str:
    """However long the clients hang, one worker at a time waits for them; the others stay free."""
    return run_alone("tick", lambda runner: verb(), patience=settings.TURN_SECONDS)


def is_worth_watching() -> bool:
    active = Download.objects.filter(state__in=(State.PUSHED, State.DOWNLOADING))
    return is_watched() and not everything_is_paused() and active.exists()
