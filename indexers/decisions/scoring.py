"""How good a release is beside others that are right, too: parts that add up, each small."""

from __future__ import annotations

from math import log10

from indexers.decisions.case import Case
from indexers.names.markers import Mark
from indexers.names.people import Naming
from indexers.names.titles import Shape
from tame.lib.words import normalise

SHAPES = {Shape.FULL: 40, Shape.MAIN: 36, Shape.SHORT: 25, Shape.SERIES: 10, Shape.NONE: 0}
NAMINGS = {Naming.NAMED: 30, Naming.SURNAME: 24, Naming.OTHER: 0, Naming.MISSING: 0}


def parts_of(case: Case) -> dict[str, float]:
    fit, taste = case.fit, case.taste
    name = f" {normalise(case.offer.title)} "
    parts = {
        "title": SHAPES[fit.shape],
        "author": NAMINGS[fit.author.naming],
        "left over": -2.0 * len(left_over(case)),
        "usual language": -1.0 if is_taken_for_usual(case) else 0,
        "narrator": 8.0 if any(n in fit.narrators for n in case.wanted.narrators) else 0,
        "unabridged": 2.0 if fit.has(Mark.UNABRIDGED) else 0,
        "format": format_points(case),
        "words": float(sum(n for word, n in taste.words.items() if f" {normalise(word)} " in name)),
        "seeders": seeder_points(case.offer.seeders),
        "freeleech": 1.0 if case.offer.download_factor == 0 else 0,
    }
    return {part: points for part, points in parts.items() if points}


def is_taken_for_usual(case: Case) -> bool:
    """Nothing says its language, so it counts as its indexer's usual one."""
    is_asked = bool(case.wanted.language or case.taste.languages)
    is_said = case.fit.languages or case.announced_languages
    return is_asked and bool(case.offer.indexer_language) and not is_said


def left_over(case: Case) -> list[str]:
    fit = case.fit
    runs = [fit.before, fit.behind, fit.subtitle, fit.listed, *case.strangers, *fit.bracketed]
    return [word for run in runs for word in run]


def format_points(case: Case) -> float:
    """Ten for the first format of the profile, less for each later one."""
    places = [
        case.taste.formats.index(name)
        for name in case.fit.audio_formats
        if name in case.taste.formats
    ]
    return float(10 - min(min(places), 9)) if places else 0


def seeder_points(seeders: int | None) -> float:
    """Six for a hundred; unknown counts as a few."""
    return round(min(3 * log10(1 + (2 if seeders is None else max(seeders, 0))), 9), 2)
