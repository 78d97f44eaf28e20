"""One key for all spellings of a word."""

from __future__ import annotations

import pytest

from tame.lib.spelling import loose_key, spelling
from tame.lib.words import romanised


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"), ("honourable", "honorable"), ("neighbours", "neighbors"),
        ("favourite", "favorite"), ("grey", "gray"), ("theatre", "theater"), ("centres", "centers"),
        ("organiser", "organizer"), ("civilisation", "civilization"), ("analyse", "analyze"),
        ("defence", "defense"), ("catalogue", "catalog"), ("traveller", "traveler"),
        ("skilful", "skillful"), ("plough", "plow"), ("encyclopaedia", "encyclopedia"),
    ],
)  # fmt: skip
def test_british_is_american(british: str, american: str) -> None:
    assert spelling(british) == spelling(american)


@pytest.mark.parametrize("words", ["hour hor", "four for", "our or", "poets pots", "prise prize"])
def test_two_words_stay_two(words: str) -> None:
    one, other = words.split()
    assert spelling(one) != spelling(other)


@pytest.mark.parametrize(
    ("written", "romanised_as"),
    [
        ("Мёртвые", "Mertvye Myortvye Myortvyye Mërtvye"),
        ("Очарованный", "Ocharovanny Ocharovannyi Očarovannyj"),
        ("Обыкновенная", "Obyknovennaya Obyknovennaia Obyknovennaâ"),
        ("Жизнь", "Zhizn Žizn' Zhizn'"),
        ("Щель", "Shchel Ŝel'"),
        ("Ася", "Asya Asja Asia Asâ"),
        ("Ёлка", "Yolka Elka Ëlka"),
        ("Царь", "Tsar Car'"),
        ("Гайдамаки", "Haidamaky Gaidamaki Hajdamaky"),
        ("Пісня", "Pisnia Pisnya Pisnja"),
        ("Їжак", "Yizhak Ïžak"),
        ("Οδύσσεια", "Odysseia Odisseia"),
        ("Märchen", "Maerchen Marchen"),
        ("Für", "Fuer Fur"),
        ("Twenty", "20 XX"),
    ],
)  # fmt: skip
def test_an_index_knows_every_way_of_writing_it(written: str, romanised_as: str) -> None:
    keys = {loose_key(romanised(word)) for word in romanised_as.split()}
    assert keys == {loose_key(romanised(written))}


@pytest.mark.parametrize("word", ["", "y", "ye", "h", "ш", "ъ"])
def test_no_word_is_without_a_key(word: str) -> None:
    assert loose_key(word) or not word
