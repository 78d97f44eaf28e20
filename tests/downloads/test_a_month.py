"""800 books that a person made and curated by hand: a month of every schedule changes nothing."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.utils.module_loading import import_string

from books.audiobookshelf import PAGE
from books.libraries import root_of
from books.models import Book, Library, ShelfCopy
from books.moving_in import reading, storing
from books.placing import Track, place
from books.shelf import tag_of
from downloads.importing import sidecar_for
from downloads.models import Import
from downloads.states import ImportState, State
from tame.schedules import SCHEDULES
from tests.books.conftest import CHAPTERS
from tests.factory import PLAIN, make_book, make_download, use_sources
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.fakes.sources import FakeSources
from tests.shelves import shown_library

pytestmark = pytest.mark.django_db
DAYS, SLICE = 30, 4000  # bytes of sound: enough to be heard
SIZES = [pytest.param(number, marks=pytest.mark.wide) for number in (24, 800)]
SOUND = next((CHAPTERS[0].parents[1]).glob("*Time Machine*/*.mp3"))


@pytest.fixture(params=SIZES)
def fake(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeAudiobookshelf]:
    """Every book with a title, a series and tags of the person's own."""
    root = tmp_path / "audiobooks"
    sound = SOUND.read_bytes()[:SLICE]
    for number in range(request.param):
        folder = root / f"Author {number % 40:02}" / f"By hand {number:03}"
        folder.mkdir(parents=True)
        (folder / "book.mp3").write_bytes(sound + number.to_bytes(2))
        (folder / "notes.txt").write_text(f"Mine, {number}.")
    with FakeAudiobookshelf(root) as server:
        server.scan()
        for number, book in enumerate(server.books):
            book.metadata |= {
                "title": f"As I call it {number}",
                "authors": [f"Author {number % 40:02}", f"Reader Aloud {number % 40:02}"],
                "series": [("Mine", str(number))],
                "description": "<p>Read aloud at home.</p>",
            }
            book.tags = ["mine", f"shelf {number % 7}"]
        yield server
        assert not server.faults, server.faults[0]


@pytest.fixture
def library(fake: FakeAudiobookshelf) -> Library:
    return shown_library(fake, template=PLAIN)


def on_disk(root: Path) -> dict[str, Any]:
    """Every byte, and whatever a person or a seed would notice."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".tame"]
        for name in names:
            path = Path(folder) / name
            stat = path.stat()
            content = sha256(path.read_bytes()).hexdigest()
            found[str(path)] = (content, stat.st_ino, stat.st_mode, stat.st_mtime_ns, stat.st_ctime)
    return found


def on_shelf(fake: FakeAudiobookshelf) -> dict[str, Any]:
    return {
        one.id: copy.deepcopy((one.path, one.metadata, one.tags, one.order, one.cover,
                               one.is_missing, one.added_at, one.updated_at))
        for one in fake.books
    }  # fmt: skip


def move_in(library: Library) -> None:
    """As a person does it once; the lines that are sure."""
    run = reading.begin_with_shelf(library, by="ann")
    reading.read_due()
    run.refresh_from_db()
    storing.confirm(run, actor="ann")
    storing.store_due()


def place_one(library: Library) -> Import:
    """In the middle of the month a book comes by an import."""
    book = make_book("Cranford", language="eng")
    row = make_download(book=book, state=State.COMPLETED, hash_v1="c" * 40).imports.get()
    manifest = [
        {"path": path.name, "size": path.stat().st_size, "name": path.name, "why": ""}
        for path in CHAPTERS
    ]
    tracks = [Track(path, path.name, path.stat().st_size) for path in CHAPTERS]
    own = sidecar_for(row, library)
    place(root_of(library), "Elizabeth Gaskell/Cranford", str(row.uuid), tracks, own)
    made = ShelfCopy.objects.create(
        uuid=row.uuid, book=book, library=library, folder="Elizabeth Gaskell/Cranford",
        manifest=manifest, format="m4b", origin="import",
    )  # fmt: skip
    row.move_to(
        ImportState.PLACED, "Placed.", actor="TAME", copy=made, library=library,
        final_folder=made.folder, manifest=manifest,
    )  # fmt: skip
    return row


def test_a_library_made_by_hand_stays_as_it_is(
    fake: FakeAudiobookshelf, library: Library, pass_time: Callable[[timedelta], None]
) -> None:
    move_in(library)
    files, shelf = on_disk(fake.shelf.folder), on_shelf(fake)
    assert ShelfCopy.objects.count() == len(shelf) >= 24
    moved, row = len(fake.asked), None
    # What TAME knows is made to differ in every field: it is tempted all month.
    Book.objects.update(subtitle="As TAME has it", publisher="Another", year=1900)
    ShelfCopy.objects.update(corrected_at=None)
    with FakeSources() as sources:
        use_sources(sources.url)
        for day in range(DAYS):
            if day == DAYS // 2:
                row = place_one(library)
            for path, _ in SCHEDULES.values():
                import_string(path)()
            pass_time(timedelta(days=1))
    assert row
    row.refresh_from_db()
    made = ShelfCopy.objects.get(uuid=row.uuid)
    assert (row.state, bool(made.corrected_at)) == (ImportState.SHELVED, True)

    after = on_shelf(fake)
    [new] = set(after) - set(shelf)
    assert after[new][2] == [tag_of(made)]
    assert {pk: after[pk] for pk in shelf} == shelf
    now = on_disk(fake.shelf.folder)
    assert {path: now[path] for path in files} == files
    assert {asked.path.split("/")[3] for asked in fake.writes} <= {new}
    nights = DAYS * (
        1 + len(shelf) // PAGE
    )  # what was edited there is looked for in the whole list
    assert len(fake.asked) - moved < 20 + nights  # for the one that came; none for each of the 800
