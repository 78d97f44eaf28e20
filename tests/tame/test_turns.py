"""What moves files, or writes to Audiobookshelf, is done by one process at a time."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from books.models import Library
from tame.lib.errors import ObstacleError
from tame.models import NamedLease
from tame.runners import BUSY, Runner, run_alone
from tame.turns import FILES, GAVE_UP, PRESS_AGAIN, WAITS, one_at_the_files
from tests.commanding import run
from tests.downloads.shelved import Shelved, shelved
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import browser, button_of, messages
from tests.shelves import shown_by
from tests.tame.test_commands_process import command, environment

ROOT = Path(__file__).resolve().parents[2]
IN_TURN = {
    "correct_metadata": [],
    "import_downloads": [],
    "import_folder": ["/nowhere"],
    "move_in": ["/nowhere"],
    "scan_shelf": [],
    "undo_import": ["1"],
    "wrong_book": ["1", "--because", "damaged"],
}
AT_FILES = {  # verbs that a runner of files calls
    "adopt_due", "correct", "correct_due", "import_due", "import_one", "read_run", "scan_now",
    "read_again", "read_library", "shelve_due", "store", "trash_due", "undo_due", "undo_one",
    "undo_run",
}  # fmt: skip
HOLD = """
import sys, django
django.setup()
from tame.runners import run_alone
print(run_alone("files", lambda runner: sys.stdin.readline()))
"""


@pytest.fixture
def at_work(db: None) -> Iterator[None]:
    """A worker of the cluster is at the files."""
    runner = Runner(FILES)
    assert runner.take()
    yield
    runner.release()


@pytest.mark.parametrize("name", IN_TURN)
def test_a_command_gives_up_when_its_turn_does_not_come(
    name: str, at_work: None, settings: Any
) -> None:
    settings.COMMAND_TURN_SECONDS = 0.1
    assert run(name, *IN_TURN[name]) == (4, "", f"{WAITS}\n{GAVE_UP}\n")
    code, out, err = run(name, *IN_TURN[name], "--json")
    assert (code, err, json.loads(out)) == (4, "", {"ok": False, "error": GAVE_UP})


@pytest.mark.parametrize("name", IN_TURN)
def test_a_dry_run_waits_for_nobody(name: str, at_work: None, settings: Any) -> None:
    settings.COMMAND_TURN_SECONDS = 0.1
    assert GAVE_UP not in run(name, *IN_TURN[name], "--dry-run")[2]


def test_every_command_at_the_files_takes_its_turn() -> None:
    commands = [*ROOT.glob("*/management/*.py"), *ROOT.glob("*/management/commands/*.py")]
    for path in commands:
        named = {
            name.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and node.module != "tame.lib.commands"
            for name in node.names
        }
        assert not named & AT_FILES or "at_the_files" in named, path


@pytest.mark.django_db
def test_a_button_gives_up_soon(at_work: None, settings: Any) -> None:
    settings.TURN_SECONDS = 0.1
    with pytest.raises(ObstacleError, match=PRESS_AGAIN):
        one_at_the_files(lambda: "done")()


def test_a_library_is_not_read_beside_other_work(
    at_work: None, settings: Any, tmp_path: Path
) -> None:
    settings.TURN_SECONDS = 0.1
    library = Library.objects.create(name="Audiobooks", root=str(tmp_path))
    answer = browser().post(button_of(library, "read"), follow=True)
    assert messages(answer) == [PRESS_AGAIN]


@pytest.mark.django_db
def test_the_turn_is_given_back_whatever_happens() -> None:
    def fail() -> None:
        raise ObstacleError("A stone.")

    for _ in range(2):
        with pytest.raises(ObstacleError, match="A stone"):
            one_at_the_files(fail)()
    assert run_alone(FILES, lambda runner: "done") == "done"


# --- Two processes --------------------------------------------------------------------------------


@pytest.fixture
def shown(transactional_db: None, tmp_path: Path, abs_fake: FakeAudiobookshelf) -> Shelved:
    """On a shelf that an Audiobookshelf shows: to take it off, that is asked first."""
    one = shelved(tmp_path)
    abs_fake.add_library(one.root, "Audiobooks")
    Library.objects.update(**shown_by(abs_fake))
    return one


@pytest.fixture
def abs_fake() -> Iterator[FakeAudiobookshelf]:
    with FakeAudiobookshelf() as fake:
        yield fake
        assert not fake.faults, fake.faults[0]


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(transactional_db: None) -> Iterator[Start]:
    """Ended with the test, however that ends."""
    with ExitStack() as stack:

        def begin(*argv: str, **more: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                argv, cwd=ROOT, env=environment() | more, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE,
            )  # fmt: skip
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield begin


def until(is_so: Any, seconds: float = 20) -> None:
    ends = monotonic() + seconds
    while not is_so():
        assert monotonic() < ends
        sleep(0.02)


def is_taken() -> bool:
    return NamedLease.objects.filter(name=FILES).exclude(until=None).exists()


def test_a_command_waits_for_the_cluster_and_says_so(shown: Shelved, start: Start) -> None:
    worker = start(sys.executable, "-c", HOLD)
    until(is_taken)
    undo = start(*command(["undo_import", str(shown.book.pk), "--by", "ann"]))
    assert undo.stderr is not None
    assert undo.stderr.readline() == f"{WAITS}\n"
    sleep(0.2)
    assert (undo.poll(), bool(shown.shown)) == (None, True)
    assert worker.communicate("done")[0] == "done\n"
    assert undo.wait(20) == 0
    assert not shown.shown


@pytest.mark.wide
def test_the_cluster_leaves_the_files_to_a_command(
    shown: Shelved, start: Start, abs_fake: FakeAudiobookshelf
) -> None:
    """For as long as it works, which is longer than a lease lasts."""
    with abs_fake.lock:  # it hangs
        short = json.dumps({"LEASE_SECONDS": 20})  # twenty times as fast
        undo = start(*command(["undo_import", str(shown.book.pk)]), TEST_SETTINGS=short)
        until(is_taken)
        ends = monotonic() + 2.5
        while monotonic() < ends:
            assert run_alone(FILES, lambda runner: "both at once") == BUSY
            sleep(0.02)
        assert shown.shown
    assert undo.wait(20) == 0, undo.communicate()
    assert run_alone(FILES, lambda runner: "its turn") == "its turn"
    assert not shown.shown


def test_a_killed_command_keeps_nobody_waiting(
    shown: Shelved, start: Start, abs_fake: FakeAudiobookshelf
) -> None:
    with abs_fake.lock:
        undo = start(*command(["undo_import", str(shown.book.pk)]))
        until(is_taken)
        undo.kill()
        undo.wait()
        assert run_alone(FILES, lambda runner: "its turn", patience=2) == "its turn"
