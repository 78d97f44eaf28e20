"""How often the judge is right on whole lists of releases, as a search finds them."""

from __future__ import annotations

import sys

import pytest

from tests.indexers.lists.counting import (
    NO_WRONG_TAKEN,
    NOTHING_TAKEN,
    RIGHT_OFFERED,
    RIGHT_TAKEN,
    Share,
    all_answered,
    figures,
    printed,
)
from tests.indexers.lists.maker import DEAD, FEWEST, MOST, NONE, lists, wanted_list
from tests.indexers.lists.works import folded, works

WANTED = {
    NO_WRONG_TAKEN: 0.99,
    RIGHT_TAKEN: 0.80,
    RIGHT_OFFERED: 0.95,
    NOTHING_TAKEN: 0.995,
}
# A figure may only rise: raise it here with the rule that raised it.
REACHED = {
    NO_WRONG_TAKEN: 1.0,
    RIGHT_TAKEN: 0.989,
    RIGHT_OFFERED: 1.0,
    NOTHING_TAKEN: 1.0,
}


@pytest.mark.wide
@pytest.mark.parametrize("name", WANTED)
def test_no_figure_of_the_lists_falls(name: str) -> None:
    found = figures(all_answered())
    sys.stdout.write("\n".join(printed({name: found[name]})) + "\n")
    assert found[name].value >= REACHED[name]


def test_lists_are_the_same_at_every_run() -> None:
    assert wanted_list(4, works()[7], NONE) == wanted_list(4, works()[7], NONE)


def test_a_list_has_from_ten_to_a_hundred_releases() -> None:
    lengths = sorted(len(wanted["releases"]) for wanted in lists())
    assert (lengths[0], lengths[-1]) == (FEWEST, MOST)
    assert 25 <= lengths[len(lengths) // 2] <= 35


def test_a_right_one_has_seeders_unless_its_list_says_so() -> None:
    for wanted in lists():
        right = [release for release in wanted["releases"] if release["kind"] == "right"]
        assert bool(right) == (wanted["right"] != NONE)
        has_living = any(release["seeders"] for release in right)
        assert has_living == (wanted["right"] not in (NONE, DEAD)), wanted["id"]


def test_every_right_one_names_an_author() -> None:
    for wanted in lists():
        surnames = {part for name in wanted["author"] for part in name.split()}
        known = {folded(part).casefold() for part in surnames}
        for release in wanted["releases"]:
            name = folded(release["release_title"]).casefold()
            assert release["kind"] != "right" or any(part in name for part in known), name


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Share(9, 10), 0.596, 0.982), (Share(200, 200), 0.981, 1), (Share(0, 50), 0, 0.071)],
)
def test_an_interval_is_wilsons(share: Share, low: float, high: float) -> None:
    assert share.interval() == pytest.approx((low, high), abs=0.001)
