"""Numbers in words, in five languages."""

from __future__ import annotations

import pytest

from tame.lib.numerals import EVERY_NUMBER, SPEAK, numbers_in, respelt, spoken


@pytest.mark.parametrize("language", SPEAK)
def test_every_number_is_read_as_it_is_said(language: str) -> None:
    said = {number: spoken(number, language) for number in EVERY_NUMBER}
    wrong = {
        phrase: number
        for number, phrases in said.items()
        for phrase in phrases
        if numbers_in(phrase.split(), language) != [(0, len(phrase.split()), number)]
    }
    assert not wrong


@pytest.mark.parametrize(
    ("language", "number", "phrase"),
    [
        ("eng", 39, "thirty nine"),
        ("eng", 101, "a hundred and one"),
        ("eng", 1887, "eighteen eighty seven"),
        ("eng", 20_000, "twenty thousand"),
        ("ger", 21, "einundzwanzig"),
        ("ger", 1984, "neunzehnhundertvierundachtzig"),
        ("ger", 1001, "tausendundeine"),
        ("fre", 71, "soixante et onze"),
        ("fre", 80, "quatre vingts"),
        ("fre", 93, "quatre vingt treize"),
        ("fre", 200, "deux cents"),
        ("spa", 21, "veintiuno"),
        ("spa", 500, "quinientas"),
        ("spa", 1984, "mil novecientos ochenta y cuatro"),
        ("ita", 28, "ventotto"),
        ("ita", 108, "centotto"),
        ("ita", 100_000, "centomila"),
    ],
)
def test_how_a_number_is_said(language: str, number: int, phrase: str) -> None:
    assert phrase in spoken(number, language)


def test_what_has_no_number_has_one_spelling() -> None:
    assert list(respelt(["one", "of", "ours"], "eng")) == []
    assert next(respelt(["a", "hundred", "and", "one", "nights"], "eng")) == ["101", "nights"]
