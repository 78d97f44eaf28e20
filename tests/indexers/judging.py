"""Judge lines of a corpus as the command does, and count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexers.decisions import OFFER, REJECT, TAKE, Judgement, judge
from indexers.wanted import Offer, Place, Wanted
from indexers.wanted_lines import read_offer, read_wanted

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FOLDER = Path(__file__).parent / "matching"
Line = Mapping[str, Any]


def corpus(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def judged(line: Line) -> Judgement:
    return judge(read_offer(line), read_wanted(line), now=NOW)


def verdict(
    release: str,
    title: str = "Cranford",
    author: str = "Elizabeth Gaskell",
    series: str = "",
    position: float | None = None,
    language: str = "english",
    **offer: Any,
) -> Judgement:
    """Of a name, for a book."""
    wanted = Wanted(
        title,
        authors=(author,) if author else (),
        places=(Place(series, position),) if series else (),
        language=language,
    )
    return judge(Offer(release, **offer), wanted, now=NOW)


def is_box_set(line: Line) -> bool:
    return str(line["kind"]).startswith("neg:boxset")


@dataclass(frozen=True)
class Figures:
    """Of a corpus; box sets that hold the book count apart."""

    precision: float
    recall: float
    offered_f1: float
    box_sets_offered: float
    box_sets_taken: int


def figures(lines: Iterable[Line]) -> Figures:
    outcomes = [(line, judged(line).outcome) for line in lines]
    pairs = [(bool(line["is_match"]), said) for line, said in outcomes if not is_box_set(line)]
    boxes = [said for line, said in outcomes if is_box_set(line)]
    taken = [right for right, said in pairs if said == TAKE]
    offered = [right for right, said in pairs if said != REJECT]
    right = sum(is_right for is_right, _ in pairs)
    precision, recall = sum(offered) / len(offered), sum(offered) / right
    return Figures(
        precision=sum(taken) / len(taken),
        recall=sum(taken) / right,
        offered_f1=2 * precision * recall / (precision + recall),
        box_sets_offered=boxes.count(OFFER) / len(boxes) if boxes else 1.0,
        box_sets_taken=boxes.count(TAKE),
    )
