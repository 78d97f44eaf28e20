"""Names whose words were glued together, taken apart by what is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from indexers.names.markers import PHRASES
from indexers.names.parsing import HAN, Token, read_name
from indexers.names.titles import ARTICLES, forms_of
from indexers.wanted import Wanted
from tame.lib.words import romanised

GLUED = 8  # letters from which a word may be several that were glued together
OF_HAN = re.compile(f"[{HAN}]")


def unglued(tokens: Sequence[Token], wanted: Wanted) -> tuple[Token, ...]:
    """`TreasureIsland RobertLouisStevenson`, whatever its capitals, as five words."""
    made: list[Token] = []
    for token in joined_in_han(joined(tokens, wanted), wanted):
        words = parts_of(token.word, wanted)
        if words == [token.word]:
            made.append(token)
            continue
        made += [replace(token, word=words[0])]
        made += [replace(token, word=word, soft="", tight=False) for word in words[1:]]
    return tuple(made)


def joined(tokens: Sequence[Token], wanted: Wanted) -> list[Token]:
    """`The Yellow Wall-Paper`, where the title has Wallpaper."""
    words = {word for form in forms_of(wanted) for word in form.words}
    made: list[Token] = []
    for token in tokens:
        last = made[-1] if made else None
        pair = last.word + token.word if last and token.segment == last.segment else ""
        if last and len(pair) >= GLUED and pair in words and token.word not in words:
            made[-1] = replace(last, word=pair)
        else:
            made.append(token)
    return made


def joined_in_han(tokens: Sequence[Token], wanted: Wanted) -> Iterator[Token]:
    """芥川 龍之介 is 芥川龍之介, where that is a name."""
    if not any(OF_HAN.match(token.word) for token in tokens):
        yield from tokens
        return
    at = 0
    while at < len(tokens):
        pair = "".join(token.word for token in tokens[at : at + 2])
        is_name = bool(OF_HAN.match(pair)) and pair in names_in_han(wanted)
        yield replace(tokens[at], word=pair) if is_name else tokens[at]
        at += 2 if is_name else 1


def parts_of(word: str, wanted: Wanted) -> list[str]:
    if OF_HAN.search(word):
        pieces = [piece for piece in han_words(wanted).split(word) if piece]
        return [part for piece in pieces for part in names_in_han(wanted).get(piece, (piece,))]
    if len(word) < GLUED:
        return [word]
    return split(word, known_words(wanted), depth=3)


@lru_cache(maxsize=512)
def known_words(wanted: Wanted) -> tuple[tuple[str, ...], ...]:
    """What may be glued together: the title in its forms, and the authors."""
    people = [tuple(romanised(author).split()) for author in wanted.authors]
    known = [form.words for form in forms_of(wanted)] + people + hyphened(wanted)
    return tuple(words for words in known if len("".join(words)) >= 4)


def hyphened(wanted: Wanted) -> list[tuple[str, ...]]:
    """`Superbeasts`, where the title has Super-Beasts."""
    tokens = read_name(wanted.title).tokens
    return [(one.word, two.word) for one, two in pairwise(tokens) if two.tight]


@lru_cache(maxsize=512)
def names_in_han(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """The title and the authors without spaces: 夏目漱石 is 夏目, 漱石."""
    people = [tuple(romanised(name).split()) for name in wanted.authors + wanted.other_names]
    known = [form.words for form in forms_of(wanted)] + people
    return {"".join(words): words for words in known}


@lru_cache(maxsize=512)
def han_words(wanted: Wanted) -> re.Pattern[str]:
    """What may be cut out of a row of signs: the names, and the vocabulary."""
    vocabulary = [words[0] for words in PHRASES if len(words) == 1]
    known = {word for word in [*names_in_han(wanted), *vocabulary] if OF_HAN.search(word)}
    longest = sorted((word for word in known if len(word) > 1), key=len, reverse=True)
    chapter = "第[一二三四五六七八九十百]+[章回巻卷部集话話節节]"
    return re.compile("|".join([f"({chapter}", *map(re.escape, longest)]) + ")")


def split(word: str, known: Sequence[tuple[str, ...]], depth: int) -> list[str]:
    if not word or not depth:
        return [word] if word else []
    for words in known:
        joined = "".join(words)
        alike = abs(len(word) - len(joined)) < 2 and ratio(word, joined) > 90
        if len(words) > 1 and (word == joined or (len(joined) >= GLUED and alike)):
            if word in words:  # Winnetou of Winnetou I
                return [word]
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
