"""From a source to the shelf: what was confirmed is stored once, and nothing on disk changes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from books.models import Author, Book, Library, MoveIn, Series, ShelfCopy
from books.moving_in import reading, storing
from books.moving_models import Action, Match
from books.states import CopyState, Wish
from tame.lib.errors import BadInputError
from tests.books.moving_in import sources
from tests.factory import make_book

pytestmark = pytest.mark.django_db


def begun(library: Library) -> MoveIn:
    run = reading.begin_with_folder(library.root, by="ann")
    assert reading.read_due() == f"4 books read in {library.root}."
    run.refresh_from_db()
    return run


def moved_in(library: Library) -> MoveIn:
    run = begun(library)
    storing.confirm(run, actor="ann")
    storing.store_due()
    run.refresh_from_db()
    return run


def rows() -> list[object]:
    return [*Book.objects.order_by("pk").values(), *ShelfCopy.objects.order_by("pk").values()]


def test_books_on_disk_stand_on_the_shelf(library: Library) -> None:
    before = sources.snapshot(Path(library.root))
    run = moved_in(library)
    assert run.stored_at
    emma = ShelfCopy.objects.get(book__title="Emma")
    assert (emma.state, emma.origin, emma.folder) == (
        CopyState.PROVED,
        "moved in",
        "Jane Austen/Emma",
    )
    assert [line["name"] for line in emma.manifest] == ["01.mp3", "02.mp3", "cover.jpg"]
    assert emma.history.get().sentence.startswith("Moved in where it stood")
    assert (emma.book.on_shelf, emma.book.authors) == (True, "Jane Austen")
    towers = Book.objects.get(title="Barchester Towers")
    assert str(towers.places.get()) == "Barsetshire 2"
    assert towers.credits.filter(role="narrator").get().author.name == "Nick Whitley"
    assert ShelfCopy.objects.count() == 4
    assert sources.snapshot(Path(library.root)) == before


def test_people_and_series_are_known_by_their_other_names(library: Library) -> None:
    reader = Author.objects.create(name="Nicholas Whitley", other_names=["Nick Whitley"])
    series = Series.objects.create(name="Chronicles of Barsetshire", other_names=["Barsetshire"])
    moved_in(library)
    towers = Book.objects.get(title="Barchester Towers")
    assert towers.credits.get(role="narrator").author == reader
    assert towers.places.get().series == series


def test_nothing_is_stored_before_it_is_confirmed(library: Library) -> None:
    run = begun(library)
    assert run.lines.count() == 4
    assert storing.store_due() == "Nothing to store."
    assert not Book.objects.exists()


def test_a_second_run_changes_nothing(library: Library) -> None:
    moved_in(library)
    before = rows()
    again = begun(library)
    assert {(line.match, line.action) for line in again.lines.all()} == {(Match.SAME, Action.SKIP)}
    storing.confirm(again, actor="ann")
    storing.store_due()
    assert rows() == before


def test_a_title_that_was_corrected_is_known_again(library: Library) -> None:
    run = begun(library)
    run.lines.filter(title="Emma").update(title="Emma Woodhouse")
    storing.confirm(run, actor="ann")
    storing.store_due()
    assert Book.objects.filter(title="Emma Woodhouse", on_shelf=True).exists()
    assert begun(library).lines.get(title="Emma").match == Match.SAME
    assert Book.objects.count() == 4


def test_a_wanted_book_that_is_on_disk_gets_its_copy(library: Library) -> None:
    book = make_book("Emma", "Jane Austen")
    run = moved_in(library)
    assert run.lines.get(title="Emma").action == Action.MERGE
    book.refresh_from_db()
    assert (book.on_shelf, book.wish) == (True, Wish.WANTED)
    assert Book.objects.filter(title="Emma").count() == 1


def test_two_recordings_of_a_book_are_a_question(library: Library) -> None:
    sources.put(Path(library.root), "Jane Austen/Emma {Sylvia Lee}/1.mp3")
    run = reading.begin_with_folder(library.root, by="ann")
    reading.read_due()
    emmas = run.lines.filter(title="Emma").order_by("folder")
    assert [line.action for line in emmas] == [Action.SHELF, Action.UNDECIDED]
    assert "in this list twice" in emmas[1].why


def test_what_was_left_out_stays_out(library: Library) -> None:
    run = begun(library)
    run.lines.filter(title="Emma").update(action=Action.SKIP)
    storing.confirm(run, actor="ann")
    storing.store_due()
    line = begun(library).lines.get(title="Emma")
    assert (line.action, line.why) == (Action.SKIP, "You left it out before.")


def test_a_file_that_changed_meanwhile_is_not_believed(library: Library) -> None:
    run = begun(library)
    (Path(library.root) / "Jane Austen/Emma/02.mp3").unlink()
    storing.confirm(run, actor="ann")
    storing.store_due()
    line = run.lines.get(title="Emma")
    assert (line.done_at, line.action) == (None, Action.UNDECIDED)
    assert "02.mp3" in line.result
    assert not Book.objects.filter(title="Emma").exists()
    assert ShelfCopy.objects.count() == 3


class Killed(BaseException):
    """As `kill -9`: nothing is cleaned up."""


def test_who_is_killed_goes_on(library: Library) -> None:
    run = begun(library)
    storing.confirm(run, actor="ann")
    done = 0

    def until_two(said: str) -> None:
        nonlocal done
        done += 1
        if done == 2:
            raise Killed

    run.refresh_from_db()
    with pytest.raises(Killed):
        storing.store(run, step=until_two)
    assert ShelfCopy.objects.count() == 2
    storing.store_due()
    assert ShelfCopy.objects.count() == Book.objects.count() == 4
    assert not run.lines.filter(done_at=None).exists()


def test_the_second_worker_finds_it_done(library: Library) -> None:
    run = begun(library)
    storing.confirm(run, actor="ann")
    [line, *_] = storing.decided(run).select_related("library", "book")
    storing.store_due()
    with pytest.raises(Exception, match="stored already"):
        storing.store_line(line, "bob")
    assert ShelfCopy.objects.count() == 4


def test_readarr_moves_in_with_its_files(library: Library, tmp_path: Path) -> None:
    folder = f"{library.root}/Anthony Trollope/Barsetshire"
    files = [(21, f"{folder}/Vol 2 - 1857 - Barchester Towers {{Nick Whitley}}/1.mp3"),
             (31, "/elsewhere/Doctor Thorne/1.mp3")]  # fmt: skip
    path = sources.readarr(tmp_path / "readarr.db", files)
    with path.open("rb") as file:
        run = reading.begin_with_file("readarr.db", file, by="ann")
    lines = {line.title: line for line in run.lines.all()}
    assert {title: line.action for title, line in lines.items()} == {
        "The Warden": Action.WANTED, "Barchester Towers": Action.SHELF,
        "Doctor Thorne": Action.UNDECIDED, "Emma": Action.SKIP,
    }  # fmt: skip
    assert "in none of your libraries" in lines["Doctor Thorne"].notes
    storing.confirm(run, actor="ann")
    storing.store_due()
    warden = Book.objects.get(title="The Warden")
    assert (warden.wish, warden.asin, warden.year) == (Wish.WANTED, "B002V0PWCM", 1855)
    assert Book.objects.get(title="Barchester Towers").on_shelf
    assert Book.objects.count() == 2


def test_a_run_without_a_decision_is_not_confirmed() -> None:
    run = reading.begin_with_file("a.csv", io.BytesIO(b"Title\nEmma\n"), by="ann")
    with pytest.raises(BadInputError, match="Nothing is decided"):
        storing.confirm(run, actor="ann")


def test_a_folder_of_no_library_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="None of your libraries holds"):
        reading.begin_with_folder(str(tmp_path), by="ann")
