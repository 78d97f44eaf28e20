"""Is this author named? A surname proves nothing: the given names beside it must not contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from indexers.names.markers import LANGUAGE_OF, PHRASES
from indexers.names.parsing import Token
from tame.lib.names import same_given_name, same_surname
from tame.lib.words import romanised

NOT_A_SURNAME = {"jr", "sr", "ii", "iii", "phd", "md", "fils", "pere"}
MOST_GIVEN = 2
YOUNGER = {"jr", "junior", "fils"}
FAMILY = {"sisters", "brothers", "bros", "family", "schwestern", "bruder", "freres", "soeurs"}
NO_NAMES = {"in", "on", "at", "for", "with", "to", "mit", "avec", "con"}
PARTICLES = {"von", "van", "de", "der", "du", "la", "le", "da", "di", "st", "of"}
TITLES = {
    "sir", "dame", "lord", "lady", "baroness", "baron", "count", "countess", "dr", "mrs", "mr",
}  # fmt: skip
RANKS = TITLES | {"king", "queen", "emperor", "saint", "captain", "prof", "professor"}
NAMELESS = {
    "anonymous", "unknown", "various", "various authors", "anon", "traditional", "anonimo",
    "anonym", "anonyme", "anoniem", "aa vv",
}  # fmt: skip


class Naming(StrEnum):
    NAMED = "named"
    SURNAME = "surname only"
    OTHER = "another of that surname"
    MISSING = "not named"


@dataclass(frozen=True)
class Found:
    """How an author is named, and which tokens do it."""

    naming: Naming
    start: int = 0
    end: int = 0
    text: str = ""
    is_possessive: bool = False
    spelt_out: str = ""  # where initials are known: Miles James for M. R. James


def find_person(name: str, tokens: Sequence[Token], free: Sequence[bool]) -> list[Found]:
    """All places where the person, or another one of that surname, is named; the best first."""
    words, is_younger = own_words(name)
    if not words:
        return []
    found = [
        at
        for place in range(len(tokens))
        if free[place] and (at := named_at(words, tokens, free, place))
    ]
    if not is_younger:
        found = [elder(at, tokens, free) for at in found]
    order = list(Naming)
    return sorted(found, key=lambda at: (order.index(at.naming), at.start))


@lru_cache(maxsize=1024)
def own_words(name: str) -> tuple[tuple[str, ...], bool]:
    """Without titles in front and additions behind; and whether one of those says a son."""
    every = romanised(name).split()
    words = [word for word in every if word not in NOT_A_SURNAME]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return tuple(words), not YOUNGER.isdisjoint(every)


def elder(found: Found, tokens: Sequence[Token], free: Sequence[bool]) -> Found:
    """Another one where a son's addition follows: he bears the whole name, too."""
    following = tokens[found.end : found.end + 1]
    if not (following and following[0].word in YOUNGER and free[found.end]):
        return found
    named = " ".join(token.word for token in tokens[found.start : found.end + 1])
    return Found(Naming.OTHER, found.start, found.end + 1, named.title())


def named_at(
    words: Sequence[str], tokens: Sequence[Token], free: Sequence[bool], place: int
) -> Found | None:
    if len(words) > 2 and tokens[place].word == "".join(word[0] for word in words):
        return Found(Naming.SURNAME, place, place + 1)  # PGW
    if whole := in_any_order(words, tokens, free, place):
        return whole
    surname, given = words[-1], list(words[:-1])
    if not is_surname(tokens, place, surname) or len(surname) < 2:
        return None
    if not given:
        titled = name_only(tokens, place)
        return Found(Naming.NAMED, place - titled, place + 1)
    before = before_it(tokens, free, place)
    after = after_comma(tokens, free, place)
    if (count := fits(before, given)) is not None:
        spelt = spelt_out(before, count, given, surname)
        return Found(Naming.NAMED, place - count, place + 1, spelt_out=spelt)
    if after and fits_after(after, before, given):
        count = min(len(after), len(given))
        spelt = spelt_out(after, len(after), given, surname)
        return Found(Naming.NAMED, place - len(before), place + 1 + count, spelt_out=spelt)
    if (start := joint(tokens, free, place, given)) is not None:
        return Found(Naming.NAMED, start, place + 1)
    behind = behind_it(tokens, free, place)
    for count in range(len(behind), 0, -1):  # last name, then initials
        if not before and are_given(behind[:count], given):
            return Found(Naming.NAMED, place, place + 1 + count)
    return alone_or_other(tokens, free, place, before)


def name_only(tokens: Sequence[Token], place: int) -> int:
    """1 where a title such as Baroness stands before the name, else 0."""
    return int(place > 0 and tokens[place - 1].word in TITLES)


def in_any_order(
    words: Sequence[str], tokens: Sequence[Token], free: Sequence[bool], place: int
) -> Found | None:
    """Word for word, family name first or last: 芥川 龍之介 is 龍之介, 芥川."""
    count, first = len(words), tokens[place].word
    turns = turns_at(first, tuple(words))
    if not turns or place + count > len(tokens) or not all(free[place : place + count]):
        return None
    here = [token.word for token in tokens[place : place + count]]
    is_one_run = tokens[place].segment == tokens[place + count - 1].segment
    for turn in turns:
        if turn and not is_one_run:
            break
        if all(same_surname(here[at], words[(at + turn) % count]) for at in range(1, count)):
            return Found(Naming.NAMED, place, place + count)
    return None


@lru_cache(maxsize=8192)
def turns_at(first: str, words: tuple[str, ...]) -> list[int]:
    return [turn for turn, word in enumerate(words) if same_surname(first, word)]


def is_surname(tokens: Sequence[Token], place: int, surname: str) -> bool:
    """Also in `Gaskell's Cranford` and `The Brontës`."""
    token = tokens[place]
    if token.word == f"{surname}s":
        return "'" in token.raw or (place > 0 and tokens[place - 1].word == "the")
    return same_surname(token.word, surname)


def is_possessive(token: Token) -> bool:
    return token.word.endswith("s") and token.raw.lower().endswith("'s")


def before_it(tokens: Sequence[Token], free: Sequence[bool], place: int) -> list[str]:
    """Up to four words that stand before, in the same segment, without a mark between."""
    words: list[str] = []
    for at in range(place - 1, max(place - 5, -1), -1):
        following = tokens[at + 1]
        same = tokens[at].segment == following.segment or following.tight
        if not same or not free[at] or following.soft or tokens[at].word == "by":
            break
        words.insert(0, tokens[at].word)
    return words


def behind_it(tokens: Sequence[Token], free: Sequence[bool], place: int) -> list[str]:
    """Up to three words right behind, without a mark between."""
    words: list[str] = []
    for at in range(place + 1, min(place + 4, len(tokens))):
        same = tokens[at].segment == tokens[place].segment
        if not same or not free[at] or tokens[at].soft:
            break
        words.append(tokens[at].word)
    return words


def after_comma(tokens: Sequence[Token], free: Sequence[bool], place: int) -> list[str]:
    """What follows in `Last, First`."""
    words: list[str] = []
    for at in range(place + 1, min(place + 4, len(tokens))):
        if tokens[at].segment != tokens[place].segment or not free[at]:
            break
        if (at == place + 1) != (tokens[at].soft == ","):
            break
        words.append(tokens[at].word)
    return words


def joint(
    tokens: Sequence[Token], free: Sequence[bool], place: int, given: Sequence[str]
) -> int | None:
    """Where `George & Weedon Grossmith` begins: both bear the surname."""
    for at in range(place - 2, max(place - 4, 0), -1):
        if not free[at] or tokens[at].segment != tokens[place].segment:
            return None
        if tokens[at].word in ("and", "und", "et", "y", "e"):
            plain = [*tokens[:at], replace(tokens[at], soft="")]
            count = fits(before_it(plain, free, at), given)
            return None if count is None else at - count
    return None


def fits(before: Sequence[str], given: Sequence[str]) -> int | None:
    """How many of the words before are this person's given names; None when they are not."""
    for count in range(min(len(before), len(given) + 1), 0, -1):
        if are_given(list(before[-count:]), given):
            return count
    for count in range(min(len(before), len(given)), 0, -1):  # Conan Doyle
        if list(before[-count:]) == list(given[-count:]) and len(before[-count]) > 2:
            return count
    return None


def are_given(words: list[str], given: Sequence[str]) -> bool:
    """As written, as initials, with a name more or less in the middle."""
    letters = "".join(word[0] for word in given)
    if len(words) == 1 and len(words[0]) > 1 and letters.startswith(words[0]):
        return True
    if words[0] in PARTICLES and words[0] != given[0]:
        return False
    names = [word for word in words if word not in PARTICLES]
    if not names or not same_given_name(names[0], given[0]):
        return False
    rest = [word for word in names[1:] if not any(same_given_name(word, g) for g in given[1:])]
    return len(rest) <= max(len(names) - len(given), 0)


def spelt_out(names: Sequence[str], count: int, given: Sequence[str], surname: str) -> str:
    """One given name for two or more initials: Miles James need not be M. R. James."""
    name = names[-1] if count == 1 else ""
    letters = "".join(given)
    initials = len(given) > 1 and all(len(letter) == 1 for letter in given)
    spelt = initials and len(name) > 1 and not letters.startswith(name)
    return f"{name} {surname}" if spelt else ""


def behind_comma(tokens: Sequence[Token], free: Sequence[bool], place: int) -> list[str]:
    """Given names of nobody wanted in `Gaskell, Oswin`, which nothing but a break follows."""
    words = after_comma(tokens, free, place)
    end = place + 1 + len(words)
    same = end < len(tokens) and tokens[end].segment == tokens[place].segment
    known = RANKS | NOT_A_SURNAME | PARTICLES | YOUNGER
    plain = all((word,) not in PHRASES and word not in known and word.isalpha() for word in words)
    return words if words and plain and not same and len(words) <= MOST_GIVEN else []


def fits_after(after: Sequence[str], before: Sequence[str], given: Sequence[str]) -> bool:
    """`Doyle, Arthur Conan` and `Conan Doyle, Arthur`."""
    first = [word for word in after if any(same_given_name(word, g) for g in given)]
    known = all(any(same_given_name(word, g) for g in given) for word in before)
    return bool(first) and are_given([after[0]], given) and known


def alone_or_other(
    tokens: Sequence[Token], free: Sequence[bool], place: int, before: Sequence[str]
) -> Found | None:
    known = PARTICLES | RANKS
    names = [word for word in before if word not in known and (word,) not in PHRASES]
    following = place + 1 < len(tokens) and tokens[place + 1]
    goes_on = (
        following
        and following.segment == tokens[place].segment
        and free[place + 1]
        and not following.soft
        and (following.word,) not in PHRASES
        and following.word not in FAMILY
        and following.word not in NO_NAMES
        and not is_possessive(tokens[place])
        and following.word not in LANGUAGE_OF
        and tuple(token.word for token in tokens[place + 1 : place + 3]) not in PHRASES
    )
    if not names and not goes_on:
        return Found(Naming.SURNAME, place, place + 1, is_possessive=is_possessive(tokens[place]))
    if names and not goes_on:
        text = " ".join([*names, tokens[place].word])
        return Found(Naming.OTHER, place - len(before), place + 1, text.title())
    return None
