"""Names and titles as people write them."""

from __future__ import annotations

import pytest

from tame.lib.words import last_name_first, normalise


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Around the World in Eighty Days", "around the world in eighty days"),
        ("L'Île mystérieuse", "lile mysterieuse"),
        ("North & South", "north and south"),
        ("Jane_Eyre (Unabridged)", "jane eyre unabridged"),
        ("The Pickwick Papers, Vol. 2", "the pickwick papers vol 2"),
        ("Sylvia\u2019s Lovers", "sylvias lovers"),
        ("Война и мир", "воина и мир"),
        ("  ", ""),
        ("...", ""),
    ],
)
def test_a_title_is_compared_by_its_words(written: str, key: str) -> None:
    assert normalise(written) == key


@pytest.mark.parametrize(
    ("name", "sorted_by"),
    [
        ("Jules Verne", "Verne, Jules"),
        ("Arthur Conan Doyle", "Doyle, Arthur Conan"),
        ("Verne, Jules", "Verne, Jules"),
        ("Homer", "Homer"),
    ],
)
def test_shelves_are_sorted_by_last_name(name: str, sorted_by: str) -> None:
    assert last_name_first(name) == sorted_by
