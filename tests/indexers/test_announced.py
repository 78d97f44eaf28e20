"""What an indexer announces beside a release's name is judged, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from indexers.decide import decide_due
from indexers.decisions import OFFER, REJECT, TAKE, Judgement
from indexers.models import Indexer, Rejection
from tests.factory import make_book, make_release
from tests.indexers.judging import verdict

Said = Mapping[str, str]
NOTHING: dict[str, Any] = {}
PLAIN = "Cranford by Elizabeth Gaskell [M4B]"
GASKELL: dict[str, str] = {"author": "Elizabeth Gaskell", "title": "Cranford"}
ZENDA: dict[str, Any] = {
    "title": "The Prisoner of Zenda", "author": "Anthony Hope", "series": "Ruritania", "position": 1
}  # fmt: skip


def heard(
    name: str, said: Said = NOTHING, *, usual: str = "", of: Mapping[str, Any] = NOTHING
) -> Judgement:
    """`usual`: the indexer's language; `of`: the book."""
    announced: dict[str, Any] = {f"announced_{what}": text for what, text in said.items()}
    return verdict(name, **of, **announced, indexer_language=usual)


def sentences(found: Judgement) -> list[str]:
    return [said.sentence for said in found.objections]


@pytest.mark.parametrize(
    "said",
    [
        {"author": "Elizabeth Gaskell", "title": "Cranford", "language": "English"},
        {"author": "Gaskell, Elizabeth"},
        {"author": "E. C. Gaskell, Jane Other"},
        {"author": "Various"},
        {"title": "Cranford: A Novel"},
        {"title": "Cranford (Unabridged)"},
        {"title": "Cranford by Elizabeth Gaskell"},
        {"language": "German, English"},
        {"language": "xx"},
    ],
)
def test_what_agrees_or_says_nothing_changes_nothing(said: dict[str, str]) -> None:
    assert heard(PLAIN, said).outcome == TAKE


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"author": "Jane Other"},
            "Its indexer says it is by Jane Other, not by Elizabeth Gaskell.",
        ),
        (
            {"author": "Stephen Gaskell"},
            "Its indexer says it is by Stephen Gaskell, not by Elizabeth Gaskell.",
        ),
        ({"title": "Ruth"}, "Its indexer calls it “Ruth”."),
        ({"title": "Cranford Revisited"}, "Its indexer calls it “Cranford Revisited”."),
        (
            {"title": "The Complete Novels"},
            "Its indexer calls it “The Complete Novels”. It is a box set that may hold the book.",
        ),
    ],
)
def test_a_name_that_is_contradicted_is_only_offered(said: dict[str, str], sentence: str) -> None:
    found = heard(PLAIN, said)
    assert (found.outcome, sentences(found)) == (OFFER, [sentence])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"title": "Cranford (Abridged)"},
            "Its indexer calls it “Cranford (Abridged)”. It is abridged.",
        ),
        (
            {"title": "Cranford, Part 2 of 3"},
            "Its indexer calls it “Cranford, Part 2 of 3”. It is part 2 of 3, not the whole book.",
        ),
        ({"language": "German"}, "Its indexer says it is in ger; wanted is eng."),
    ],
)
def test_what_a_name_leaves_out_counts_as_if_it_stood_there(
    said: dict[str, str], sentence: str
) -> None:
    found = heard(PLAIN, said)
    assert (found.outcome, sentences(found)) == (REJECT, [sentence])


def test_a_language_in_the_name_is_contradicted_by_another_one_announced() -> None:
    found = heard("Cranford by Elizabeth Gaskell [ENG / M4B]", {"language": "German"})
    assert found.outcome == OFFER
    assert sentences(found) == ["Its indexer says it is in ger; wanted is eng."]


def test_the_announced_language_goes_before_the_usual_one() -> None:
    assert heard(PLAIN, usual="German").outcome == OFFER
    assert heard(PLAIN, {"language": "English"}, usual="German").outcome == TAKE
    assert heard(PLAIN, {"language": "German"}, usual="English").outcome == REJECT
    assert "usual language" not in heard(PLAIN, {"language": "English"}, usual="English").parts


def test_a_name_without_an_author_is_judged_by_the_announced_one() -> None:
    """One that only the indexer names is offered: the name could be of another book."""
    assert sentences(heard("Cranford [M4B]")) == ["Elizabeth Gaskell is not named."]
    only = heard("Cranford [M4B]", {"author": "Elizabeth Gaskell"})
    assert (only.outcome, sentences(only)) == (OFFER, ["Only its indexer names Elizabeth Gaskell."])
    assert heard("Cranford [M4B]", {"author": "Jane Other"}).outcome == REJECT


@pytest.mark.parametrize(
    "name",
    [
        "Wilkie Collins - Charles Dickens - No Thoroughfare [MP3]",
        "No Thoroughfare - Charles Dickens by Wilkie Collins",
    ],
)
def test_an_author_whom_only_the_indexer_knows_is_no_word_left_over(name: str) -> None:
    book = {"title": "No Thoroughfare", "author": "Charles Dickens"}
    assert sentences(heard(name, of=book)) == ["Nothing explains “wilkie collins”."]
    assert heard(name, {"author": "Charles Dickens, Wilkie Collins"}, of=book).outcome == TAKE
    another = heard(name, {"author": "Wilkie Collins"}, of=book)
    assert (another.outcome, len(another.objections)) == (OFFER, 2)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Elizabeth Gaskell - Cranford - a gift for all the friends of books", OFFER),
        ("Elizabeth Gaskell - Cranford - The Moorland Cottage", OFFER),
        ("Cranford - Prunella Scales [MP3]", REJECT),
        ("Elizabeth Gaskell - Cranford Revisited", REJECT),
        ("Elizabeth Gaskell - Cranford (Abridged)", REJECT),
        ("Cranford by Stephen Gaskell", REJECT),
        ("North and South by Elizabeth Gaskell", REJECT),
    ],
)
def test_the_right_title_announced_makes_no_name_better(name: str, outcome: str) -> None:
    """Two books of one torrent are announced by the first of them, too."""
    assert heard(name).outcome == heard(name, GASKELL).outcome == outcome


@pytest.mark.parametrize(
    ("name", "title", "author", "language"),
    [
        ("Cranford by Elizabeth Gaskell [ENG / M4B]", "Cranford", "Elizabeth Gaskell", "english"),
        ("DICKENS Hard Times [MP3]", "Hard Times", "Charles Dickens", "english"),
        ("Fontane_Effi_Briest_Hoerbuch_192k", "Effi Briest", "Theodor Fontane", "german"),
    ],
)
def test_a_name_that_is_announced_once_more_says_nothing_new(
    name: str, title: str, author: str, language: str
) -> None:
    book = {"title": title, "author": author, "language": language}
    assert heard(name, {"title": name}, of=book).outcome == TAKE


@pytest.mark.parametrize(
    ("name", "title", "outcome"),
    [
        ("Anthony Hope - Ruritania 01 - The Prisoner of Zenda", "The Prisoner of Zenda", TAKE),
        ("The Prisoner of Zenda - Anthony Hope", "The Prisoner of Zenda (Ruritania, #1)", TAKE),
        ("The Prisoner of Zenda - Anthony Hope", "Ruritania 3: Rupert of Hentzau", OFFER),
        ("Ruritania - Anthony Hope [MP3]", "Rupert of Hentzau", REJECT),
        ("Ruritania Trilogy Books 1-3 - Anthony Hope", "Ruritania", OFFER),
    ],
)
def test_volumes_of_a_series(name: str, title: str, outcome: str) -> None:
    assert heard(name, {"title": title}, of=ZENDA).outcome == outcome


@settings(max_examples=20)
@given(some.text(max_size=60), some.text(max_size=60), some.text(max_size=30))
def test_no_announced_text_breaks_a_rule(author: str, title: str, language: str) -> None:
    heard(PLAIN, {"author": author, "title": title, "language": language})


@pytest.mark.django_db
def test_what_a_feed_said_is_judged_and_kept_with_its_reason(indexer: Indexer) -> None:
    book = make_book(language="eng")
    said = {"author": "Elizabeth Gaskell", "book_title": "Ruth", "language": "English"}
    make_release(indexer, book, title=PLAIN, attributes=said)
    decide_due()
    kept = Rejection.objects.get()
    assert (kept.rule, kept.sentence) == ("announced title", "Its indexer calls it “Ruth”.")
