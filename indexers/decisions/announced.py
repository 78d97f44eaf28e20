"""What an indexer itself says of a release, beside its name: it casts doubt, or explains words."""

from __future__ import annotations

from collections.abc import Sequence

from indexers.decisions.case import Case, Objection
from indexers.decisions.kind import about, abridged, dramatised, part, retold
from indexers.decisions.title import RULE as TITLE
from indexers.decisions.title import title
from indexers.decisions.volume import RULE as VOLUME
from indexers.decisions.volume import volume
from indexers.names.parsing import read_name
from indexers.names.people import NAMELESS
from indexers.names.titles import Shape
from tame.lib.words import normalise

OF_A_TITLE = (title, volume, abridged, dramatised, part, about, retold)


def announced_author(case: Case) -> Objection | None:
    """Where the name itself says the wanted one, only a doubt: the other may have read it."""
    if not says_another(case):
        return None
    said = case.offer.announced_author
    sentence = f"Its indexer says it is by {said}, not by {case.wanted.authors[0]}."
    return Objection("announced author", sentence, is_grave=not case.has_author)


def announced_title(case: Case) -> Objection | None:
    """What it says of the kind of thing counts as if it stood in the name; of another title only
    where the name does not hold the wanted one, whole and with its author."""
    said = case.offer.announced_title
    against = against_title(case) if said and not case.is_box_set else None
    if against is None:
        return None
    is_named = case.fit.shape is Shape.FULL and case.has_author
    is_doubt = is_named and against.rule in (TITLE, VOLUME)
    why = "" if against.rule == TITLE else f" {against.sentence}"
    is_grave = against.is_grave and not is_doubt
    return Objection("announced title", f"Its indexer calls it “{said}”.{why}", is_grave=is_grave)


def against_title(case: Case) -> Objection | None:
    """By itself, and with the wanted author: some announce the name once more."""
    said = case.offer.announced_title
    texts = [" - ".join([*case.wanted.authors[:1], said]), said]
    found = [grave_or_several(case.renamed(text)) for text in texts]
    return found[0] if all(found) else None


def grave_or_several(heard: Case) -> Objection | None:
    if heard.is_box_set:
        return Objection("box set", "It is a box set that may hold the book.", is_grave=False)
    every = (rule(heard) for rule in OF_A_TITLE)
    return next((found for found in every if found and found.is_grave), None)


def is_author_announced(case: Case) -> bool:
    return bool(case.wanted.authors and case.offer.announced_author) and not says_another(case)


def says_another(case: Case) -> bool:
    said = case.offer.announced_author
    if not said or not case.wanted.authors or normalise(said) in NAMELESS:
        return False
    return not case.renamed(f"{said} - {case.wanted.title}").has_author


def is_name_announced(case: Case, words: Sequence[str]) -> bool:
    """Of somebody who wrote it with the wanted author, or of that one in full."""
    return is_author_announced(case) and set(words) <= set(
        read_name(case.offer.announced_author).words
    )
