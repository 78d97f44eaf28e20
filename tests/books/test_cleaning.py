"""What titles, names and numbers mean, however a source or a tag writes them."""

from __future__ import annotations

from datetime import date

import pytest

from books.languages import code_of
from books.metadata.cleaning import (
    Titled,
    position_of,
    read_asin,
    read_date,
    read_description,
    read_isbn,
    read_names,
    read_seconds,
    read_title,
    read_year,
)
from tame.lib.names import same_person
from tame.lib.words import same_title

BARSETSHIRE = (("Barsetshire", "1"),)


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("The Warden (Unabridged)", Titled("The Warden")),
        ("Dubliners (Unabridged) - LibriVox", Titled("Dubliners")),
        ("Uncle Tom's Cabin (version 2)", Titled("Uncle Tom's Cabin")),
        ("THE WARDEN (Barsetshire, Book 1) (Unabridged)", Titled("The Warden", "", BARSETSHIRE)),
        ("The Warden: Barsetshire, Book 1", Titled("The Warden", "", BARSETSHIRE)),
        ("The Warden - Barsetshire, Book One", Titled("The Warden", "", BARSETSHIRE)),
        ("Barsetshire, Book I: The Warden", Titled("The Warden", "", BARSETSHIRE)),
        ("The Warden (The Barsetshire Series Book 1)", Titled("The Warden", "", BARSETSHIRE)),
        ("The Warden [Barsetshire #1]", Titled("The Warden", "", BARSETSHIRE)),
        ("Time Machine, The", Titled("The Time Machine")),
        ("A TALE OF TWO CITIES", Titled("A Tale of Two Cities")),
        ("HENRY VIII", Titled("Henry VIII")),
        ("SHE", Titled("SHE")),
        ("Moby-Dick; or, The Whale", Titled("Moby-Dick", "or, The Whale")),
        ("Emma: A Novel", Titled("Emma", "A Novel")),
        ("Faust: Part Two", Titled("Faust: Part Two")),
        ("Henry IV, Part 1", Titled("Henry IV, Part 1")),
        ("Tales of Terror, Volume 2", Titled("Tales of Terror, Volume 2")),
        ("1984", Titled("1984")),
        ("Emma: Study Guide, Volume 2", Titled("Emma", "Study Guide, Volume 2")),
        ("(Unabridged)", Titled("(Unabridged)")),
        ("Fathers &amp; Sons", Titled("Fathers & Sons")),
    ],
)  # fmt: skip
def test_a_title_is_told_from_what_stands_beside_it(text: str, titled: Titled) -> None:
    assert read_title(text) == titled


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Verne, Jules", ["Jules Verne"]),
        ("VERNE, JULES (1828-1905)", ["Jules Verne"]),
        ("Dickens, Charles, 1812-1870", ["Charles Dickens"]),
        ("Jules Verne; Ann Reader", ["Jules Verne", "Ann Reader"]),
        ("Jules Verne, Ann Reader", ["Jules Verne", "Ann Reader"]),
        ("Verne, Jules; Wells, H.G.", ["Jules Verne", "H. G. Wells"]),
        ("Jacob and Wilhelm Grimm", ["Jacob Grimm", "Wilhelm Grimm"]),
        ("by Jane Austen", ["Jane Austen"]),
        ("Narrated by: Elizabeth Klett", ["Elizabeth Klett"]),
        ("Alexandre Dumas, fils", ["Alexandre Dumas, fils"]),
        ("Dumas, Alexandre, fils", ["Alexandre Dumas, fils"]),
        ("Leo Tolstoy, Constance Garnett - translator", ["Leo Tolstoy"]),
        ("Leo Tolstoy; Constance Garnett (Translator)", ["Leo Tolstoy"]),
        ("Jane Austen (Author)", ["Jane Austen"]),
        ("Jane Austen & jane austen", ["Jane Austen"]),
        ("Various", []),
        ("", []),
    ],
)
def test_people_are_told_apart(text: str, names: list[str]) -> None:
    assert list(read_names(text)) == names


@pytest.mark.parametrize(
    ("text", "position"),
    [("1", "1"), ("01", "1"), ("2.50", "2.5"), ("2,5", "2.5"), ("#3", "3"), ("1-3", "1-3"),
     ("Two", "2"), ("IV", "4"), ("novella", ""), ("", ""), ("1.5.2", ""), ("Book 1", "1"),
     ("Vol. 3", "3"), ("Volume Two", "2"), ("Book 1-3", "1-3"), (".5", "0.5"), ("1, 2", ""),
     ("Book 12, Part 1", ""), ("nobody", ""), ("0", "0")],
)  # fmt: skip
def test_a_position_is_a_number(text: str, position: str) -> None:
    assert position_of(text) == position


@pytest.mark.parametrize(
    ("text", "code"),
    [("English", "eng"), ("en-GB", "eng"), ("deu", "ger"), ("Deutsch", "ger"), ("fr", "fre"),
     ("Ancient Greek", "gre"), ("Klingon", ""), ("", ""), ("multilingual", "")],
)  # fmt: skip
def test_a_language_has_one_code(text: str, code: str) -> None:
    assert code_of(text) == code


def test_numbers_that_make_no_sense_are_none() -> None:
    assert [read_year(text) for text in ("1853", "2012-03-04", "12", 1853, None, "9999", "18533")] \
        == [1853, 2012, None, 1853, None, None, None]  # fmt: skip
    assert read_date("2012-03-04T00:00:00.000Z") == date(2012, 3, 4)
    assert [read_date(text) for text in ("2012-13-04", "2012", None)] == [None] * 3
    assert read_isbn("978-0-14-143988-4") == "9780141439884"
    assert [read_isbn(text) for text in ("9780141439885", "978", None, "0141439886")] == [""] * 4
    assert (
        read_isbn("0-14-143988-2")
        == read_isbn("978\u20130\u201314\u2013143988\u20134")
        == "9780141439884"
    )
    assert [read_asin(text) for text in ("b002v1a0we", "0141439887", "B00")] == [
        "B002V1A0WE",
        "",
        "",
    ]
    assert [read_seconds(text) for text in ("25323", "7:02:03", "0", "7:2", "")] \
        == [25323, 25323, None, None, None]  # fmt: skip


def test_a_description_is_plain_text() -> None:
    said = "<p>Ladies &amp; cows.<br/>A <b>town</b></p><script>x</script>"
    assert read_description(said) == "Ladies & cows.\nA town\nx"
    assert len(read_description("x" * 9000)) == 5000


# --- The same -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Time Machine", "Time Machine, The", True),
        ("Frankenstein; or, The Modern Prometheus", "Frankenstein", True),
        ("Les Misérables", "LES MISERABLES", True),
        ("Rob Roy", "Rob-Roy", True),
        ("Emma", "Emma: A Novel", True),
        ("Henry VI, Part 1", "Henry VI, Part 2", False),
        ("Henry VI", "Henry VI: Part 2", False),
        ("Emma: A Novel", "Emma: A Comedy", False),
        ("Winnetou I", "Winnetou II", False),
        ("Little Women", "Little Men", False),
        ("A", "The", False),
        ("", "", False),
    ],
)
def test_a_title_is_the_same_or_not(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) is same_title(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Verne, Jules", "J. Verne", True),
        ("HG Wells", "Herbert George Wells", True),
        ("Lev Tolstoi", "Leo Tolstoy", True),
        ("Mrs. Gaskell", "Elizabeth Gaskell", True),
        ("Sir Arthur Conan Doyle", "Doyle, Arthur Conan", True),
        ("Charlotte Brontë", "Emily Brontë", False),
        ("Alexandre Dumas fils", "Alexandre Dumas", False),
        ("Samuel Butler", "Octavia Butler", False),
        ("", "Jane Austen", False),
    ],
)
def test_a_person_is_the_same_or_not(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same_person(other, one) is same
