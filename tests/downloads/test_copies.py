"""Every copy is found, says where it is and what proved it, and goes to the trash and back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Library, ShelfCopy
from books.states import CopyState
from demo.audiobookshelf.state import BROKEN
from downloads.copies import prove_again, put_back
from downloads.models import Import
from downloads.states import ImportState
from downloads.undoing import undo_due
from tame.lib.errors import BadInputError, LocalError, ObstacleError, ServiceDownError
from tests.books.conftest import CHAPTERS
from tests.commanding import done, run
from tests.downloads.shelved import FILES, Shelved, shelved
from tests.factory import make_book
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import bob, browser, button_of, list_of, messages, page_of
from tests.shelves import shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(tmp_path: Path) -> Shelved:
    return shelved(tmp_path)


@pytest.fixture
def abs_fake(one: Shelved) -> Iterator[FakeAudiobookshelf]:
    """It shows the library, and has found the copy in it."""
    with FakeAudiobookshelf(one.root) as fake:
        Library.objects.update(**shown_by(fake))
        names = ["01.mp3", "02.mp3"]
        for name, chapter in zip(names, CHAPTERS, strict=False):
            shutil.copy(chapter, one.folder / name)
        lines = [{"name": n, "path": n, "size": (one.folder / n).stat().st_size} for n in names]
        fake.scan()
        ShelfCopy.objects.update(shelf_id=fake.books[0].id, manifest=lines)
        yield fake


def listed(query: str = "") -> str:
    return browser().get(list_of(ShelfCopy) + query).content.decode()


def press(copy: ShelfCopy, verb: str, **sent: str) -> list[str]:
    sent = {"confirmed": "1"} | sent
    return messages(browser().post(button_of(copy, verb), sent, follow=True))


# --- The list -------------------------------------------------------------------------------------


def test_a_copy_is_listed_with_its_files_and_its_proof(one: Shelved) -> None:
    ShelfCopy.objects.update(proved_at=timezone.now())
    shown = listed()
    size = sum(len(content) for content in FILES.values())
    assert f'field-files">{len(FILES)}<' in shown
    assert f'field-size">{size / 1000:.0f} kB<' in shown
    assert 'field-where">on the shelf<' in shown
    assert ", by its files<" in shown
    assert one.row.final_folder in shown


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"state": "missing"}, "missing"),
        ({"state": "gone"}, "gone"),
        ({"state": "placed"}, "in its folder"),
        ({"state": "trashed", "trash_until": None}, "in the trash, and put back now"),
    ],
)
def test_it_says_where_a_copy_is(one: Shelved, columns: dict[str, Any], said: str) -> None:
    ShelfCopy.objects.update(**columns)
    assert f'field-where">{said}<' in listed()


def test_what_is_in_the_trash_says_until_when(one: Shelved) -> None:
    until = timezone.now() + timedelta(days=30)
    ShelfCopy.objects.update(state="trashed", trash_until=until)
    day = f"{timezone.localtime(until):%-d %b}"
    assert f'field-where">in the trash until {day}, ' in listed("?state__exact=trashed")
    assert str(one.trash) in browser().get(page_of(one.copy)).content.decode()


def test_what_a_better_one_replaced_says_so(one: Shelved) -> None:
    old = one.copy
    ShelfCopy.objects.filter(pk=old.pk).update(state="trashed", trash_until=timezone.now())
    Import.objects.filter(pk=one.row.pk).update(state=ImportState.UNDONE)
    better = ShelfCopy.objects.create(
        book=one.book, library=old.library, folder=old.folder, state="proved"
    )
    Import.objects.create(
        book=one.book, library=old.library, source_folder="/x", replaces=old, copy=better,
        state=ImportState.SHELVED,
    )  # fmt: skip
    assert ", replaced<" in listed("?state__exact=trashed")
    assert "A better one</a> came in its place." in browser().get(page_of(old)).content.decode()
    assert "an earlier copy</a>" in browser().get(page_of(better)).content.decode()


@pytest.mark.parametrize("words", ["Middlemarch", "Eliot", "Eliot Middlem"])
def test_a_copy_is_found_by_words(one: Shelved, words: str) -> None:
    shelved(one.root.parent, "Middlemarch", make_book("Middlemarch", "George Eliot"))
    shown = listed(f"?q={words}")
    assert shown.count('field-where">') == 1
    assert "1 copy" in shown


def test_copies_are_filtered_by_where_they_came_from(one: Shelved) -> None:
    ShelfCopy.objects.update(origin="moved in")
    assert 'field-where">' in listed("?origin=moved+in")
    assert 'field-where">' not in listed("?origin=import")


def test_thirty_copies_cost_as_many_queries_as_one(one: Shelved) -> None:
    counts, library, page = [], Library.objects.get(), browser()
    for number in (0, 29):
        for n in range(number):
            book = make_book(f"Volume {n}")
            ShelfCopy.objects.create(
                book=book, library=library, folder=str(n), state="trashed",
                trash_until=timezone.now(),
            )  # fmt: skip
        page.get(list_of(ShelfCopy))
        with CaptureQueriesContext(connection) as asked:
            page.get(list_of(ShelfCopy))
        with CaptureQueriesContext(connection) as told:
            assert len(done("list_copies")["copies"]) == number + 1
        counts.append((len(asked), len(told)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 10


def test_a_copy_s_page_tells_its_way(one: Shelved) -> None:
    shown = browser().get(page_of(one.copy)).content.decode()
    assert str(one.folder) in shown
    assert f'<a href="{page_of(one.row)}">the import</a> of {one.row.download}' in shown
    assert all(name in shown for name in FILES)
    other = browser(bob("books.view_shelfcopy")).get(page_of(one.copy)).content.decode()
    assert page_of(one.row) not in other
    assert "Take off the shelf" not in other


# --- Prove it again -------------------------------------------------------------------------------


def test_it_is_proved_again_by_its_files(one: Shelved) -> None:
    [said] = press(one.copy, "prove")
    assert said == f"“Cranford”: 3 files stand in {one.folder}, each with its size."
    assert one.copy.proved_at
    assert one.copy.history.values_list("actor", flat=True)[0] == "ann"


def test_a_changed_file_is_said_and_nothing_is_moved(one: Shelved) -> None:
    (one.folder / "01.mp3").write_bytes(b"short")
    before = one.copy.proved_at
    with pytest.raises(LocalError, match=r"01\.mp3 has 5 bytes in the place of"):
        prove_again(one.copy, actor="ann")
    assert (one.copy.state, one.copy.proved_at) == (CopyState.PROVED, before)


def test_a_missing_copy_that_is_whole_is_on_the_shelf_again(one: Shelved) -> None:
    one.copy.move_to(CopyState.MISSING, "Gone.", actor="TAME")
    one.book.refresh_from_db()
    assert one.book.missing
    prove_again(one.copy, actor="ann")
    one.book.refresh_from_db()
    assert (one.copy.state, one.book.missing) == (CopyState.PROVED, False)


def test_what_is_in_the_trash_is_not_proved(one: Shelved) -> None:
    one.copy.move_to(CopyState.TRASHED, "Off.", actor="ann")
    with pytest.raises(BadInputError, match="only what is on the shelf"):
        prove_again(one.copy, actor="ann")


def test_where_a_server_shows_it_its_entry_is_looked_at(
    one: Shelved, abs_fake: FakeAudiobookshelf
) -> None:
    said = prove_again(one.copy, actor="ann")
    assert said.endswith("Attic shows all of them, in their order.")
    assert not abs_fake.writes
    assert ", by Attic<" in listed()


def test_a_server_that_does_not_list_it_is_named(
    one: Shelved, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.shelves.books.clear()
    with pytest.raises(ObstacleError, match="Attic does not list “Cranford”"):
        prove_again(one.copy, actor="ann")
    abs_fake.trouble = BROKEN
    with pytest.raises(ServiceDownError):
        prove_again(one.copy, actor="ann")


def test_copies_are_proved_by_command(one: Shelved) -> None:
    copy = one.copy
    assert done("prove_copies", "--dry-run")["copies"] == [
        {"id": copy.pk, "ok": True, "state": "proved"}
    ]
    assert copy.proved_at == one.copy.proved_at
    [told] = done("prove_copies", copy.pk, "--by", "bob")["copies"]
    assert (told["ok"], told["proved_by"]) == (True, "its files")
    assert one.copy.history.values_list("actor", flat=True)[0] == "bob"
    (one.folder / "02.mp3").unlink()
    code, out, err = run("prove_copies")
    assert (code, out) == (1, "")
    assert "02.mp3 was placed and cannot be seen" in err


# --- The trash ------------------------------------------------------------------------------------


def test_a_copy_goes_to_the_trash_and_comes_back(one: Shelved) -> None:
    asked = browser().post(button_of(one.copy, "take_off")).content.decode()
    assert "goes to the trash of" in asked
    assert press(one.copy, "take_off", then="park")[0].startswith("“Cranford” leaves the shelf")
    undo_due()
    assert not one.shown
    [told] = done("list_copies", "--state", "trashed")["copies"]
    assert (told["path"], told["trash_until"] is not None) == (str(one.trash), True)
    asked = browser().post(button_of(one.copy, "put_back")).content.decode()
    assert f"comes back from the trash to {one.folder}" in asked
    assert press(one.copy, "put_back") == [
        "“Cranford” is put back from the trash, and proved again."
    ]
    undo_due()
    assert one.shown


def test_what_was_kept_long_enough_does_not_come_back(one: Shelved) -> None:
    press(one.copy, "take_off", then="park")
    undo_due()
    ShelfCopy.objects.update(trash_until=timezone.now())
    assert "Put it back" not in browser().get(page_of(one.copy)).content.decode()
    with pytest.raises(BadInputError, match="cannot be put back: it is in the trash until"):
        put_back(one.copy, actor="ann")


def test_what_moved_in_is_not_moved(one: Shelved) -> None:
    copy = ShelfCopy.objects.create(
        book=make_book("Ruth"), library=one.copy.library, folder="Ruth", state="proved",
        origin="moved in",
    )  # fmt: skip
    assert "Take off the shelf" not in browser().get(page_of(copy)).content.decode()
    assert "does not move" in press(copy, "take_off", then="park")[0]
