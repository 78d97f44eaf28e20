"""Something better takes the place of what is on the shelf, and the book is there all the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books import replacing
from books.models import Book, Library, ShelfCopy
from books.profiles import Profile
from books.states import CopyState
from books.states import Wish as BookWish
from downloads import importing, upgrading
from downloads.choices import open_books
from downloads.grab import How
from downloads.importing import import_due
from downloads.models import Client, Download, Import
from downloads.reviewing import drop
from downloads.shelving import shelve_due
from downloads.states import ImportState, State, Then
from downloads.take import take_due
from downloads.undo import redo, undo
from downloads.undoing import undo_due
from indexers.decide import decide_due
from indexers.models import Indexer
from indexers.upgrades import note_upgrades
from tame.lib.errors import BadInputError, ObstacleError
from tame.next_step import for_book
from tests.downloads.conftest import PARTS, Complete, again
from tests.downloads.shelved import FILES, Shelved, look, shelved
from tests.factory import make_book, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.people import browser, button_of, page_of

pytestmark = pytest.mark.django_db
BETTER = {path.name: path.read_bytes() for path in PARTS}


class KilledError(BaseException):
    """As by SIGKILL: nobody catches it."""


@pytest.fixture
def one(tmp_path: Path, client_row: Client, book: Book) -> Shelved:
    """In mp3; its torrent has left the client long ago."""
    one = shelved(tmp_path, book=book, state=State.REMOVED)
    ShelfCopy.objects.update(
        shelf_id="li_cranford", written={"title": "Cranford", "tracks": True},
        corrected_at=timezone.now(),
    )  # fmt: skip
    return one


@pytest.fixture
def coming(one: Shelved, complete: Complete) -> Import:
    """The same book in m4b, complete in the client."""
    return complete()


def row(coming: Import) -> Import:
    return Import.objects.select_related("copy", "replaces").get(pk=coming.pk)


def is_on_shelf() -> bool:
    return Book.objects.get().on_shelf


def die(*_: Any, **__: Any) -> None:
    raise KilledError


def lease_ends() -> None:
    then = timezone.now() - timedelta(seconds=1)
    Import.objects.update(leased_until=then)
    ShelfCopy.objects.update(leased_until=then)


def nothing_has_changed(one: Shelved) -> bool:
    return (
        one.shown == FILES
        and one.copy.state == CopyState.PROVED
        and one.now().state == ImportState.SHELVED
        and is_on_shelf()
        and look(one.trash) == {}
    )


# --- The exchange ---------------------------------------------------------------------------------


def test_it_is_put_at_the_old_path_and_the_old_one_is_kept(one: Shelved, coming: Import) -> None:
    assert row(coming).replaces == one.copy
    assert import_due() == "1 imported."
    assert one.shown == BETTER
    assert look(one.trash) == FILES
    new = row(coming).copy
    assert new
    assert (new.folder, new.format, new.shelf_id, new.state) == (
        one.copy.folder, "m4b", "li_cranford", CopyState.PLACED,
    )  # fmt: skip
    assert (new.written, new.corrected_at) == ({"title": "Cranford"}, one.copy.corrected_at)
    assert (one.copy.state, one.now().state) == (CopyState.TRASHED, ImportState.UNDONE)
    assert is_on_shelf()
    step = for_book(Book.objects.get(), lambda permission: True)
    assert step.sentence == "“Cranford” is on the shelf."  # and nothing better is to come
    assert shelve_due() == "1 on the shelf."
    assert row(coming).state == ImportState.SHELVED
    assert not row(coming).exchanging


def test_the_seed_is_not_touched(one: Shelved, coming: Import, fake: FakeQBittorrent) -> None:
    files = [fake.downloads / "Cranford" / name for name in BETTER]
    before = [(p.stat().st_ino, p.stat().st_mtime_ns, p.read_bytes()) for p in files]
    import_due()
    assert [(p.stat().st_ino, p.stat().st_mtime_ns, p.read_bytes()) for p in files] == before
    assert look(one.seed) == FILES


def test_whoever_listens_is_not_disturbed(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "has_listener", lambda copy: True)
    assert import_due() == "0 imported."
    assert nothing_has_changed(one)
    waits = row(coming)
    assert (waits.state, waits.attempts) == (ImportState.PENDING, 0)
    assert waits.last_error.startswith("Somebody is in the middle of “Cranford”")
    step = for_book(Book.objects.get(), lambda permission: True)
    assert step.sentence.startswith(
        "“Cranford” is on the shelf. Something better is coming. Somebody is in the middle of"
    )
    monkeypatch.setattr(upgrading, "has_listener", lambda copy: False)
    assert import_due() == "0 imported."  # it is not asked again every minute
    Import.objects.update(retry_at=timezone.now())
    assert import_due() == "1 imported."
    assert one.shown == BETTER


def test_whoever_begins_to_listen_while_it_is_staged_is_not_disturbed(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([False, True])
    monkeypatch.setattr(upgrading, "has_listener", lambda copy: next(answers))
    import_due()
    assert nothing_has_changed(one)
    assert row(coming).state == ImportState.PENDING


def test_what_only_promised_to_be_better_waits_for_a_person(one: Shelved, coming: Import) -> None:
    Profile.objects.update(formats=["mp3", "m4b"], upgrade=True)
    Download.objects.filter(imports=coming).update(decision={"how": How.BY_ITSELF})
    import_due()
    assert row(coming).state == ImportState.REVIEW
    assert row(coming).last_error == "It is m4b: no better than the copy in mp3 there."
    assert nothing_has_changed(one)


def test_what_a_person_has_put_there_stays(one: Shelved, coming: Import) -> None:
    (one.folder / ".tame.json").unlink()
    import_due()
    assert row(coming).state == ImportState.REVIEW
    assert "is not the folder that TAME placed" in row(coming).last_error
    assert (one.shown, is_on_shelf()) == (FILES, True)


# --- Killed and given up --------------------------------------------------------------------------


def killed_before_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(importing, "keep", die)
        with pytest.raises(KilledError):
            import_due()
    lease_ends()


def test_killed_between_files_and_rows_it_is_gone_on_with(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_before_the_rows(monkeypatch)
    assert (one.shown, one.copy.state, is_on_shelf()) == (BETTER, CopyState.PROVED, True)
    assert import_due() == "1 imported."
    assert (one.shown, look(one.trash)) == (BETTER, FILES)
    assert row(coming).state == ImportState.PLACED


def test_given_up_in_the_middle_the_old_one_comes_back(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_before_the_rows(monkeypatch)
    drop(row(coming), actor="ann")
    import_due()
    lease_ends()
    import_due()
    assert nothing_has_changed(one)
    assert not row(coming).exchanging
    assert sorted(p.name for p in (one.root / ".tame/trash").iterdir()) == []


def test_given_up_in_the_middle_nothing_goes_back_while_somebody_listens(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_before_the_rows(monkeypatch)
    drop(row(coming), actor="ann")
    monkeypatch.setattr(upgrading, "has_listener", lambda copy: True)
    lease_ends()
    import_due()
    assert (one.shown, row(coming).exchanging) == (BETTER, True)
    assert "what was there before it waits until they have finished" in row(coming).last_error
    monkeypatch.setattr(upgrading, "has_listener", lambda copy: False)
    import_due()
    assert nothing_has_changed(one)


def test_a_torrent_that_vanished_in_the_middle_changes_nothing(
    one: Shelved, coming: Import, fake: FakeQBittorrent, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_before_the_rows(monkeypatch)
    fake.vanish(again(coming.download).client_hash)  # type: ignore[arg-type]
    import_due()
    assert row(coming).state == ImportState.FAILED
    import_due()
    assert nothing_has_changed(one)


def test_a_copy_that_is_being_taken_off_is_waited_for(one: Shelved, coming: Import) -> None:
    undo(one.now(), actor="ann", then=Then.PARK)
    assert import_due() == "0 imported."
    undo_due()
    assert one.now().state == ImportState.UNDONE
    assert import_due() == "1 imported."
    assert (one.shown, look(one.trash)) == (BETTER, FILES)


def test_when_both_are_given_up_nothing_is_left_behind(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one was taken off while the new one stood there without its rows."""
    killed_before_the_rows(monkeypatch)
    undo(one.now(), actor="ann", then=Then.PARK)
    undo_due()
    drop(row(coming), actor="ann")
    lease_ends()
    import_due()
    assert (one.shown, look(one.trash)) == ({}, FILES)
    assert not (one.root / ".tame/trash" / str(coming.uuid)).exists()
    assert not is_on_shelf()


def test_an_undo_that_comes_between_files_and_rows_wins(
    one: Shelved, coming: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exchanged(*given: Any, **how: Any) -> Any:
        ways = replace(*given, **how)
        undo(one.now(), actor="ann", then=Then.PARK)
        return ways

    replace = replacing.replace
    monkeypatch.setattr(upgrading, "replace", exchanged)
    assert import_due() == "0 imported."
    monkeypatch.undo()
    import_due()
    undo_due()
    assert (one.now().state, look(one.trash)) == (ImportState.UNDONE, FILES)
    assert import_due() == "1 imported."
    assert one.shown == BETTER


def test_a_copy_that_was_missed_meanwhile_is_kept_in_the_trash_all_the_same(one: Shelved) -> None:
    undo(one.now(), actor="ann", then=Then.PARK)
    ShelfCopy.objects.update(state=CopyState.MISSING)
    undo_due()
    assert (one.copy.state, look(one.trash)) == (CopyState.TRASHED, FILES)


# --- Undone ---------------------------------------------------------------------------------------


@pytest.fixture
def upgraded(one: Shelved, coming: Import) -> Import:
    import_due()
    shelve_due()
    return row(coming)


def test_the_earlier_copy_can_be_put_back(one: Shelved, upgraded: Import) -> None:
    undo(upgraded, actor="ann", then=Then.BACK)
    undo_due()
    undo_due()
    shelve_due()
    assert one.shown == FILES
    assert (one.now().state, row(upgraded).state) == (ImportState.SHELVED, ImportState.UNDONE)
    assert is_on_shelf()
    assert look(one.root / ".tame/trash" / str(upgraded.uuid)) == BETTER


def test_a_button_shows_what_an_undone_upgrade_does(one: Shelved, upgraded: Import) -> None:
    page = browser()
    assert "Put the earlier copy back" in page.get(page_of(upgraded)).content.decode()
    shown = page.post(button_of(upgraded, "earlier")).content.decode()
    assert "goes to the trash of Audiobooks" in shown
    assert "The earlier copy, in mp3, 6 kB, comes back there." in shown
    page.post(button_of(upgraded, "earlier"), {"confirmed": "1"})
    undo_due()
    undo_due()
    assert one.shown == FILES


def test_the_earlier_copy_is_not_put_back_beside_the_better_one(
    one: Shelved, upgraded: Import
) -> None:
    with pytest.raises(ObstacleError, match="Another copy of “Cranford” is on the shelf"):
        redo(one.now(), actor="ann")


def test_what_has_replaced_nothing_has_nothing_to_put_back(one: Shelved) -> None:
    with pytest.raises(BadInputError, match="has replaced no other copy"):
        undo(one.now(), actor="ann", then=Then.BACK)


# --- Which books, and how often -------------------------------------------------------------------


@pytest.fixture
def better(one: Shelved, indexer: Indexer) -> Any:
    Profile.objects.update(upgrade=True, automatic=True)
    make_release(indexer, one.book, title="Cranford by Elizabeth Gaskell [ENG / MP3]")
    title = "Cranford by Elizabeth Gaskell [ENG / M4B]"
    return make_release(indexer, one.book, title=title, info_hash="b" * 40)


def test_a_better_release_is_taken_by_itself(one: Shelved, better: Any) -> None:
    assert note_upgrades() == "Something better is wanted for 1 book on the shelf."
    decide_due()
    assert take_due().startswith("1 taken.")
    new = Download.objects.get(release=better)
    assert new.imports.get().replaces == one.copy
    assert note_upgrades()
    assert not open_books().exists()  # it is coming


def test_a_release_that_is_no_better_is_not(one: Shelved, better: Any) -> None:
    better.delete()
    note_upgrades()
    decide_due()
    assert take_due() == "0 taken."


NotWanted = Callable[[], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Profile.objects.update(upgrade=False),
        lambda: Profile.objects.update(cutoff="mp3"),
        lambda: Profile.objects.update(formats=["mp3", "m4b"]),
        lambda: Book.objects.update(wish=BookWish.PARKED),
        lambda: ShelfCopy.objects.update(origin="moved in"),
        lambda: ShelfCopy.objects.update(format="m4b"),
    ],
    ids=["not asked for", "good enough", "best", "parked", "not placed by TAME", "the same"],
)
def test_for_these_nothing_better_is_searched(one: Shelved, better: Any, change: NotWanted) -> None:
    note_upgrades()
    assert Book.objects.get().may_upgrade
    change()
    note_upgrades()
    assert not Book.objects.get().may_upgrade
    decide_due()
    assert not open_books().exists()


def test_it_is_searched_after_those_that_are_wanted_and_only_after_days(
    one: Shelved, better: Any
) -> None:
    note_upgrades()
    assert not Book.searchable().exists()
    Book.objects.update(next_search_at=timezone.now())
    wanted = make_book("Ruth")
    assert list(Book.searchable()) == [wanted, one.book]
    weeks = Book.objects.get(pk=one.book.pk).next_search_after()
    assert weeks > wanted.next_search_after() * 100


@pytest.mark.parametrize("books", [1, 30])
def test_noting_costs_the_same_whatever_the_number(
    one: Shelved, books: int, django_assert_num_queries: Any
) -> None:
    Profile.objects.update(upgrade=True)
    library = Library.objects.get()
    for n in range(books):
        ShelfCopy.objects.create(
            book=make_book(f"Part {n}"), library=library, folder=f"Part {n}", format="mp3",
            origin="import", state=CopyState.PROVED,
        )  # fmt: skip
    note_upgrades()
    with django_assert_num_queries(6):
        note_upgrades()
