"""The supervisor over programs that behave as badly as they can."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from tame import leftovers
from tame.children import pause
from tests.tame.nursery import FIRST_WAIT
from tests.tame.running import Running, is_alive, wait_until

Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def begin(*programs: str) -> Running:
            log = tmp_path / f"{programs[0]}.log"
            argv = [sys.executable, "-m", "tests.tame.nursery", str(tmp_path), *programs]
            return stack.enter_context(Running(argv, log, {}))

        yield begin


def test_a_line_says_who_wrote_it(start: Start) -> None:
    start("steady").wait_for("steady | I am here")


def test_a_killed_program_comes_back(start: Start) -> None:
    run = start("steady")
    run.wait_for("I am here")
    (first,) = run.below()
    first.kill()
    run.wait_for("steady was killed by signal 9")
    run.wait_for("I am here", times=2)
    assert run.below() != [first]


def test_sigterm_leaves_nothing_running(start: Start) -> None:
    run = start("steady", "leading")
    run.wait_for("I am here", times=2)
    assert run.end() == 0
    assert len(run._seen) == 3
    assert run.left() == []


def test_the_workers_of_a_program_are_not_told_to_end(start: Start, tmp_path: Path) -> None:
    """django-q's cluster hangs for ever when its workers get the signal too."""
    run = start("leading")
    run.wait_for("I am here")
    run.end()
    assert not (tmp_path / "the-worker-got-it").exists()


@pytest.mark.parametrize("program", ["stubborn", "abandoning", "escaping"])
def test_what_does_not_want_to_end_is_killed(start: Start, program: str) -> None:
    run = start(program)
    run.wait_for("I am here", times=1 if program == "stubborn" else 2)
    assert run.end() == 0
    assert run.left() == []


def test_workers_end_when_their_program_was_killed(start: Start) -> None:
    run = start("abandoning")
    run.wait_for("I am here", times=2)
    main, worker = run.below()
    main.kill()
    run.wait_for("I am here", times=4)
    assert not is_alive(worker)
    assert len(run.below()) == 2


def test_a_second_signal_ends_it_at_once(start: Start) -> None:
    run = start("stubborn", "steady")
    run.wait_for("I am here", times=2)
    run.process.send_signal(signal.SIGINT)
    run.wait_for("Stopping")
    assert run.end(signal.SIGINT, seconds=0.9) == 0
    assert run.left() == []


def test_five_quick_deaths_end_it_with_the_last_words(start: Start, tmp_path: Path) -> None:
    run = start("steady", "hopeless")
    assert run.process.wait(20) == 1
    assert run.text.count("hopeless ended with code 3") == 5
    assert "hopeless cannot live here" in run.text
    assert run.text.count("    I cannot read my book") == 5
    assert run.left() == []
    births = map(float, (tmp_path / "births").read_text().split())
    waits = [later - before for before, later in pairwise(births)]
    assert [wait > FIRST_WAIT * 2**n for n, wait in enumerate(waits)] == [True] * 4


def test_what_is_not_vital_may_die(start: Start) -> None:
    run = start("steady", "dispensable")
    run.wait_for("dispensable cannot live here; TAME goes on without it.")
    assert run.text.count("dispensable ended with code 3") == 5
    (steady,) = run.below()
    assert steady.name() == "tame steady"
    assert run.end() == 0


@pytest.mark.parametrize(
    ("deaths", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 16), (5, 20), (6, 20), (10_000, 20)]
)
def test_each_wait_is_twice_as_long(deaths: int, seconds: float) -> None:
    assert pause(deaths, 2) == seconds


def test_the_children_of_a_killed_supervisor_end(start: Start) -> None:
    run = start("steady", "leading")
    run.wait_for("I am here", times=2)
    steady = run.below()[0]
    run.process.kill()
    wait_until(lambda: not is_alive(steady), 5, lambda: "It still runs.")


def test_the_next_run_ends_what_a_killed_one_left(start: Start, tmp_path: Path) -> None:
    run = start("abandoning")
    run.wait_for("I am here", times=2)
    _, worker = run.below()
    run.process.kill()
    run.process.wait()
    assert is_alive(worker)
    assert leftovers.end(tmp_path / "processes.json") >= 1
    assert not is_alive(worker)


def test_a_number_that_belongs_to_somebody_else_by_now_is_left_alone(tmp_path: Path) -> None:
    note = tmp_path / "processes.json"
    argv = [sys.executable, "-c", "import time; time.sleep(600)"]
    with subprocess.Popen(argv, start_new_session=True) as somebody:
        leftovers.remember(note, [somebody.pid])
        kept = json.loads(note.read_text())
        kept["sessions"] = [[pid, started - 1] for pid, started in kept["sessions"]]
        note.write_text(json.dumps(kept))
        assert leftovers.end(note) == 0
        assert somebody.poll() is None
        somebody.kill()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"boot": "another", "sessions": [[1, 1]]}'])
def test_a_note_that_says_nothing_ends_nothing(tmp_path: Path, text: str) -> None:
    note = tmp_path / "processes.json"
    note.write_text(text)
    assert leftovers.end(note) == 0
    assert not note.exists()
