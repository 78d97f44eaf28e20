"""Each field of a folder's name is read back as it was, by the rules of Audiobookshelf."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from books.crediting import credit
from books.models import Book, Credit, Series, SeriesPlace
from books.naming import folder_of
from books.placing import Root, Track, place
from demo.audiobookshelf.folders import books_in, read_names
from indexers.values import with_names

pytestmark = pytest.mark.django_db
LONG = "The History of the Life of the Late Mr Jonathan Wild the Great and of " * 4
READERS = ("Ann Reader", "Bob Speaker")


def book(title: str, *authors: str, **fields: Any) -> dict[str, Any]:
    """`back`: what is read where it is not the same."""
    return {"title": title, "authors": authors or ("Elizabeth Gaskell",)} | fields


BOOKS = [
    book("Cranford"),
    book("Cranford", year=1853),
    book("Cranford", year=1853, narrators=("Ann Reader",)),
    book("Cranford", narrators=READERS, asin="B00ABCDEFG"),
    book("Cranford", year=1853, narrators=READERS, asin="B00ABCDEFG"),
    book("The Warden", "Anthony Trollope", series="Barsetshire", number="1"),
    book("The Warden", "Anthony Trollope", series="Barsetshire", number="1", year=1855),
    book("The Warden", "Anthony Trollope", series="Barsetshire"),
    book("The Warden", "Anthony Trollope", series="Barsetshire", year=1855),
    book("The Warden", "Anthony Trollope", series="Barsetshire", number="1", narrators=READERS,
         year=1855, asin="B00ABCDEFG"),
    book("The Two Heroines", "Anthony Trollope", series="Barsetshire", number="0.5"),
    book("Intermezzo", "Anthony Trollope", series="Barsetshire", number="2.5", year=1858),
    book("A Prologue", "Anthony Trollope", series="Barsetshire", number="0"),
    book("The Last Chronicle", "Anthony Trollope", series="Barsetshire", number="VI",
         back={"series": [("Barsetshire", "6")]}),
    book("Chronicle", "Anthony Trollope", series="Barsetshire", number="112"),
    book("1984", "George Orwell"),
    book("1984", "George Orwell", year=1949),
    book("1984", "George Orwell", series="Dystopias", number="3", year=1949),
    book("1984", "George Orwell", series="Dystopias"),
    book("101 Dalmatians", "Dodie Smith", series="Dogs"),
    book("20,000 Leagues Under the Sea", "Jules Verne", year=1870),
    book("1601: Conversation", "Mark Twain", back={"title": "1601, Conversation"}),
    book("1601: Conversation", "Mark Twain", year=1880, back={"title": "1601, Conversation"}),
    book("Book 2: The Return", "Mark Twain", series="Tales",
         back={"title": "Book 2, The Return"}),
    book("Travels - 22", "Mark Twain", series="Tales", back={"title": "Travels, 22"}),
    book("Walden: or, Life in the Woods", "Henry David Thoreau",
         back={"title": "Walden - or, Life in the Woods"}),
    book("Frankenstein - or, The Modern Prometheus", "Mary Shelley", year=1818),
    book("What Is to Be Done?", "Nikolai Chernyshevsky", back={"title": "What Is to Be Done"}),
    book("...And Justice", "Anthony Hope", back={"title": "And Justice"}),
    book(".hidden", "Anthony Hope", back={"title": "hidden"}),
    book("And So On...", "Anthony Hope", narrators=READERS),
    book("And So On...", "Anthony Hope", back={"title": "And So On"}),
    book("Either/Or", "Søren Kierkegaard", back={"title": "Either-Or"}),
    book("Les Mise\u0301rables", "Victor Hugo", back={"title": "Les Mis\u00e9rables"}),
    book("Преступление и наказание", "Фёдор Достоевский", year=1866),
    book("紅樓夢", "曹雪芹", series="四大名著", number="1"),
    book("ألف ليلة وليلة", "مجهول"),
    book("A Book 📚 of Signs", "Anthony Hope", year=1900),
    book("Faust", "Johann Wolfgang von Goethe", series="Faust", number="1"),
    book("Good Wives", "Louisa May Alcott", "Ann Other"),
    book("Dialogues", "Plato", "Aristotle"),
    book("Dialogues", "Plato", "Aristotle", series="Academy", number="3", year=1578),
    book("Tales", "Charles Lamb", "Mary Lamb", "Jacob Grimm", narrators=READERS),
    book("The {Curious} Case {Again}", "Anthony Hope",
         back={"title": "The (Curious) Case (Again)"}),
    book("The Code [ABCDEFGHIJ]", "Anthony Hope", back={"title": "The Code (ABCDEFGHIJ)"}),
    book("A Tale [Annotated]", "Anthony Hope", asin="B00ABCDEFG"),
    book("Spaces   and\ttabs", "Anthony Hope", back={"title": "Spaces and tabs"}),
    book('"Quoted" <Angle> | Pipe*', "Anthony Hope", back={"title": "'Quoted' (Angle) - Pipe"}),
    book("Stories", "Anthony Hope", narrators=("John Doe, Jr.",),
         back={"narrators": ["John Doe Jr."]}),
    book("Vol 5", "Anthony Hope"),
    book("Vol 5", "Anthony Hope", series="Magazine", number="5"),
    book("Part One", "Anthony Hope", series="Magazine", number="1", year=1901),
]  # fmt: skip


def made(told: dict[str, Any]) -> Book:
    row = Book.objects.create(title=told["title"], year=told.get("year"), asin=told.get("asin", ""))
    credit(row, Credit.Role.AUTHOR, told["authors"])
    if "series" in told:
        series = Series.objects.create(name=told["series"])
        SeriesPlace.objects.create(book=row, series=series, position=told.get("number", ""))
    return with_names(Book.objects.filter(pk=row.pk)).get()


def folder(told: dict[str, Any]) -> PurePosixPath:
    return folder_of(made(told), narrators=told.get("narrators", ()))


def expected(told: dict[str, Any]) -> dict[str, Any]:
    series = [(told["series"], told.get("number", ""))] if "series" in told else []
    fields: dict[str, Any] = {
        "title": told["title"],
        "authors": list(told["authors"]),
        "narrators": list(told.get("narrators", ())),
        "series": series,
        "publishedYear": str(told.get("year", "")),
        "asin": told.get("asin", ""),
    }
    return fields | dict(told.get("back", {}))


def test_there_are_enough_of_them() -> None:
    assert len(BOOKS) >= 40


@pytest.mark.parametrize("told", BOOKS, ids=range(len(BOOKS)))
def test_every_field_comes_back(told: dict[str, Any], tmp_path: Path) -> None:
    """From the folder as it stands on the disk, which is one book there."""
    name = str(folder(told))
    source = tmp_path / "seed.mp3"
    source.write_bytes(b"a" * 99)
    root = tmp_path / "library"
    root.mkdir()
    place(Root(root), name, "u1", [Track(source, "001 - seed.mp3", 99)])
    assert list(books_in(root)) == [name]
    assert read_names(name) == expected(told)


def test_of_a_very_long_title_nothing_behind_it_is_lost() -> None:
    told = book(LONG, "Henry Fielding", series="Lives", number="3", year=1743, narrators=READERS,
                asin="B00ABCDEFG")  # fmt: skip
    path = folder(told)
    assert len(path.name.encode()) <= 181
    read = read_names(str(path))
    assert LONG.startswith(read.pop("title"))
    wanted = expected(told)
    del wanted["title"]
    assert read == wanted


@pytest.mark.parametrize("letter", ["é", "字", "📚"])
def test_a_long_title_of_wide_letters_keeps_whole_ones(letter: str) -> None:
    told = book(letter * 200, "Henry Fielding", asin="B00ABCDEFG")
    read = read_names(str(folder(told)))
    assert set(read["title"]) == {letter}
    assert read["asin"] == "B00ABCDEFG"


def test_of_very_many_people_whole_names_are_kept() -> None:
    people = tuple(f"Person Number{n:02} Longname" for n in range(30))
    told = book("Tales", *people, narrators=people, asin="B00ABCDEFG", year=1900)
    read = read_names(str(folder(told)))
    assert 0 < len(read["authors"]) < 30
    assert read["authors"] == list(people[: len(read["authors"])])
    assert read["narrators"] == list(people[: len(read["narrators"])])
    assert (read["title"], read["asin"], read["publishedYear"]) == ("Tales", "B00ABCDEFG", "1900")
