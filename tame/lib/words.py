"""Comparing names and titles as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from tame.lib.numerals import ENGLISH, ENGLISH_TENS

LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
APOSTROPHE = re.compile("['\u2019\u02bc`]")
GAP = re.compile(r"[^\w]+|_+", re.UNICODE)


def normalise(text: str) -> str:
    """Lower case, without diacritics and punctuation, single spaces: a key for comparing.

    An apostrophe joins (Scarlet's, scarlets); every other mark separates.
    """
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(LETTERS)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = APOSTROPHE.sub("", text).replace("&", " and ")
    return GAP.sub(" ", text).strip()


CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэіґє", "abvgdeziklmnoprstufyeige", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}  # noqa: RUF001
    | {"ъ": "", "ь": ""}
)


GREEK = str.maketrans(
    dict(zip("αβγδεζηικλμνξοπρστυφω", "avgdeziiklmnxoprstyfo", strict=True))
    | {"θ": "th", "χ": "ch", "ψ": "ps"}
)


def romanised(text: str) -> str:
    """Normalised, and Cyrillic and Greek in Latin letters: names are written in either."""
    latin = normalise(text)
    if latin.isascii():
        return latin
    latin = latin.translate(CYRILLIC)
    return latin if latin.isascii() else latin.replace("ου", "ou").translate(GREEK)  # noqa: RUF001


def last_name_first(name: str) -> str:
    """How shelves are sorted: Jules Verne becomes `Verne, Jules`."""
    if "," in name or " " not in name.strip():
        return name.strip()
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}"


# --- Words that say the same ----------------------------------------------------------------------

UNITS = {word: number for number, word in enumerate(ENGLISH.split())}
TENS = {word: 10 * number for number, word in enumerate(ENGLISH_TENS.split(), 2)}
ORDINALS = {
    word: number
    for number, words in enumerate(
        [
            "first erster erste erstes premier premiere primero primera primer primo prima primeiro primeira eerste forsta pervyi pervaya pierwszy pierwsza",  # noqa: E501
            "second zweiter zweite zweites deuxieme seconde segundo segunda secondo seconda tweede andra vtoroi vtoraya drugi druga",  # noqa: E501
            "third dritter dritte drittes troisieme tercero tercera tercer terzo terza terceiro terceira derde tredje tretii tretya trzeci trzecia",  # noqa: E501
            "fourth vierter vierte viertes quatrieme cuarto cuarta quarto quarta vierde fjarde",
            "fifth funfter funfte cinquieme quinto quinta vijfde femte",
            "sixth", "seventh", "eighth", "ninth", "tenth",
        ],
        1,
    )
    for word in words.split()
}  # fmt: skip
NTH = re.compile(r"(\d{1,3})(?:st|nd|rd|th|er|ere|re|eme|e|ste|de|a|o)")
ROMAN = re.compile("(?=[ivxl])(xl|l?x{0,3})(ix|iv|v?i{0,3})")
COUNTED = UNITS | TENS | ORDINALS
ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50}
SHORT_FOR = {
    "dr": "doctor",
    "mr": "mister",
    "st": "saint",
    "mrs": "missis",
    "vol": "volume",
    "pt": "part",
}
SOUNDS = [
    ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("ph", "f"), ("ck", "k"), ("ks", "x"),
    ("dj", "j"), ("yo", "e"), ("kh", "h"), ("ff", "v"), ("ts", "c"), ("y", "i"), ("j", "i"),
    ("w", "v"), ("ie", "e"), ("ii", "i"), ("oi", "o"),
]  # fmt: skip
ALIKE = 85  # of 100: one wrong letter in seven
LEAST_LETTERS = 5  # in a shorter word one wrong letter makes another word


def number_of(word: str) -> int | None:
    """What a word counts: 20, twenty, third, xx. Of single letters only i, v and x are numbers."""
    if word.isdecimal():
        return int(word) if len(word) <= 9 else None
    if (number := COUNTED.get(word)) is not None:
        return number
    if nth := NTH.fullmatch(word):
        return int(nth.group(1))
    return from_roman(word) if ROMAN.fullmatch(word) and word != "l" else None


def from_roman(word: str) -> int:
    digits = [ROMAN_DIGITS[letter] for letter in word]
    later = [*digits[1:], 0]
    return sum(-d if d < after else d for d, after in zip(digits, later, strict=True))


@lru_cache(maxsize=32768)
def same_word(one: str, other: str) -> bool:
    """Equal, or alike but for a slip; not singular and plural, which are two titles."""
    if one == other or SHORT_FOR.get(one, one) == SHORT_FOR.get(other, other):
        return True
    if min(len(one), len(other)) < LEAST_LETTERS or not (one.isalpha() and other.isalpha()):
        return number_of(one) is not None and number_of(one) == number_of(other)
    if one + "s" == other or other + "s" == one:
        return False
    return ratio(one, other) >= ALIKE


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return word


@lru_cache(maxsize=32768)
def same_title_word(one: str, other: str) -> bool:
    """Of a title from another alphabet: Myortvye is Mertvye, Asja is Asya."""
    if same_word(one, other):
        return True
    if number_of(one) is not None or number_of(other) is not None:  # i sounds as ii
        return False
    if sound(one) == sound(other):
        return True
    if min(len(one), len(other)) < LEAST_LETTERS:
        return False
    return ratio(sound(one), sound(other)) >= ALIKE


def same_word_but_for_a_letter(one: str, other: str) -> bool:
    """Also Werther and Werthers, lady and laday: in a long title no two words, but a slip."""
    if same_word(one, other):
        return True
    least = min(len(one), len(other))
    slips = least >= LEAST_LETTERS if one + "s" == other or other + "s" == one else least > 3
    return slips and one.isalpha() and other.isalpha() and ratio(one, other) > ALIKE


def same_word_in_a_long_title(one: str, other: str) -> bool:
    """Also sea and seas: there is no second title so long that differs in that alone."""
    plural = one + "s" == other or other + "s" == one
    return same_word_but_for_a_letter(one, other) or (plural and min(len(one), len(other)) > 2)


def find_words(
    words: Sequence[str],
    wanted: Sequence[str],
    same: Callable[[str, str], bool] = same_word,
) -> list[int]:
    """Where `wanted` stands in `words`, word for word: the places it begins at."""
    last = len(words) - len(wanted)
    return [
        start
        for start in range(last + 1 if wanted else 0)
        if same(words[start], wanted[0])
        and all(same(words[start + n], wanted[n]) for n in range(1, len(wanted)))
    ]


# --- Whole titles ---------------------------------------------------------------------------------

LEADING = {
    "the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "l", "un", "une", "el",
    "los", "las", "il", "lo", "gli", "i", "o", "os", "as", "um", "uma", "de", "het", "een", "den",
    "det", "en", "ett", "et",
}  # fmt: skip
SUBTITLE = re.compile(r"\s*[:;(\[]\s*|\s+[-\u2013\u2014]\s+")


def title_words(title: str) -> list[str]:
    """Romanised, without the article in front or behind: `Time Machine, The`."""
    words = romanised(title).split()
    if len(words) > 1 and words[0] in LEADING:
        return words[1:]
    behind = title.rpartition(",")[2].strip().lower()
    return words[:-1] if len(words) > 1 and behind in LEADING else words


def main_title(title: str) -> str:
    """What stands before a colon, a semicolon, a dash or a bracket; all where nothing does."""
    return SUBTITLE.split(title.strip(), maxsplit=1)[0] or title


def same_title(one: str, other: str) -> bool:
    """Word for word but for articles and slips. A subtitle that only one of them has does not
    count; nor does it when both begin differently, name other numbers, or differ in it."""
    first, second = _read(one), _read(other)
    if first.numbers != second.numbers:
        return False
    if _same_words(first.words, second.words):
        return True
    if first.has_subtitle == second.has_subtitle:
        return False
    return _same_words(first.main, second.main)


class _Title(NamedTuple):
    numbers: list[int]
    words: list[str]
    main: list[str]
    has_subtitle: bool


@lru_cache(maxsize=8192)
def _read(title: str) -> _Title:
    """Once: each title of a list is compared with all the others."""
    main = main_title(title)
    return _Title(_numbers(title), title_words(title), title_words(main), main != title.strip())


def _same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    if not one or len(one) != len(other):
        return "".join(one) == "".join(other) != ""
    return all(same_title_word(*pair) for pair in zip(one, other, strict=True))


def _numbers(title: str) -> list[int]:
    words = romanised(title).split()
    return sorted(n for word in words if (n := number_of(word)) is not None)
