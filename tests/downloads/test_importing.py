"""When a download completes its book stands in the library, and the row says how it came there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.models import Author, Book, Credit, Library, ShelfCopy
from books.states import CopyState
from books.template import TEMPLATE
from downloads import imported, importing
from downloads.importing import import_due, retry_due
from downloads.models import Client, ClientPath, Download, Import
from downloads.shelving import shelve_due
from downloads.states import ImportState, State
from tests.downloads.conftest import PARTS, Complete, now, real, shown
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db


def test_a_complete_download_is_placed_and_proved(library: Library, complete: Complete) -> None:
    row = complete()
    assert import_due() == "1 imported."
    assert shown(library) == [f"Elizabeth Gaskell/Cranford/{path.name}" for path in PARTS]
    placed = now(row)
    assert (placed.state, placed.final_folder) == (ImportState.PLACED, "Elizabeth Gaskell/Cranford")
    assert shelve_due() == "1 on the shelf."
    book = Book.objects.get()
    assert (now(row).state, book.on_shelf, book.coming) == (ImportState.SHELVED, True, False)
    copy = ShelfCopy.objects.get()
    assert (copy.state, copy.format, copy.folder) == (
        CopyState.PROVED, "m4b", "Elizabeth Gaskell/Cranford",
    )  # fmt: skip
    assert copy.seconds
    assert book.status == "available"


def test_the_seed_is_not_touched(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    complete()
    files = [fake.downloads / name for name in real()]
    before = [(p.stat().st_ino, p.stat().st_mtime_ns, p.read_bytes()) for p in files]
    import_due()
    assert [(p.stat().st_ino, p.stat().st_mtime_ns, p.read_bytes()) for p in files] == before


def test_run_twice_it_changes_nothing(library: Library, complete: Complete) -> None:
    complete()
    for _ in range(2):
        import_due()
        shelve_due()
    assert ShelfCopy.objects.count() == 1
    assert import_due() == "0 imported."


def test_without_a_library_it_waits_and_says_so(complete: Complete) -> None:
    row = complete()
    assert "Say where your audiobooks stand" in import_due()
    assert now(row).state == ImportState.PENDING


def test_a_killed_try_is_gone_on_with(
    library: Library, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was placed, and the worker died before the row moved on."""
    row = complete()
    keep = imported.keep
    monkeypatch.setattr(importing, "keep", lambda *_: None)
    import_due()
    assert now(row).state == ImportState.PENDING
    monkeypatch.setattr(importing, "keep", keep)
    Import.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    Book.objects.update(title="Renamed meanwhile")
    import_due()
    assert now(row).state == ImportState.PLACED
    assert shown(library)[0].startswith("Elizabeth Gaskell/Cranford/")
    assert "by an earlier try" in now(row).history.all()[0].sentence


# --- What goes to a person ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cannot be played"),
        (b"This is a text, whatever it is called.", "cannot be played"),
        (PARTS[0].read_bytes()[:2000], "cannot be played"),
    ],
    ids=["no bytes", "a text", "cut off"],
)
def test_what_cannot_be_played_goes_to_a_person(
    content: bytes, sentence: str, library: Library, complete: Complete
) -> None:
    row = complete(real() | {"Cranford/04.m4b": content})
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert sentence in now(row).last_error
    assert shown(library) == []


def test_another_duration_than_expected_goes_to_a_person(
    library: Library, complete: Complete
) -> None:
    row = complete(expected_seconds=9 * 3600)
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert "9 h 00 min were expected: it may be abridged" in now(row).last_error


def test_a_torrent_without_sound_goes_to_a_person(library: Library, complete: Complete) -> None:
    row = complete({"Cranford/read.txt": b"Nothing", "Cranford/cover.jpg": b"A face"})
    import_due()
    assert "It holds no sound" in now(row).last_error


def test_a_folder_that_is_taken_is_not_overwritten(library: Library, complete: Complete) -> None:
    row = complete()
    taken = Path(library.root) / "Elizabeth Gaskell/Cranford"
    taken.mkdir(parents=True)
    (taken / "mine.mp3").write_text("mine")
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert "holds something else" in now(row).last_error
    assert (taken / "mine.mp3").read_text() == "mine"


# --- What is tried again --------------------------------------------------------------------------


def test_files_that_are_not_seen_here_name_the_mapping(
    library: Library, complete: Complete, client_row: Client, fake: FakeQBittorrent
) -> None:
    ClientPath.objects.create(
        client=client_row, client_prefix=str(fake.downloads), our_prefix="/nowhere"
    )
    row = complete()
    import_due()
    assert now(row).state == ImportState.FAILED
    assert "by the mapping" in now(row).last_error
    assert now(row).last_error.endswith(f"but {fake.downloads} is: remove this mapping.")
    assert now(row).retry_at


def test_files_that_stand_elsewhere_here_name_the_mapping_that_is_probably_right(
    library: Library, complete: Complete, client_row: Client, fake: FakeQBittorrent, tmp_path: Path
) -> None:
    """As a container sees the client's folder under another name."""
    row = complete()
    mounted = tmp_path / "mounted"
    fake.downloads.rename(mounted)
    fake.downloads.mkdir()
    ClientPath.objects.create(
        client=client_row, client_prefix="/downloads", our_prefix=str(tmp_path / "wrong")
    )
    import_due()
    assert now(row).state == ImportState.FAILED
    assert f"{client_row} calls it {fake.downloads} and no mapping fits" in now(row).last_error
    assert f"to {mounted}, where its files are." in now(row).last_error


def test_a_mended_mapping_lets_it_go_on(
    library: Library, complete: Complete, client_row: Client, fake: FakeQBittorrent
) -> None:
    mapping = ClientPath.objects.create(
        client=client_row, client_prefix=str(fake.downloads), our_prefix="/nowhere"
    )
    row = complete()
    import_due()
    mapping.delete()
    Import.objects.update(retry_at=timezone.now())
    assert retry_due() == "1 import again."
    import_due()
    assert now(row).state == ImportState.PLACED


def test_when_the_tries_are_used_up_it_waits_for_a_person(
    library: Library, complete: Complete, settings: Any
) -> None:
    row = complete()
    Import.objects.update(
        state=ImportState.FAILED, attempts=settings.MAX_ATTEMPTS, retry_at=timezone.now(),
        last_error="There is no room left.",
    )  # fmt: skip
    retry_due()
    assert now(row).state == ImportState.REVIEW
    assert now(row).last_error == "There is no room left."


def test_a_client_that_is_down_costs_no_try(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    row = complete()
    fake.down()
    said = import_due()
    assert "seedbox" in said
    assert (now(row).state, now(row).attempts) == (ImportState.PENDING, 0)


def test_a_file_that_went_after_it_was_placed_is_seen(library: Library, complete: Complete) -> None:
    row = complete()
    import_due()
    (Path(library.root) / "Elizabeth Gaskell/Cranford" / PARTS[0].name).unlink()
    assert shelve_due() == "0 on the shelf."
    assert now(row).state == ImportState.FAILED
    assert "cannot be seen" in now(row).last_error


def test_the_way_of_a_download_ends_nowhere_else(library: Library, complete: Complete) -> None:
    complete()
    assert Download.objects.get().state == State.COMPLETED


def test_a_file_that_is_back_again_lets_it_go_on(library: Library, complete: Complete) -> None:
    """Its copy is there already: it is the same one."""
    row = complete()
    import_due()
    gone = Path(library.root) / "Elizabeth Gaskell/Cranford" / PARTS[0].name
    content = gone.read_bytes()
    gone.unlink()
    shelve_due()
    gone.write_bytes(content)
    Import.objects.update(retry_at=timezone.now())
    retry_due()
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert shelve_due().startswith("1 ")
    assert ShelfCopy.objects.get().state == CopyState.PROVED


# --- Who reads it ---------------------------------------------------------------------------------


def prefer(book: Book, name: str) -> None:
    person = Author.objects.create(name=name)
    Credit.objects.create(book=book, author=person, role=Credit.Role.NARRATOR)


@pytest.mark.parametrize(
    ("composer", "release", "reader"),
    [
        ("Clare Wille", "Cranford by Elizabeth Gaskell", "Clare Wille"),
        ("Clare Wille", "Cranford read by Ann Reader", "Clare Wille"),
        ("", "Elizabeth Gaskell - Cranford read by Ann Reader [M4B]", "Ann Reader"),
        ("", "Elizabeth Gaskell - Cranford read by Bob Speaker [M4B]", ""),
        ("", "Elizabeth Gaskell - Cranford [M4B]", ""),
    ],
)
def test_a_folder_names_who_really_reads_and_no_wish(
    composer: str,
    release: str,
    reader: str,
    library: Library,
    complete: Complete,
    book: Book,
) -> None:
    Library.objects.update(template=TEMPLATE)
    prefer(book, "Ann Reader")
    author = "Elizabeth Gaskell" if composer else ""
    row = complete({"Cranford/1.mp3": mp3(3, albumartist=author, composer=composer)})
    Download.objects.update(title=release)
    assert import_due() == "1 imported."
    folder = f"Elizabeth Gaskell/Cranford {{{reader}}}" if reader else "Elizabeth Gaskell/Cranford"
    assert now(row).final_folder == folder
    assert ShelfCopy.objects.get().narrator == reader
