"""Slow things are done at once; what touches rows stays with the thread that asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from threading import Barrier, Event, current_thread, main_thread
from time import monotonic, sleep

import pytest

from tame.lib.side_by_side import at_once, here


def test_each_waits_for_the_others_at_the_same_time() -> None:
    meeting = Barrier(3, timeout=5)  # of two alone it would never open
    ends = at_once([meeting.wait] * 3)
    assert sorted(end.result() for end in ends) == [0, 1, 2]


def test_an_errand_is_done_by_who_asked() -> None:
    def work() -> tuple[bool, bool]:
        return current_thread() is main_thread(), here(lambda: current_thread() is main_thread())

    [first, second] = at_once([work, work])
    assert first.result() == second.result() == (False, True)
    assert here(lambda: 1) == 1


def test_one_that_fails_fails_alone() -> None:
    def wrong() -> int:
        raise KeyError("x")

    acts: list[Callable[[], int]] = [wrong, lambda: 2]
    [first, second] = at_once(acts)
    assert second.result() == 2
    assert isinstance(first.exception(), KeyError)


def test_a_fault_in_an_errand_is_raised_where_it_was_made() -> None:
    def errand() -> None:
        raise KeyError("row")

    with pytest.raises(KeyError, match="row"):
        at_once([lambda: here(errand)])


def test_who_is_too_slow_is_left_behind_and_told_so() -> None:
    free, told = Event(), Event()

    def slow() -> None:
        free.wait(5)
        try:
            here(lambda: None)
        except CancelledError:
            told.set()

    began = monotonic()
    [quick, late] = at_once([lambda: None, slow], 0.1)
    assert monotonic() - began < 2
    assert (quick.done(), late.done()) == (True, False)
    free.set()
    assert told.wait(5)


def test_an_errand_that_nobody_does_any_more_ends_all_the_same() -> None:
    """Handed in while the one before it takes longer than all are waited for."""
    ends = at_once([lambda: here(lambda: sleep(0.3))] * 2, 0.1)
    assert isinstance(ends[1].exception(timeout=5), CancelledError)


def test_nothing_is_done_at_once() -> None:
    assert at_once([]) == []
