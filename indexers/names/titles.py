"""The ways in which a wanted title may be written, and names that were glued together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from indexers.names.parsing import Token, read_name
from indexers.wanted import Wanted, language_code
from tame.lib.numerals import SPEAK, respelt
from tame.lib.words import main_title, number_of, romanised

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
OLD = {  # words of which the long titles of old books are made
    "the", "life", "lives", "adventures", "history", "strange", "surprising", "fortunes",
    "misfortunes", "memoirs", "travels", "voyages", "opinions", "times", "experience",
    "experiences", "observations", "remarkable", "famous", "celebrated", "true", "personal",
    "wonderful", "and", "of", "tragedy", "tragical", "posthumous", "papers",
}  # fmt: skip
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
TREATISE = {"on", "of", "de", "uber", "concerning"}  # `On the Origin of Species`
ANDS = {"and", "und", "et", "y", "e", "en", "och", "og", "i"}
JOINING = {"of", "the", "a", "an", "in", "and", "to", "for", "on", "at", "by", "with", "de", "von"}
NUMBERED = (
    "part", "volume", "vol", "book", "teil", "band", "buch", "tome", "livre", "partie", "tomo",
    "parte", "libro", "tom", "kniga", "chast", "deel", "del", "number",
)  # fmt: skip
LONG = 5  # words from which a title is often cut short
OF_ANOTHER_ALPHABET = re.compile("[\u0370-\u04ff]")  # Greek, Cyrillic
HEARD = {"rus", "ukr", "bel", "bul", "srp", "gre"}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


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
    full, main = [token.word for token in tokens], main_part(tokens)
    articles = articles_of(wanted)
    yield Form(Shape.FULL, bare(full, articles), is_only_heard(wanted))
    for words in respelt_titles(wanted, full):
        yield Form(Shape.FULL, bare(words, articles))
    if main != full and not is_series(main, wanted):
        for words in [main, *numbers_respelt(main_title(wanted.title), wanted)]:
            yield Form(Shape.MAIN, bare(words, articles))
    for words in other_titles(wanted, full, main):
        yield Form(Shape.FULL, bare(words, articles))
    for short in short_forms(main):
        yield Form(Shape.SHORT, bare(short, articles))
    for place in wanted.places:
        yield Form(Shape.SERIES, bare(words_of(place.series), articles))
        yield Form(Shape.SERIES, bare(joined_letters(words_of(place.series)), articles))


def respelt_titles(wanted: Wanted, full: Sequence[str]) -> Iterator[Sequence[str]]:
    """The whole title with its letters joined, other numerals, other umlauts; with its subtitle."""
    yield joined_letters(full)
    if language_code(wanted.language) not in ("", "eng"):  # there `i` is no and
        inner = ["and" if word in ANDS else word for word in full[1:-1]]
        yield [*full[:1], *inner, *full[1:][-1:]]  # `Max & Moritz`
    yield from numbers_respelt(wanted.title, wanted)
    yield from by_number(full, main_part(read_name(wanted.title).tokens))
    if (spelt := with_umlauts_spelt(wanted)) != wanted.title:
        yield words_of(spelt)
    if wanted.subtitle:
        yield [*full, *words_of(wanted.subtitle)]


def other_titles(
    wanted: Wanted, full: Sequence[str], main: Sequence[str]
) -> Iterator[Sequence[str]]:
    """What stands behind its series' name; with its number elsewhere; without a solemn opener."""
    if is_series(main, wanted):
        yield full[len(main) :]
    yield from numbered(full)
    for opener in SOLEMN:
        if tuple(main[: len(opener)]) == opener:
            yield main[len(opener) :]
    if len(main) >= LONG and main[0] in TREATISE:
        yield main[1:]


def numbers_respelt(title: str, wanted: Wanted) -> Iterator[list[str]]:
    """`1984` for Nineteen Eighty-Four, and the other way round. A title that is but a small number
    stays as it is: who knows what else a name counts."""
    language = language_code(wanted.language)
    for code in SPEAK if language in ("", *SPEAK) else ():
        if language in ("", code):
            for words in (romanised(title).split(), words_of(title)):
                for spelt in respelt(words, code):
                    if len(spelt) > 1 or len(spelt[0]) > 1:
                        yield words_of(" ".join(spelt))


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
    is_old = len(words) > 3 and "of" in words and OLD.issuperset(words)
    return (ends or is_old) and not ANOTHER & set(words)


def by_number(full: Sequence[str], main: Sequence[str]) -> Iterator[list[str]]:
    """`Faust I` for Faust: Der Tragödie erster Teil."""
    number = number_of(full[-2]) if len(full) > len(main) + 1 and full[-1] in NUMBERED else None
    if number is not None:
        yield from numbered([*main, str(number)])


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


def last_number(wanted: Wanted) -> int | None:
    words = title_words(wanted)
    return number_of(words[-1]) if words else None


@lru_cache(maxsize=512)
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
    """Up to a colon, a semicolon, a bracket or a dash; `Youth, a Narrative` up to its comma."""
    main: list[str] = []
    for number, token in enumerate(tokens):
        ends = token.soft in (":", ";") or (token.soft == "," and token.word in ("a", "an", "or"))
        if number and (token.segment != tokens[0].segment or ends):
            break
        main.append(token.word)
    return main


def is_series(words: Sequence[str], wanted: Wanted) -> bool:
    return any(bare(words) == bare(words_of(place.series)) for place in wanted.places)


def words_of(text: str) -> list[str]:
    return list(_words_of(text))


@lru_cache(maxsize=1024)
def _words_of(text: str) -> tuple[str, ...]:
    """Of a book's own texts, which are read again for every release."""
    return tuple(read_name(text).words)


@lru_cache(maxsize=512)
def articles_of(wanted: Wanted) -> frozenset[str]:
    return frozenset(ARTICLES | ARTICLES_OF.get(language_code(wanted.language), set()))


@lru_cache(maxsize=512)
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
