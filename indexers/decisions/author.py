"""The author: named, and not another one of that surname."""

from __future__ import annotations

from indexers.decisions.announced import is_author_announced, is_name_announced
from indexers.decisions.case import Case, Objection, quoted
from indexers.names.people import Naming, own_words

RULE = "author"
MOST_WORDS = 3  # of a narrator's or a publisher's name


def author(case: Case) -> Objection | None:
    if not case.wanted.authors:
        return None
    if case.has_author:
        return namesake(case)
    fit, name = case.fit, case.wanted.authors[0]
    if fit.author.naming is Naming.OTHER:
        return Objection(RULE, f"It is by {fit.author.text}, not by {name}.")
    others = [*case.strangers, *([words] if (words := fit.behind or fit.listed) else [])]
    if others:
        said = " and ".join(quoted(words) for words in others[:2])
        is_series = fit.is_hinted and fit.series  # its books, in short
        is_grave = not (is_series or is_in_heading(case))
        return Objection(RULE, f"{name} is not named, but {said} is.", is_grave=is_grave)
    said = f"Only its indexer names {name}." if is_author_announced(case) else ""
    return Objection(RULE, said or f"{name} is not named.", is_grave=False)


def is_in_heading(case: Case) -> bool:
    """`Sabatini Swashbucklers: Captain Blood, Scaramouche`."""
    surnames = {own_words(name)[0][-1] for name in case.wanted.authors if own_words(name)[0]}
    return case.is_box_set and case.has_title and not surnames.isdisjoint(case.words)


def namesake(case: Case) -> Objection | None:
    """`Gaskell, Oswin`: another of that surname, or two authors. `Homer's Odyssey: A Biography -
    Ann Reed`: the second may have written it."""
    fit = case.fit
    if fit.author.is_possessive and (fit.subtitle or fit.before) and case.strangers:
        said = f"{quoted(case.strangers[0])} may be the author of a book about it."
        return Objection(RULE, said, is_grave=False)
    if not case.fit.namesake:
        return None
    said = f"“{case.fit.namesake}” may be another than {case.wanted.authors[0]}."
    return Objection(RULE, said, is_grave=False)


def unexplained(case: Case) -> Objection | None:
    """Words outside of the title's run: a few may be a narrator, more are another work, but for
    those with which its indexer names the authors."""
    if case.is_box_set or not case.has_author:
        return None
    strange = case.fit.strange_before
    unnumbered = [] if case.fit.numbers or case.fit.series else strange
    most = 0 if case.fit.has_piece else MOST_WORDS
    long = [words for words in case.fit.strange_after if len(words) > most]
    another = [fit.by_another] if (fit := case.fit).by_another else []
    wide = [words for words in case.fit.bracketed if len(words) > 2 * MOST_WORDS]
    remarks = [words.split() for words in fit.remarks if not fit.series]
    every = [*unnumbered, *long, *wide, *another, *remarks]
    left = [words for words in every if not is_name_announced(case, words)]
    if not left:
        return None
    said = ", ".join(dict.fromkeys(quoted(words) for words in left[:3]))
    return Objection("unexplained words", f"Nothing explains {said}.", is_grave=False)
