"""What calls itself another book asks a person; what is only badly tagged does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from books.models import Book, Library, Series, SeriesPlace
from downloads.another import check_is_no_other
from downloads.delivered import look_at_folder
from downloads.doubts import DoubtError
from downloads.examining import examine
from downloads.importing import import_due
from downloads.manifest import manifest_of
from downloads.models import Import
from downloads.sharing import Share
from downloads.states import Doubt, ImportState
from tests.downloads.conftest import Complete, now, shown
from tests.downloads.test_review import page, press
from tests.factory import make_book, make_download
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db
EMMA: dict[str, Any] = {"album": "Emma", "artist": "Jane Austen"}


def files(folder: str = "Cranford", **tags: Any) -> dict[str, bytes]:
    return {f"{folder}/{n:02}.mp3": mp3(2 + n, track=n, **tags) for n in (1, 2)}


def asked(tmp_path: Path, files: dict[str, bytes], book: Book) -> str:
    """What a person is asked about a torrent of these files, if anything."""
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    row = Import(book=book, download=make_download(title=path.parent.name))
    delivered = look_at_folder(path.parent)
    lines = manifest_of(delivered.files)
    _, sounds = examine(row, Share(), lines, delivered)
    try:
        check_is_no_other(row, lines, sounds)
    except DoubtError as error:
        return str(error)
    return ""


@pytest.fixture
def emma(library: Library, complete: Complete) -> Import:
    row = complete(files(**EMMA))
    import_due()
    return now(row)


def test_files_that_say_they_are_another_book_ask_a_person(emma: Import, library: Library) -> None:
    assert (emma.state, emma.doubt) == (ImportState.REVIEW, Doubt.BOOK)
    assert emma.last_error.startswith(
        "The files say they are “Emma” by Jane Austen, not “Cranford”."
    )
    assert shown(library) == []
    assert 'data-label="Found">“Emma” by Jane Austen</td>' in page(emma)
    assert "Import anyway" in page(emma)
    assert "Wrong book" in page(emma)


def test_a_person_may_import_it_anyway(emma: Import, library: Library) -> None:
    press(emma, "anyway")
    import_due()
    assert (now(emma).state, now(emma).overruled) == (ImportState.PLACED, {Doubt.BOOK: "ann"})


@pytest.mark.parametrize(
    "tags",
    [
        {"album": "Emma", "albumartist": "Jane Austen", "artist": "Ann Lowell"},
        {"album": "Emma (Unabridged)", "artist": "Austen, Jane"},
        {"album": "Sense and Sensibility", "artist": "Jane Austen", "title": "Chapter 1"},
    ],
)
def test_another_title_and_author_are_another_book(
    tags: dict[str, str], tmp_path: Path, book: Book
) -> None:
    assert "The files say they are" in asked(tmp_path, files(**tags), book)


HARMLESS: dict[str, dict[str, str]] = {
    "no tags": {},
    "track titles alone": {"title": "Our Society"},
    "a track number for an album": {"album": "Track 01", "artist": "Jane Austen"},
    "a disc for an album": {"album": "CD 1", "artist": "Jane Austen"},
    "nothing known": {"album": "Unknown Album", "artist": "Unknown Artist"},
    "a title without anybody": {"album": "Emma"},
    "a publisher": {"album": "Classic Tales", "artist": "Audible Studios"},
    "the publisher as the author": {"album": "Emma", "albumartist": "LibriVox"},
    "another title of the author": {"album": "Ruth", "artist": "Elizabeth Gaskell"},
    "the author's name otherwise": {"album": "A Village", "artist": "Gaskell, Mrs."},
    "the reader as the artist": {"album": "Cranford", "artist": "Ann Lowell"},
    "another spelling": {"album": "Cranfrod", "artist": "Ann Lowell"},
    "the author in the album": {"album": "Gaskell: The Ladies", "artist": "Ann Lowell"},
    "the author as the composer": {
        "album": "A Village", "artist": "Ann Lowell", "composer": "Elizabeth Gaskell",
    },
    "another language, and the reader": {"album": "Die Frauen", "artist": "Ann Lowell"},
    "letters of another language": {"album": "Mödchen", "artist": "Ann Lowell"},
    "the title in the track": {
        "album": "Old Favourites", "title": "Cranford 1", "artist": "Ann Lowell",
    },
    "the author's family": {"album": "Great Tales", "artist": "The Gaskell Family"},
    "a word that may be anybody": {"album": "Emma", "artist": "Austen"},
    "the author with more names": {"album": "A Village", "artist": "E. Cleghorn Gaskell"},
    "several persons": {"album": "Best Stories", "artist": "Various Artists"},
}  # fmt: skip


@pytest.mark.parametrize("tags", HARMLESS.values(), ids=HARMLESS)
def test_tags_that_are_only_bad_ask_nobody(
    tags: dict[str, str], tmp_path: Path, book: Book
) -> None:
    assert asked(tmp_path, files(**tags), book) == ""


BRONTES = {
    "a sister": {"album": "Jane Eyre", "artist": "Charlotte Brontë"},
    "a sister, turned": {"album": "Jane Eyre", "albumartist": "Brontë, Charlotte"},
    "a sister and who reads": {"album": "Jane Eyre", "albumartist": "Charlotte Brontë",
                               "artist": "Ann Lowell"},
}  # fmt: skip
THEIRS = {
    "herself": {"album": "Scenes of a Governess", "artist": "A. Brontë"},
    "no given name": {"album": "Jane Eyre", "artist": "Brontë"},
    "all of them": {"album": "Jane Eyre", "artist": "The Brontë Sisters"},
    "Mrs.": {"album": "Jane Eyre", "artist": "Miss Brontë"},
    "in the album as well": {"album": "Anne Brontë - Governess", "artist": "Charlotte Brontë"},
}


@pytest.mark.parametrize("tags", BRONTES.values(), ids=BRONTES)
def test_a_sister_of_the_author_wrote_another_book(tags: dict[str, str], tmp_path: Path) -> None:
    book = make_book("Agnes Grey", "Anne Brontë")
    said = asked(tmp_path, files("Agnes", **tags), book)
    assert said.startswith("The files say they are “Jane Eyre” by Charlotte Brontë, not")


@pytest.mark.parametrize("tags", THEIRS.values(), ids=THEIRS)
def test_whoever_may_be_the_author_is_no_other(tags: dict[str, str], tmp_path: Path) -> None:
    book = make_book("Agnes Grey", "Anne Brontë")
    assert asked(tmp_path, files("Agnes", **tags), book) == ""


def test_who_is_known_by_one_name_is_somebody(tmp_path: Path, book: Book) -> None:
    said = asked(tmp_path, files(album="The Odyssey", artist="Homer"), book)
    assert said.startswith("The files say they are “The Odyssey” by Homer")


def test_so_is_an_author_of_one_name_of_whom_a_book_is_known(tmp_path: Path, book: Book) -> None:
    tags = {"album": "Three Vassar Girls", "artist": "Champney"}
    assert asked(tmp_path / "1", files(**tags), book) == ""
    make_book("Patience", "Champney")
    assert asked(tmp_path / "2", files(**tags), book).startswith("The files say they are “Three")


OTHERWISE = {
    "one file without": {"C/01.mp3": mp3(2, **EMMA), "C/02.mp3": mp3(3)},
    "two albums": {"C/01.mp3": mp3(2, **EMMA), "C/02.mp3": mp3(3, album="B", artist="Jane Austen")},
    "files of its name": {f"C/Cranford - {n}.mp3": mp3(n, **EMMA) for n in (2, 3)},
    "a name that has both": files("Emma (Cranford)", **EMMA),
    "a name with the reader": files("Cranford read by Jane Austen", **EMMA),
}


@pytest.mark.parametrize("brought", OTHERWISE.values(), ids=OTHERWISE)
def test_names_that_speak_for_it_are_heard(
    brought: dict[str, bytes], tmp_path: Path, book: Book
) -> None:
    assert asked(tmp_path, brought, book) == ""


@pytest.mark.parametrize("name", ["Emma (Cranford)", "Cranford"])
def test_no_name_speaks_against_a_book_that_is_known(name: str, tmp_path: Path, book: Book) -> None:
    """Whoever named the files may have named them as what is searched for."""
    brought = {f"{name}/{name} - {n}.mp3": mp3(n, **EMMA) for n in (2, 3)}
    assert asked(tmp_path / "1", brought, book) == ""
    make_book("Emma", "Jane Austen")
    said = asked(tmp_path / "2", brought, book)
    assert said.startswith("The files say they are “Emma” by Jane Austen, not “Cranford”.")


def test_a_known_title_of_somebody_else_is_not_that_book(tmp_path: Path, book: Book) -> None:
    make_book("Emma", "Urs Widmer")
    brought = {f"C/Cranford - {n}.mp3": mp3(n, **EMMA) for n in (2, 3)}
    assert asked(tmp_path, brought, book) == ""


def test_the_duration_is_the_better_witness(tmp_path: Path, book: Book) -> None:
    book.expected_seconds = 7
    book.save(update_fields=["expected_seconds"])
    assert asked(tmp_path, files(**EMMA), book) == ""


@pytest.mark.parametrize(
    ("title", "subtitle", "album"),
    [
        ("The Warden", "", "Barsetshire"),
        ("The Warden", "A Tale of Hiram's Hospital", "Hiram's Hospital"),
        ("The Warden", "", "Warden, The"),
        ("Der Prozess", "", "The Trial"),
    ],
)
def test_series_subtitles_and_translations_are_the_book(
    title: str, subtitle: str, album: str, tmp_path: Path
) -> None:
    book = make_book(title, "Anthony Trollope", subtitle=subtitle, language="eng")
    SeriesPlace.objects.create(book=book, series=Series.objects.create(name="Barsetshire"))
    assert asked(tmp_path, files("B", album=album, artist="Ann Lowell"), book) == ""


def test_the_author_in_a_folder_s_name_is_no_tag(tmp_path: Path, book: Book) -> None:
    """Whoever puts another book into it calls the folder as the one that is looked for."""
    said = asked(tmp_path, files("Cranford by Elizabeth Gaskell", **EMMA), book)
    assert said.startswith("The files say they are “Emma” by Jane Austen")


def test_a_book_without_an_author_is_not_judged(tmp_path: Path) -> None:
    book = Book.objects.create(title="The Dream of the Rood")
    assert asked(tmp_path, files("B", **EMMA), book) == ""


def test_another_book_of_the_author_that_is_known_asks(tmp_path: Path, book: Book) -> None:
    """One that is not known may be a translation's title."""
    make_book("Ruth")
    said = asked(tmp_path, files(album="Ruth", artist="Elizabeth Gaskell"), book)
    assert said.startswith("The files say they are “Ruth” by Elizabeth Gaskell, not")
