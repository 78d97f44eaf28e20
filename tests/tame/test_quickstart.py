"""From an empty folder to a running TAME, and through everything that may kill a part of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tame import runners
from tame.runners import RUNNERS
from tests.fakes.loopback import free_port
from tests.tame.running import ROOT, Running, is_alive, wait_until

PACE = {"BEAT_SECONDS": 0.5, "STALL_SECONDS": 3, "DEAD_GRACE_SECONDS": 1, "RESTART_SECONDS": 0.2}
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
AT_REST = 2  # workers
CLUSTER = {"workers": 5, "poll": 0.05, "guard_cycle": 0.25}
LOCK = {"timeout": 4}  # seconds; who stands still with the lock is waited for twice
READY = "TAME is at"


class Tame(Running):
    """The real thing: web server, task cluster and supervisor."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._not_workers: dict[int, list[psutil.Process]] = {}  # by the cluster's main process
        self.port = int(environment.get("TAME_PORT") or free_port())
        given = environment_of(folder, TAME_PORT=str(self.port)) | environment
        log = folder.parent / f"{folder.name}-{len(list(folder.parent.glob('*.log')))}.log"
        super().__init__([sys.executable, "manage.py", "quickstart"], log, given)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def web(self) -> psutil.Process:
        return self._child(0)

    @property
    def cluster(self) -> psutil.Process:
        return self._child(1)

    def workers(self) -> list[psutil.Process]:
        """The first children of the cluster's main process are workers; monitor and pusher follow,
        and after them come further workers."""
        found = sorted(self.cluster.children(), key=lambda process: process.pid)
        others = self._not_workers.setdefault(self.cluster.pid, found[AT_REST : AT_REST + 2])
        return [process for process in found if process not in others]

    def _child(self, place: int) -> psutil.Process:
        found = psutil.Process(self.process.pid).children()
        return sorted(found, key=lambda process: process.pid)[place]


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATA": str(folder),
        "TEST_SETTINGS": json.dumps(PACE | {"STORAGES": STORAGES}),
        "TEST_Q_CLUSTER": json.dumps(CLUSTER),
        "TEST_SQLITE": json.dumps(LOCK),
    } | more


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where no TAME has been yet."""
    return tmp_path / "data"


@pytest.fixture(scope="module")
def first_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared for the first time; what that said is beside it."""
    folder = tmp_path_factory.mktemp("first") / "data"
    told = prepare(folder)
    assert told.returncode == 0, told.stderr
    (folder.parent / "told").write_text(told.stdout)
    return folder


@pytest.fixture
def lived_in(first_folder: Path, folder: Path) -> Path:
    """Where TAME was prepared before."""
    shutil.copytree(first_folder, folder)
    return folder


@pytest.fixture(scope="module")
def shared(first_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tame]:
    """A running one for all tests that only look."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(first_folder, folder)
    running = Tame(folder)
    with running:
        running.wait_for(READY)
        yield running


@pytest.fixture
def tame(lived_in: Path) -> Iterator[Tame]:
    """One of its own for a test that breaks it."""
    running = Tame(lived_in)
    with running:
        running.wait_for(READY)
        running.below()
        yield running


def prepare(folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "quickstart", "--prepare-only"],
        cwd=ROOT, env={**os.environ, **environment_of(folder, **more)},
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def ask(folder: Path, question: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "tame.sqlite3", timeout=20)) as database, database:
        return database.execute(question, values).fetchall()


def enqueue(folder: Path, path: str, *values: float, times: int) -> None:
    """A task is put into the queue by another process, as the web server does."""
    code = (
        "import django; django.setup(); from django_q.tasks import async_task\n"
        f"for _ in range({times}): async_task({path!r}, *{values!r}, save=False, group='test')"
    )
    environment = {**os.environ, **environment_of(folder)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


def locked(folder: Path) -> bool:
    """Whether a worker is at a task, or will be."""
    return bool(
        ask(folder, "SELECT 1 FROM django_q_ormq WHERE lock > datetime('now', '+1 minute')")
    )


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


# --- Preparing ------------------------------------------------------------------------------------


def test_preparing_twice_makes_one_admin_and_shows_the_password_once(
    first_folder: Path, lived_in: Path
) -> None:
    again = prepare(lived_in)
    assert again.returncode == 0, again.stderr
    assert "user admin, password" in (first_folder.parent / "told").read_text()
    assert "password" not in again.stdout
    assert not (lived_in / "backups").exists(), "nothing was there to migrate"
    assert ask(lived_in, "SELECT username, is_superuser FROM auth_user") == [("admin", 1)]


def test_the_password_shown_is_the_password(first_folder: Path) -> None:
    shown = (first_folder.parent / "told").read_text().split("password ")[1].split()[0]
    code = (
        "import django; django.setup(); from django.contrib.auth import authenticate;"
        f"print(authenticate(username='admin', password={shown!r}))"
    )
    environment = {**os.environ, **environment_of(first_folder)}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert told.stdout.strip() == "admin", told.stderr


@pytest.mark.wide
def test_a_user_given_by_the_environment_is_made_without_showing_the_password(folder: Path) -> None:
    given = {"DJANGO_SUPERUSER_USERNAME": "gaskell", "DJANGO_SUPERUSER_PASSWORD": "cranford-1853"}
    told = prepare(folder, **given)
    assert ask(folder, "SELECT username FROM auth_user") == [("gaskell",)]
    assert "cranford-1853" not in told.stdout + told.stderr


def test_what_it_keeps_is_for_its_owner_only(first_folder: Path) -> None:
    assert first_folder.stat().st_mode & 0o077 == 0


def test_the_database_is_copied_before_a_migration_changes_it(lived_in: Path) -> None:
    ask(lived_in, "CREATE TABLE memory (text)")
    assert not (lived_in / "backups").exists()
    ask(lived_in, "DELETE FROM django_migrations WHERE app='sessions'")
    ask(lived_in, "DROP TABLE django_session")
    told = prepare(lived_in)
    (copy,) = (lived_in / "backups").iterdir()
    assert f"Copied the database to {copy}" in told.stdout
    assert copy.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as kept:
        names = {name for (name,) in kept.execute("SELECT name FROM sqlite_master")}
    assert "memory" in names
    assert "django_session" not in names


@pytest.mark.wide
def test_only_the_newest_copies_are_kept(lived_in: Path) -> None:
    (lived_in / "backups").mkdir()
    for year in range(1990, 2000):
        (lived_in / "backups" / f"before-migrate-{year}-01-01.sqlite3").touch()
    (lived_in / "backups" / "my own.sqlite3").touch()
    ask(lived_in, "DELETE FROM django_migrations WHERE app='sessions'")
    ask(lived_in, "DROP TABLE django_session")
    prepare(lived_in)
    names = sorted(path.name for path in (lived_in / "backups").iterdir())
    assert len(names) == 6
    assert names[0].startswith("before-migrate-1996")
    assert "my own.sqlite3" in names


def test_a_database_that_cannot_be_copied_is_not_changed(lived_in: Path) -> None:
    (lived_in / "backups").write_text("a file where the folder should be")
    ask(lived_in, "DELETE FROM django_migrations WHERE app='sessions'")
    told = prepare(lived_in)
    assert told.returncode == 1
    assert "could not be copied" in told.stderr
    assert "Traceback" not in told.stderr
    assert ask(lived_in, "SELECT * FROM django_migrations WHERE app='sessions'") == []


@pytest.mark.parametrize(
    ("name", "value"), [("QB_HOST", "http://a b"), ("INDEXER_URL", "http://localhost:9117/")]
)
def test_an_address_that_cannot_be_used_is_said_with_its_variable(
    lived_in: Path, name: str, value: str
) -> None:
    told = prepare(lived_in, **{name: value})
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert told.stderr.startswith(f"{name} cannot be used. ")


# --- Running --------------------------------------------------------------------------------------


def test_the_address_is_the_last_line(shared: Tame) -> None:
    last = shared.text.strip().splitlines()[-1]
    assert last.startswith(f"TAME is at http://localhost:{shared.port}/")
    assert status(f"{shared.url}/admin/login/") == 200
    assert "Only this machine can reach it" in shared.text


def test_it_serves_its_style_sheets(shared: Tame) -> None:
    with urllib.request.urlopen(f"{shared.url}/admin/login/", timeout=10) as answer:
        page = answer.read().decode()
    sheet = page.split('href="/static/')[1].split('"')[0]
    assert status(f"{shared.url}/static/{sheet}") == 200


def test_all_its_processes_together_take_less_than_200_mb(shared: Tame) -> None:
    processes = [psutil.Process(shared.process.pid), *shared.below()]
    assert sum(process.memory_full_info().pss for process in processes) < 200_000_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_nothing_running(tame: Tame, number: signal.Signals) -> None:
    assert len(tame.below()) == 5 + AT_REST
    assert tame.end(number) == 0
    assert tame.left() == []


def test_a_second_one_on_the_same_folder_is_refused(shared: Tame) -> None:
    with Tame(shared.folder) as second:
        assert second.process.wait(20) == 1
        sentence = f"TAME already runs on {shared.folder} (process {shared.process.pid})"
        assert sentence in second.text
    assert status(f"{shared.url}/healthz") == 200


def test_a_busy_port_is_said_with_the_line_to_change(shared: Tame, tmp_path: Path) -> None:
    with Tame(tmp_path / "other", TAME_PORT=str(shared.port)) as second:
        assert second.process.wait(20) == 1
        assert f"Port {shared.port} is taken" in second.text
        assert f"TAME_PORT={shared.port + 1}" in second.text
        assert "Traceback" not in second.text


def test_on_the_network_it_says_who_can_reach_it(lived_in: Path) -> None:
    running = Tame(lived_in, TAME_LAN="yes")
    with running:
        running.wait_for(READY)
        assert "Everyone in your network can reach it" in running.text
        listening = [str(line.laddr) for line in psutil.net_connections("tcp")]
        assert f"addr(ip='0.0.0.0', port={running.port})" in listening


# --- Losing a part --------------------------------------------------------------------------------


def test_a_killed_web_server_answers_again(tame: Tame) -> None:
    tame.web.kill()
    tame.wait_for("web was killed by signal 9")
    wait_until(lambda: reachable(tame), 10, lambda: tame.text)


def reachable(tame: Tame) -> bool:
    try:
        return status(f"{tame.url}/healthz") == 200
    except OSError:
        return False


def test_a_killed_cluster_comes_back_and_leaves_no_orphans(tame: Tame) -> None:
    old = [tame.cluster, *tame.cluster.children(recursive=True)]
    tame.cluster.kill()
    tame.wait_for("tasks answers", times=2)
    assert [process for process in old if is_alive(process)] == []


@pytest.mark.wide
def test_long_work_does_not_starve_the_canary(tame: Tame) -> None:
    """As much of it as TAME ever does at once, for longer than the canary's patience."""
    enqueue(tame.folder, "time.sleep", PACE["STALL_SECONDS"] + 3, times=len(RUNNERS))
    wait_until(lambda: len(tame.workers()) == len(RUNNERS) + 1, 10, lambda: tame.text)
    wait_until(lambda: not locked(tame.folder), 20, lambda: tame.text)
    assert "replaced" not in tame.text


def test_work_under_way_is_finished_before_the_end(tame: Tame) -> None:
    enqueue(tame.folder, "time.sleep", 2, times=1)
    wait_until(lambda: locked(tame.folder), 5, lambda: tame.text)
    assert tame.end() == 0
    assert not locked(tame.folder)


@pytest.mark.wide
def test_a_cluster_that_lost_its_idle_worker_is_replaced(tame: Tame) -> None:
    """The worker that waits for the next task holds the lock of the queue (django-q2 #23)."""
    told = "tasks took nothing from its queue for"
    for _ in range(8):  # a busy one holds no lock
        wait_until(lambda: not locked(tame.folder), 20, lambda: tame.text)
        for worker in tame.workers():
            worker.kill()
        with suppress(AssertionError):
            tame.wait_for(told, 5)
            break
        ask(tame.folder, "DELETE FROM django_q_ormq")  # what a busy one had taken stays locked
    tame.wait_for("tasks answers", times=2, seconds=60)
    assert told in tame.text
    assert tame.end() == 0
    assert tame.left() == []


@pytest.mark.wide
def test_a_frozen_cluster_is_replaced(tame: Tame) -> None:
    for process in [tame.cluster, *tame.cluster.children(recursive=True)]:
        process.suspend()
    tame.wait_for("tasks answers", times=2, seconds=90)  # one of them may hold SQLite's lock
    assert tame.end() == 0
    assert tame.left() == []


def test_after_a_killed_supervisor_the_next_one_ends_what_is_left(
    tame: Tame, lived_in: Path
) -> None:
    for process in tame.below():
        if process != tame.web:
            process.suspend()  # so that it cannot end by itself
    tame.process.kill()
    tame.process.wait()
    with Tame(lived_in) as second:
        second.wait_for(READY, 30)
        assert "of a run that was killed" in second.text
        assert tame.left() == []


def test_work_goes_on_when_the_cluster_is_back(tame: Tame, lived_in: Path) -> None:
    """Neither the scheduler's first look, after 30 s, nor a dead runner's lease is waited for."""
    wait_until(lambda: has_run(lived_in, "push"), 10, lambda: tame.text)
    ask(lived_in, "UPDATE tame_schedulepreference SET last_ended_at = NULL")
    dead = runners.owner(4_194_304)  # above every process id that Linux gives
    held = "UPDATE tame_namedlease SET owner = ?, until = '2999-01-01 00:00:00' WHERE name = 'push'"
    ask(lived_in, held, dead)
    tame.cluster.kill()
    tame.wait_for("tasks answers", times=2)
    wait_until(lambda: has_run(lived_in, "push"), 5, lambda: tame.text)


def has_run(folder: Path, schedule: str) -> bool:
    asked = "SELECT 1 FROM tame_schedulepreference WHERE last_ended_at NOT NULL AND name = ?"
    return bool(ask(folder, asked, schedule))
