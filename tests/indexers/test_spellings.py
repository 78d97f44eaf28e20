"""A name that only writes its blanks, brackets or letters otherwise is judged alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from indexers.decisions import REJECT, TAKE
from tests.indexers.judging import corpus, judged, verdict

Change = Callable[[str], str]

CHANGES: dict[str, Change] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "underscores": lambda name: name.replace(" ", "_"),
    "dots": lambda name: name.replace(" ", "."),
    "a site in front": lambda name: f"[www.site.example] {name}",
    "a group behind": lambda name: f"{name}-GRP",
    "round brackets": lambda name: name.replace("[", "(").replace("]", ")"),
    "square brackets": lambda name: name.replace("(", "[").replace(")", "]"),
    "doubled spaces": lambda name: name.replace(" ", "  "),
    "decomposed letters": lambda name: unicodedata.normalize("NFD", name),
}
OPEN = [
    "open", "more", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
]  # fmt: skip
ASIDE = ["aside", "final", "thirteenth"]
WIDE = [pytest.param(name, marks=pytest.mark.wide) for name in [*OPEN[1:], *ASIDE]]


@pytest.mark.parametrize("how", CHANGES)
@pytest.mark.parametrize("name", [OPEN[0], *WIDE])
def test_another_spelling_is_judged_alike(name: str, how: str) -> None:
    """Of what is kept aside no line is printed."""
    changed = []
    for line in corpus(f"{name}.jsonl"):
        before = judged(line).outcome
        title = CHANGES[how](line["release_title"])
        after = judged(line | {"release_title": title}).outcome
        shown = "" if name in ASIDE else title
        assert (before, after) != (REJECT, TAKE), shown
        if before != after:
            changed.append(f"{before} to {after}: {shown}")
    assert not changed


BOOKS = [
    ("Cranford", "Elizabeth Gaskell"),
    ("Ben-Hur", "Lew Wallace"),
    ("Tik-Tok of Oz", "L. Frank Baum"),
    ("The Thirty-Nine Steps", "John Buchan"),
    ("Dr. Jekyll and Mr. Hyde", "R. L. Stevenson"),
]
BETWEEN = [" - ", " \u2013 ", ": ", ", ", " by ", " / ", " | ", "; ", " & ", "-", "--", " "]
PIECES = [
    "A Tale of Anglo-Irish Life", "or, The Half-Brothers", "A Novel", "Vol. 1", "Vol.2", "Book 3",
    "Part 1 of 3", "St. John's Wood", "Mr. Bones", "1.5", "1914-1918", "20.000 Leagues",
    "A.D. 1900", "Self-Help", "Jean-Luc Moreau", "Mary-Ann Poole", "J.R. Holt", "T. S. Reeve",
    "Dr. Ada Finch", "Patrick O'Neal", "Sci-Fi", "FR", "DE",
]  # fmt: skip
TAGS = [
    "[MP3]", "(M4B)", "64kbps", "[64 kbps]", "(Unabridged)", "{2009}", "[2011-03-04]", "12.5 hrs",
    "[ENG / M4B]", "[pt-BR]", "(read by Mary-Ann Poole)", "[Sci-Fi]", "(2nd ed.)", "-CD1", "(FR)",
    "[www.site.example]", "(gelesen von Uwe Bohm)", "Audio-Book", "<1.2 GB>",
]  # fmt: skip


@some.composite
def names(draw: some.DrawFn) -> tuple[str, str, str]:
    """A book, and a name that may be its: pieces in any order, parted in any way."""
    title, author = draw(some.sampled_from(BOOKS))
    more = draw(some.lists(some.sampled_from(PIECES), max_size=2))
    name, *rest = draw(some.permutations([title, author, *more]))
    for piece in rest:
        name += draw(some.sampled_from(BETWEEN)) + piece
    for tag in draw(some.lists(some.sampled_from(TAGS), max_size=2)):
        name += draw(some.sampled_from(["", " ", ", "])) + tag
    return title, author, name


@settings(max_examples=30, deadline=None)
@given(names())
def test_a_name_of_any_pieces_is_judged_alike(made: tuple[str, str, str]) -> None:
    title, author, name = made
    before = verdict(name, title, author).outcome
    after = {how: verdict(change(name), title, author).outcome for how, change in CHANGES.items()}
    assert set(after.values()) == {before}, after
