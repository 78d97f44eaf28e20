"""kill -9 before every call of the file system and every statement of the database, of an undo,
its way back and an upgrade: whoever comes next ends it, and the rows tell what is on the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from books import replacing
from books.models import Book, Library, ShelfCopy
from books.placing import Track
from books.sound import Sound
from books.states import CopyState
from downloads import imported, importing
from downloads.manifest import Line
from downloads.models import Import
from downloads.reviewing import drop
from downloads.shelving import shelve_due
from downloads.states import ImportState, State, Then
from downloads.undo import redo, undo
from downloads.undoing import undo_due
from downloads.upgrading import instead, replaced, restore_due
from tame.lib.lease import claim
from tests.books.killing import die_at, trace
from tests.downloads.shelved import FILES, Shelved, look, shelved
from tests.factory import make_book, make_client, make_download
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db(transaction=True)
LONG = pytest.mark.long
BETTER = {"01.m4b": b"uno" * 1999, "02.m4b": b"due" * 1999}


@pytest.fixture
def books(tmp_path: Path, transactional_db: None) -> Iterator[Shelved]:
    """One more book on the shelf, whenever one is needed."""
    make_client()
    return (shelved(tmp_path, f"Cranford {number}") for number in range(1, 1000))


def killed_before(number: int, work: Callable[[], object]) -> bool:
    """In a child with a connection of its own; whether it died."""
    connection.close()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)
    counted = die_at(number, (replacing, "swap"))

    def count(call: Any, *given: Any, **how: Any) -> Any:
        counted()
        return call(*given, **how)

    with ExitStack() as stack:
        stack.callback(os._exit, 0)
        stack.enter_context(connection.execute_wrapper(count))
        work()
    return False


def later() -> None:
    """Nobody waits for the dead any more."""
    then = timezone.now() - timedelta(seconds=1)
    Import.objects.update(leased_until=then, retry_at=None)
    ShelfCopy.objects.update(leased_until=then)


def is_on_shelf(one: Shelved) -> bool:
    return Book.objects.get(pk=one.book.pk).on_shelf


@pytest.mark.wide
@pytest.mark.parametrize("by", ["link", "copy"])
def test_an_import_killed_anywhere(by: str, tmp_path: Path, transactional_db: None) -> None:
    """From the look at the folder to the move of the row."""
    with ExitStack() as stack:
        seed = tmp_path / "seed"
        seed.mkdir()
        files = {f"{n}.mp3": mp3(n) for n in (2, 3, 4)}
        for name, content in files.items():
            (seed / name).write_bytes(content)
        root = tmp_path / "library"
        if by == "copy":
            if not Path("/dev/shm").is_dir():
                pytest.skip("there is no second file system here")
            root = Path(mkdtemp(prefix="tame-test-", dir="/dev/shm"))
            stack.callback(shutil.rmtree, root)
        root.mkdir(exist_ok=True)
        library = Library.objects.create(name="Audiobooks", root=str(root))
        before, number, died = trace(seed), 0, True
        while died:
            number += 1
            book = make_book("Cranford", f"Author {number}")
            row = Import.objects.create(source_folder=str(seed), book=book)
            died = killed_before(number, lambda pk=row.pk: importing.import_one(pk))  # type: ignore[misc]
            final = root / f"Author {number}" / "Cranford"
            assert look(final) in ({}, files), f"a part of a book was to be seen after {number}"
            later()
            importing.import_one(row.pk)
            row.refresh_from_db()
            assert (row.state, look(final)) == (ImportState.PLACED, files), row.last_error
            [copy] = ShelfCopy.objects.filter(book=book)
            assert (copy.pk, copy.folder) == (row.copy_id, str(final.relative_to(root)))
            assert [p.name for p in (root / ".tame").iterdir()] == [".made.json"]
            assert trace(seed) == before
        assert number > 60
        assert len(list(root.glob("*/*/2.mp3"))) == library.copies.count() == number


@pytest.mark.wide
def test_an_undo_killed_anywhere(books: Iterator[Shelved]) -> None:
    number, died = 0, True
    while died:
        number += 1
        one = next(books)
        before = trace(one.seed)
        undo(one.now(), actor="ann", then=Then.AGAIN)
        died = killed_before(number, undo_due)
        later()
        undo_due()
        assert (one.now().state, one.copy.state) == (ImportState.UNDONE, CopyState.TRASHED)
        assert (one.shown, look(one.trash), is_on_shelf(one)) == ({}, FILES, False)
        assert Import.objects.filter(book=one.book, state=ImportState.PENDING).count() == 1
        assert trace(one.seed) == before
        Import.objects.filter(book=one.book).update(state=ImportState.DROPPED)
    assert number > 20


@pytest.mark.wide
def test_the_way_back_killed_anywhere(books: Iterator[Shelved]) -> None:
    number, died = 0, True
    while died:
        number += 1
        one = next(books)
        undo(one.now(), actor="ann", then=Then.PARK)
        undo_due()
        redo(one.now(), actor="ann")
        died = killed_before(number, undo_due)
        later()
        undo_due()
        shelve_due()
        assert (one.now().state, one.copy.state) == (ImportState.SHELVED, CopyState.PROVED)
        assert (one.shown, look(one.trash), is_on_shelf(one)) == (FILES, {}, True)
    assert number > 15


# --- An upgrade -----------------------------------------------------------------------------------


def coming(one: Shelved) -> Import:
    """Something better, complete beside the old seed."""
    folder = one.seed.parent / f"{one.book} in m4b"
    folder.mkdir()
    for name, content in BETTER.items():
        (folder / name).write_bytes(content)
    download = make_download(state=State.COMPLETED, hash_v1=f"{one.book.pk:040}")
    manifest = [{"path": n, "size": len(c), "name": n, "why": ""} for n, c in BETTER.items()]
    return Import.objects.create(
        download=download, book=one.book, replaces=one.copy, library=one.copy.library,
        final_folder=one.copy.folder, mapped_path=str(folder), manifest=manifest,
    )  # fmt: skip


def bring(pk: int) -> None:
    """As the schedule does it, once the files were looked at and listened to."""
    row = Import.objects.select_related(*importing.JOINED).get(pk=pk)
    token = claim(Import.objects.filter(state=ImportState.PENDING), pk)
    old = replaced(row) if token else None
    if old is None or token is None:
        return
    lines = [Line(name, len(content), name) for name, content in BETTER.items()]
    source = Path(row.mapped_path)
    tracks = [Track(source / line.path, line.name, line.size) for line in lines]

    def keep(ways: Mapping[str, int]) -> None:
        sounds = [Sound(60.0, format="m4b")]
        imported.keep(row, imported.Placed(old.library, old.folder, sounds, ways), token)

    instead(row, old, tracks, token, keep)


EXCHANGE, TWO_RENAMES = True, False


@pytest.mark.parametrize(
    ("can_swap", "after"),
    [
        pytest.param(EXCHANGE, "given up", id="exchange-given up", marks=pytest.mark.wide),
        pytest.param(EXCHANGE, "gone on with", id="exchange-gone on with", marks=pytest.mark.wide),
        pytest.param(TWO_RENAMES, "given up", id="two renames-given up", marks=LONG),
        pytest.param(TWO_RENAMES, "gone on with", id="two renames-gone on with", marks=LONG),
    ],
)
def test_an_upgrade_killed_anywhere(
    can_swap: bool, after: str, books: Iterator[Shelved], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_swap:
        monkeypatch.setattr(replacing, "swap", lambda *_: False)
    whole = (FILES, BETTER) if can_swap else (FILES, BETTER, {})
    number, died = 0, True
    while died:
        number += 1
        one = next(books)
        new = coming(one)
        seeds = (one.seed, Path(new.mapped_path))
        before = [trace(seed) for seed in seeds]
        died = killed_before(number, lambda pk=new.pk: bring(pk))  # type: ignore[misc]
        assert one.shown in whole, f"a part of a book was to be seen after {number}"
        assert is_on_shelf(one)
        later()
        if Import.objects.get(pk=new.pk).state == ImportState.PENDING:
            (go_on if after == "gone on with" else give_up)(new.pk)
        check(one, new.pk)
        assert [trace(seed) for seed in seeds] == before
    assert number > 40


def go_on(pk: int) -> None:
    bring(pk)
    assert Import.objects.get(pk=pk).state == ImportState.PLACED


def give_up(pk: int) -> None:
    drop(Import.objects.get(pk=pk), actor="ann")
    restore_due()


def check(one: Shelved, pk: int) -> None:
    """Either all of the one, or all of the other."""
    new = Import.objects.select_related("copy").get(pk=pk)
    assert not new.exchanging
    assert is_on_shelf(one)
    if new.state == ImportState.PLACED:
        assert (one.shown, look(one.trash)) == (BETTER, FILES)
        assert (one.copy.state, one.now().state) == (CopyState.TRASHED, ImportState.UNDONE)
    else:
        assert (one.shown, look(one.trash)) == (FILES, {})
        assert (one.copy.state, one.now().state) == (CopyState.PROVED, ImportState.SHELVED)
