"""How well books are described: 168 of them, each with the defects that files and sources have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from books.metadata import Proposal, Source
from books.metadata.audnexus import Audnexus
from books.metadata.files import of_files
from books.metadata.librivox import LibriVox
from books.metadata.open_library import OpenLibrary
from books.values import Known, accept, best
from tame.lib.names import same_person
from tame.lib.words import normalise, same_title

FILE = Path(__file__).parent / "metadata" / "books.jsonl"
TITLE_AND_AUTHOR, SERIES, NARRATOR = 0.99, 0.95, 0.90
# What is wrong today; another one is a figure that drops. What became right leaves this list.
TITLES_WRONG, SERIES_WRONG, NARRATORS_WRONG = {"Meditations"}, set[str](), {"The Prairie"}


@dataclass(frozen=True)
class Line:
    """`before`: of the files, or what was typed. `after`: with the sources."""

    name: str
    reviewed: dict[str, Any]
    before: Proposal
    after: Proposal
    said: str  # all that any input says


def sources(answers: dict[str, Any]) -> list[Source]:
    def ask(url: str) -> Any:
        path = urlsplit(url).path
        if path == "/search.json":
            return {"docs": answers["open_library"]}
        if path.startswith("/works/"):
            return answers["works"].get(path.removesuffix(".json"))
        if path.startswith("/books/"):
            return answers["audnexus"].get(path.removeprefix("/books/"))
        return answers["librivox"]

    kinds: list[type[Source]] = [OpenLibrary, LibriVox, Audnexus]
    return [kind("a source", "https://source.example", ask) for kind in kinds]


def read(line: dict[str, Any]) -> Line:
    """As `books.describe` does it with rows: the book's own values stay, what is empty is filled,
    and what its files said gives way to who is trusted more."""
    typed = line["typed"]
    before = of_files(line["folders"], line["tags"], line["seconds"])
    if typed:
        given = {"authors": tuple(typed["authors"]), "asin": typed.get("asin", "")}
        before = Proposal("person", title=typed["title"], **given)
    known = Known(
        before.title, before.subtitle, before.authors, before.narrators,
        frozenset(filter(None, [before.language])), before.seconds, before.asin,
    )  # fmt: skip
    exact, found = [], [before]
    for source in sources(line["answers"]):
        numbered = source.by_asin(known.asin) if known.asin else []
        exact += numbered
        if not numbered:
            listed = source.find(known.title, known.authors[0] if known.authors else "")
            found += [source.more(one) if accept(known, one) else one for one in listed]
    values = best(known, found, exact)
    new = {"cover_url": "cover", "expected_seconds": "seconds"}
    kept = {"title", "authors"}
    filled = {new.get(name, name): v.value for name, v in values.items() if name not in kept}
    all_of_it = {f.name: getattr(before, f.name) for f in fields(before)} | filled
    said = json.dumps([line["folders"], line["tags"], line["answers"]], ensure_ascii=False)
    return Line(line["book"], line["reviewed"], before, Proposal(**all_of_it), said)


@cache
def lines() -> list[Line]:
    return [read(json.loads(line)) for line in FILE.read_text().splitlines()]


def is_title(book: Proposal, right: dict[str, Any]) -> bool:
    return bool(book.title == right["title"])


def is_author(book: Proposal, right: dict[str, Any]) -> bool:
    return [normalise(name) for name in book.authors] == [normalise(n) for n in right["authors"]]


def is_series(book: Proposal, right: dict[str, Any]) -> bool:
    wanted = right["series"]
    return any(same_title(name, wanted) and at == right["position"] for name, at in book.series)


def is_narrator(book: Proposal, right: dict[str, Any]) -> bool:
    [reader] = right["narrators"]
    return len(book.narrators) == 1 and same_person(book.narrators[0], reader)


def measured(
    is_right: Callable[[Proposal, dict[str, Any]], bool], told: list[Line]
) -> tuple[float, list[str]]:
    wrong = [line.name for line in told if not is_right(line.after, line.reviewed)]
    return 1 - len(wrong) / len(told), wrong


def test_there_are_enough_books() -> None:
    assert len(lines()) >= 150
    assert sum("series" in line.reviewed for line in lines()) >= 70
    assert len({line.name for line in lines()}) == len(lines())


def test_title_and_author_are_right() -> None:
    share, wrong = measured(lambda b, r: is_title(b, r) and is_author(b, r), lines())
    assert share >= TITLE_AND_AUTHOR, wrong
    assert set(wrong) == TITLES_WRONG


def test_series_and_position_are_right_where_anything_says_them() -> None:
    told = [one for one in lines() if "series" in one.reviewed and says_series(one)]
    share, wrong = measured(is_series, told)
    assert len(told) >= 60
    assert share >= SERIES, wrong
    assert set(wrong) == SERIES_WRONG


def says_series(line: Line) -> bool:
    series, position = line.reviewed["series"], line.reviewed["position"]
    shapes = ('"series-part": "{}"', '"position": "{}"', '"episode_id": "{}"', "Book {}", "#{}",
              "Vol {}", "0{} - ")  # fmt: skip
    ways = [shape.format(position) for shape in shapes]
    return series in line.said and any(way in line.said for way in ways)


def test_the_narrator_is_right_where_anything_says_who() -> None:
    told = [
        line for line in lines() if normalise(line.reviewed["narrators"][0]) in normalise(line.said)
    ]
    share, wrong = measured(is_narrator, told)
    assert len(told) >= 150
    assert share >= NARRATOR, wrong
    assert set(wrong) == NARRATORS_WRONG


def outcomes(line: Line) -> Iterator[tuple[str, bool, bool, bool]]:
    """Of each field: whether it was right, is right, and is empty."""
    right = line.reviewed
    checks: dict[str, Callable[[Proposal], bool]] = {
        "title": lambda b: is_title(b, right),
        "authors": lambda b: is_author(b, right),
        "narrators": lambda b: is_narrator(b, right),
        "year": lambda b: b.year == right["year"],
        "language": lambda b: b.language == right["language"],
        "seconds": lambda b: abs((b.seconds or 0) - right["seconds"]) < 180,
    }
    if "series" in right:
        checks["series"] = lambda b: is_series(b, right)
    for name, check in checks.items():
        yield name, check(line.before), check(line.after), not getattr(line.after, name)


def test_no_right_value_is_replaced_by_a_wrong_one() -> None:
    lost = [
        (line.name, name)
        for line in lines()
        for name, was_right, is_right, _ in outcomes(line)
        if was_right and not is_right
    ]
    assert lost == []


@pytest.mark.parametrize("name", ["year", "language", "series", "narrators", "seconds"])
def test_what_is_not_sure_is_left_empty(name: str) -> None:
    """No source puts a wrong value where none was."""
    wrong = [
        (line.name, getattr(line.after, name))
        for line in lines()
        for field, _, is_right, is_empty in outcomes(line)
        if field == name and not is_right and not is_empty and not getattr(line.before, name)
    ]
    assert wrong == []
