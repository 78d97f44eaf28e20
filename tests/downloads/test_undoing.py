"""A book leaves the shelf and comes back: files, rows and what was decided with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books import shelf
from books.models import Book, Library, ShelfCopy
from books.profiles import Profile
from books.states import CopyState
from books.states import Wish as BookWish
from books.trash import trash_due
from downloads import undoing
from downloads.grab import How
from downloads.models import Download, Import
from downloads.off_shelf import in_trash, on_shelf
from downloads.shelving import shelve_due
from downloads.states import ImportState, State, Then
from downloads.undo import redo, undo
from downloads.undoing import undo_due
from indexers.models import Block
from tame.lib.errors import BadInputError, ObstacleError, ServiceDownError
from tame.next_step import what_is_to_be_imported
from tests.commanding import done, run
from tests.downloads.shelved import FILES, Shelved, look, put_on_shelf, shelved
from tests.factory import make_download, make_indexer, make_release
from tests.people import bob, browser, button_of, messages, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(tmp_path: Path) -> Shelved:
    return shelved(tmp_path)


def book_of(one: Shelved) -> Book:
    return Book.objects.get(pk=one.book.pk)


def test_its_files_go_to_the_trash_and_the_seed_stays(one: Shelved) -> None:
    said = undo(one.now(), actor="ann")
    assert said.startswith("“Cranford” leaves the shelf; its files are kept until ")
    assert (one.now().state, book_of(one).on_shelf) == (ImportState.UNDOING, True)
    assert undo_due() == "1 undone or put back."
    assert (one.now().state, one.copy.state) == (ImportState.UNDONE, CopyState.TRASHED)
    assert one.shown == {}
    assert look(one.trash) == look(one.seed) == FILES
    assert not (one.root / "Elizabeth Gaskell").exists()
    assert (book_of(one).on_shelf, book_of(one).coming) == (False, False)
    until = one.copy.trash_until
    assert until
    assert until > timezone.now()


def test_wanted_again_the_same_release_is_not_taken(one: Shelved) -> None:
    Book.objects.update(wish=BookWish.ASKED, next_search_at=timezone.now() + timedelta(days=7))
    undo(one.now(), actor="ann", then=Then.WANT)
    undo_due()
    assert Book.searchable().get() == one.book
    block = Block.objects.get()
    assert (block.book, block.info_hash) == (one.book, Download.objects.get().hash_v1)
    assert (block.reason, block.blocked_by) == ("Taken off the shelf.", "ann")


def test_parked_it_is_not_searched(one: Shelved) -> None:
    undo(one.now(), actor="ann", then=Then.PARK)
    undo_due()
    assert book_of(one).wish == BookWish.PARKED
    assert not Block.objects.exists()


def test_imported_again_from_its_torrent(one: Shelved) -> None:
    undo(one.now(), actor="ann", then=Then.AGAIN)
    undo_due()
    new = Import.objects.exclude(pk=one.row.pk).get()
    assert (new.state, new.download, new.book) == (
        ImportState.PENDING, one.row.download, one.book,
    )  # fmt: skip
    assert book_of(one).coming
    library = Library.objects.get()
    put_on_shelf(new, library, one.seed)
    assert one.shown == FILES


def test_imported_again_from_its_folder(one: Shelved) -> None:
    Import.objects.update(download=None, source_folder=str(one.seed), chosen_files=["01.mp3"])
    undo(one.now(), actor="ann", then=Then.AGAIN)
    undo_due()
    new = Import.objects.exclude(pk=one.row.pk).get()
    assert (new.source_folder, new.chosen_files) == (str(one.seed), ["01.mp3"])


def test_it_cannot_be_imported_again_from_a_torrent_that_is_gone(one: Shelved) -> None:
    Download.objects.update(state=State.REMOVED)
    with pytest.raises(BadInputError, match="is not complete in a client any more"):
        undo(one.now(), actor="ann", then=Then.AGAIN)
    assert one.now().state == ImportState.SHELVED


def test_the_next_best_is_taken_once_it_is_off(one: Shelved) -> None:
    release = make_release(make_indexer(), one.book, info_hash="b" * 40)
    undo(one.now(), actor="ann", then=Then.NEXT)
    assert Download.objects.count() == 1
    undo_due()
    new = Download.objects.get(release=release)
    assert (new.state, new.asked_by) == (State.QUEUED, "ann")
    assert book_of(one).coming


def test_without_a_next_best_it_is_wanted_and_says_so(one: Shelved) -> None:
    undo(one.now(), actor="ann", then=Then.NEXT)
    undo_due()
    assert "No other release is known" in one.now().history.all()[0].sentence
    assert book_of(one).status == "wanted"


def test_it_ends_the_row_of_approvals(one: Shelved) -> None:
    Profile.objects.update(approvals=7)
    Download.objects.update(decision={"how": How.APPROVED})
    undo(one.now(), actor="ann", then=Then.PARK)
    assert Profile.objects.get().approvals == 7
    Import.objects.update(state=ImportState.SHELVED)
    undo(one.now(), actor="ann", then=Then.WANT)
    assert Profile.objects.get().approvals == 0


def test_a_person_says_what_follows(one: Shelved) -> None:
    with pytest.raises(BadInputError, match="Say what follows"):
        undo(one.now(), actor="ann", then="")


def test_only_what_is_on_the_shelf_is_taken_off(one: Shelved) -> None:
    undo(one.now(), actor="ann")
    with pytest.raises(BadInputError, match="being undone: nothing to take off"):
        undo(one.now(), actor="bob")


# --- What gets in its way -------------------------------------------------------------------------


def test_a_server_that_is_down_is_waited_for(one: Shelved, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its entry goes first: else the server gives it to whatever gets the files' numbers."""

    def down(copy: ShelfCopy) -> str:
        raise ServiceDownError("The shelf does not answer.")

    monkeypatch.setattr(undoing, "take_off", down)
    undo(one.now(), actor="ann")
    assert "The shelf does not answer." in undo_due()
    assert (one.now().state, one.now().attempts, one.shown) == (ImportState.UNDOING, 0, FILES)
    assert undo_due() == "0 undone or put back."
    monkeypatch.setattr(undoing, "take_off", shelf.take_off)
    Import.objects.update(retry_at=timezone.now())
    undo_due()
    assert (one.now().state, one.now().last_error) == (ImportState.UNDONE, "")


def test_a_folder_that_is_not_tame_s_stays_and_says_why(one: Shelved) -> None:
    (one.folder / ".tame.json").unlink()
    undo(one.now(), actor="ann")
    undo_due()
    assert one.now().state == ImportState.UNDOING
    assert "is not the folder that TAME placed" in one.now().last_error
    assert one.shown == FILES
    step = what_is_to_be_imported()
    assert step
    assert step.sentence.startswith(f"“Cranford” is being undone, but: {one.folder} is not")
    redo(one.now(), actor="ann")  # the way back stays open
    (one.folder / ".tame.json").write_text(f'{{"import": "{one.copy.uuid}"}}')
    undo_due()
    shelve_due()
    assert (one.now().state, one.copy.state) == (ImportState.SHELVED, CopyState.PROVED)


def test_what_a_person_removed_already_is_no_trouble(one: Shelved) -> None:
    one.folder.rename(one.root.parent / "elsewhere")
    undo(one.now(), actor="ann")
    undo_due()
    assert one.now().state == ImportState.UNDONE
    assert "was not there any more" in one.now().history.all()[0].sentence
    assert in_trash(one.book) is None


def test_a_killed_undo_is_gone_on_with(one: Shelved, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are away, and the worker died before the rows moved on."""

    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    undo(one.now(), actor="ann")
    monkeypatch.setattr(undoing, "trashed", die)
    with pytest.raises(Killed):
        undo_due()
    monkeypatch.undo()
    assert (one.now().state, one.shown) == (ImportState.UNDOING, {})
    then = timezone.now() - timedelta(seconds=1)
    Import.objects.update(leased_until=then)
    ShelfCopy.objects.update(leased_until=then)
    undo_due()
    assert one.now().state == ImportState.UNDONE
    assert look(one.trash) == FILES


# --- Put back -------------------------------------------------------------------------------------


@pytest.fixture
def undone(one: Shelved) -> Shelved:
    undo(one.now(), actor="ann")
    undo_due()
    return one


def test_it_is_put_back_and_proved_anew(undone: Shelved) -> None:
    assert redo(undone.now(), actor="ann").startswith("“Cranford” is put back")
    assert book_of(undone).coming
    assert undo_due() == "1 undone or put back."
    assert (undone.now().state, undone.copy.state) == (ImportState.PLACED, CopyState.PLACED)
    assert undone.shown == FILES
    assert shelve_due() == "1 on the shelf."
    assert (undone.now().state, book_of(undone).on_shelf) == (ImportState.SHELVED, True)
    assert not Block.objects.exists()
    assert undone.copy.trash_until is None


def test_a_parked_book_is_as_it_was(one: Shelved) -> None:
    undo(one.now(), actor="ann", then=Then.PARK)
    undo_due()
    redo(one.now(), actor="bob")
    assert book_of(one).wish == BookWish.WANTED
    assert list(one.book.lines.order_by("pk").values_list("actor", "sentence")) == [
        ("ann", "Taken off the shelf; then: park the book."),
        ("bob", "As before: that was taken back."),
    ]


def test_it_can_be_taken_off_again(undone: Shelved) -> None:
    redo(undone.now(), actor="ann")
    undo_due()
    shelve_due()
    undo(undone.now(), actor="ann")
    undo_due()
    assert look(undone.trash) == FILES


def test_a_block_that_stood_before_stays(one: Shelved) -> None:
    info_hash = Download.objects.get().hash_v1
    Block.objects.create(info_hash=info_hash, book=one.book, reason="Bad.", blocked_by="ann")
    undo(one.now(), actor="ann")
    undo_due()
    redo(one.now(), actor="ann")
    assert Block.objects.get().reason == "Bad."


def test_when_its_place_is_taken_it_stays_in_the_trash_and_says_so(undone: Shelved) -> None:
    undone.folder.mkdir(parents=True)
    (undone.folder / "mine.mp3").write_text("mine")
    redo(undone.now(), actor="ann")
    undo_due()
    assert undone.now().state == ImportState.UNDONE
    assert "holds something else" in undone.now().last_error
    assert look(undone.trash) == FILES
    assert undone.copy.trash_until
    assert undone.shown == {"mine.mp3": b"mine"}


def test_it_is_not_put_back_beside_one_that_is_coming(undone: Shelved) -> None:
    make_download(book=undone.book, title="Another")
    with pytest.raises(ObstacleError, match="already coming: Another"):
        redo(undone.now(), actor="ann")


def test_after_its_time_it_cannot_be_put_back(undone: Shelved) -> None:
    ShelfCopy.objects.update(trash_until=timezone.now())
    with pytest.raises(BadInputError, match="not in the trash any more"):
        redo(undone.now(), actor="ann")


def test_what_was_left_in_the_trash_is_told_on_the_book_s_page(undone: Shelved) -> None:
    (undone.trash / "notes.txt").write_text("mine")
    ShelfCopy.objects.update(trash_until=timezone.now())
    trash_due()
    shown = browser().get(page_of(undone.book)).content.decode()
    assert f"What TAME did not put there stays in {undone.trash}: notes.txt." in shown


# --- Pages ----------------------------------------------------------------------------------------


def test_the_page_shows_what_happens_and_asks_once(one: Shelved) -> None:
    page = browser()
    assert "Take off the shelf" in page.get(page_of(one.book)).content.decode()
    asked = page.post(button_of(one.book, "take_off"))
    shown = asked.content.decode()
    assert f"{one.folder} with 3 files, 6 kB, goes to the trash of Audiobooks" in shown
    assert "in seedbox is not touched" in shown
    assert one.now().state == ImportState.SHELVED
    sent = {"confirmed": "1", "then": "park"}
    answer = page.post(button_of(one.book, "take_off"), sent, follow=True)
    assert messages(answer)[0].startswith("“Cranford” leaves the shelf")
    undo_due()
    shown = page.get(page_of(one.book)).content.decode()
    assert "Put it back on the shelf" in shown
    answer = page.post(button_of(one.book, "put_back"), follow=True)
    assert messages(answer)[0].startswith("“Cranford” is put back")


def test_an_import_s_page_has_the_same_buttons(one: Shelved) -> None:
    page = browser()
    assert "goes to the trash" in page.post(button_of(one.row, "undo")).content.decode()
    page.post(button_of(one.row, "undo"), {"confirmed": "1", "then": "park"})
    assert (one.now().state, one.now().then) == (ImportState.UNDOING, Then.PARK)


def test_without_the_permission_there_is_no_button(one: Shelved) -> None:
    page = browser(bob("books.view_book", "downloads.view_import"))
    assert "Take off the shelf" not in page.get(page_of(one.book)).content.decode()
    assert page.post(button_of(one.row, "undo"), {"confirmed": "1"}).status_code == 403


# --- Command --------------------------------------------------------------------------------------


def test_the_command_does_it_at_once(one: Shelved) -> None:
    [row] = done("undo_import", one.book.pk, "--dry-run")["books"]
    assert (row["files"], row["size"]) == (3, 6000)
    assert (one.now().state, one.shown) == (ImportState.SHELVED, FILES)
    [row] = done("undo_import", one.book.pk, "--then", "park")["books"]
    assert (row["state"], row["on_shelf"], row["wish"]) == ("undone", False, "parked")
    [row] = done("undo_import", one.book.pk, "--back")["books"]
    assert row["state"] == "placed"
    assert one.shown == FILES


def test_the_command_says_what_it_cannot_do(one: Shelved) -> None:
    (one.folder / ".tame.json").unlink()
    code, _, err = run("undo_import", one.book.pk)
    assert (code, "is not the folder that TAME placed" in err) == (1, True)
    code, _, err = run("undo_import", one.book.pk)
    assert (code, err) == (2, "TAME has put no copy of “Cranford” on the shelf.\n")
    assert on_shelf(one.book) is None
