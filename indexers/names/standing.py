"""Where in a row of words a title stands, and how alike its words have to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from indexers.names.titles import ARTICLES, Form, Shape
from tame.lib.spelling import spelling
from tame.lib.words import (
    find_words,
    same_title_word,
    same_word,
    same_word_but_for_a_letter,
    same_word_in_a_long_title,
)

LONG = 4  # words of a title in which one letter too many is a slip


@lru_cache(maxsize=65536)
def same_in_title(one: str, other: str) -> bool:
    """Gray is grey, too: of a title, not of a person's name."""
    return spelling(one) == spelling(other) or same_word(one, other)


@lru_cache(maxsize=65536)
def same_by_sound(one: str, other: str) -> bool:
    return spelling(one) == spelling(other) or same_title_word(one, other)


@lru_cache(maxsize=65536)
def same_but_for_a_letter(one: str, other: str) -> bool:
    return spelling(one) == spelling(other) or same_word_but_for_a_letter(one, other)


@lru_cache(maxsize=65536)
def same_but_for_a_plural(one: str, other: str) -> bool:
    return spelling(one) == spelling(other) or same_word_in_a_long_title(one, other)


def sameness(form: Form) -> Callable[[str, str], bool]:
    """How alike its words have to be."""
    if form.is_heard:
        return same_by_sound
    if len(form.words) < LONG:
        return same_in_title
    return same_but_for_a_plural if len(form.words) > LONG else same_but_for_a_letter


def places_of(form: Form, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the title stands, from and to; articles within it may be left out or put in."""
    same = sameness(form)
    wanted = [word for word in form.words if word not in ARTICLES]
    if found := find_words(words, form.words, same):
        return [(at, at + len(form.words)) for at in found]
    if len(wanted) < 2 or form.shape is Shape.SERIES:
        return []
    bare = [at for at, word in enumerate(words) if word not in ARTICLES]
    found = find_words([words[at] for at in bare], wanted, same)
    return [(bare[at], bare[at + len(wanted) - 1] + 1) for at in found]
