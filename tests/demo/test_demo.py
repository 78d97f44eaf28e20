"""The demo plays a person: forms and rows, no verb and no gateway of TAME."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.servers import servers_found
from tests.test_architecture import imports

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("tame", "books", "indexers", "downloads")
ROWS = ("models", "states")


@pytest.mark.parametrize(
    "path", sorted((ROOT / "demo").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_demo_only_posts_forms_and_reads_rows(path: Path) -> None:
    for module, _ in imports(path):
        parts = module.split(".")
        assert parts[0] not in OURS or parts[1] in ROWS, f"{path.name} imports {module}"
        assert parts[0] != "tests", f"{path.name} imports {module}"


@pytest.mark.parametrize("name", ["play", "story"])  # those that see rows
def test_the_demo_writes_no_row(name: str) -> None:
    text = (ROOT / "demo" / f"{name}.py").read_text()
    for word in (".create(", ".save(", ".update(", ".delete(", "async_task", "call_command"):
        assert word not in text


@pytest.mark.live
@pytest.mark.skipif(not servers_found(), reason="needs a real qBittorrent")
def test_the_demo_ends_with_a_summary() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--exit", "--speed", "0"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    summary = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary["ok"]
    assert summary["qbittorrent"] in done.stdout.partition("indexer ")[0]  # as its Test said
    assert summary["book"] == "Jules Verne: Around the World in Eighty Days"
    assert summary["bytes_compared"] == 453937
    assert len(summary["info_hash"]) == 40
    names = [step["step"] for step in summary["steps"]]
    assert names == [
        "client", "indexer", "shelf", "library", "want", "search", "choose", "grab", "push",
        "confirm", "download", "compare", "import", "shelve", "correct",
    ]  # fmt: skip
    for reason in ("It is abridged.", "“a study guide”", "It is number 2", "Nobody seeds it."):
        assert reason in done.stdout  # why each of the others was passed over
    for step in summary["steps"]:
        assert 0 <= step["waited"] <= step["seconds"]
    for shown in ("[##", "100 %", "equal to the committed ones"):
        assert shown in done.stdout
    by_workers = {s["step"] for s in summary["steps"] if s["worker"]}
    assert by_workers == {"search", "push", "confirm", "download", "import", "shelve"}
    assert [path.split("/")[:2] for path in summary["files"]] == [
        ["Jules Verne", "Extraordinary Voyages"]
    ] * 3
    shelf = summary["shelf"]
    assert (shelf["server"], shelf["is_stand_in"]) == ("Audiobookshelf stand-in", True)
    assert (shelf["version"], len(shelf["item"])) == ("2.36.0", 36)
    assert shelf["shown"]["title"] == "Around the World in Eighty Days"
    assert shelf["shown"]["authors"] == ["Jules Verne"]
    assert shelf["shown"]["series"] == ["Extraordinary Voyages #11"]
    assert shelf["shown"]["narrators"] == ["eSpeak NG"]
    assert [f"{shelf['shown']['path']}/{track}" for track in shelf["shown"]["tracks"]] == [
        str(Path(shelf["shown"]["path"].partition("/Jules Verne/")[0]) / path)
        for path in summary["files"]
    ]
    assert sum(step["seconds"] for step in summary["steps"]) < 10  # 5 on an idle machine
