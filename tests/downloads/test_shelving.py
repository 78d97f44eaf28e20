"""A placed book is proved by Audiobookshelf's own entry: one scan for many, and nothing waits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.correcting import correct_due
from books.details import known
from books.libraries import root_of
from books.models import Book, Library, SeriesPlace, ShelfCopy, ShelfServer
from books.people import Series
from books.placing import Track, place
from books.shelf import tag_of
from books.sidecar import SIDECAR, as_sidecar
from books.states import CopyState
from demo.audiobookshelf.kept import Kept
from demo.audiobookshelf.state import (
    BROKEN,
    LOGIN_PAGE,
    TOO_MANY,
    UNAUTHORIZED,
    Answer,
)
from downloads import shelving
from downloads.importing import sidecar_for
from downloads.models import Import
from downloads.shelving import shelve_due
from downloads.states import ImportState, State
from tests.factory import PLAIN, make_book, make_download
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.shelves import shown_library

pytestmark = pytest.mark.django_db
BOOKS = Path(__file__).resolve().parents[2] / "demo" / "books"
CHAPTERS = sorted((BOOKS / "Elizabeth Gaskell - Cranford (1853)").iterdir())
PutBook = Callable[..., Import]


@pytest.fixture(autouse=True)
def no_watcher(settings: Any) -> None:
    settings.WATCHER_SECONDS = 0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "audiobooks"
    folder.mkdir()
    return folder


@pytest.fixture
def fake(root: Path) -> Iterator[FakeAudiobookshelf]:
    with FakeAudiobookshelf(root) as server:
        server.shelf.seen_as = "/books"
        yield server
        assert not server.faults, server.faults[0]


@pytest.fixture
def library(fake: FakeAudiobookshelf) -> Library:
    return shown_library(fake, template=PLAIN)


@pytest.fixture
def placed(library: Library) -> PutBook:
    """A book of real chapters, placed as an import does it."""

    def make(title: str = "Cranford", *, sidecar: bool = True, **columns: Any) -> Import:
        book = make_book(title, **columns)
        download = make_download(
            book=book, state=State.COMPLETED, hash_v1=title.encode().hex().ljust(40, "0")[:40]
        )
        row = download.imports.get()
        folder = f"Elizabeth Gaskell/{title}"
        manifest = [
            {"path": path.name, "size": path.stat().st_size, "name": path.name, "why": ""}
            for path in CHAPTERS
        ]
        tracks = [Track(path, path.name, path.stat().st_size) for path in CHAPTERS]
        own = sidecar_for(row, library) if sidecar else []
        place(root_of(library), folder, str(row.uuid), tracks, own)
        copy = ShelfCopy.objects.create(
            uuid=row.uuid, book=book, library=library, folder=folder, manifest=manifest,
            format="m4b", origin="import",
        )  # fmt: skip
        row.move_to(
            ImportState.PLACED, "Placed.", actor="TAME", copy=copy, library=library,
            final_folder=folder, manifest=manifest,
        )  # fmt: skip
        return row

    return make


def now(row: Import) -> Import:
    return Import.objects.select_related("copy__library").get(pk=row.pk)


def copy_of(row: Import) -> ShelfCopy:
    copy = now(row).copy
    assert copy
    return copy


def shelve(times: int = 2) -> str:
    """As the schedule does: it asks for a scan, then looks again."""
    said = ""
    for _ in range(times):
        said = shelve_due()
    return said


def scans(fake: FakeAudiobookshelf) -> int:
    return len(fake.calls("POST", "/scan"))


# --- The usual way --------------------------------------------------------------------------------


def test_the_entry_with_our_tag_proves_it(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    assert shelve_due() == "0 on the shelf."
    assert now(row).state == ImportState.PLACED
    assert shelve_due() == "1 on the shelf."
    [entry] = fake.books
    assert (now(row).state, copy_of(row).state) == (ImportState.SHELVED, CopyState.PROVED)
    assert copy_of(row).shelf_id == entry.id
    said = now(row).history.values_list("sentence", flat=True)
    assert any("shows “Cranford” in /books/Elizabeth Gaskell/Cranford: 3" in one for one in said)


def test_one_scan_serves_many(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    for number in range(5):
        placed(f"Cranford {number}")
    assert shelve() == "5 on the shelf."
    assert scans(fake) == 1


def test_requests_do_not_grow_with_what_waits(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    """One for each book that is proved, and a fixed number for a look and a scan."""

    def asked(books: int) -> int:
        for number in range(books):
            placed(f"Cranford {books} {number}")
        before = len(fake.asked)
        shelve()
        return len(fake.asked) - before

    assert asked(6) - asked(1) == 5


def test_while_a_scan_runs_nothing_is_asked(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    fake.shelves.scan_seconds = 60
    fake.shelves.begin(fake.shelf)
    row = placed()
    shelve(3)
    assert scans(fake) == 0
    fake.shelves.scan_seconds = 0
    fake.scan()
    shelve()
    assert now(row).state == ImportState.SHELVED


def test_a_scan_that_is_under_way_is_waited_for(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    fake.shelves.scan_seconds = 60
    row = placed()
    shelve(4)
    assert scans(fake) == 1
    assert now(row).attempts == 0
    assert shelving.is_any_waiting()
    for scan in fake.shelves.scans:
        scan.ends = 0
    assert shelve_due() == "1 on the shelf."


def test_a_scan_that_began_before_proves_nothing(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    first = placed("Cranford 1")
    fake.shelves.scan_seconds = 60
    shelve_due()
    second = placed("Cranford 2")  # the running scan has listed the folders already
    for scan in fake.shelves.scans:
        scan.ends = 0
    fake.shelves.scan_seconds = 0
    shelve_due()
    assert (now(first).state, now(second).state) == (ImportState.SHELVED, ImportState.PLACED)
    assert copy_of(second).scans == 0
    shelve_due()
    assert now(second).state == ImportState.SHELVED


def test_a_dropped_scan_is_asked_for_again(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    fake.next["/scan"] = [Answer(body="OK")]  # said, not done
    shelve(3)
    assert scans(fake) == 1
    Library.objects.update(scan_asked_at=timezone.now() - timedelta(minutes=5))
    shelve()
    assert scans(fake) == 2
    assert now(row).state == ImportState.SHELVED


def test_two_workers_ask_for_one_scan(placed: PutBook, library: Library) -> None:
    placed()
    Library.objects.update(leased_until=timezone.now() + timedelta(minutes=1), leased_by="other")
    assert shelve() == "0 on the shelf."


def test_the_watcher_has_the_first_word(
    placed: PutBook, fake: FakeAudiobookshelf, settings: Any
) -> None:
    settings.WATCHER_SECONDS = 600
    fake.shelf.watches, fake.shelves.watch_seconds = True, 60
    row = placed()
    shelve(3)
    assert scans(fake) == 0
    fake.shelves.watch_seconds = 0
    shelve()
    assert (now(row).state, scans(fake), len(fake.books)) == (ImportState.SHELVED, 0, 1)


# --- The sidecar ----------------------------------------------------------------------------------


def test_the_sidecar_tells_what_is_known(placed: PutBook, root: Path) -> None:
    """And nothing else: an empty list would clear what the tags say."""
    row = placed(year=1853, language="eng", asin="B000000001")
    copy = copy_of(row)
    assert json.loads((root / copy.folder / SIDECAR).read_bytes()) == {
        "tags": [tag_of(copy)],
        "title": "Cranford",
        "authors": ["Elizabeth Gaskell"],
        "publishedYear": "1853",
        "language": "English",
        "asin": "B000000001",
    }
    shelve()
    assert copy_of(row).written["fields"]["year"] == "1853"


@pytest.mark.parametrize(
    ("position", "told"),
    [("2", "Tales #2"), ("2.5", "Tales #2.5"), ("Book Two", "Tales #2"), ("", "Tales")],
)
def test_a_place_in_a_series_is_told_as_it_is_read(
    placed: PutBook, fake: FakeAudiobookshelf, position: str, told: str
) -> None:
    book = make_book("Ruth")
    series = Series.objects.create(name="Tales")
    SeriesPlace.objects.create(book=book, series=series, position=position)
    content = json.loads(as_sidecar(known(book), "tame:1"))
    assert content["series"] == [told]


def test_a_book_placed_before_gets_its_sidecar(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed(sidecar=False)
    shelve()
    assert now(row).state == ImportState.SHELVED
    assert tag_of(copy_of(row)) in fake.books[0].tags


def test_a_shelf_that_ignores_sidecars_gets_the_tag(
    placed: PutBook, fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.audiobookshelf.shelf.read_sidecar", lambda book, path: None)
    row = placed()
    shelve()
    assert now(row).state == ImportState.SHELVED
    assert fake.books[0].tags == [tag_of(copy_of(row))]


def test_a_shelf_that_ignores_sidecars_is_looked_through_at_last(
    placed: PutBook, fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entry carries no tag and is not among those that were added last."""
    monkeypatch.setattr("demo.audiobookshelf.shelf.read_sidecar", lambda book, path: None)
    row = placed()
    fake.scan()
    fake.books[0].added_at -= 1000
    for number in range(shelving.LEAST_LISTED):
        one = Kept(fake.shelf.id, f"Another/{number}", is_file=False)
        fake.shelves.books[one.id] = one
    shelve(8)
    assert (now(row).state, now(row).last_error) == (ImportState.SHELVED, "")
    assert fake.books[0].tags == [tag_of(copy_of(row))]


# --- What may go wrong ----------------------------------------------------------------------------


def why(row: Import) -> str:
    again = now(row)
    assert again.state == ImportState.REVIEW, again.state
    return str(again.last_error)


def test_another_order_is_put_right_once(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    fake.scan()
    fake.books[0].order.reverse()
    shelve()
    assert now(row).state == ImportState.SHELVED
    assert fake.books[0].order == [path.name for path in CHAPTERS]
    assert len(fake.calls("PATCH", "/tracks")) == 1


def test_an_order_that_stays_wrong_is_for_a_person(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    row = placed()
    fake.scan()
    fake.books[0].order.reverse()
    fake.next["/tracks"] = [Answer(body={})]
    shelve()
    assert "plays its files in another order" in why(row)


def test_a_file_it_cannot_play_is_named(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    fake.scan()
    fake.books[0].order.remove("02 - The Captain.m4b")
    shelve()
    assert "Attic sees 02 - The Captain.m4b and cannot play it" in why(row)


def test_a_file_it_does_not_see_is_named(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    fake.scan()
    fake.books[0].order.remove("02 - The Captain.m4b")
    del fake.books[0].files["02 - The Captain.m4b"]
    shelve()
    assert "Attic does not see 02 - The Captain.m4b" in why(row)


def test_a_file_too_many_is_named(placed: PutBook, fake: FakeAudiobookshelf, root: Path) -> None:
    row = placed()
    shutil.copy(CHAPTERS[0], root / copy_of(row).folder / "99 - Extra.m4b")
    shelve()
    assert "plays 1 more than was imported, such as 99 - Extra.m4b" in why(row)


def test_of_two_entries_the_younger_goes(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    fake.scan()
    [first] = fake.books
    seen = fake.shelves.look(fake.shelf)
    fake.shelves.add(fake.shelf, seen[copy_of(row).folder])
    fake.books[1].added_at += 5
    shelve_due()
    assert [book.id for book in fake.books] == [first.id]
    shelve_due()
    assert copy_of(row).shelf_id == first.id


def test_an_entry_that_somebody_edited_is_not_removed(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    row = placed()
    fake.scan()
    seen = fake.shelves.look(fake.shelf)
    fake.shelves.add(fake.shelf, seen[copy_of(row).folder])
    fake.books[1].added_at += 5
    fake.books[1].metadata["title"] = "Cranford, as I like it"
    shelve_due()
    assert "shows it 2 times, and somebody has edited one" in why(row)
    assert len(fake.books) == 2


def test_files_that_got_old_numbers_are_told_apart(
    placed: PutBook, fake: FakeAudiobookshelf, root: Path
) -> None:
    """The server takes the new book for one that was deleted, with its ASIN."""
    row = placed(asin="B000000001", sidecar=False)
    fake.scan()
    fake.books[0].metadata["asin"] = "B999999999"
    shelve()
    assert "takes it for another book: it has the ASIN B999999999" in why(row)


def test_the_entry_of_another_book_of_ours_is_told_apart(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    """Also where neither has a number, and its name was read from our sidecar."""
    row = placed()
    fake.scan()
    ShelfCopy.objects.create(
        book=make_book("Ruth"), library=copy_of(row).library, folder="Elizabeth Gaskell/Ruth",
        shelf_id=fake.books[0].id, state=CopyState.MISSING,
    )  # fmt: skip
    shelve()
    assert "takes it for another book: it was its entry of “Ruth”" in why(row)


def test_what_a_person_filled_in_before_it_was_proved_stays(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    """TAME was not running when the server found it."""
    row = placed()
    fake.scan()
    [entry] = fake.books
    entry.metadata["subtitle"] = "My own"
    entry.updated_at += 3600_000
    shelve()
    Book.objects.update(subtitle="Of a small town", publisher="Chapman")
    correct_due()
    assert now(row).state == ImportState.SHELVED
    assert (entry.metadata["subtitle"], entry.metadata["publisher"]) == ("My own", "Chapman")


def test_a_tag_that_a_person_gives_meanwhile_stays(
    placed: PutBook, fake: FakeAudiobookshelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.audiobookshelf.shelf.read_sidecar", lambda book, path: None)
    row = placed()
    fake.scan()
    fake.meanwhile["GET /api/items/"] = lambda: fake.books[0].tags.append("for the car")
    shelve()
    assert fake.books[0].tags == ["for the car", tag_of(copy_of(row))]


def test_a_scan_that_is_refused_is_none(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    """The key may not ask for one: no book is blamed for that, and it is said each time."""
    row = placed()
    fake.me.type = "user"
    for _ in range(5):
        assert "lacks the type admin" in shelve_due()
        Library.objects.exclude(scan_asked_at=None).update(
            scan_asked_at=timezone.now() - timedelta(minutes=5)
        )
    assert (now(row).state, copy_of(row).scans) == (ImportState.PLACED, 0)
    fake.me.type = "admin"
    shelve()
    assert now(row).state == ImportState.SHELVED


def test_not_listed_after_three_scans_says_why(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    row = placed()
    fake.shelves.unreadable = {copy_of(row).folder}
    shelve(7)
    assert scans(fake) == 3
    assert "sees /books/Elizabeth Gaskell/Cranford and lists no book there after 3" in why(row)


def test_files_that_others_may_not_read_are_named(
    placed: PutBook, fake: FakeAudiobookshelf, root: Path
) -> None:
    row = placed()
    hidden = root / copy_of(row).folder / CHAPTERS[0].name
    hidden.unlink()
    shutil.copy(CHAPTERS[0], hidden)
    hidden.chmod(0o600)
    fake.shelves.unreadable = {copy_of(row).folder}
    shelve(7)
    assert f"others may not read {hidden}" in why(row)


def test_another_folder_is_said(placed: PutBook, fake: FakeAudiobookshelf, tmp_path: Path) -> None:
    row = placed()
    fake.shelf.folder = tmp_path / "elsewhere"
    shelve(7)
    assert "does not see /books/Elizabeth Gaskell/Cranford: it is another folder there" in why(row)


def test_a_wrong_prefix_is_said(
    placed: PutBook, library: Library, fake: FakeAudiobookshelf, root: Path
) -> None:
    row = placed()
    Library.objects.update(shelf_prefix="/books/family")
    shelve(7)
    assert "shows it in /books/Elizabeth Gaskell/Cranford, and not in /books/family" in why(row)


def test_tried_again_it_is_proved(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    """Its cause is gone, and nothing is placed twice."""
    row = placed()
    fake.shelves.unreadable = {copy_of(row).folder}
    shelve(7)
    fake.shelves.unreadable = set()
    again = now(row)
    again.move_to(ImportState.PENDING, "Again.", actor="ann")
    again.move_to(ImportState.PLACED, "Placed.", actor="TAME")
    ShelfCopy.objects.update(scans=0)
    shelve()
    assert now(row).state == ImportState.SHELVED


# --- Down -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [BROKEN, TOO_MANY, LOGIN_PAGE, UNAUTHORIZED])
def test_a_server_in_trouble_changes_nothing(
    placed: PutBook, fake: FakeAudiobookshelf, said: Answer
) -> None:
    row = placed()
    fake.trouble = said
    assert "Attic" in shelve_due()
    before = len(fake.asked)
    assert shelve_due() == "0 on the shelf."  # it is left alone for a while
    assert len(fake.asked) == before
    assert (now(row).state, now(row).attempts) == (ImportState.PLACED, 0)
    server = ShelfServer.objects.get()
    assert server.last_error
    fake.trouble = None
    server.reset()
    assert shelve() == "1 on the shelf."
    assert ShelfServer.objects.get().last_error == ""


def test_a_library_that_it_has_no_more_is_said(placed: PutBook, fake: FakeAudiobookshelf) -> None:
    placed()
    Library.objects.update(shelf_library_id="gone")
    assert "does not have the library any more that shows “Audiobooks”" in shelve_due()


def test_a_server_that_is_switched_off_is_not_needed(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    row = placed()
    ShelfServer.objects.update(enabled=False)
    assert shelve_due() == "1 on the shelf."
    assert now(row).state == ImportState.SHELVED
    assert not fake.asked


def test_files_that_have_gone_are_tried_again(
    placed: PutBook, fake: FakeAudiobookshelf, root: Path
) -> None:
    row = placed()
    fake.scan()
    (root / copy_of(row).folder / CHAPTERS[1].name).unlink()
    shelve()
    assert now(row).state == ImportState.FAILED


def test_what_waits_goes_on_when_the_server_is_back(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    fake.down()
    row = placed()
    shelve()
    assert copy_of(row).state == CopyState.PLACED
    fake.up()
    ShelfServer.objects.update(off_until=timezone.now())
    shelve()
    assert copy_of(row).state == CopyState.PROVED


# --- At the place of an older copy ----------------------------------------------------------------


def test_what_a_person_edited_before_a_better_copy_came_stays(
    placed: PutBook, fake: FakeAudiobookshelf
) -> None:
    row = placed(sidecar=False)
    fake.scan()
    [entry] = fake.books
    entry.metadata["title"] = "Cranford, as I like it"
    old = ShelfCopy.objects.create(
        book=row.book, library=copy_of(row).library, folder="Elizabeth Gaskell/Cranford",
        state=CopyState.TRASHED, origin="import", shelf_id=entry.id,
        written={"fields": {"title": "Cranford"}, "found": {}, "sidecar": "gone"},
    )  # fmt: skip
    ShelfCopy.objects.filter(pk=copy_of(row).pk).update(shelf_id=entry.id)
    Import.objects.update(replaces=old)
    shelve()
    copy = copy_of(row)
    assert (now(row).state, copy.shelf_id) == (ImportState.SHELVED, entry.id)
    assert copy.written["fields"] == {"title": "Cranford"}
    assert correct_due() == "0 fields corrected."
    assert entry.metadata["title"] == "Cranford, as I like it"
