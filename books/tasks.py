"""What the schedules and bells run of the books: one verb each, and a sentence."""

from __future__ import annotations

from time import monotonic

from django.conf import settings

from books import correcting, covers, drift, following
from books import describe as describing
from books import trash as emptying
from books.bells import CORRECT, FOLLOW, MOVE_IN, READ_AGAIN, SEARCH
from books.moving_in import again, reading, storing
from indexers import search as searching
from tame.lib.backoff import hurried
from tame.runners import A_MOMENT, BUSY, Runner, hand_over, noted, ring_later, run_alone


@noted("trash")
def trash() -> str:
    """Throw away what was kept long enough. It shares the runner for files with import."""
    return run_alone("files", lambda r: emptying.trash_due(lambda: r.has_time), patience=A_MOMENT)


@noted("correct")
def correct() -> str:
    """Correct what Audiobookshelf shows of imported books. It shares the runner for files."""
    said = run_alone(
        "files", lambda r: correcting.correct_due(lambda: r.has_time), patience=A_MOMENT
    )
    hand_over(said, CORRECT, correcting.is_any_due)
    return said


@noted("move_in")
def move_in() -> str:
    """Read the folders that a person named, and store what was confirmed. It shares the runner
    for files."""
    said = run_alone(
        "files",
        lambda r: f"{reading.read_due(lambda: r.has_time)} {storing.store_due(lambda: r.has_time)}",
        patience=A_MOMENT,
    )
    hand_over(said, MOVE_IN, lambda: reading.is_any_due() or storing.is_any_due())
    return said


@noted("follow")
def follow() -> str:
    """Ask about what is followed. It shares the runner of the searches, which go first."""
    said = run_alone("search", follow_for_a_while, patience=A_MOMENT)
    hand_over(said, SEARCH, searching.is_any_due)
    hand_over(said, FOLLOW, following.is_any_due)
    return said


def follow_for_a_while(runner: Runner) -> str:
    ends = monotonic() + hurried(settings.DESCRIBE_SECONDS).total_seconds()
    return following.follow_due(
        lambda: runner.has_time and monotonic() < ends and not searching.is_any_due()
    )


@noted("describe")
def describe() -> str:
    """Ask the sources about books, and fetch covers. It shares the runner of the searches, which go
    first."""
    said = run_alone("search", describe_for_a_while, patience=A_MOMENT)
    hand_over(said, SEARCH, searching.is_any_due)
    return said


def describe_for_a_while(runner: Runner) -> str:
    ends = monotonic() + hurried(settings.DESCRIBE_SECONDS).total_seconds()

    def keep_going() -> bool:
        return runner.has_time and monotonic() < ends and not searching.is_any_due()

    said = describing.describe_due(keep_going), covers.fetch_due(keep_going)
    return " ".join(filter(None, said))


@noted("read_again")
def read_again() -> str:
    """Nightly: what was added to the libraries by hand, and what has gone. It shares the runner for
    files, so that nothing is imported or undone meanwhile; its turn comes a little later then. Also
    what was changed in Audiobookshelf."""
    said = run_alone(
        "files",
        lambda r: (
            f"{drift.look_for_edits(lambda: r.has_time)} {again.read_again(lambda: r.has_time)}"
        ),
        patience=A_MOMENT,
    )
    if said == BUSY:
        ring_later(READ_AGAIN, settings.LOOK_AGAIN_SECONDS)
    hand_over(said, MOVE_IN, storing.is_any_due)
    return said
