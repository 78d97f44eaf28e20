"""Numbers as five languages write them in words, and back: 80 is eighty, achtzig, quatre-vingts.

Words are normalised, as by `words.normalise`. A phrase is known by its letters alone, so that
quatre-vingt-treize and quatrevingt treize are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

Speaker = Callable[[int], Iterator[str]]

MOST_WORDS = 7
EVERY_NUMBER = (*range(2, 1000), *range(1000, 2101), *range(3000, 100_000, 1000), 100_000, 200_000)
NUMBERS = frozenset(EVERY_NUMBER)

ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"  # noqa: E501
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
GERMAN = "null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn"  # noqa: E501
GERMAN_TENS = "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig"
FRENCH = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix+sept dix+huit dix+neuf"  # noqa: E501
FRENCH_TENS = "vingt trente quarante cinquante soixante soixante quatre+vingt quatre+vingt"
SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve"  # noqa: E501
SPANISH_TENS = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
SPANISH_HUNDREDS = "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"  # noqa: E501
ITALIAN = "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove"  # noqa: E501
ITALIAN_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta"


def of(words: str, number: int) -> str:
    return words.split()[number].replace("+", " ")


def english(number: int) -> Iterator[str]:
    hundreds, rest = divmod(number, 100)
    if 1100 <= number < 2000:  # as a year, too
        yield f"{first(english, hundreds)} {first(english, rest) if rest else 'hundred'}"
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        for before in [first(english, thousands), *(["a", ""] if thousands == 1 else [])]:
            yield f"{before} thousand {behind_hundred(rest)}"
    elif number >= 100:
        for before in [of(ENGLISH, hundreds), *(["a", ""] if hundreds == 1 else [])]:
            yield f"{before} hundred {behind_hundred(rest)}"
    elif number < 20:
        yield of(ENGLISH, number)
    else:
        tens, unit = divmod(number, 10)
        yield f"{of(ENGLISH_TENS, tens - 2)} {of(ENGLISH, unit) if unit else ''}"


def behind_hundred(rest: int) -> str:
    if not rest:
        return ""
    return f"{'and ' if rest < 100 else ''}{first(english, rest)}"


def german(number: int) -> Iterator[str]:
    if 1100 <= number < 2000:
        hundreds, rest = divmod(number, 100)
        yield f"{first(german, hundreds)}hundert{first(german, rest) if rest else ''}"
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        behind = first(german, rest) if rest else ""
        yield f"{first(german, thousands)}tausend{behind}"
        if thousands == 1:
            yield f"tausend{behind}"
    elif number >= 100:
        hundreds, rest = divmod(number, 100)
        behind = first(german, rest) if rest else ""
        yield f"{of(GERMAN, hundreds)}hundert{behind}"
        if hundreds == 1:
            yield f"hundert{behind}"
    elif number < 20:
        yield of(GERMAN, number)
    else:
        tens, unit = divmod(number, 10)
        yield (
            f"{of(GERMAN, unit)}und{of(GERMAN_TENS, tens - 2)}"
            if unit
            else of(GERMAN_TENS, tens - 2)
        )


def french(number: int) -> Iterator[str]:
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        before = "" if thousands == 1 else first(french, thousands)
        yield f"{before} mille {first(french, rest) if rest else ''}"
    elif number >= 100:
        hundreds, rest = divmod(number, 100)
        before = "" if hundreds == 1 else of(FRENCH, hundreds)
        yield f"{before} cent {first(french, rest) if rest else ''}"
        if hundreds > 1 and not rest:
            yield f"{before} cents"
    elif number < 20:
        yield of(FRENCH, number)
    else:
        yield from french_tens(number)


def french_tens(number: int) -> Iterator[str]:
    tens, unit = divmod(number, 10)
    base = of(FRENCH_TENS, tens - 2)
    if number == 80:
        yield f"{base}s"
    if tens in (7, 9):
        unit += 10
    if unit in (1, 11) and tens < 8:
        yield f"{base} et {of(FRENCH, unit)}"
    yield f"{base} {of(FRENCH, unit) if unit else ''}"
    if number > 79:
        yield f"quatrevingt {of(FRENCH, unit) if unit else ''}"


def spanish(number: int) -> Iterator[str]:
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        before = "" if thousands == 1 else first(spanish, thousands)
        yield f"{before} mil {first(spanish, rest) if rest else ''}"
    elif number == 100:
        yield "cien"
    elif number > 100:
        hundreds, rest = divmod(number, 100)
        behind = first(spanish, rest) if rest else ""
        yield f"{of(SPANISH_HUNDREDS, hundreds - 1)} {behind}"
        if hundreds > 1:
            yield f"{of(SPANISH_HUNDREDS, hundreds - 1)[:-2]}as {behind}"
    elif number < 20:
        yield of(SPANISH, number)
    else:
        tens, unit = divmod(number, 10)
        base, behind = of(SPANISH_TENS, tens - 2), of(SPANISH, unit) if unit else ""
        if number > 30 and unit:
            yield f"{base} y {behind}"
        else:
            yield f"veinti{behind}" if unit else base


def italian(number: int) -> Iterator[str]:
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        before = "mille" if thousands == 1 else f"{first(italian, thousands)}mila"
        yield f"{before}{first(italian, rest) if rest else ''}"
    elif number >= 100:
        hundreds, rest = divmod(number, 100)
        before = "" if hundreds == 1 else of(ITALIAN, hundreds)
        behind = first(italian, rest) if rest else ""
        yield f"{before}cent{behind}" if behind.startswith("ott") else f"{before}cento{behind}"
    elif number < 20:
        yield of(ITALIAN, number)
    else:
        tens, unit = divmod(number, 10)
        base, behind = of(ITALIAN_TENS, tens - 2), of(ITALIAN, unit) if unit else ""
        yield f"{base[:-1] if unit in (1, 8) else base}{behind}"


NIGHTS = {  # as they are counted
    "ger": "tausendundeine", "fre": "mille et une", "spa": "mil y una", "ita": "mille e una",
}  # fmt: skip
SPEAK: dict[str, Speaker] = {
    "eng": english, "ger": german, "fre": french, "spa": spanish, "ita": italian,
}  # fmt: skip


def first(language: Speaker, number: int) -> str:
    return next(language(number)).strip()


@lru_cache(maxsize=8)
def known_phrases(language: str) -> dict[str, int]:
    """By their letters."""
    every = ((phrase, number) for number in EVERY_NUMBER for phrase in SPEAK[language](number))
    known = {"".join(phrase.split()): number for phrase, number in every}
    return known | {"".join(NIGHTS.get(language, "").split()): 1001}


def spoken(number: int, language: str) -> list[str]:
    """In every way that language has; nothing for a number that is seldom written so."""
    if number not in NUMBERS or language not in SPEAK:
        return []
    nights = [NIGHTS[language]] if number == 1001 and language in NIGHTS else []
    return nights + [" ".join(phrase.split()) for phrase in SPEAK[language](number)]


def numbers_in(words: Sequence[str], language: str) -> list[tuple[int, int, int]]:
    """Where a number from 2 on is written in digits or in words, from and to, and the number; of
    several that begin at one word the longest."""
    known, found, at = known_phrases(language), list[tuple[int, int, int]](), 0
    while at < len(words):
        for end in range(min(at + MOST_WORDS, len(words)), at, -1):
            said = "".join(words[at:end])
            number = int(said) if end == at + 1 and is_digits(said) else known.get(said)
            if number is not None and number in NUMBERS:
                found.append((at, end, number))
                at = end - 1
                break
        at += 1
    return found


def is_digits(word: str) -> bool:
    return word.isdecimal() and len(word) < 7


def respelt(words: Sequence[str], language: str) -> Iterator[list[str]]:
    """The same with its numbers in digits, and in each way of saying them; nothing where there
    are none."""
    places = numbers_in(words, language)
    ways = [[str(number), *spoken(number, language)] for *_, number in places]
    for way in range(max(map(len, ways), default=0)):
        made, at = list[str](), 0
        for (start, end, _), said in zip(places, ways, strict=True):
            made += [*words[at:start], *said[min(way, len(said) - 1)].split()]
            at = end
        yield [*made, *words[at:]]
