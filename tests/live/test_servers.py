"""A run without one of the real servers says so by name, and no change passes its checks so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.live import servers, test_contract

ROOT = Path(__file__).resolve().parents[2]
ALL = ("4.5", "5.1", "5.3")
SENTENCE = "Not run against a real qBittorrent 4.5: see bin/get-qbittorrent."
is_here = test_contract.test_a_real_server_is_here


@pytest.fixture
def without_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "servers_found", lambda: dict.fromkeys(ALL[1:], Path()))


@pytest.mark.usefixtures("without_the_oldest")
def test_a_person_s_run_goes_on_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAME_NEED_QBITTORRENT", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"no qbittorrent-nox 4\.5"):
        is_here("4.5")
    is_here("5.1")


@pytest.mark.usefixtures("without_the_oldest")
def test_the_last_lines_name_the_one_that_was_missing() -> None:
    for skipped, said in (["test_a_real_server_is_here[4.5]"], [SENTENCE]), (["another"], []):
        lines: list[str] = []
        reports = [SimpleNamespace(nodeid=name) for name in skipped]
        terminal = SimpleNamespace(stats={"skipped": reports}, write_line=lines.append)
        servers.say_what_was_missing(terminal)  # type: ignore[arg-type]
        assert lines == said


@pytest.mark.usefixtures("without_the_oldest")
def test_the_checks_of_a_change_fail_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAME_NEED_QBITTORRENT", "1")
    with pytest.raises(pytest.fail.Exception, match=r"no qbittorrent-nox 4\.5"):
        is_here("4.5")


def test_the_checks_of_a_change_are_all_there_and_need_all_three() -> None:
    before, _, steps = (ROOT / ".ci" / "run").read_text().partition("\nstep bin/test --wide\n")
    assert "\nset -eu\n" in before
    assert before.endswith("\nexport TAME_NEED_QBITTORRENT=1")
    assert [line[5:] for line in steps.splitlines() if line.startswith("step ")] == [
        ".ci/postgresql",
        ".venv/bin/ruff check",
        ".venv/bin/ruff format --check",
        ".venv/bin/mypy .",
        ".venv/bin/python manage.py makemigrations --check --dry-run",
        "bin/demo --exit",
    ]
    assert servers.NEEDED == ALL
