"""The volume of the series, and numbers behind a title."""

from __future__ import annotations

from indexers.decisions.case import Case, Objection
from indexers.names.titles import Shape

RULE = "volume"


def volume(case: Case) -> Objection | None:
    fit = case.fit
    if case.is_box_set:
        return None
    known = {place.number for place in case.wanted.places if place.number is not None}
    if fit.title_number is not None and fit.title_number not in (known or {1.0}):
        return Objection(RULE, f"It is number {fit.title_number:g} of what bears this title.")
    numbers = [number for number in fit.numbers if number not in known]
    if not (known and numbers):
        return unknown_place(case)
    if known & set(fit.numbers):
        return None
    wanted = ", ".join(f"{number:g}" for number in sorted(known))
    sentence = f"It is volume {numbers[0]:g}; wanted is {wanted}."
    whole = fit.shape is Shape.FULL and not fit.series
    return Objection(RULE, sentence, is_grave=not whole)


def unknown_place(case: Case) -> Objection | None:
    """A title that is also a series: a number and another title beside it."""
    fit = case.fit
    numbered = fit.title_number is not None and not fit.series
    if fit.names_a_series and case.strangers and not fit.series:
        return Objection(RULE, "The title stands there as the name of a series.", is_grave=False)
    if numbered and any(len(words) > 1 for words in case.strangers):
        return Objection(RULE, "The title looks like the name of a series, numbered.")
    return None
