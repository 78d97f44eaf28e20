"""While everything is paused nothing goes on by itself, not even a pass that has begun."""

from __future__ import annotations

import pytest

from tame.runners import Runner, run_alone
from tame.switch import go_on, pause_everything

pytestmark = pytest.mark.django_db


def test_a_pass_that_runs_ends_with_the_step_it_is_at() -> None:
    steps = 0

    def work(runner: Runner) -> str:
        nonlocal steps
        while steps < 5 and runner.has_time:
            steps += 1
            if steps == 2:
                pause_everything()
        return f"{steps} steps"

    assert run_alone("push", work) == "2 steps"
    assert run_alone("push", work).startswith("paused")
    go_on()
    assert run_alone("push", work) == "5 steps"
