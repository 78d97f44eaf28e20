"""What of a title is written as in another language: its article, and the spelling of its words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from indexers.names.markers import Mark
from indexers.names.roles import Roles
from indexers.names.titles import ARTICLES, forms_of, own_articles, words_of
from indexers.wanted import Wanted, language_code
from tame.lib.spelling import spelling
from tame.lib.words import number_of, same_word


def article_of_another(roles: Roles, wanted: Wanted) -> str:
    """`The` before `Prince`, or behind it, where Il Principe is wanted."""
    start, end, tokens = roles.start, roles.end, roles.tokens
    if start < 0:
        return ""
    before = [start - 1] if start and roles.role[start - 1] == "title" else []
    behind = range(end, end + 1) if end < len(tokens) else ()
    free = ("", Mark.NOISE)
    moved = (at for at in behind if tokens[at].soft == "," and roles.role[at] in free)
    strange = ARTICLES - own_articles(wanted) - set(words_of(wanted.title))
    return next((word for word in say(roles, [*before, *moved]) if word in strange), "")


def slips_of(roles: Roles, wanted: Wanted) -> list[str]:
    """Of an English title, whose names are seldom marked, only those with another ending."""
    if roles.start < 0 or any(form.is_heard for form in forms_of(wanted)):
        return []  # of another alphabet there are many spellings
    words = say(roles, range(roles.start, roles.end))
    if english := numbers_in_english(roles, wanted):
        return english
    known, spelt = known_words(wanted)
    slips = [word for word in words if word.isalpha() and spelling(word) not in spelt]
    slips = [word for word in slips if number_of(word) is None]  # the Third is III
    if language_code(wanted.language) != "eng":
        return slips
    alike = {word: [other for other in known if same_word(word, other)] for word in slips}
    return [word for word in slips if all(word[-1] != other[-1] for other in alike[word])]


def numbers_in_english(roles: Roles, wanted: Wanted) -> list[str]:
    """`Ninety-Three` for Quatrevingt-treize: only English words are read as digits."""
    if language_code(wanted.language) in ("", "eng"):
        return []
    title = roles.tokens[roles.start : roles.end]
    return [token.raw for token in title if token.word.isdecimal() and token.raw.isalpha()]


@lru_cache(maxsize=512)
def known_words(wanted: Wanted) -> tuple[frozenset[str], frozenset[str]]:
    """Of the title in all its forms; and their one spelling."""
    known = ARTICLES.union(word for form in forms_of(wanted) for word in form.words)
    return frozenset(known), frozenset(map(spelling, known))


def say(roles: Roles, places: Iterable[int]) -> list[str]:
    return [roles.tokens[at].word for at in places]
