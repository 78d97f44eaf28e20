"""A book that is copied into its library shows how far it is, wherever it is asked for."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import OutputWrapper
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from books.models import Library, ShelfCopy
from books.placing import stage_of
from downloads import imported, importing
from downloads.copying import show_copies
from downloads.importing import import_due
from downloads.leftovers import clear_leftovers
from downloads.models import Download, Import
from downloads.reviewing import another_book, drop
from downloads.states import ImportState, State
from tame.lib.progress import Progress
from tame.runners import is_watched
from tests.commanding import done, run
from tests.downloads.conftest import Complete, now, shown
from tests.factory import PLAIN, make_book, make_download
from tests.people import browser, page_of

HELD = timedelta(minutes=1)


def copied(row: Import, far: int = 300, of: int = 1000) -> Import:
    """Somebody copies it right now, and has come so far."""
    line = {"path": "Cranford/01.mp3", "size": of, "name": "01.mp3", "why": ""}
    Import.objects.filter(pk=row.pk).update(
        copied=far, manifest=[line], leased_until=timezone.now() + HELD
    )
    return now(row)


@pytest.fixture
def row(db: None) -> Import:
    return copied(make_download(book=make_book(), state=State.COMPLETED).imports.get())


# --- In the middle of it --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_takes_long_says_how_far_it_is(
    elsewhere: Path, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read in its middle, from the row, while the disk is slow."""
    monkeypatch.setattr(importing, "COPYING", 0.1)
    Library.objects.create(name="Attic", root=str(elsewhere), template=PLAIN)
    row, seen = complete(), list[dict[str, Any]]()

    def slow(old: Any, new: Any, size: int) -> None:
        content = old.read()
        new.write(content[: len(content) // 2])
        new.flush()
        wait_until(lambda: now(row).copied > 0)
        seen.append(done("list_imports")["imports"][0]["copied"])
        new.write(content[len(content) // 2 :])

    monkeypatch.setattr("books.linking.shutil.copyfileobj", slow)
    import_due()
    assert now(row).state == ImportState.PLACED
    first, last = seen[0], seen[-1]
    assert 0 < first["percent"] < 100
    assert first["of"] == sum(line["size"] for line in now(row).manifest)
    assert last["bytes"] >= first["bytes"]
    assert done("list_imports")["imports"][0]["copied"] is None


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# --- Where it is shown ----------------------------------------------------------------------------


def test_every_page_that_names_it_shows_it(row: Import) -> None:
    download = row.download
    for page in (page_of(row), page_of(row.book), page_of(download), reverse("admin:index")):
        shown = browser().get(page).content.decode()
        assert "300 bytes of 1 kB" in shown, page
        assert "30 %" in shown, page


def test_a_folder_that_is_copied_is_shown_as_well(db: None) -> None:
    row = copied(Import.objects.create(book=make_book(), source_folder="/incoming/Cranford"))
    for page in (page_of(row), page_of(row.book), reverse("admin:index")):
        assert "300 bytes of 1 kB" in browser().get(page).content.decode(), page


def test_the_status_tells_it(row: Import) -> None:
    assert done("status")["copied"] == [{"book": "Cranford", "percent": 30.0}]
    assert "Goes into the library: Cranford, 300 bytes of 1 kB (30 %)." in run("status")[1]
    told = done("show_download", row.download_id)["download"]["imports"]
    assert told[0]["copied"] == {"bytes": 300, "of": 1000, "percent": 30.0}


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_is_a_bar(row: Import) -> None:
    screen = Terminal()
    show_copies(Progress(100, OutputWrapper(screen)))
    assert "[#######.................] 30 of 100 % of “Cranford” are in the" in screen.getvalue()
    Import.objects.update(copied=0)
    nothing = Terminal()
    show_copies(Progress(100, OutputWrapper(nothing)))
    assert nothing.getvalue() == ""


@pytest.mark.parametrize(
    "columns",
    [
        {"leased_until": timezone.now() - HELD},
        {"leased_until": None},
        {"copied": 0},
        {"state": ImportState.REVIEW},
    ],
    ids=["its worker was killed", "nobody works on it", "nothing is there yet", "it waits"],
)
def test_what_nobody_copies_shows_no_progress(row: Import, columns: dict[str, Any]) -> None:
    Import.objects.update(**columns)
    for page in (page_of(row), page_of(row.book), page_of(row.download), reverse("admin:index")):
        assert "goes into the library" not in browser().get(page).content.decode()
    assert done("status")["copied"] == []


@pytest.mark.parametrize("rows", [1, 30])
def test_the_first_page_asks_as_often_for_one_as_for_thirty(rows: int, db: None) -> None:
    for n in range(rows):
        copied(make_download(book=make_book(f"Part {n}"), state=State.COMPLETED).imports.get())
    page = browser()
    page.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as queries:
        page.get(reverse("admin:index"))
    asked = [query["sql"] for query in queries if '"copied" > 0' in query["sql"]]
    assert len(asked) == 1


# --- While somebody looks -------------------------------------------------------------------------


def test_whoever_looks_sees_it_grow(row: Import) -> None:
    page, asked = browser(), {"ids": f"import-{row.pk},import-x,"}
    live = reverse("admin:downloads_download_live")
    told = page.get(live, asked).json()
    assert [(one["id"], one["percent"]) for one in told["rows"]] == [(f"import-{row.pk}", "30")]
    assert told["busy"] is True
    Import.objects.update(copied=900)
    assert page.get(live, asked).json()["rows"][0]["figures"] == "900 bytes of 1 kB"
    assert not is_watched(), "a client was asked more often for nothing"
    Import.objects.update(state=ImportState.PLACED, library=a_library())
    ended = page.get(live, asked).json()
    assert (ended["busy"], ended["stamp"] != told["stamp"]) == (False, True)


@pytest.mark.parametrize("which", ["book", "download"])
def test_a_page_that_is_open_learns_that_it_begins_and_ends(row: Import, which: str) -> None:
    page, address = browser(), live_of(row, which)
    Import.objects.update(copied=0)
    before = page.get(address).json()
    assert (before["busy"], before["rows"][:0]) == (True, [])
    Import.objects.update(copied=500)
    during = page.get(address).json()
    assert during["busy"]
    assert "50" in [one["percent"] for one in during["rows"]]
    Import.objects.update(state=ImportState.SHELVED, library=a_library())
    after = page.get(address).json()
    assert not after["busy"]
    assert len({before["stamp"], during["stamp"], after["stamp"]}) == 3


def live_of(row: Import, which: str) -> str:
    if which == "book":
        return reverse("admin:books_book_live", args=[row.book_id])
    return reverse("admin:downloads_download_one_live", args=[row.download_id])


def a_library() -> Library:
    return Library.objects.create(name="Attic", root="/attic")


def test_a_download_that_is_not_there_yet_makes_no_page_ask(db: None) -> None:
    row = make_download(book=make_book(), state=State.FAILED).imports.get()
    assert not browser().get(live_of(row, "download")).json()["busy"]
    assert Download.objects.get().state == State.FAILED


# --- Given up in the middle -----------------------------------------------------------------------


def in_the_middle(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Once, while the first file is copied."""
    copy, done_ = shutil.copyfileobj, list[object]()

    def copied_while(old: Any, new: Any, size: int) -> None:
        if not done_:
            done_.append(act())
        copy(old, new, size)

    monkeypatch.setattr("books.linking.shutil.copyfileobj", copied_while)


def seen(library: Library) -> list[str]:
    """By Audiobookshelf, which looks into no hidden folder."""
    return [path for path in shown(library) if not path.startswith(".")]


@pytest.fixture
def attic(db: None, elsewhere: Path) -> Library:
    return Library.objects.create(name="Attic", root=str(elsewhere), template=PLAIN)


def test_what_a_person_drops_while_it_is_copied_leaves_nothing(
    attic: Library, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of it is copied any more, and the book is never to be seen."""
    row = complete()
    in_the_middle(monkeypatch, lambda: drop(now(row), actor="ann"))
    import_due()
    assert now(row).state == ImportState.DROPPED
    stage = stage_of(Path(attic.root), str(row.uuid))
    assert len([path for path in stage.iterdir() if path.suffix == ".m4b"]) == 1
    assert seen(attic) == []
    Import.objects.update(leased_until=None)
    clear_leftovers()
    assert not stage.exists()


def test_what_is_dropped_right_after_it_was_placed_is_taken_away(
    attic: Library, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the row; what a person has put beside it stays."""
    row, keep = complete(), imported.keep

    def late(*given: Any) -> None:
        drop(now(row), actor="ann")
        keep(*given)

    monkeypatch.setattr(importing, "keep", late)
    import_due()
    assert now(row).state == ImportState.DROPPED
    assert len(seen(attic)) == 3
    import_due()
    assert len(seen(attic)) == 3, "its lease holds yet: its worker may be in the middle"
    Import.objects.update(leased_until=None)
    import_due()
    assert seen(attic) == []
    assert ShelfCopy.objects.count() == 0


def test_another_book_by_the_same_files_is_placed_then(
    attic: Library, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, ruth = complete(), make_book("Ruth")
    in_the_middle(monkeypatch, lambda: another_book(now(row), actor="ann", book=ruth))
    import_due()
    import_due()
    assert {path.split("/")[1] for path in seen(attic)} == {"Ruth"}
