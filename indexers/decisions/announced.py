"""What an indexer itself says of a release, beside its name: it casts doubt, or explains words."""

from __future__ import annotations

from indexers.decisions.case import Case, Objection
from indexers.decisions.kind import about, abridged, dramatised, part, retold
from indexers.decisions.title import RULE as TITLE
from indexers.decisions.title import title
from indexers.decisions.volume import RULE as VOLUME
from indexers.decisions.volume import volume
from indexers.people import NAMELESS
from indexers.titles import Shape
from tame.lib.words import normalise

OF_A_TITLE = (title, volume, abridged, dramatised, part, about, retold)


def announced_author(case: Case) -> Objection | None:
    """Where the name itself says the wanted one, only a doubt: the other may have read it."""
    if not says_another(case):
        return None
    sentence = (
        f"Its indexer says it is by {case.offer.announced_author}, not by {case.wanted.authors[0]}."
    )
    return Objection("announced author", sentence, is_grave=not case.has_author)


def announced_title(case: Case) -> Objection | None:
    """What it says of the kind of thing counts as if it stood in the name; of another title only
    where the name does not hold the wanted one, whole and with its author."""
    said = case.offer.announced_title
    if not said or case.is_box_set:
        return None
    heard = called(case, said)
    if heard.is_box_set:
        return called_so(case, "It is a box set that may hold the book.", is_grave=False)
    against = [found for rule in OF_A_TITLE if (found := rule(heard)) and found.is_grave]
    if not against:
        return None
    is_named = case.fit.shape is Shape.FULL and case.has_author
    is_doubt = is_named and against[0].rule in (TITLE, VOLUME)
    sentence = "" if against[0].rule == TITLE else against[0].sentence
    return called_so(case, sentence, is_grave=not is_doubt)


def called_so(case: Case, sentence: str, *, is_grave: bool) -> Objection:
    said = f"Its indexer calls it “{case.offer.announced_title}”. {sentence}".strip()
    return Objection("announced title", said, is_grave=is_grave)


def is_author_announced(case: Case) -> bool:
    return bool(case.wanted.authors and case.offer.announced_author) and not says_another(case)


def is_book_announced(case: Case) -> bool:
    """Title and author, and nothing beside them: then no word of the name is another title."""
    if not (case.offer.announced_title and is_author_announced(case)):
        return False
    heard = called(case, case.offer.announced_title)
    return heard.fit.shape is Shape.FULL and not any(rule(heard) for rule in OF_A_TITLE)


def says_another(case: Case) -> bool:
    said, authors = case.offer.announced_author, case.wanted.authors
    if not said or not authors or normalise(said) in NAMELESS:
        return False
    return not case.renamed(f"{said} - {case.wanted.title}").has_author


def called(case: Case, title_: str) -> Case:
    """With the wanted author, so that only the title is asked about."""
    return case.renamed(" - ".join([*case.wanted.authors[:1], title_]))
