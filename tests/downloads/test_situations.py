"""Torrents as they come, and disks as they are: each import ends placed, or with its sentence."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from books.models import Book, Library, ShelfCopy
from books.states import CopyState
from downloads import importing
from downloads.by_hand import read_folder
from downloads.delivered import Delivered, listen, look, tracks_of
from downloads.importing import import_due, retry_due
from downloads.manifest import Line
from downloads.models import Import
from downloads.shelving import shelve_due
from downloads.states import ImportState
from tests.disks import become_nobody, mounted, open_to_all, remount, said_by_a_child
from tests.downloads.conftest import PARTS, Complete, now, real, shown
from tests.factory import make_book
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.sounds import mp3

pytestmark = pytest.mark.django_db
PLACE = "Elizabeth Gaskell/Cranford"
IMPORT_QUERIES = 45
Form = Literal["NFC", "NFD"]


def torrent_of(fake: FakeQBittorrent) -> Any:
    [torrent] = fake.torrents.values()
    return torrent


def many_discs(discs: int, files: int) -> dict[str, bytes]:
    """Every disc begins at 01 again."""
    per_disc = -(-files // discs)
    names = [(disc, track) for disc in range(1, discs + 1) for track in range(1, per_disc + 1)][
        :files
    ]
    return {
        f"Cranford/CD {disc}/Track {track}.mp3": mp3(1 + disc / 10, disc=disc, track=track)
        for disc, track in names
    }


def test_24_discs_with_218_files_come_whole_and_in_order(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    files = many_discs(24, 218)
    row = complete(files)
    import_due()
    shelve_due()
    assert now(row).state == ImportState.SHELVED, now(row).last_error
    placed = shown(library)
    assert len(placed) == 218
    assert placed[0] == f"{PLACE}/001 - Track 1.mp3"
    expected = list(files)  # as they were made: disc after disc
    for name, source in zip(placed, expected, strict=True):
        ours, theirs = Path(library.root, name), fake.downloads / source
        assert ours.stat().st_ino == theirs.stat().st_ino


def test_a_single_m4b_is_a_book(library: Library, complete: Complete) -> None:
    row = complete({"Cranford.m4b": PARTS[0].read_bytes()})
    import_due()
    assert now(row).state == ImportState.PLACED
    assert shown(library) == [f"{PLACE}/Cranford.m4b"]


def test_what_was_not_selected_is_not_looked_for(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    row = complete(real() | {"Cranford/bonus.mp3": mp3(5)})
    [bonus] = [part for part in torrent_of(fake).parts if part.path.endswith("bonus.mp3")]
    bonus.priority, bonus.done = 0, 3
    (fake.downloads / "Cranford/bonus.mp3").unlink()
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert shown(library) == [f"{PLACE}/{path.name}" for path in PARTS]
    [line] = [line for line in now(row).manifest if line["path"].endswith("bonus.mp3")]
    assert line["why"] == "It was not selected."


def test_a_torrent_without_a_folder_brings_nothing_else_along(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    """Its content path is the folder of all downloads."""
    row = complete()
    torrent = torrent_of(fake)
    (fake.downloads / "Another download.mp3").write_bytes(mp3(3))
    for part in torrent.parts:
        (fake.downloads / part.path).rename(fake.downloads / Path(part.path).name)
        part.path = Path(part.path).name
    torrent.shown["content_path"] = str(fake.downloads)
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert shown(library) == [f"{PLACE}/{path.name}" for path in PARTS]
    assert (fake.downloads / "Another download.mp3").exists()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_another_form_on_the_disk_are_found(
    form: Form, library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    other: Form = "NFD" if form == "NFC" else "NFC"
    told = {unicodedata.normalize(form, "Café/Première.mp3"): mp3(3)}
    row = complete(told)
    [path] = list(fake.downloads.rglob("*.mp3"))
    folder = path.parent.rename(fake.downloads / unicodedata.normalize(other, "Café"))
    (folder / path.name).rename(folder / unicodedata.normalize(other, "Première.mp3"))
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert shown(library) == [f"{PLACE}/{unicodedata.normalize('NFC', 'Première.mp3')}"]


def test_one_name_in_two_forms_is_two_files(library: Library, complete: Complete) -> None:
    row = complete({"B/Caf\u00e9.mp3": mp3(3), "B/Cafe\u0301.mp3": mp3(4)})
    import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert sorted(Path(name).name for name in shown(library)) == [
        "001 - Caf\u00e9.mp3", "002 - Caf\u00e9.mp3",
    ]  # fmt: skip


def test_a_file_that_vanished_is_named_and_waited_for(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    row = complete()
    gone = fake.downloads / "Cranford" / PARTS[1].name
    content = gone.read_bytes()
    gone.unlink()
    import_due()
    assert now(row).state == ImportState.FAILED
    assert now(row).last_error == f"{gone} is not there, or no plain file."
    gone.write_bytes(content)
    Import.objects.update(retry_at=timezone.now())
    retry_due()
    import_due()
    assert now(row).state == ImportState.PLACED


def test_a_full_disk_is_waited_for(library: Library, complete: Complete, tmp_path: Path) -> None:
    row = complete()
    with mounted(tmp_path / "small", "size=60k") as root:
        Library.objects.update(root=str(root))
        import_due()
        assert now(row).state == ImportState.FAILED
        assert now(row).last_error.startswith(f"There is no room left in {root}: the book needs ")
        remount(root, "size=64m")
        Import.objects.update(retry_at=timezone.now())
        retry_due()
        import_due()
        assert now(row).state == ImportState.PLACED
        assert "3 by copy" in now(row).history.all()[0].sentence


def test_never_copy_is_said_and_another_library_may_be_chosen(
    library: Library, complete: Complete, tmp_path: Path
) -> None:
    row = complete()
    with mounted(tmp_path / "other", "size=64m") as root:
        Library.objects.create(name="Elsewhere", root=str(root), may_copy=False, default=True)
        import_due()
        assert now(row).state == ImportState.FAILED
        assert "says never to copy" in now(row).last_error
        Book.objects.update(library=library)
        Import.objects.update(retry_at=timezone.now())
        retry_due()
        import_due()
        assert (now(row).state, now(row).library) == (ImportState.PLACED, library)


def test_what_a_client_saves_into_the_library_is_not_placed_there_twice(
    library: Library, complete: Complete, fake: FakeQBittorrent
) -> None:
    row = complete()
    Library.objects.update(root=str(fake.downloads))
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert now(row).last_error == (
        f"{fake.downloads / 'Cranford' / PARTS[0].name} stands in the library already: placed in "
        "it once more, the book would be there twice. Let the client save to a folder outside, or "
        "take the book in where it stands, by Moving in."
    )
    assert sorted(path.name for path in fake.downloads.iterdir()) == ["Cranford"]


def test_what_killed_tries_left_is_cleared_away_once_nobody_goes_on_with_them(
    library: Library, complete: Complete, tmp_path: Path
) -> None:
    row, hidden = complete(), Path(library.root) / ".tame"
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = Library.objects.create(name="Elsewhere", root=str(other))
    dropped, waits, exchanged = (
        Import.objects.create(book=make_book(f"Part {n}"), source_folder="/x", state=state)
        for n, state in enumerate((ImportState.DROPPED, ImportState.REVIEW, ImportState.DROPPED))
    )
    moved = Import.objects.create(
        book=make_book("Part 4"), source_folder="/x", state=ImportState.REVIEW, library=elsewhere
    )
    for one in (dropped, waits, exchanged, moved):
        (hidden / str(one.uuid)).mkdir(parents=True)
    (hidden / str(exchanged.uuid) / ".tame.json").write_text('{"import": "another"}')
    for name in ("probe-1", "probe-2", "mine", "00000000-0000-4000-8000-000000000000"):
        (hidden / name).mkdir()
    os.utime(hidden / "probe-1", (0, 0))
    import_due()
    assert now(row).state == ImportState.PLACED
    assert sorted(path.name for path in hidden.iterdir() if path.is_dir()) == sorted(
        ["probe-2", "mine", "00000000-0000-4000-8000-000000000000", str(waits.uuid),
         str(exchanged.uuid)]
    )  # fmt: skip


def test_beside_another_copy_of_the_book_nothing_is_placed(
    library: Library, complete: Complete, book: Book
) -> None:
    """What a person has under a name of their own: it would be there twice, and no row would know
    of the second."""
    theirs = Path(library.root) / "Gaskell, E./Cranford"
    theirs.mkdir(parents=True)
    (theirs / "cranford.m4b").write_text("theirs")
    ShelfCopy.objects.create(
        book=book, library=library, folder="Gaskell, E./Cranford", state=CopyState.PROVED,
        origin="moved in",
    )  # fmt: skip
    row = complete()
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert now(row).last_error == (
        f"Another copy of “Cranford” is in {library} already, in Gaskell, E./Cranford. Choose "
        "another library for the book, or do not import this one."
    )
    assert shown(library) == ["Gaskell, E./Cranford/cranford.m4b"]


def test_what_came_first_meanwhile_leaves_nothing_of_the_second(
    library: Library, complete: Complete, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "check_only_copy", lambda *_: None)  # it was free a moment ago
    ShelfCopy.objects.create(book=book, library=library, folder="A/B", state=CopyState.PROVED)
    row = complete()
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert shown(library) == []


def test_two_books_of_one_name_do_not_share_a_folder(
    library: Library, complete: Complete, book: Book
) -> None:
    complete()
    import_due()
    same = make_book("Cranford")
    row = complete({"Other/01.mp3": mp3(5)}, of=same)
    import_due()
    assert now(row).state == ImportState.REVIEW
    assert now(row).last_error.startswith(f"{library.root}/{PLACE} is there already and holds some")
    assert len(shown(library)) == len(PARTS)


@pytest.mark.parametrize("files", [3, 218])
def test_an_import_asks_the_database_as_often_whatever_the_files(
    files: int, library: Library, complete: Complete
) -> None:
    row = complete(many_discs(3, files))
    with CaptureQueriesContext(connection) as queries:
        import_due()
    assert now(row).state == ImportState.PLACED, now(row).last_error
    assert len(queries) == IMPORT_QUERIES


# --- Without the right to read --------------------------------------------------------------------


@pytest.fixture
def shut() -> Iterator[Path]:
    """Only root may look into the one folder, and read the file in the other."""
    with open_to_all() as folder:
        (folder / "shut/Cranford").mkdir(parents=True)
        (folder / "open").mkdir()
        for file in (folder / "shut/Cranford/1.mp3", folder / "open/1.mp3"):
            file.write_bytes(mp3(3))
        (folder / "open/1.mp3").chmod(0o600)
        (folder / "shut").chmod(0o700)
        yield folder


RIGHT = "Give its user the right to, or a shared group."


def test_a_folder_that_may_not_be_read_is_told(shut: Path) -> None:
    """An error of Python's own would end the run, and no other book would be imported."""
    row = Import(source_folder=str(shut / "shut/Cranford"))
    said = said_by_a_child(lambda: look(row), become_nobody)
    assert said == f"LocalError: TAME sees no folder {shut / 'shut/Cranford'}."
    assert said_by_a_child(lambda: read_folder(row.source_folder), become_nobody).startswith(
        "BadInputError: TAME sees no folder"
    )
    mapping = Delivered([], shut / "shut")
    said = said_by_a_child(
        lambda: tracks_of([Line("Cranford/1.mp3", 1, "1.mp3")], mapping.here), become_nobody
    )
    assert said == f"LocalError: TAME may not read {shut / 'shut/Cranford/1.mp3'}. {RIGHT}"


def test_a_file_that_may_not_be_read_is_not_called_damaged(shut: Path) -> None:
    """It would be given back as a bad release, and blocked."""
    delivered = Delivered([], shut / "open")
    said = said_by_a_child(lambda: listen([Line("1.mp3", 1, "1.mp3")], delivered), become_nobody)
    assert said == f"LocalError: TAME may not read {shut / 'open/1.mp3'}. {RIGHT}"


def test_whatever_a_disk_refuses_the_next_book_is_imported(
    library: Library, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = complete(), complete({"Ruth/1.mp3": mp3(5)}, of=make_book("Ruth"))

    def refuse(row: Import) -> Delivered:
        if row == first:
            raise OSError(errno.EIO, "Input/output error", "/downloads/1.mp3")
        return look(row)

    monkeypatch.setattr(importing, "look", refuse)
    assert import_due() == "1 imported."
    assert now(first).state == ImportState.FAILED
    assert now(first).last_error == "/downloads/1.mp3 cannot be read: Input/output error."
    assert now(second).state == ImportState.PLACED
