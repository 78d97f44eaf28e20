"""The judge as a command: files of lines in, a line for each out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from indexers.management.commands.judge import judged_list
from tests.commanding import run

GOOD = "Cranford by Elizabeth Gaskell [ENG / M4B]"
LISTED: list[dict[str, Any]] = [
    {"id": "a", "release_title": GOOD, "seeders": 5},
    {"id": "b", "release_title": GOOD, "seeders": 5},
    {"id": "c", "release_title": GOOD, "seeders": 9},
    {"id": "d", "release_title": GOOD, "seeders": 0},
    {"id": "e", "release_title": GOOD, "seeders": 5, "size": 500},
]
CRANFORD = {"author": "Elizabeth Gaskell", "title": "Cranford", "language": "english"}


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "lines.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_each_line_is_answered_in_its_place(tmp_path: Path) -> None:
    right = CRANFORD | {"id": "a", "release_title": "Cranford by Elizabeth Gaskell [ENG / M4B]"}
    wrong = CRANFORD | {"release_title": "Summary of Cranford by Elizabeth Gaskell"}
    code, out, _ = run("judge", written(tmp_path, right, wrong), "--json")
    first, second = map(json.loads, out.splitlines())
    assert code == 0
    assert (first["id"], first["decision"], first["rejections"]) == ("a", "take", [])
    assert (second["decision"], "id" in second) == ("reject", False)
    assert "about the book" in [said["rule"] for said in second["rejections"]]


@pytest.mark.parametrize(
    "said",
    [
        {"size": -1},
        {"size": "many"},
        {"size": True},
        {"narrator": None},
        {"narrator": [None, ""]},
        {"series": None, "series_position": {}},
        {"category": [3030]},
        {"category": ["7020", 3030]},
        {"series": "Novels", "series_position": "NaN"},
        {"seeders": float("inf")},
    ],
)
def test_what_says_nothing_is_not_known(tmp_path: Path, said: dict[str, Any]) -> None:
    row = CRANFORD | said | {"release_title": "Cranford by Elizabeth Gaskell [ENG / M4B]"}
    code, out, _ = run("judge", written(tmp_path, row), "--json")
    assert (code, json.loads(out)["decision"]) == (0, "take")


def test_categories_may_be_several(tmp_path: Path) -> None:
    row = CRANFORD | {"release_title": "Cranford by Elizabeth Gaskell", "category": [7020]}
    _, out, _ = run("judge", written(tmp_path, row), "--json")
    assert [said["rule"] for said in json.loads(out)["rejections"]] == ["medium"]


def test_of_a_list_one_is_taken_and_the_rest_has_an_order(tmp_path: Path) -> None:
    names = {
        "drama": "Cranford (BBC Radio Drama) - Elizabeth Gaskell",
        "mp3": "Cranford by Elizabeth Gaskell [ENG / MP3]",
        "set": "Elizabeth Gaskell - The Complete Novels [M4B]",
        "m4b": "Cranford by Elizabeth Gaskell [ENG / M4B]",
    }
    releases = [{"id": pk, "release_title": name, "seeders": 5} for pk, name in names.items()]
    _, out, _ = run(
        "judge", "--lists", written(tmp_path, CRANFORD | {"releases": releases}), "--json"
    )
    answer = json.loads(out)
    assert answer["taken"] == "m4b"
    assert answer["offered"] == ["m4b", "mp3", "set"]
    assert answer["order"] == ["m4b", "mp3", "set", "drama"]


@settings(max_examples=20, deadline=None)
@given(some.permutations(LISTED))
def test_the_order_is_total(releases: list[dict[str, Any]]) -> None:
    """However they are given: of equals the one with more seeders, then by their ids."""
    assert judged_list(CRANFORD | {"releases": releases})["order"] == ["c", "a", "b", "e", "d"]


def test_nothing_right_is_nothing_taken(tmp_path: Path) -> None:
    releases = [{"id": 1, "release_title": "Ruth by Elizabeth Gaskell [ENG / M4B]", "seeders": 900}]
    _, out, _ = run(
        "judge", "--lists", written(tmp_path, CRANFORD | {"releases": releases}), "--json"
    )
    assert json.loads(out) == {"taken": None, "offered": [], "order": [1]}


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("[" * 100_000, [], "Line 1 of"),
        ('\n{}\n{"title": {}}', [], "Line 3 of"),
        ('{"title": ["Cranford"]}', [], "has something else than a text as `title`."),
        ('{"author": [{}]}', [], "has something else than a text as `author`."),
        ('{"releases": []}\n{"releases": [{"id": null}]}', ["--lists"], "Line 2 of"),
        ("{}\n{", [], "Line 2 of"),
        ("[1]", [], "is no JSON object"),
        ("{}", ["--lists"], "needs `releases`"),
        ('{"releases": [3]}', ["--lists"], "needs `releases`"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, text: str, options: list[str], sentence: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(text)
    code, out, _ = run("judge", path, "--json", *options)
    assert code == 2
    assert sentence in json.loads(out)["error"]


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"title": "Cranford"}\n{"title": "Caf\xe9"}')
    code, _, err = run("judge", path)
    assert (code, "Line 2 of" in err) == (2, True)


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id": NaN, "title": 1984, "release_title": "1984"}', encoding="utf-8-sig")
    _, out, _ = run("judge", path, "--json")
    answer = json.loads(out, parse_constant=pytest.fail)
    assert (answer["id"], answer["decision"]) == (None, "take")


def test_a_file_that_is_not_there_is_said() -> None:
    code, _, err = run("judge", "/nowhere/lines.jsonl")
    assert (code, "cannot be read: No such file" in err) == (2, True)


def test_a_person_reads_sentences(tmp_path: Path) -> None:
    line = CRANFORD | {"release_title": "Cranford by Elizabeth Gaskell (Abridged)"}
    _, out, _ = run("judge", written(tmp_path, line))
    assert out.startswith("reject")
    assert out.rstrip().endswith("It is abridged.")
