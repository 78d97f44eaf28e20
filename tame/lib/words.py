"""Comparing names and titles as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.fuzz import ratio

LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
GAP = re.compile(r"[^\w]+|_+", re.UNICODE)


def normalise(text: str) -> str:
    """Lower case, without diacritics and punctuation, single spaces: a key for comparing.

    An apostrophe joins (Scarlet's, scarlets); every other mark separates.
    """
    text = unicodedata.normalize("NFKD", text.casefold()).translate(LETTERS)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub("['\u2019\u02bc`]", "", text).replace("&", " and ")
    return GAP.sub(" ", text).strip()


CYRILLIC = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэіґє", "abvgdeziklmnoprstufyeige", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}  # noqa: RUF001
    | {"ъ": "", "ь": ""}
)


def romanised(text: str) -> str:
    """Normalised, and Cyrillic in Latin letters: names are written in either."""
    return normalise(text).translate(CYRILLIC)


def last_name_first(name: str) -> str:
    """How shelves are sorted: Jules Verne becomes `Verne, Jules`."""
    if "," in name or " " not in name.strip():
        return name.strip()
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}"


# --- Words that say the same ----------------------------------------------------------------------

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"  # noqa: E501
UNITS = {word: number for number, word in enumerate(ONES.split())}
TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
ROMAN = re.compile("(?=[ivxl])(xl|l?x{0,3})(ix|iv|v?i{0,3})")
ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50}
SHORT_FOR = {
    "dr": "doctor",
    "mr": "mister",
    "st": "saint",
    "mrs": "missis",
    "no": "number",
    "vol": "volume",
    "pt": "part",
}
SOUNDS = [
    ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("ph", "f"), ("ck", "k"), ("ks", "x"),
    ("dj", "j"), ("y", "i"), ("j", "i"), ("w", "v"), ("ie", "e"), ("ii", "i"), ("oi", "o"),
]  # fmt: skip
ALIKE = 85  # of 100: one wrong letter in seven
LEAST_LETTERS = 5  # in a shorter word one wrong letter makes another word


def number_of(word: str) -> int | None:
    """What a word counts: 20, twenty, xx. A single roman letter is a word, except i, v and x."""
    if word.isdecimal():
        return int(word) if len(word) <= 9 else None
    if word in UNITS:
        return UNITS[word]
    if word in TENS:
        return TENS[word]
    return from_roman(word) if ROMAN.fullmatch(word) and word != "l" else None


def from_roman(word: str) -> int:
    digits = [ROMAN_DIGITS[letter] for letter in word]
    later = [*digits[1:], 0]
    return sum(-d if d < after else d for d, after in zip(digits, later, strict=True))


def same_word(one: str, other: str) -> bool:
    """Equal, or alike but for a slip; not singular and plural, which are two titles."""
    if one == other or SHORT_FOR.get(one, one) == SHORT_FOR.get(other, other):
        return True
    if min(len(one), len(other)) < LEAST_LETTERS or not (one.isalpha() and other.isalpha()):
        return number_of(one) is not None and number_of(one) == number_of(other)
    if one + "s" == other or other + "s" == one:
        return False
    return ratio(one, other) >= ALIKE


def same_surname(one: str, other: str) -> bool:
    """Also as another alphabet's reader writes it: Gorki is Gorky, Tchekhov Chekhov."""
    if same_word(one, other):
        return True
    return min(len(one), len(other)) >= LEAST_LETTERS and sound(one) == sound(other)


def sound(word: str) -> str:
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    return word


def same_given_name(one: str, other: str) -> bool:
    """Arthur, A, and Artur are compatible; Emily and Charlotte are not."""
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return same_surname(one, other) or one.startswith(other) or other.startswith(one)


def find_words(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where `wanted` stands in `words`, word for word: the places it begins at."""
    last = len(words) - len(wanted)
    return [
        start
        for start in range(last + 1 if wanted else 0)
        if all(same_word(words[start + n], word) for n, word in enumerate(wanted))
    ]
