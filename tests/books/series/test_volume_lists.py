"""Mixed sources in, the volumes in order out: public-domain series, one a line of series.jsonl."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from books.positions import read_position, whole
from books.volume_lists import listed
from books.volume_titles import Said

LINES = [
    json.loads(line) for line in (Path(__file__).parent / "series.jsonl").read_text().splitlines()
]


def said_of(line: list[list[Any]]) -> list[Said]:
    return [Said(source, title, position or "", year) for source, title, position, year in line]


def test_there_are_enough() -> None:
    assert len(LINES) >= 50
    assert sum(len(line["volumes"]) for line in LINES) >= 200


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["series"])
def test_every_volume_stands_in_its_place(line: dict[str, Any]) -> None:
    found = listed([line["series"], *line["names"]], said_of(line["said"]))
    assert [[str(v.position), v.title] for v in found.volumes] == line["volumes"]
    assert found.gaps == line["gaps"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["series"])
def test_the_order_of_the_answers_does_not_matter(line: dict[str, Any]) -> None:
    there = listed([line["series"], *line["names"]], said_of(line["said"]))
    back = listed([line["series"], *line["names"]], said_of(line["said"][::-1]))
    assert [str(v.position) for v in back.volumes] == [str(v.position) for v in there.volumes]


def in_order(*said: Said) -> list[tuple[str, str]]:
    return [(str(one.position), one.title) for one in listed(["A Series"], said).volumes]


def test_a_person_s_number_leads_and_pushes_another_away() -> None:
    assert in_order(
        Said("audnexus", "First of All", "2", 1900),
        Said("audnexus", "Second to None", "1", 1899),
        Said("person", "First of All", "1"),
    ) == [("1", "First of All"), ("", "Second to None")]


def test_two_works_that_one_source_puts_in_one_place_stay_two() -> None:
    assert in_order(
        Said("open_library", "The One", "1", 1900), Said("open_library", "The Other", "1", 1905)
    ) == [("1", "The One"), ("1", "The Other")]


def test_what_is_no_volume_is_left_out() -> None:
    assert in_order(
        Said("open_library", "The One", "1"), Said("open_library", "Summary of The One", "1")
    ) == [("1", "The One")]


@pytest.mark.parametrize(
    ("text", "read", "holds"),
    [
        ("1", "1", [1]),
        ("Book Two", "2", [2]),
        ("#03", "3", [3]),
        ("Vol. IV", "4", [4]),
        ("Volume the Second", "2", [2]),
        ("Twenty-First", "21", [21]),
        ("Book 1 of 14", "1", [1]),
        ("2.5", "2.5", []),
        ("2,5", "2.5", []),
        ("2½", "2.5", []),
        (".5", "0.5", []),
        ("Prequel", "0", []),
        ("1-3", "1-3", [1, 2, 3]),
        ("Books 1\u20133", "1-3", [1, 2, 3]),
        ("1, 2 & 3", "1-3", [1, 2, 3]),
        ("Books One to Three", "1-3", [1, 2, 3]),
        ("1901", "", []),
        ("Novella", "", []),
        ("", "", []),
    ],
)
def test_a_position_is_read(text: str, read: str, holds: list[int]) -> None:
    position = read_position(text)
    assert (str(position), list(whole(position))) == (read, holds)
