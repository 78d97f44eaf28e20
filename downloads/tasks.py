"""What the schedules and bells run: one verb each, and a sentence."""

from __future__ import annotations

from time import monotonic, sleep

from django.conf import settings

from downloads import confirm as confirming
from downloads import prune as pruning
from downloads import push as pushing
from downloads import retry as retrying
from downloads import sync as syncing
from downloads import tidy as tidying
from downloads import trackers as asking
from downloads.models import Download
from downloads.states import State
from tame.lib import bell
from tame.lib.backoff import hurried
from tame.runners import PAUSED, Runner, everything_is_paused, is_watched, noted, run_alone

TICK = "downloads.tasks.tick"


@noted("push")
def push() -> str:
    return run_alone("push", lambda runner: pushing.push_due(lambda: runner.has_time))


@noted("confirm")
def confirm() -> str:
    return PAUSED if everything_is_paused() else confirming.confirm_due()


@noted("sync")
def sync() -> str:
    if everything_is_paused():
        return PAUSED
    said = syncing.sync_due()
    if is_worth_watching():
        bell.ring(TICK)
    return said


@noted("tidy")
def tidy() -> str:
    return PAUSED if everything_is_paused() else tidying.tidy_due()


@noted("retry")
def retry() -> str:
    return PAUSED if everything_is_paused() else retrying.retry_due()


@noted("trackers")
def trackers() -> str:
    return PAUSED if everything_is_paused() else asking.ask_trackers()


@noted("prune")
def prune() -> str:
    return pruning.prune()


def tick() -> str:
    """Sync every few seconds while somebody watches; the bell and the minute schedule go on."""
    said = run_alone("tick", follow)
    if said.startswith("followed") and is_worth_watching():
        bell.ring(TICK)
    return said


def follow(runner: Runner) -> str:
    ends = monotonic() + hurried(settings.TICK_RUN_SECONDS).total_seconds()
    times = 0
    while monotonic() < ends and runner.has_time and is_worth_watching():
        confirming.confirm_due()
        syncing.sync_due()
        times += 1
        sleep(hurried(settings.TICK_SECONDS).total_seconds())
    return f"followed {times} times"


def is_worth_watching() -> bool:
    active = Download.objects.filter(state__in=(State.PUSHED, State.DOWNLOADING))
    return is_watched() and not everything_is_paused() and active.exists()
