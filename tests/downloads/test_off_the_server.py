"""Beside an Audiobookshelf: an upgrade keeps its entry and who has listened, an undo takes the
entry off before a file is moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.libraries import root_of
from books.models import Book, ShelfCopy, ShelfServer
from books.placing import Track, place
from books.shelf import tag_of
from demo.audiobookshelf.state import BROKEN, Person
from downloads.importing import import_due, sidecar_for
from downloads.models import Client, Import
from downloads.shelving import shelve_due
from downloads.states import ImportState, State, Then
from downloads.undo import redo, undo
from downloads.undoing import undo_due
from tests.commanding import done
from tests.downloads.conftest import PARTS, Complete
from tests.factory import PLAIN, make_download
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import browser, button_of
from tests.shelves import shown_library

pytestmark = pytest.mark.django_db
FOLDER = "Elizabeth Gaskell/Cranford"
OLD = PARTS[:2]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "audiobooks"
    folder.mkdir()
    return folder


@pytest.fixture
def attic(root: Path, settings: Any) -> Iterator[FakeAudiobookshelf]:
    settings.WATCHER_SECONDS = 0
    with FakeAudiobookshelf(root) as server:
        server.shelf.seen_as = "/books"
        yield server
        assert not server.faults, server.faults[0]


@pytest.fixture
def old(root: Path, attic: FakeAudiobookshelf, client_row: Client, book: Book) -> Import:
    """Two parts of it, on the shelf and listed."""
    library = shown_library(attic, template=PLAIN)
    row = make_download(client_row, book, state=State.REMOVED, hash_v1="a" * 40).imports.get()
    lines = [
        {"path": p.name, "size": p.stat().st_size, "name": p.name, "why": ""} for p in OLD
    ]  # fmt: skip
    tracks = [Track(path, path.name, path.stat().st_size) for path in OLD]
    place(root_of(library), FOLDER, str(row.uuid), tracks, sidecar_for(row, library))
    copy = ShelfCopy.objects.create(
        uuid=row.uuid, book=book, library=library, folder=FOLDER, manifest=lines, format="mp3",
        origin="import",
    )  # fmt: skip
    row.move_to(
        ImportState.PLACED, "Placed.", actor="TAME", copy=copy, library=library,
        final_folder=FOLDER, manifest=lines,
    )  # fmt: skip
    shelve(3)
    return now(row)


def shelve(times: int = 3) -> str:
    said = ""
    for _ in range(times):
        said = shelve_due()
    return said


def now(row: Import) -> Import:
    return Import.objects.select_related("copy__library", "download__client", "book").get(pk=row.pk)


def names(root: Path) -> list[str]:
    return sorted(p.name for p in (root / FOLDER).glob("*.m4b"))


def listens(attic: FakeAudiobookshelf, share: float) -> None:
    attic.people.append(Person("u2", "ann", listens={attic.books[0].id: share}))


def test_an_upgrade_keeps_its_entry(
    root: Path, attic: FakeAudiobookshelf, old: Import, complete: Complete
) -> None:
    assert old.state == ImportState.SHELVED
    entry = attic.books[0].id
    listens(attic, 1.0)
    new = complete()
    assert import_due() == "1 imported."
    assert names(root) == [path.name for path in PARTS]
    shelve(4)
    assert (now(new).state, now(new).last_error) == (ImportState.SHELVED, "")
    [book] = attic.books
    assert (book.id, len(book.files)) == (entry, len(PARTS))
    copy = now(new).copy
    assert copy
    assert (copy.shelf_id, book.tags) == (entry, [tag_of(copy)])


def test_what_a_person_has_edited_there_stays(
    attic: FakeAudiobookshelf, old: Import, complete: Complete
) -> None:
    attic.books[0].metadata["title"] = "Cranford, read for grandmother"
    attic.books[0].tags = ["for the car"]
    new = complete()
    import_due()
    shelve(4)
    [book] = attic.books
    assert now(new).state == ImportState.SHELVED
    assert book.metadata["title"] == "Cranford, read for grandmother"
    assert "for the car" in book.tags


def test_it_waits_for_whoever_is_in_the_middle_of_it(
    root: Path, attic: FakeAudiobookshelf, old: Import, complete: Complete
) -> None:
    listens(attic, 0.4)
    new = complete()
    assert import_due() == "0 imported."
    assert (now(new).state, names(root)) == (ImportState.PENDING, [path.name for path in OLD])
    assert "in the middle of “Cranford”" in now(new).last_error
    attic.people[-1].listens[attic.books[0].id] = 1.0
    Import.objects.update(retry_at=timezone.now())
    assert import_due() == "1 imported."


def test_what_the_server_does_not_say_counts_as_yes(
    root: Path, attic: FakeAudiobookshelf, old: Import, complete: Complete
) -> None:
    new = complete()
    attic.trouble = BROKEN
    import_due()
    attic.trouble = None
    assert (now(new).state, names(root)) == (ImportState.PENDING, [path.name for path in OLD])


def test_an_undo_takes_the_entry_off_first(
    root: Path, attic: FakeAudiobookshelf, old: Import
) -> None:
    undo(old, actor="ann", then=Then.PARK)
    attic.trouble = BROKEN
    undo_due()
    assert (now(old).state, names(root)) == (ImportState.UNDOING, [path.name for path in OLD])
    attic.trouble = None
    Import.objects.update(retry_at=None)
    ShelfServer.objects.update(off_until=None, failures=0)
    undo_due()
    assert (now(old).state, attic.books, names(root)) == (ImportState.UNDONE, [], [])
    assert "off the list of Attic" in now(old).history.all()[0].sentence


def test_the_page_says_that_somebody_is_in_the_middle_of_it(
    attic: FakeAudiobookshelf, old: Import
) -> None:
    listens(attic, 0.4)
    for row, verb in ((old, "undo"), (old.book, "take_off"), (old, "wrong"), (old.book, "wrong")):
        shown = browser().post(button_of(row, verb)).content.decode()
        assert "Somebody is in the middle of it: Attic forgets where." in shown


def test_a_dry_run_says_it_too(attic: FakeAudiobookshelf, old: Import) -> None:
    listens(attic, 0.4)
    for command in (["undo_import"], ["wrong_book", "--because", "abridged"]):
        [row] = done(command[0], old.book.pk, *command[1:], "--dry-run")["books"]
        assert "Somebody is in the middle of it: Attic forgets where." in row["sentence"]


def test_put_back_it_is_listed_again(root: Path, attic: FakeAudiobookshelf, old: Import) -> None:
    undo(old, actor="ann", then=Then.PARK)
    undo_due()
    redo(now(old), actor="ann")
    undo_due()
    shelve(4)
    assert now(old).state == ImportState.SHELVED
    [book] = attic.books
    assert book.metadata["title"] == "Cranford"
