"""Several books in one torrent: each import takes its own files, and the unsure asks a person."""

from __future__ import annotations

from typing import Any

import pytest

from books.models import Book, Library, Series, SeriesPlace, ShelfCopy
from books.states import CopyState, Wish
from downloads.grab import deliver
from downloads.importing import import_due, would_be
from downloads.models import Import
from downloads.states import Doubt, ImportState
from tests.downloads.conftest import PARTS, Complete, now, shown
from tests.factory import make_book
from tests.fakes.sounds import aac, mp3

pytestmark = pytest.mark.django_db
SET = ("The Warden", "Barchester Towers", "Doctor Thorne")


@pytest.fixture
def barsetshire(db: None) -> list[Book]:
    series = Series.objects.create(name="Barsetshire")
    books = [make_book(title, "Anthony Trollope", wish=Wish.PARKED) for title in SET]
    for number, book in enumerate(books, 1):
        SeriesPlace.objects.create(book=book, series=series, position=str(number))
    return books


def want(*books: Book) -> None:
    Book.objects.filter(pk__in=[book.pk for book in books]).update(wish=Wish.WANTED)


def box_set(*folders: str) -> dict[str, bytes]:
    """Two chapters and a cover a folder."""
    files = {}
    for number, folder in enumerate(folders, 1):
        for track in (1, 2):
            files[f"Barsetshire/{folder}/{track:02}.mp3"] = mp3(number, track=track)
        files[f"Barsetshire/{folder}/cover.jpg"] = b"A face"
    return files


def placed(title: str, number: int) -> list[str]:
    folder = f"Anthony Trollope/Barsetshire/Vol {number} - {title}"
    return [f"{folder}/{name}" for name in ("01.mp3", "02.mp3", "cover.jpg")]


def the_import(title: str) -> Import:
    return Import.objects.get(book__title=title)


def left_out(row: Import) -> dict[str, str]:
    return {line["path"]: line["why"] for line in row.manifest if line["why"]}


def test_a_set_of_three_goes_into_three_folders(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    row = complete(box_set(*SET), of=barsetshire[0])
    import_due()  # finds the two others, too
    import_due()
    assert {one.state for one in Import.objects.all()} == {ImportState.PLACED}
    assert shown(library) == sorted(
        path for number, title in enumerate(SET, 1) for path in placed(title, number)
    )
    assert left_out(now(row))["Barsetshire/Barchester Towers/01.mp3"] == (
        "Not wanted: it is “Barchester Towers”."
    )
    assert left_out(now(row))["Barsetshire/Barchester Towers/cover.jpg"] == "Not wanted."


def test_what_is_on_the_shelf_is_not_imported_again(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    copy = ShelfCopy.objects.create(
        book=barsetshire[1], library=library, folder="Anthony Trollope/Mine", state=CopyState.PROVED
    )
    copy.after_move("")
    complete(box_set(*SET), of=barsetshire[0])
    import_due()
    import_due()
    assert shown(library) == sorted([*placed("The Warden", 1), *placed("Doctor Thorne", 3)])
    assert not Import.objects.filter(book=barsetshire[1]).exists()


def test_what_nobody_wants_is_left_in_the_torrent(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(barsetshire[0])
    row = complete(box_set(*SET, "The Last Chronicle"), of=barsetshire[0])
    import_due()
    assert shown(library) == placed("The Warden", 1)
    assert left_out(now(row))["Barsetshire/The Last Chronicle/01.mp3"] == "Not wanted."
    assert Import.objects.count() == 1


def test_a_book_that_no_name_names_asks_a_person_and_holds_no_other(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    row = complete(box_set("The Warden", "Doctor Thorne", "Something Else"), of=barsetshire[0])
    assert row.download
    deliver(row.download, barsetshire[1], "ann")
    import_due()
    import_due()
    asked = the_import("Barchester Towers")
    assert (asked.state, asked.doubt) == (ImportState.REVIEW, Doubt.FILES)
    assert "no folder, file or album in it is called “Barchester Towers”" in asked.last_error
    assert shown(library) == sorted([*placed("The Warden", 1), *placed("Doctor Thorne", 3)])


def test_a_name_that_may_be_the_book_asks_a_person(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    row = complete(
        box_set("The Warden", "The Warden and the Wolf", "Doctor Thorne"), of=barsetshire[0]
    )
    import_due()
    assert (now(row).state, now(row).doubt) == (ImportState.REVIEW, Doubt.FILES)
    assert "Whether “The Warden and the Wolf” is “The Warden” cannot be told" in now(row).last_error


def test_one_file_with_several_books_asks_a_person(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    row = complete({"Barsetshire.mp3": mp3(9)}, of=barsetshire[0])
    assert row.download
    deliver(row.download, barsetshire[1], "ann")
    import_due()
    assert {one.state for one in Import.objects.all()} == {ImportState.REVIEW}
    assert "TAME does not cut files" in now(row).last_error


def test_albums_tell_where_names_do_not(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    files = {
        f"Set/{letter}/1.mp3": mp3(3, album=title) for letter, title in zip("abc", SET, strict=True)
    }
    complete(files, of=barsetshire[0])
    import_due()
    import_due()
    assert [path.split("/")[2] for path in shown(library)] == [
        "Vol 1 - The Warden", "Vol 2 - Barchester Towers", "Vol 3 - Doctor Thorne",
    ]  # fmt: skip


def test_another_book_than_the_wanted_one_asks_a_person(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    row = complete(box_set("Barchester Towers", "Doctor Thorne"), of=barsetshire[0])
    import_due()
    assert "By its names it is “Barchester Towers”, “Doctor Thorne”, and not" in now(row).last_error


@pytest.mark.parametrize(
    "names",
    [
        ("CD 1/01.mp3", "CD 2/01.mp3"),
        ("01 Hiram.mp3", "02 Barchester Towers.mp3"),
        ("Volume One/01.mp3", "Volume Two/01.mp3"),
        ("Early days/01.mp3", "Late days/01.mp3"),
    ],
)
def test_one_book_in_several_folders_stays_one(
    names: tuple[str, ...], library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    files = {f"The Warden/{name}": mp3(2 + n) for n, name in enumerate(names)}
    row = complete(files, of=barsetshire[0])
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert len(shown(library)) == 2


@pytest.mark.parametrize("other", ["02 Barchester Towers.m4b", "Extra.m4b"])
def test_a_further_file_that_may_be_a_book_itself_asks_a_person(
    other: str, library: Library, complete: Complete
) -> None:
    """Nobody wants it, so it is not known; taken for a part it would be on the shelf as this."""
    book = make_book("The Warden", "Anthony Trollope")
    first, second = (path.read_bytes() for path in PARTS[:2])
    row = complete({"B/01 The Warden.m4b": first, f"B/{other}": second}, of=book)
    import_due()
    assert (now(row).state, now(row).doubt) == (ImportState.REVIEW, Doubt.FILES)
    assert now(row).last_error == (
        f"Beside what is called “The Warden” there is sound in “{other}”: whether that is this "
        "book, too, cannot be told. Say which files are this book."
    )


def test_by_its_duration_a_file_is_all_of_the_book(library: Library, complete: Complete) -> None:
    book = make_book("The Warden", "Anthony Trollope")
    first, second = (path.read_bytes() for path in PARTS[:2])
    files = {"B/01 The Warden.m4b": first, "B/02 Barchester Towers.m4b": second}
    complete(files, of=book, expected_seconds=32)
    import_due()
    assert shown(library) == ["Anthony Trollope/The Warden/01 The Warden.m4b"]


def test_the_book_twice_asks_a_person(library: Library, complete: Complete, book: Book) -> None:
    files: Any = {"Cranford/Cranford.mp3": mp3(20), "Cranford/Cranford.aac": aac(20)}
    row = complete(files)
    import_due()
    assert (now(row).state, now(row).doubt) == (ImportState.REVIEW, Doubt.FILES)
    assert "It seems to hold the book 2 times, as aac and as mp3" in now(row).last_error


@pytest.mark.parametrize(
    ("lasts", "more"),
    [((3, 6, 9), 0), ((20,), 3)],
    ids=["as several files", "as one file, larger"],
)
def test_the_book_twice_in_one_format_asks_a_person(
    lasts: tuple[int, ...], more: int, library: Library, complete: Complete
) -> None:
    files: Any = {
        f"Cranford/{rate}/{n}.mp3": mp3(seconds, title="x" * 1000 * more * (rate == "128k"))
        for rate in ("64k", "128k")
        for n, seconds in enumerate(lasts)
    }
    row = complete(files)
    import_due()
    assert (now(row).state, now(row).doubt) == (ImportState.REVIEW, Doubt.FILES)
    assert now(row).last_error == (
        "It seems to hold the book twice: file by file “64k” and “128k” last the same. Say which "
        "files are this book."
    )


def test_discs_in_even_pieces_are_one_book(library: Library, complete: Complete) -> None:
    row = complete({f"Cranford/CD {disc}/{n}.mp3": mp3(9) for disc in (1, 2) for n in range(3)})
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error


def test_looking_at_it_stores_nothing(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    want(*barsetshire)
    row = complete(box_set(*SET), of=barsetshire[0])
    plan = would_be(row)
    assert plan.folder == "Anthony Trollope/Barsetshire/Vol 1 - The Warden"
    assert [line.name for line in plan.lines if line.name] == ["01.mp3", "02.mp3", "cover.jpg"]
    assert Import.objects.count() == 1
    assert now(row).manifest == []


def two_folders(**albums: str) -> dict[str, bytes]:
    return {
        "Trollope/The Warden/01.mp3": mp3(2, album=albums.get("own", "")),
        "Trollope/Framley Parsonage/01.mp3": mp3(3, album=albums.get("other", "")),
    }


def test_a_folder_of_which_nothing_is_known_asks_a_person(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    """It may be a part of the book that is called so."""
    row = complete(two_folders(), of=barsetshire[0])
    import_due()
    assert (now(row).state, now(row).doubt) == (ImportState.REVIEW, Doubt.FILES)
    assert "Beside what is called “The Warden” there is sound in “Framley Parsonage”" in (
        now(row).last_error
    )


def test_a_folder_with_another_album_is_another_book(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    row = complete(two_folders(own="The Warden", other="Framley Parsonage"), of=barsetshire[0])
    import_due()
    assert now(row).state == ImportState.PLACED
    assert len(shown(library)) == 1


def test_a_folder_that_lasts_as_expected_is_all_of_the_book(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    row = complete(two_folders(), of=barsetshire[0], expected_seconds=2)
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert len(shown(library)) == 1


def test_a_loose_file_of_the_title_beside_folders_is_not_all_of_it(
    library: Library, complete: Complete, barsetshire: list[Book]
) -> None:
    files = {"T/The Warden.mp3": mp3(2), "T/Disc 1 - Early/1.mp3": mp3(3)}
    row = complete(files, of=barsetshire[0])
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert "there is sound in “Disc 1 - Early”" in now(row).last_error
