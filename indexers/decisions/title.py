"""The title, whole and with nothing beside it that would make another title of it."""

from __future__ import annotations

from indexers.decisions.case import Case, Objection, quoted
from indexers.names.titles import Shape, title_words
from indexers.wanted import language_code
from tame.lib.words import normalise

RULE = "title"
FEW_WORDS = 2
BEGINNINGS = {"a", "an", "or", "of", "being", "eine", "ein", "een", "une", "un", "una", "en", "ett"}
GENRES = {
    "story", "history", "tale", "romance", "novel", "comedy", "tragedy", "poem", "sketches",
    "erzahlung", "geschichte", "novelle", "roman", "histoire", "recit", "chronique", "conte",
    "historia", "novela", "cuento", "storia", "racconto", "romanzo", "conto", "verhaal",
    "berattelse", "powiesc", "opowiesc", "povest", "rasskaz", "skaz", "poema",
}  # fmt: skip
COLLECTED = {
    "tales", "stories", "poems", "plays", "essays", "fables", "letters", "sonnets", "works",
    "marchen", "erzahlungen", "novellen", "gedichte", "contes", "nouvelles", "poesies",
    "cuentos", "novelas", "racconti", "novelle", "fiabe", "poesie", "rasskazy", "opowiadania",
    "verhalen", "sagor", "eventyr", "contos", "sketches", "lives", "idylls",
}  # fmt: skip


def title(case: Case) -> Objection | None:
    fit = case.fit
    if case.is_box_set:
        return None  # its own rule asks whether the book is in it
    if fit.shape is Shape.NONE:
        return Objection(RULE, f"The name does not hold the title “{case.wanted.title}”.")
    if fit.shape is Shape.SERIES:
        return names_the_series(case)
    beside = [*fit.before, *fit.behind]
    if beside:
        return Objection(RULE, f"{quoted(beside)} beside the title makes another title of it.")
    if fit.subtitle and not is_plain_subtitle(case):
        sentence = f"Nothing explains {quoted(fit.subtitle)} behind the title."
        return Objection(RULE, sentence, is_grave=is_piece(case))
    return short_or_strange(case)


def is_plain_subtitle(case: Case) -> bool:
    """Behind a colon, or `, A Story of the Grand Banks`: else it may be another work. Not behind a
    title that is its series' name, too, or that of a collection: there it names one piece."""
    named = any(normalise(p.series) == normalise(case.wanted.title) for p in case.wanted.places)
    pieces = COLLECTED & set(normalise(case.wanted.title).split())
    fit = case.fit
    begins = fit.subtitle_mark == ":" or fit.subtitle_begins in BEGINNINGS | GENRES
    named = named and GENRES.isdisjoint(fit.subtitle[:2])  # `A Romance of the Revolution`
    return case.has_author and fit.shape is Shape.FULL and begins and not named and not pieces


def is_piece(case: Case) -> bool:
    """One of the tales: a collection's title with another behind it."""
    is_full, is_named = case.fit.shape is Shape.FULL, case.fit.subtitle_mark == ":"
    return is_full and is_named and bool(COLLECTED & set(normalise(case.wanted.title).split()))


def names_the_series(case: Case) -> Objection:
    first = any(place.number == 1 for place in case.wanted.places)
    alone = not (case.strangers or case.fit.before or case.fit.behind)
    sentence = "The name holds the series, and not the title of this book."
    return Objection(RULE, sentence, is_grave=not (first and alone and case.has_author))


def may_be_translated(case: Case) -> bool:
    """Nothing says the language, and the title is short or not an English one, as most of those
    are that say none: Michael Strogoff is no Michel Strogoff."""
    code = language_code(case.wanted.language)
    few = len(title_words(case.wanted)) <= FEW_WORDS or code != "eng"
    return few and bool(code) and not (case.fit.languages or case.fit.hints)


def short_or_strange(case: Case) -> Objection | None:
    fit = case.fit
    if fit.shape is Shape.SHORT:
        sentence = "The title stands there in a short form."
        return Objection(RULE, sentence, is_grave=not case.has_author)
    if fit.slips and may_be_translated(case):
        sentence = f"“{fit.slips[0]}” is spelt as in another language."
        return Objection(RULE, sentence, is_grave=False)
    main, _, rest = case.wanted.title.partition(":")
    plain = case.has_author and rest.split()[:1] and rest.split()[0].lower() in BEGINNINGS
    if fit.shape is Shape.MAIN and len(main.split()) < 3 and not plain:
        return Objection(RULE, "Only the first part of the title is there.", is_grave=False)
    return None
