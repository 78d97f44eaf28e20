"""The ways in which a wanted title may be written, and names that were glued together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from indexers.parsing import Token, read_name
from indexers.wanted import Wanted
from tame.lib.words import romanised

ARTICLES = {"the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "l"}
OPENERS = (
    "the adventures of", "adventures of", "the history of", "the tragedy of", "the life of",
    "the strange case of", "the memoirs of", "the tale of", "the travels of",
)  # fmt: skip
JOINING = {"of", "the", "a", "an", "in", "and", "to", "for", "on", "at", "by", "with", "de", "von"}
LONG = 5  # words from which a title is often cut short
GLUED = 8  # letters from which a word may be several that were glued together


class Shape(StrEnum):
    """How the title stands in the name."""

    FULL = "the whole title"
    MAIN = "the title without its subtitle"
    SHORT = "a short form of the title"
    SERIES = "the name of the series"
    NONE = "no title"


@dataclass(frozen=True)
class Form:
    shape: Shape
    words: tuple[str, ...]


@lru_cache(maxsize=512)
def forms_of(wanted: Wanted) -> tuple[Form, ...]:
    """Ways in which the title may be written, the fullest first."""
    return tuple(_forms_of(wanted))


def _forms_of(wanted: Wanted) -> Iterator[Form]:
    tokens = read_name(wanted.title).tokens
    full = [token.word for token in tokens]
    main = main_part(tokens)
    yield Form(Shape.FULL, bare(full))
    if wanted.subtitle:
        yield Form(Shape.FULL, bare([*full, *words_of(wanted.subtitle)]))
    if main != full and not is_series(main, wanted):
        yield Form(Shape.MAIN, bare(main))
    rest = full[len(main) :]
    if rest and is_series(main, wanted):
        yield Form(Shape.FULL, bare(rest))
    for opener in OPENERS:
        if " ".join(main).startswith(f"{opener} "):
            yield Form(Shape.SHORT, tuple(main[len(opener.split()) :]))
    if len(main) > LONG:
        for end in range(len(main) - 1, max(2, len(main) // 2), -1):
            if main[end - 1] not in JOINING:
                yield Form(Shape.SHORT, bare(main[:end]))
    for place in wanted.places:
        yield Form(Shape.SERIES, bare(words_of(place.series)))


def main_part(tokens: Sequence[Token]) -> list[str]:
    """Up to a colon, a semicolon, a bracket or a dash."""
    main: list[str] = []
    for number, token in enumerate(tokens):
        if number and (token.segment != tokens[0].segment or token.soft in (":", ";")):
            break
        main.append(token.word)
    return main


def is_series(words: Sequence[str], wanted: Wanted) -> bool:
    return any(bare(words) == bare(words_of(place.series)) for place in wanted.places)


def words_of(text: str) -> list[str]:
    return read_name(text).words


def bare(words: Iterable[str]) -> tuple[str, ...]:
    """Without a leading article."""
    made = tuple(words)
    return made[1:] if len(made) > 1 and made[0] in ARTICLES else made


def unglued(tokens: Sequence[Token], wanted: Wanted) -> tuple[Token, ...]:
    """`TreasureIsland RobertLouisStevenson`, whatever its capitals, as five words."""
    known = known_words(wanted)
    made: list[Token] = []
    for token in tokens:
        words = split(token.word, known, depth=3) if len(token.word) >= GLUED else [token.word]
        made += [replace(token, word=words[0])]
        made += [replace(token, word=word, soft="", tight=False) for word in words[1:]]
    return tuple(made)


@lru_cache(maxsize=512)
def known_words(wanted: Wanted) -> tuple[tuple[str, ...], ...]:
    """What may be glued together: the title in its forms, and the authors."""
    people = [tuple(romanised(author).split()) for author in wanted.authors]
    known = [form.words for form in forms_of(wanted)] + people
    return tuple(words for words in known if len("".join(words)) >= 4)


def split(word: str, known: Sequence[tuple[str, ...]], depth: int) -> list[str]:
    if not word or not depth:
        return [word] if word else []
    for words in known:
        joined = "".join(words)
        alike = abs(len(word) - len(joined)) < 2 and ratio(word, joined) > 90
        if len(words) > 1 and (word == joined or (len(joined) >= GLUED and alike)):
            return list(words)
        after = word.removeprefix(joined)
        if after not in ("", word):
            rest = split(after, known, depth - 1)
            if rest != [after] or after in known_joined(known):
                return [*words, *rest]
        before = word.removesuffix(joined)
        if before != word and (before in ARTICLES or before in known_joined(known)):
            return [*split(before, known, depth - 1), *words]
    return [word]


def known_joined(known: Sequence[tuple[str, ...]]) -> set[str]:
    return {"".join(words) for words in known}
