"""How long a torrent has to seed, when several ask for it."""

from __future__ import annotations

from itertools import product

import pytest

from downloads.goals import Goal, duration, goal, stricter

DAY = 24 * 60
GOALS = {
    str(asked): asked
    for ratio, minutes, both in product((None, 1.0, 2.0), (None, 3 * DAY, 14 * DAY), (False, True))
    if (asked := goal(ratio, minutes, both=both))
}


@pytest.mark.parametrize(
    ("asked", "ratio", "days", "met"),
    [
        (Goal(1.5, 14 * DAY), 1.5, 0, True),
        (Goal(1.5, 14 * DAY), 0.8, 14, True),
        (Goal(1.5, 14 * DAY), 1.49, 13.9, False),
        (Goal(1.5, 14 * DAY, both=True), 1.5, 13, False),
        (Goal(1.5, 14 * DAY, both=True), 1.5, 14, True),
        (Goal(1.5), 1.4, 400, False),
        (Goal(None, 14 * DAY), 20, 13, False),
        (Goal(), 100, 400, False),
        (Goal(1.5), 9999, 0, False),  # it never downloaded anything
        (Goal(1.5), -1, 0, False),
    ],
)
def test_a_goal_is_met(asked: Goal, ratio: float, days: float, met: bool) -> None:
    assert asked.is_met(ratio, int(days * 86400)) is met


@pytest.mark.parametrize("one", GOALS)
@pytest.mark.parametrize("other", GOALS)
def test_what_meets_the_stricter_meets_both(one: str, other: str) -> None:
    asked = stricter(GOALS[one], GOALS[other])
    for ratio, days in product((0.0, 1.0, 1.5, 2.0, 3.0), (0, 3, 10, 14, 20)):
        seconds = days * 86400
        if asked.is_met(ratio, seconds):
            assert GOALS[one].is_met(ratio, seconds)
            assert GOALS[other].is_met(ratio, seconds)
    assert asked.is_met(3.0, 20 * 86400)  # it can be met


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (Goal(), Goal(1.5, 14 * DAY), "ratio 1.5 or 14 days"),
        (Goal(1, 3 * DAY), Goal(2, DAY), "ratio 2 or 3 days"),
        (Goal(1), Goal(None, 14 * DAY), "ratio 1 and 14 days"),
        (Goal(1, 3 * DAY), Goal(None, 14 * DAY), "14 days"),
        (Goal(1, 3 * DAY, both=True), Goal(1.5, DAY), "ratio 1.5 and 3 days"),
    ],
)
def test_the_stricter_is_said(one: Goal, other: Goal, said: str) -> None:
    assert str(stricter(one, other)) == said
    assert str(stricter(other, one)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 minutes"),
        (60, "1 minute"),
        (7200, "2 hours"),
        (86400, "1 day"),
        (129_600, "1.5 days"),
        (14 * 86400, "14 days"),
    ],
)
def test_a_duration_is_said(seconds: int, said: str) -> None:
    assert duration(seconds) == said
