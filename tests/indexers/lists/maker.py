"""Wanted books with the releases that searches find for them; the same ones at every run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from tests.indexers.lists.search import AUDIO, Release, Search
from tests.indexers.lists.works import Edition, Work, plain, words, works
from tests.indexers.lists.wrong import REASONS

SEED = "barchester"
FEWEST, MOST, MIDDLE = 10, 100, 30
WELL = {"right": 0.3, "wrong:other_volume": 0.7}  # the share that has more than a few seeders
NONE, SOME, DEAD = "none", "some", "dead"  # right releases: dead ones have no seeders


@dataclass(frozen=True)
class Seeded:
    release: Release
    seeders: int | None


@cache
def lists() -> tuple[dict[str, Any], ...]:
    """One for each work; every third without a right release."""
    mixed = list(works())
    _chance(SEED).shuffle(mixed)
    return tuple(wanted_list(number, work, _right(number)) for number, work in enumerate(mixed))


def _right(number: int) -> str:
    if number % 3 == 2:
        return NONE
    return DEAD if number % 60 == 1 else SOME


def _chance(text: str) -> Random:
    return Random(text)  # noqa: S311 - nothing secret is drawn


def wanted_list(number: int, work: Work, right: str) -> dict[str, Any]:
    chance = _chance(f"{SEED} {work.author} {work.title}")
    search = Search(_edition(work, chance), chance)
    rights = [] if right == NONE else _rights(search, is_dead=right == DEAD)
    length = round(min(MOST, max(FEWEST, MIDDLE * chance.lognormvariate(0, 0.6))))
    found = rights + _wrongs(search, length - len(rights), {one.release.name for one in rights})
    chance.shuffle(found)
    return _described(search) | {
        "id": f"list-{number:03}",
        "right": right,
        "releases": [_row(place, one, chance) for place, one in enumerate(found, 1)],
    }


def _edition(work: Work, chance: Random) -> Edition:
    translated = list(work.translated)
    if translated and chance.random() < 0.3:
        return Edition(work, chance.choice(translated))
    return Edition(work, work.language)


def _described(search: Search) -> dict[str, Any]:
    """What is known of the wanted book: not always all of it."""
    edition, chance, work = search.edition, search.chance, search.edition.work
    is_full = work.subtitle and edition.language == work.language and chance.random() < 0.25
    told: dict[str, Any] = {
        "author": edition.authors,
        "title": f"{edition.title}: {work.subtitle}" if is_full else edition.title,
        "language": edition.language,
    }
    if edition.series and chance.random() < 0.85:
        told |= {"series": edition.series, "series_position": work.position}
    if chance.random() < 0.2:
        told["narrator"] = chance.choice(words(edition.language, "people"))
    if chance.random() < 0.4:
        told["expected_seconds"] = round(work.hours * 3600)
    return told


def _rights(search: Search, is_dead: bool) -> list[Seeded]:
    chance, edition = search.chance, search.edition
    count = chance.choices(range(1, 7), (30, 25, 20, 12, 8, 5))[0]
    found = _distinct(lambda: search.spoken("right", edition), count, set())
    if is_dead:
        return [Seeded(release, 0) for release in found]
    living = [Seeded(release, _seeders(chance, WELL["right"])) for release in found]
    return [Seeded(found[0], chance.randint(1, 40)), *living[1:]]


def _wrongs(search: Search, count: int, names: set[str]) -> list[Seeded]:
    weights = [weight for weight, _ in REASONS]

    def draw() -> Release | None:
        return search.chance.choices(REASONS, weights)[0][1](search)

    found = _distinct(draw, count, {plain(name) for name in names})
    return [Seeded(one, _seeders(search.chance, WELL.get(one.kind, 0.45))) for one in found]


def _distinct(draw: Callable[[], Release | None], count: int, seen: set[str]) -> list[Release]:
    """As many as asked for, of which no two differ in signs alone."""
    found: list[Release] = []
    names = set(seen)
    for _ in range(count * 40):
        release = draw() if len(found) < count else None
        if release and plain(release.name) not in names:
            names.add(plain(release.name))
            found.append(release)
    return found


def _seeders(chance: Random, well: float) -> int | None:
    if chance.random() < well:
        return chance.randint(6, 60) if chance.random() < 0.7 else chance.randint(60, 600)
    few: tuple[int | None, ...] = (0, 0, None, 1, 2, 3, 4, 5)
    return chance.choice(few)


def _row(place: int, one: Seeded, chance: Random) -> dict[str, Any]:
    release = one.release
    is_told, is_vague = chance.random() < 0.97, chance.random() < 0.05
    category: int | None = release.category
    if is_vague and category == AUDIO:
        category = chance.choice([3000, None])
    return {
        "id": place,
        "release_title": release.name,
        "size": release.size if is_told else None,
        "category": category,
        "seeders": one.seeders,
        "kind": release.kind,
    }
