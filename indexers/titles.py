"""The ways in which a wanted title may be written, and names that were glued together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.fuzz import ratio

from indexers.markers import PHRASES
from indexers.parsing import HAN, Token, read_name
from indexers.wanted import Wanted, language_code
from tame.lib.words import number_of, romanised

ARTICLES = {"the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "l"}
ARTICLES_OF = {
    "ger": {"ein", "eine", "den", "dem"},
    "fre": {"un", "une"},
    "spa": {"un", "una"},
    "ita": {"i", "gli", "lo", "un", "uno", "una"},
    "por": {"o", "os", "as", "um", "uma"},
    "dut": {"de", "het", "een"},
    "swe": {"en", "ett", "den", "det", "de"},
    "dan": {"en", "et", "den", "det", "de"},
    "nor": {"en", "et", "den", "det", "de"},
    "hun": {"az", "egy"},
}
COMMON_ARTICLES = {  # which of those above are of which language
    "eng": {"the", "a", "an"},
    "ger": {"der", "die", "das"},
    "fre": {"le", "la", "les", "l"},
    "spa": {"el", "la", "los", "las"},
    "ita": {"la", "le", "il", "l"},
    "por": {"a"},
    "hun": {"a"},
    "rum": {"a", "la"},
    "dut": {"der", "die"},
}
OPENERS = tuple(
    tuple(opener.split())
    for opener in (
        "adventures of", "the history of", "tragedy of", "the life of", "strange case of",
        "memoirs of", "the tale of", "travels of", "tragical history of", "personal history of",
        "posthumous papers of", "life and opinions of", "life and times of", "aventures de",
        "la vie de", "aventuras de", "la vida de", "el ingenioso hidalgo", "abenteuer des",
        "abenteuer von", "avventure di", "avonturen van", "przygody", "priklyucheniya",
        "prikliucheniia",
    )
)  # fmt: skip
ANOTHER = {"further", "new", "more", "last", "later", "final", "other", "second", "short"}
SOLEMN = tuple(
    tuple(opener.split())
    for opener in (
        "the history of",
        "the tragedy of",
        "the tragical history of",
        "the strange case of",
    )
)  # without one of these it is the same book; without `the adventures of` it may be many
JOINING = {"of", "the", "a", "an", "in", "and", "to", "for", "on", "at", "by", "with", "de", "von"}
NUMBERED = (
    "part", "volume", "vol", "book", "teil", "band", "buch", "tome", "livre", "partie", "tomo",
    "parte", "libro", "tom", "kniga", "chast", "deel", "del",
)  # fmt: skip
LONG = 5  # words from which a title is often cut short
GLUED = 8  # letters from which a word may be several that were glued together
OF_ANOTHER_ALPHABET = re.compile("[\u0370-\u04ff]")  # Greek, Cyrillic
HEARD = {"rus", "ukr", "bel", "bul", "srp", "gre"}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
OF_HAN = re.compile(f"[{HAN}]")


class Shape(StrEnum):
    """How the title stands in the name."""

    FULL = "the whole title"
    MAIN = "the title without its subtitle"
    SHORT = "a short form of the title"
    SERIES = "the name of the series"
    NONE = "no title"


@dataclass(frozen=True)
class Form:
    """`is_heard`: of another alphabet, so that only the sound of it is sure."""

    shape: Shape
    words: tuple[str, ...]
    is_heard: bool = False


@lru_cache(maxsize=512)
def forms_of(wanted: Wanted) -> tuple[Form, ...]:
    """Ways in which the title may be written, the fullest first."""
    return tuple(form for form in dict.fromkeys(_forms_of(wanted)) if form.words)


def _forms_of(wanted: Wanted) -> Iterator[Form]:
    tokens = read_name(wanted.title).tokens
    full = [token.word for token in tokens]
    main = main_part(tokens)
    articles = articles_of(wanted)
    yield Form(Shape.FULL, bare(full, articles), is_only_heard(wanted))
    yield Form(Shape.FULL, bare(joined_letters(full), articles))
    if (spelt := with_umlauts_spelt(wanted)) != wanted.title:
        yield Form(Shape.FULL, bare(words_of(spelt), articles))
    if wanted.subtitle:
        yield Form(Shape.FULL, bare([*full, *words_of(wanted.subtitle)], articles))
    if main != full and not is_series(main, wanted):
        yield Form(Shape.MAIN, bare(main, articles))
    rest = full[len(main) :]
    if rest and is_series(main, wanted):
        yield Form(Shape.FULL, bare(rest, articles))
    for words in numbered(full):
        yield Form(Shape.FULL, bare(words, articles))
    for opener in SOLEMN:
        if tuple(main[: len(opener)]) == opener:
            yield Form(Shape.FULL, bare(main[len(opener) :], articles))
    for short in short_forms(main):
        yield Form(Shape.SHORT, bare(short, articles))
    for place in wanted.places:
        yield Form(Shape.SERIES, bare(words_of(place.series), articles))
        yield Form(Shape.SERIES, bare(joined_letters(words_of(place.series)), articles))


def is_only_heard(wanted: Wanted) -> bool:
    is_romanised = language_code(wanted.language) in HEARD
    return is_romanised or bool(OF_ANOTHER_ALPHABET.search(wanted.title))


def with_umlauts_spelt(wanted: Wanted) -> str:
    """Für is Fuer; and a German title's Fuer is Für."""
    title = unicodedata.normalize("NFC", wanted.title)
    spelt = title.translate(UMLAUTS)
    if spelt == title and language_code(wanted.language) == "ger":
        return re.sub("(?i)([aou])e", r"\1", title)
    return spelt


def short_forms(main: Sequence[str]) -> Iterator[Sequence[str]]:
    """Without an opener; a long title without its end, or up to its first preposition."""
    for end in range(2, len(main)):
        if is_opener(main[:end]):
            yield main[end:]
    if len(main) <= LONG:
        return
    for end in range(len(main) - 1, max(2, len(main) // 2), -1):
        if main[end - 1] not in JOINING:
            yield main[:end]
    first = next((at for at, word in enumerate(main[1:], 1) if word in JOINING), 0)
    if len([word for word in main[:first] if word not in JOINING]) > 1:
        yield main[:first]


def is_opener(words: Sequence[str]) -> bool:
    """`The Life and Strange Surprising Adventures of`; not `The Further Adventures of`."""
    ends = any(tuple(words[-len(opener) :]) == opener for opener in OPENERS)
    return ends and not ANOTHER & set(words)


def numbered(title: Sequence[str]) -> Iterator[list[str]]:
    """`Henry VI, Part 3` is `3 Henry VI`, too, and `Winnetou I` is `Winnetou, Erster Band`."""
    number = title[-1] if title else ""
    base = list(title[:-1])
    if base and base[-1] in NUMBERED:
        base.pop()
    if not base or number_of(number) is None:
        return
    yield [*base, number]
    yield [number, *base]
    for word in NUMBERED:
        yield [*base, word, number]
        yield [*base, number, word]


def title_words(wanted: Wanted) -> tuple[str, ...]:
    return next((form.words for form in forms_of(wanted)), ())


def base_of(wanted: Wanted) -> tuple[str, ...]:
    """The title without its number; empty where it has none."""
    full = words_of(wanted.title)
    return bare(next(numbered(full), [""])[:-1], articles_of(wanted))


def joined_letters(words: Sequence[str]) -> list[str]:
    """An Irish R. M. is an Irish RM."""
    made: list[str] = []
    last_is_letter = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and last_is_letter:
            made[-1] += word
        else:
            made.append(word)
        last_is_letter = is_letter and word not in ("a", "i", "o")
    return made


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


@lru_cache(maxsize=512)
def articles_of(wanted: Wanted) -> frozenset[str]:
    return frozenset(ARTICLES | ARTICLES_OF.get(language_code(wanted.language), set()))


def own_articles(wanted: Wanted) -> frozenset[str]:
    """Of the book's language alone; every one where that is not known."""
    code = language_code(wanted.language)
    if not code:
        return frozenset(ARTICLES)
    return frozenset(COMMON_ARTICLES.get(code, set()) | ARTICLES_OF.get(code, set()))


def bare(words: Iterable[str], articles: Iterable[str] = frozenset(ARTICLES)) -> tuple[str, ...]:
    """Without a leading article."""
    made = tuple(words)
    return made[1:] if len(made) > 1 and made[0] in articles else made


# --- Words that were glued together ---------------------------------------------------------------


def unglued(tokens: Sequence[Token], wanted: Wanted) -> tuple[Token, ...]:
    """`TreasureIsland RobertLouisStevenson`, whatever its capitals, as five words."""
    made: list[Token] = []
    for token in joined_in_han(tokens, wanted):
        words = parts_of(token.word, wanted)
        made += [replace(token, word=words[0])]
        made += [replace(token, word=word, soft="", tight=False) for word in words[1:]]
    return tuple(made)


def joined_in_han(tokens: Sequence[Token], wanted: Wanted) -> Iterator[Token]:
    """芥川 龍之介 is 芥川龍之介, where that is a name."""
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
    known = [form.words for form in forms_of(wanted)] + people
    return tuple(words for words in known if len("".join(words)) >= 4)


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
