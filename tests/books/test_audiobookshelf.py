"""The gateway against its fake and, when one is given, against a real Audiobookshelf.

`TAME_TEST_ABS_URL` and `TAME_TEST_ABS_KEY`: a server on loopback for tests only, whose key belongs
to an admin with all permissions. Its first library is of books, has disableWatcher on, and its
first folder is one that the tests see at the same path and may write. Books that these tests make
are removed again, with their folders.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from books import audiobookshelf as abs_
from books.audiobookshelf import Server
from books.audiobookshelf_answers import ListedBook, ShelfBook
from demo.audiobookshelf.state import API_KEY
from tests.books.conftest import put_chapters
from tests.fakes.audiobookshelf import FakeAudiobookshelf

REAL = (os.environ.get("TAME_TEST_ABS_URL", ""), os.environ.get("TAME_TEST_ABS_KEY", ""))
WHICH = ["fake", pytest.param("real", marks=pytest.mark.live)]


@dataclass
class World:
    """One book with the tag in a library."""

    server: Server
    library: str
    root: Path
    tag: str

    def put(self, **sidecar: object) -> Path:
        folder = put_chapters(self.root, f"Elizabeth Gaskell/Cranford {self.tag[-8:]}")
        known = {"tags": [self.tag], "title": "Cranford"} | sidecar
        (folder / "metadata.json").write_text(json.dumps(known))
        return folder

    def scan(self) -> None:
        self.wait()
        abs_.scan(self.server, self.library)
        self.wait()

    def wait(self) -> None:
        ends = time.monotonic() + 30
        while abs_.is_scanning(self.server, self.library) and time.monotonic() < ends:
            time.sleep(0.02)

    def listed(self) -> ListedBook:
        [found] = abs_.tagged(self.server, self.library, self.tag)
        return found

    def book(self) -> ShelfBook:
        found = abs_.book(self.server, self.listed().id)
        assert found
        return found


@pytest.fixture(params=WHICH)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    tag = f"tame:{uuid4()}"
    if request.param == "fake":
        with FakeAudiobookshelf(tmp_path) as fake:
            yield World(Server("Attic", fake.url, API_KEY), fake.shelf.id, tmp_path, tag)
            assert not fake.faults, fake.faults[0]
        return
    if not all(REAL):
        pytest.skip("needs an Audiobookshelf: TAME_TEST_ABS_URL and TAME_TEST_ABS_KEY")
    server = Server("Attic", REAL[0].rstrip("/"), REAL[1])
    library = next(one for one in abs_.libraries(server) if one.holds_books)
    made = World(server, library.id, Path(library.folders[0]), tag)
    yield made
    for book in abs_.tagged(server, library.id, tag):
        abs_.remove(server, book.id)
        shutil.rmtree(book.path, ignore_errors=True)


# --- Both -----------------------------------------------------------------------------------------


def test_it_says_whose_key_it_is(world: World) -> None:
    me = abs_.who_am_i(world.server)
    assert me.is_admin
    assert (me.may_update, me.may_upload, me.may_delete) == (True, True, True)
    assert me.version.startswith("2.")
    assert not me.keeps_metadata_with_books


def test_libraries_come_with_folders_and_watcher(world: World) -> None:
    library = next(one for one in abs_.libraries(world.server) if one.id == world.library)
    assert library.folders == (str(world.root),)
    assert (library.holds_books, library.is_watched) == (True, False)


def last_scan(world: World) -> datetime | None:
    known = {one.id: one.last_scan for one in abs_.libraries(world.server)}
    return known[world.library]


def test_a_scan_ends_later_and_the_book_is_found_by_its_tag(world: World) -> None:
    folder = world.put(series=["Tales #1.5"], narrators=["Ann Reader"], authors=["Mrs. Gaskell"])
    before = last_scan(world)
    world.scan()
    after = last_scan(world)
    assert after
    assert before is None or after > before
    listed, book = world.listed(), world.book()
    assert Path(listed.path) == folder == Path(book.path)
    assert (listed.series, listed.is_missing) == ("Tales #1.5", False)
    assert book.details.authors == ("Mrs. Gaskell",)  # the sidecar beats tags and names
    assert book.details.series == (("Tales", "1.5"),)
    assert [track.name for track in book.tracks] == [
        "01 - Our Society.m4b", "02 - The Captain.m4b",
    ]  # fmt: skip
    assert {track.name: track.size for track in book.tracks} == {
        path.name: path.stat().st_size for path in folder.glob("*.m4b")
    }


def test_a_tag_that_nobody_carries_finds_nothing(world: World) -> None:
    world.put()
    world.scan()
    assert abs_.tagged(world.server, world.library, f"tame:{uuid4()}") == ()


def test_the_whole_list_and_the_newest(world: World) -> None:
    world.put()
    world.scan()
    assert world.listed() in abs_.all_books(world.server, world.library)
    assert abs_.newest(world.server, world.library, 1) == (world.listed(),)


def test_fields_are_corrected_and_read_back(world: World) -> None:
    world.put()
    world.scan()
    changes = {
        "title": "Cranford, a Tale",
        "subtitle": "Of a small town",
        "authors": ["Elizabeth Gaskell", "Ann Second"],
        "narrators": ["Ann Reader", "Bob Reader"],
        "series": [("Tales", "2"), ("Others", "")],
        "year": "1853",
        "language": "English",
        "publisher": "Chapman",
        "asin": "B000000001",
        "isbn": "9780000000002",
    }
    assert abs_.correct(world.server, world.listed().id, changes)
    seen = world.book().details
    assert seen.authors == ("Elizabeth Gaskell", "Ann Second")
    assert seen.narrators == ("Ann Reader", "Bob Reader")
    assert seen.series == (("Tales", "2"), ("Others", ""))
    assert (seen.title, seen.year, seen.asin) == ("Cranford, a Tale", "1853", "B000000001")
    assert not abs_.correct(world.server, world.listed().id, {"title": "Cranford, a Tale"})
    assert world.tag in world.book().tags


def test_what_was_empty_is_emptied_again(world: World) -> None:
    world.put()
    world.scan()
    abs_.correct(world.server, world.listed().id, {"subtitle": "Of a small town"})
    assert abs_.restore(world.server, world.listed().id, {"subtitle": "", "series": []})
    assert world.book().details.subtitle == ""


def test_tracks_are_put_in_order(world: World) -> None:
    world.put()
    world.scan()
    first, second = world.book().tracks
    abs_.order_tracks(world.server, world.listed().id, [second.number, first.number])
    assert [track.name for track in world.book().tracks] == [second.name, first.name]


def test_a_book_is_taken_off_and_its_files_stay(world: World) -> None:
    folder = world.put()
    world.scan()
    number = world.listed().id
    assert abs_.remove(world.server, number)
    assert abs_.book(world.server, number) is None
    assert not abs_.remove(world.server, number)
    assert len(list(folder.glob("*.m4b"))) == 2


def test_it_says_whether_it_sees_a_path_hidden_ones_included(world: World) -> None:
    probe = world.root / ".tame" / f"probe-{uuid4()}"
    probe.mkdir(parents=True)
    try:
        assert abs_.path_exists(world.server, str(world.root), f".tame/{probe.name}")
    finally:
        probe.rmdir()
    assert not abs_.path_exists(world.server, str(world.root), f".tame/{probe.name}")


def test_a_vanished_folder_is_missing(world: World) -> None:
    folder = world.put()
    world.scan()
    shutil.rmtree(folder)
    world.scan()
    assert world.listed().is_missing


def test_nobody_is_in_the_middle_of_a_new_book(world: World) -> None:
    world.put()
    world.scan()
    listening, people = abs_.unfinished(world.server, world.listed().id)
    assert (listening, people > 0) == (0, True)


# --- The sidecar ----------------------------------------------------------------------------------


def touch(folder: Path) -> None:
    """As when a seeded twin is deleted: the number of links, and so the ctime, changes."""
    file = next(folder.glob("*.m4b"))
    twin = file.with_suffix(".twin")
    twin.hardlink_to(file)
    twin.unlink()


def test_a_sidecar_reverts_a_later_edit_until_it_is_removed(world: World) -> None:
    folder = world.put()
    world.scan()
    number = world.listed().id
    abs_.correct(world.server, number, {"title": "Cranford, corrected"})
    time.sleep(0.02)
    touch(folder)
    world.scan()
    assert world.book().details.title == "Cranford"
    (folder / "metadata.json").unlink()
    abs_.correct(world.server, number, {"title": "Cranford, corrected"})
    time.sleep(0.02)
    touch(folder)
    world.scan()
    assert world.book().details.title == "Cranford, corrected"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ('{"metadata": {"title": "Old form"}}', "Old form"),
        ("\ufeff" + '{"title": "After a mark"}', "Cranford"),
        ('{"title": 12}', "Cranford"),
        ("{", "Cranford"),
    ],
)
def test_a_sidecar_it_cannot_read_is_ignored(tmp_path: Path, content: str, title: str) -> None:
    folder = put_chapters(tmp_path)
    (folder / "metadata.json").write_text(content)
    with FakeAudiobookshelf(tmp_path) as fake:
        fake.scan()
        assert fake.books[0].metadata["title"] == title
