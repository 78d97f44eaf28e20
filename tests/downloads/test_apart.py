"""No book stands in the folder of another: it is not placed there, and not moved with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from books.models import Book, Library, Series, SeriesPlace, ShelfServer
from downloads.importing import import_due
from downloads.models import Import
from downloads.states import ImportState
from downloads.undo import undo
from downloads.undoing import undo_due
from downloads.upgrading import instead
from tame.lib.errors import ObstacleError
from tests.downloads.conftest import PARTS, Complete, now, shown
from tests.downloads.shelved import shelved
from tests.factory import make_book
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db


def second_of(series: str) -> Book:
    book = make_book("Mr Harrison's Confessions")
    row = Series.objects.create(name=series)
    SeriesPlace.objects.create(book=book, series=row, position="2", sort_number=2)
    return book


def test_a_series_called_as_a_book_does_not_go_into_that_book(
    library: Library, complete: Complete
) -> None:
    """The first was imported before its series was known."""
    complete()
    import_due()
    row = complete({"Other/01.mp3": mp3(5)}, of=second_of("Cranford"))
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert shown(library) == [
        *(f"Elizabeth Gaskell/Cranford/{path.name}" for path in PARTS),
        "Elizabeth Gaskell/Mr Harrison's Confessions/01.mp3",
    ]


def test_nor_into_one_that_a_person_put_there(library: Library, complete: Complete) -> None:
    theirs = Path(library.root) / "Elizabeth Gaskell/Cranford"
    theirs.mkdir(parents=True)
    (theirs / "cranford.m4b").write_text("theirs")
    row = complete({"Other/01.mp3": mp3(5)}, of=second_of("Cranford"))
    import_due()
    assert now(row).final_folder == "Elizabeth Gaskell/Mr Harrison's Confessions"


@pytest.mark.parametrize("has_server", [True, False])
def test_sound_beside_the_book_s_folder_is_named_where_a_server_would_mix_them_up(
    has_server: bool, library: Library, complete: Complete
) -> None:
    if has_server:
        library.server = ShelfServer.objects.create(name="shelf", address="http://127.0.0.1:1")
        library.save()
    author = Path(library.root) / "Elizabeth Gaskell"
    author.mkdir()
    (author / "talk.mp3").write_text("theirs")
    row = complete()
    import_due()
    if not has_server:
        assert now(row).state == ImportState.PLACED
        return
    assert now(row).state == ImportState.REVIEW
    assert now(row).last_error == (
        f"Beside this book's folder lies “talk.mp3” in {author}: Audiobookshelf would take all of "
        "it for one book. Move such files into a folder of their own, then try again."
    )


def test_a_book_with_another_in_its_folder_is_not_moved(tmp_path: Path) -> None:
    """As a person may have put it."""
    outer, inner = shelved(tmp_path), shelved(tmp_path, "The Moorland Cottage")
    folder = f"{outer.row.final_folder}/The Moorland Cottage"
    inner.folder.rename(outer.root / folder)
    type(inner.copy).objects.filter(pk=inner.copy.pk).update(folder=folder)
    undo(outer.now(), actor="ann")
    undo_due()
    assert outer.now().state == ImportState.UNDOING
    assert outer.now().last_error == (
        "In the folder of “Cranford” stands another book, “The Moorland Cottage”, in "
        f"{outer.root / folder}: it would go with it. Take that one off the shelf first."
    )
    assert (outer.root / folder / "01.mp3").exists()
    better = Import(book=outer.book, replaces=outer.copy)
    with pytest.raises(ObstacleError, match="stands another book"):
        instead(better, outer.copy, [], "", lambda _: None)
