"""Which edition: language, narrator, format, and what a person prefers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexers.decisions.case import Case, Objection
from indexers.wanted import language_code
from tame.lib.words import normalise


def language(case: Case) -> Objection | None:
    """The book's own, else the profile's. A name that says none is in the one that its indexer
    announces for it, else taken for the indexer's usual one, and says so."""
    asked = [case.wanted.language] if case.wanted.language else case.taste.languages
    wanted = {language_code(language) or normalise(language) for language in asked} - {""}
    if not wanted:
        return None
    found, announced = case.fit.languages, case.announced_languages
    asked_for = " or ".join(sorted(wanted))
    if found and not wanted & found:
        return Objection("language", f"It is in {listed(found)}; wanted is {asked_for}.")
    if announced and not wanted & announced:
        sentence = f"Its indexer says it is in {listed(announced)}; wanted is {asked_for}."
        return Objection("language", sentence, is_grave=not found)
    return None if found else unmarked(case, wanted)


def listed(codes: set[str]) -> str:
    return ", ".join(sorted(codes))


def unmarked(case: Case, wanted: set[str]) -> Objection | None:
    strange = [text for text, codes in case.fit.hints.items() if not wanted & codes]
    if strange:
        sentence = f"The name says no language; “{strange[0]}” is a word of another one."
        return Objection("language", sentence, is_grave=False)
    if case.fit.article:
        sentence = f"The name says no language; its article “{case.fit.article}” is of another one."
        return Objection("language", sentence, is_grave=False)
    usual = language_code(case.offer.indexer_language)
    if usual and usual not in wanted and not case.announced_languages:
        sentence = f"The name says no language; this indexer's usual one is {usual}."
        return Objection("language", sentence, is_grave=False)
    return None


def narrator(case: Case) -> Objection | None:
    if not (case.taste.narrator_required and case.wanted.narrators):
        return None
    if any(name in case.fit.narrators for name in case.wanted.narrators):
        return None
    return Objection(
        "narrator", f"{case.wanted.narrators[0]} is not named as its narrator.", is_grave=False
    )


def format_(case: Case) -> Objection | None:
    formats = case.fit.audio_formats
    if not case.taste.formats_only or not formats:
        return None
    if any(name in case.taste.formats for name in formats):
        return None
    return Objection("format", f"Its format is {', '.join(formats)}, which the profile leaves out.")


def upgrade(case: Case) -> Objection | None:
    """Beside a copy that is on the shelf only a better format is wanted."""
    copy, formats = case.wanted.copy_format, case.taste.formats
    if not copy:
        return None
    if not case.taste.upgrade:
        return Objection("upgrade", f"A copy in {copy} is on the shelf.")
    rank = rank_of(copy, formats)
    if is_good_enough(copy, formats, case.taste.cutoff):
        return Objection("upgrade", f"The copy on the shelf, in {copy}, is good enough.")
    if not any(name in formats[:rank] for name in case.fit.audio_formats):
        return Objection("upgrade", f"It is no better than the copy in {copy} on the shelf.")
    return None


def rank_of(name: str, formats: Sequence[str]) -> int:
    """The first is the best; what is not among them comes after them."""
    return formats.index(name) if name in formats else len(formats)


def is_good_enough(name: str, formats: Sequence[str], cutoff: str) -> bool:
    enough = formats.index(cutoff) if cutoff in formats else 0
    return rank_of(name, formats) <= enough


def words(case: Case) -> Objection | None:
    name = f" {normalise(case.offer.title)} "
    for word in case.taste.ignored:
        if re.search(rf"(?<!\w){re.escape(normalise(word))}(?!\w)", name):
            return Objection("words", f"The profile ignores releases with “{word}”.")
    missing = [w for w in case.taste.required if f" {normalise(w)} " not in name]
    if missing:
        return Objection("words", f"The profile wants “{missing[0]}” in the name.")
    return None
