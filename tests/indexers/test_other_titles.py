"""Titles written in another way, and other titles beside them."""

from __future__ import annotations

import pytest

from indexers.decisions import OFFER, REJECT, TAKE
from tests.indexers.judging import verdict


@pytest.mark.parametrize(
    ("language", "title", "name"),
    [
        ("english", "Nineteen Eighty-Four", "1984"),
        ("english", "1984", "Nineteen Eighty-Four"),
        ("english", "Around the World in 80 Days", "Around the World in Eighty Days"),
        ("english", "Eight Hundred Leagues on the Amazon", "800 Leagues on the Amazon"),
        ("english", "Twenty Thousand Leagues Under the Sea", "20 000 Leagues Under the Seas"),
        ("english", "Ninety-Three", "93"),
        ("english", "Richard III", "Richard the Third"),
        ("french", "Vingt mille lieues sous les mers", "20 000 lieues sous les mers"),
        ("french", "Le Tour du monde en 80 jours", "Le tour du monde en quatre-vingts jours"),
        ("french", "Quatrevingt-treize", "Quatre-vingt-treize"),
        ("german", "In achtzig Tagen um die Welt", "In 80 Tagen um die Welt"),
        ("german", "Die 3 Musketiere", "Die drei Musketiere"),
        ("german", "1001 Nacht", "Tausendundeine Nacht"),
        ("german", "Faust: Der Tragödie erster Teil", "Faust I"),
        ("spanish", "La vuelta al mundo en ochenta días", "La vuelta al mundo en 80 dias"),
        ("spanish", "Los 3 mosqueteros", "Los tres mosqueteros"),
        ("italian", "Uno, nessuno e centomila", "Uno, nessuno e 100.000"),
        ("italian", "Il giro del mondo in 80 giorni", "Il giro del mondo in ottanta giorni"),
        ("", "Vingt ans après", "20 ans après"),
    ],
)
def test_a_number_is_written_in_words_or_in_digits(language: str, title: str, name: str) -> None:
    said = verdict(f"Jules Verne - {name} [M4B]", title, "Jules Verne", language=language)
    assert said.outcome == TAKE


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Nineteen Eighty-Four", "1985"),
        ("Around the World in 80 Days", "Around the World in Ninety Days"),
        ("Richard III", "Richard the Second"),
        ("Faust: Der Tragödie erster Teil", "Faust II"),
    ],
)
def test_another_number_is_another_title(title: str, name: str) -> None:
    assert verdict(f"Jules Verne - {name} [M4B]", title, "Jules Verne").outcome == REJECT


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Elizabeth Gaskell - Cranford - Hugo Thane", TAKE),
        ("Elizabeth Gaskell - Cranford - Silas Marner", OFFER),
        ("Elizabeth Gaskell - Cranford - Hard Times-GRP", OFFER),
        ("Elizabeth Gaskell - Cranford - Master and Man", OFFER),
        ("Elizabeth Gaskell - Cranford - The Grey Woman", OFFER),
        ("Elizabeth Gaskell - Cranford - Sexton's Hero", OFFER),
        ("Elizabeth Gaskell - Cranford - Patrick O'Neal", TAKE),
        ("Elizabeth.Gaskell.Cranford.Unabridged.Hugo.Thane", TAKE),
        ("Elizabeth.Gaskell.Cranford.Hugo.Thane.Unabridged", REJECT),
        ("Elizabeth Gaskell - Cranford [Unabridged / Hugo Thane / 2008]", TAKE),
        ("Knutsford Tales: Cranford by Elizabeth Gaskell", OFFER),
        ("The Knutsford Tales: Cranford by Elizabeth Gaskell", REJECT),
        ("Cranford: A Study of Provincial Life by Elizabeth Gaskell", TAKE),
        ("Cranford: A Study of Elizabeth Gaskell", REJECT),
        ("Gaskell's Cranford (read by Hugo Thane)", TAKE),
        ("Gaskell's Cranford: A Biography - Hugo Thane", OFFER),
        ("The History and Adventures of the Famous Cranford - Elizabeth Gaskell", TAKE),
        ("The History and Gossip of Cranford - Elizabeth Gaskell", REJECT),
        ("Elizabeth Gaskell - Cranford (2 vols)", TAKE),
        ("Elizabeth Gaskell - Cranford, vols 1-3 (unabridged)", TAKE),
        ("Elizabeth Gaskell - Cranford, vols 2-3 (unabridged)", OFFER),
        ("Gaskell in 3 books (Cranford, Ruth, Mary Barton)", OFFER),
        ("Gaskell's Novels: Cranford, Ruth, Mary Barton", OFFER),
    ],
)
def test_what_else_a_name_holds(name: str, outcome: str) -> None:
    assert verdict(name).outcome == outcome


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Karl May - Winnetou-Trilogie, Band 1 - Winnetou I", TAKE),
        ("Karl May - Winnetou I-III (komplett)", OFFER),
        ("Karl May - Winnetou II-III (komplett)", REJECT),
        ("Karl May - Winnetou I (Winnetou, book 1 of 3)", TAKE),
        ("Karl May - Winnetou I (Winnetou, disc 1 of 3)", REJECT),
    ],
)
def test_one_of_three_and_all_three(name: str, outcome: str) -> None:
    said = verdict(name, "Winnetou I", "Karl May", "Winnetou", 1, "german")
    assert said.outcome == outcome


def test_a_number_in_another_language_is_a_translation() -> None:
    said = verdict("Victor Hugo - Ninety-Three", "Quatrevingt-treize", "Victor Hugo", language="fr")
    assert said.outcome == OFFER


def test_a_series_called_like_the_book_does_not_head_it() -> None:
    assert verdict("Other Tales: Cranford, Book 4 - Elizabeth Gaskell").outcome == REJECT


def test_what_stands_behind_a_comma_may_be_left_out() -> None:
    title = "The History of Mary Barton, a Tale of Manchester Life"
    assert verdict("Elizabeth Gaskell - Mary Barton", title).outcome == TAKE
    assert verdict("Elizabeth Gaskell - Mary Barton, Esq.", title).outcome == TAKE
    assert verdict("Elizabeth Gaskell - Mary Smith", title).outcome == REJECT
