"""What a torrent may hold is told by its names: books that no name names cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from books.models import Author, Book, Series, SeriesPlace
from books.sound import Sound
from books.states import Wish
from downloads.delivered import Delivered
from downloads.models import Download, Import
from downloads.qbittorrent import ClientFile
from downloads.sharing import guess
from tests.factory import make_book, make_download

pytestmark = pytest.mark.django_db
TROLLOPE = "Anthony Trollope"


@pytest.fixture
def loaded() -> Iterator[list[str]]:
    """Titles of the books whose rows were read whole."""
    titles: list[str] = []

    def note(instance: Book, **kwargs: Any) -> None:
        titles.append(instance.title)

    post_init.connect(note, sender=Book)
    yield titles
    post_init.disconnect(note, sender=Book)


@pytest.fixture
def warden(db: None) -> Import:
    book = make_book("The Warden", TROLLOPE)
    download: Download = make_download(book=book)
    return Import.objects.select_related("book").get(download=download)


def further(count: int) -> None:
    """Books of the author and of the series; those on the shelf are asked for no copy."""
    series, _ = Series.objects.get_or_create(name="Barsetshire", normalised="barsetshire")
    for number in range(count):
        book = make_book(f"Novel of the Year {1800 + number}", TROLLOPE, on_shelf=number % 2 == 0)
        SeriesPlace.objects.create(book=book, series=series, position=str(100 + number))


def delivered(*paths: str) -> Delivered:
    """No file of it can be heard."""
    files = [ClientFile(path, 1, 1.0, 1) for path in paths]
    return Delivered(files, Path("/nowhere"), dict.fromkeys(paths))


def test_an_author_of_many_books_costs_what_one_of_few_does(
    warden: Import, loaded: list[str]
) -> None:
    make_book("Barchester Towers", TROLLOPE)
    files = delivered("Set/The Warden/01.mp3", "Set/Barchester Towers/01.mp3")
    counts = []
    for more in (1, 30):
        further(more)
        loaded.clear()
        with CaptureQueriesContext(connection) as queries:
            share, kin = guess(warden, [], files)
        counts.append(len(queries))
        assert sorted(loaded) == ["Barchester Towers", "The Warden"]
        assert [str(book) for book in kin] == ["Barchester Towers"]
        assert share.left == {files.files[1].name: "Not wanted: it is “Barchester Towers”."}
    assert counts[0] == counts[1] <= 5


def test_a_book_that_only_a_place_in_the_series_names_is_found(warden: Import) -> None:
    further(3)
    files = delivered("Set/The Warden/01.mp3", "Set/Barsetshire 101/01.mp3")
    _, kin = guess(warden, [], files)
    assert [str(book) for book in kin] == ["Novel of the Year 1801"]


def test_a_book_that_only_an_album_names_is_found(warden: Import) -> None:
    make_book("Barchester Towers", TROLLOPE)
    files = delivered("Set/The Warden/01.mp3", "Set/Disc 2/01.mp3")
    files.heard["Set/Disc 2/01.mp3"] = Sound(60, album="Barchester Towers")
    _, kin = guess(warden, [], files)
    assert [str(book) for book in kin] == ["Barchester Towers"]


def test_a_pen_name_in_a_folder_s_name_is_the_author_s(warden: Import) -> None:
    Author.objects.filter(name=TROLLOPE).update(other_names=["One of the Firm"])
    make_book("Barchester Towers", TROLLOPE, wish=Wish.PARKED)
    files = delivered("Set/The Warden/01.mp3", "Set/One of the Firm - Barchester Towers/01.mp3")
    _, kin = guess(warden, [], files)
    assert [str(book) for book in kin] == ["Barchester Towers"]
