"""Judging 1,000 releases for a book by every rule, beside a bare rapidfuzz pass over the names."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from rapidfuzz.fuzz import token_set_ratio

from bench.parse import seconds
from indexers.decisions import TAKE, judge
from indexers.wanted import Offer, Place, Wanted

RELEASES = 1_000
ROUNDS = 7
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = Wanted(
    "Twenty Thousand Leagues Under the Seas",
    authors=("Jules Verne",),
    places=(Place("Captain Nemo", 1),),
    language="english",
)
SHAPES = (
    "Twenty Thousand Leagues Under the Seas by Jules Verne [ENG / M4B] no {}",
    "Jules Verne - Captain Nemo {:02} - The Mysterious Island [MP3 64kbps]",
    "Jules.Verne-Around.the.World.in.Eighty.Days-AUDIOBOOK-{}-GRP",
    "Summary of Twenty Thousand Leagues Under the Seas, part {} of 900",
    "Jules_Verne_-_The_Complete_Novels_({}_audiobooks)_[Unabridged]",
)


def names() -> list[str]:
    return [SHAPES[number % len(SHAPES)].format(number) for number in range(RELEASES)]


def judge_all(titles: list[str]) -> list[str]:
    return [judge(Offer(title, seeders=3), WANTED, now=NOW).outcome for title in titles]


def bare_pass(titles: list[str]) -> list[float]:
    wanted = f"{WANTED.authors[0]} {WANTED.title}"
    return [token_set_ratio(wanted, title) for title in titles]


def measure() -> dict[str, object]:
    titles = names()
    if TAKE in judge_all(titles[1::5]):
        raise SystemExit("A wrong release was taken: nothing was measured.")
    ours = best(lambda: judge_all(titles))
    floor = best(lambda: bare_pass(titles))
    return {
        "bench": "judge",
        "releases": RELEASES,
        "seconds": round(ours, 4),
        "rapidfuzz_seconds": round(floor, 5),
        "times_rapidfuzz": round(ours / floor, 1),
    }


def best(work: Callable[[], object]) -> float:
    return min(seconds(lambda _: work(), b"") for _ in range(ROUNDS))


def main() -> None:
    result = measure()
    sys.stdout.write(
        "judge: {releases} releases in {seconds} s; a bare rapidfuzz pass {rapidfuzz_seconds} s; "
        "{times_rapidfuzz} times rapidfuzz\n".format(**result)
    )
    sys.stdout.write(f"{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
