"""A folder or a torrent is imported by hand, after a look that stores nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from books.models import Book, Library, Series, SeriesPlace
from downloads.by_hand import import_folder
from downloads.clients import open_client
from downloads.importing import import_due
from downloads.models import Client, Download, Import
from downloads.shelving import shelve_due
from downloads.states import ImportState, State
from downloads.undoing import undo_due
from tests.commanding import done, run_json
from tests.downloads.conftest import now, real, shown
from tests.factory import make_book, make_download
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.sounds import mp3
from tests.fakes.torrents import hashes_of, make_torrent
from tests.people import bob, browser, button_of, messages, page_of

pytestmark = pytest.mark.django_db
FOLDER, TORRENT = "admin:downloads_import_folder", "admin:downloads_import_torrent"


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming" / "Elizabeth Gaskell - Cranford (1853)"
    for name, content in real("").items():
        path = folder / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "info.nfo").write_text("by somebody")
    return folder


def trace(folder: Path) -> dict[str, tuple[int, int, int]]:
    stats = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (s.st_ino, s.st_size, s.st_mtime_ns) for name, s in stats.items()}


def page(name: str, **sent: object) -> str:
    url = reverse(name)
    answer = browser().post(url, sent) if sent else browser().get(url)
    return answer.content.decode()


# --- A folder -------------------------------------------------------------------------------------


def test_a_folder_is_looked_at_before_anything_is_stored(
    library: Library, incoming: Path, book: Book
) -> None:
    make_book("Ruth")
    seen = page(FOLDER, folder=str(incoming), look="1")
    assert "By its name or tags it is this one" in seen
    assert f"“Cranford” would stand in {library}: Elizabeth Gaskell/Cranford" in seen
    assert "a note, which would be taken" in seen
    assert not Import.objects.exists()
    assert shown(library) == []
    assert not Book.objects.filter(coming=True).exists()


def test_confirmed_it_is_imported_and_the_folder_stays(
    library: Library, incoming: Path, book: Book
) -> None:
    before = trace(incoming)
    sent = {"folder": str(incoming), "likely": book.pk, "import": "1"}
    answer = browser().post(reverse(FOLDER), sent, follow=True)
    assert messages(answer) == ["“Cranford” is imported next."]
    row = Import.objects.get()
    assert (row.download, row.source_folder) == (None, str(incoming))
    import_due()
    shelve_due()
    assert now(row).state == ImportState.SHELVED
    assert shown(library) == [f"Elizabeth Gaskell/Cranford/{Path(n).name}" for n in real()]
    assert trace(incoming) == before
    first = Path(next(iter(real("")))).name
    placed = Path(library.root) / "Elizabeth Gaskell/Cranford" / first
    assert placed.stat().st_ino == (incoming / first).stat().st_ino
    assert Book.objects.get().on_shelf


def test_an_import_that_would_be_refused_is_not_offered(
    library: Library, incoming: Path, book: Book
) -> None:
    make_download(book=book)
    seen = page(FOLDER, folder=str(incoming), look="1")
    assert 'class="tame-warning"' in seen
    assert "Import it" not in seen
    assert "Look again" in seen


def test_another_book_may_be_chosen(library: Library, incoming: Path, book: Book) -> None:
    ruth = make_book("Ruth")
    assert "“Ruth” would stand in" in page(FOLDER, folder=str(incoming), book=ruth.pk, look="1")


def test_what_nobody_knows_is_said(library: Library, incoming: Path) -> None:
    make_book("Ruth")
    seen = page(FOLDER, folder=str(incoming), look="1")
    assert "No book that TAME knows is called like it." in seen
    assert "Import it" not in seen


def test_of_two_likely_ones_none_is_chosen(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "The Warden of the North"
    folder.mkdir()
    (folder / "1.mp3").write_bytes(mp3(3))
    make_book("The Warden", "Anthony Trollope")
    seen = page(FOLDER, folder=str(folder), look="1")
    assert "It may be one of these." in seen
    assert "would stand in" not in seen


def test_two_of_one_name_are_told_apart(library: Library, incoming: Path, book: Book) -> None:
    twin = make_book()
    seen = page(FOLDER, folder=str(incoming), look="1")
    for one in (book, twin):
        assert f"Cranford by Elizabeth Gaskell (book {one.pk})" in seen


def test_an_album_tells_which_book_it_is(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "disc"
    folder.mkdir()
    (folder / "1.mp3").write_bytes(mp3(3, album="Barchester Towers (Unabridged)"))
    book = make_book("Barchester Towers", "Anthony Trollope")
    SeriesPlace.objects.create(
        book=book, series=Series.objects.create(name="Barsetshire"), position="2"
    )
    assert "Barsetshire/Vol 2 - Barchester Towers" in page(FOLDER, folder=str(folder), look="1")


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("incoming", "Give the whole path of the folder"),
        ("/no/such/folder", "TAME sees no folder /no/such/folder."),
        ("{library}", "is in the library “Audiobooks” already"),
        ("{library}/Author", "is in the library “Audiobooks” already"),
        ("{above}", "holds the library “Audiobooks”: it is no book."),
    ],
)
def test_a_folder_that_cannot_be_meant_is_refused(
    library: Library, what: str, sentence: str
) -> None:
    root = Path(library.root)
    (root / "Author").mkdir()
    path = what.format(library=root, above=root.parent)
    assert sentence in page(FOLDER, folder=path, look="1")


def test_what_would_go_wrong_is_said_before(library: Library, incoming: Path, book: Book) -> None:
    Book.objects.update(expected_seconds=9 * 3600)
    assert "it may be abridged" in page(FOLDER, folder=str(incoming), look="1")


@pytest.mark.parametrize("name", ["03.mp3.!qB", "03.mp3.part", "03.m4b.crdownload"])
def test_what_is_still_being_written_is_waited_for(
    name: str, library: Library, incoming: Path, book: Book
) -> None:
    """The files that are whole would be placed as the book."""
    (incoming / name).write_bytes(b"half")
    said = f"{incoming / name} is not whole yet: it is still being written."
    assert said in page(FOLDER, folder=str(incoming), look="1")
    row = import_folder(incoming, book, actor="ann")
    import_due()
    row.refresh_from_db()
    assert (row.state, row.last_error) == (ImportState.FAILED, said)
    assert shown(library) == []


def test_links_in_the_folder_are_not_followed(
    library: Library, incoming: Path, tmp_path: Path, book: Book
) -> None:
    (tmp_path / "secret.mp3").write_bytes(mp3(3))
    (incoming / "99.mp3").symlink_to(tmp_path / "secret.mp3")
    seen = page(FOLDER, folder=str(incoming), look="1")
    assert "99.mp3" not in seen


def test_a_book_that_comes_already_is_not_imported_too(
    library: Library, incoming: Path, book: Book
) -> None:
    make_download(book=book)
    assert "is already coming" in page(FOLDER, folder=str(incoming), book=book.pk, look="1")
    sent = {"folder": str(incoming), "book": book.pk, "import": "1"}
    assert "is already coming" in messages(browser().post(reverse(FOLDER), sent))[0]
    assert Import.objects.filter(download=None).count() == 0


def test_a_folder_that_waits_can_be_resolved(library: Library, incoming: Path, book: Book) -> None:
    Book.objects.update(expected_seconds=9 * 3600)
    browser().post(reverse(FOLDER), {"folder": str(incoming), "likely": book.pk, "import": "1"})
    import_due()
    row = Import.objects.get()
    assert row.state == ImportState.REVIEW
    assert browser().get(reverse("admin:downloads_import_files", args=[row.pk])).status_code == 200
    assert done("list_imports", "--state", "review")["imports"][0]["doubt"] == "duration"
    done("resolve_imports", "anyway", row.pk, "--by", "ann")
    import_due()
    assert now(row).state == ImportState.PLACED
    assert now(row).overruled == {"duration": "ann"}


def test_only_who_may_import_by_hand_sees_the_pages() -> None:
    reader = browser(bob("downloads.view_import"))
    for name in (FOLDER, TORRENT):
        assert reader.get(reverse(name)).status_code == 403
    may = browser(bob("downloads.view_import", "downloads.import_by_hand"))
    assert may.get(reverse(FOLDER)).status_code == 200


# --- Commands -------------------------------------------------------------------------------------


def test_the_command_imports_at_once(library: Library, incoming: Path, book: Book) -> None:
    told = done("import_folder", incoming, "--dry-run")
    assert told["folder"] == "Elizabeth Gaskell/Cranford"
    assert not Import.objects.exists()
    told = done("import_folder", incoming)
    assert told["import"]["state"] == ImportState.SHELVED
    assert len(shown(library)) == len(real())


def test_the_command_takes_the_files_that_are_the_book(
    library: Library, incoming: Path, book: Book
) -> None:
    first, *rest = sorted(path.name for path in incoming.glob("*.m4b"))
    told = done("import_folder", incoming, "--files", first, "--dry-run")
    assert [line["name"] for line in told["files"] if line["name"].endswith("m4b")] == [first]
    done("import_folder", incoming, "--files", first)
    names = [path.rpartition("/")[2] for path in shown(library)]
    assert first in names
    assert not set(rest) & set(names)
    code, told = run_json("import_folder", incoming, "--files", "Ruth/*", "--dry-run")
    assert (code, "no file of sound “Ruth/*”" in told["error"]) == (2, True)


def test_the_command_needs_a_book_it_can_tell(library: Library, incoming: Path) -> None:
    ruth = make_book("Ruth")
    code, told = run_json("import_folder", incoming)
    assert (code, "Name one with --book" in told["error"]) == (2, True)
    assert done("import_folder", incoming, "--book", ruth.pk)["import"]["book"] == "Ruth"


def test_the_command_says_what_was_in_doubt(library: Library, incoming: Path, book: Book) -> None:
    Book.objects.update(expected_seconds=9 * 3600)
    code, told = run_json("import_folder", incoming)
    assert (code, told["import"]["state"]) == (1, "review")
    assert "it may be abridged" in told["error"]


def test_imports_are_resolved_by_command(library: Library, incoming: Path, book: Book) -> None:
    Book.objects.update(expected_seconds=9 * 3600)
    ruth = make_book("Ruth")
    run_json("import_folder", incoming)
    row = Import.objects.get()
    assert run_json("resolve_imports", "another", row.pk)[0] == 2
    done("resolve_imports", "another", row.pk, "--book", ruth.pk)
    assert now(row).state == ImportState.DROPPED
    new = Import.objects.get(book=ruth)
    assert new.source_folder == str(incoming)
    done("resolve_imports", "drop", new.pk)
    assert not Book.objects.filter(coming=True).exists()
    assert run_json("resolve_imports", "again", new.pk)[0] == 2


# --- A torrent ------------------------------------------------------------------------------------


@pytest.fixture
def seeding(client_row: Client, fake: FakeQBittorrent) -> str:
    """The hash of a complete torrent that somebody else added."""
    for name, content in real().items():
        path = fake.downloads / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    payload = make_torrent(real())
    gateway = open_client(client_row)
    gateway.ensure_category("mine")
    gateway.add(payload, category="mine", save_path=str(fake.downloads), tags=["kept"])
    [seen] = gateway.all()
    gateway.recheck([seen.hash])
    while not gateway.find([seen.hash])[0].is_complete:
        pass
    return hashes_of(payload)[0]


def test_a_torrent_is_adopted_and_left_as_it_is(
    library: Library, client_row: Client, book: Book, seeding: str
) -> None:
    before = open_client(client_row).find([seeding])[0]
    seen = page(TORRENT, client=client_row.pk, words="", look="1")
    assert "Cranford" in seen
    assert "mine" in seen
    sent = {"client": client_row.pk, "words": "", "torrent": seeding, "book": book.pk, "adopt": "1"}
    answer = browser().post(reverse(TORRENT), sent, follow=True)
    assert messages(answer) == ["“Cranford” is imported next."]
    download = Download.objects.get()
    assert (download.adopted, download.state, download.category) == (True, State.COMPLETED, "mine")
    import_due()
    assert len(shown(library)) == len(real())
    after = open_client(client_row).find([seeding])[0]
    for name in ("category", "tags", "save_path", "state", "content_path"):
        assert getattr(after, name) == getattr(before, name)
    assert "No complete torrent there" in page(TORRENT, client=client_row.pk, words="", look="1")


def test_torrents_are_found_by_words(client_row: Client, seeding: str) -> None:
    assert "Cranford" in page(TORRENT, client=client_row.pk, words="cranford", look="1")
    nothing = page(TORRENT, client=client_row.pk, words="ruth", look="1")
    assert "No complete torrent there" in nothing


def test_a_client_that_is_down_says_so(
    client_row: Client, fake: FakeQBittorrent, seeding: str
) -> None:
    fake.down()
    assert "seedbox" in page(TORRENT, client=client_row.pk, words="", look="1")


def test_without_a_torrent_nothing_is_adopted(client_row: Client, seeding: str, book: Book) -> None:
    sent = {"client": client_row.pk, "words": "", "book": book.pk, "adopt": "1"}
    assert messages(browser().post(reverse(TORRENT), sent)) == ["Choose a torrent."]


def test_a_torrent_is_adopted_by_command(
    library: Library, client_row: Client, book: Book, seeding: str
) -> None:
    done("adopt_torrent", "seedbox", seeding, "--book", book.pk, "--dry-run")
    assert not Download.objects.exists()
    told = done("adopt_torrent", "seedbox", seeding.upper(), "--book", book.pk)
    assert Download.objects.get().pk == told["download"]
    other = make_book("Ruth")
    done("adopt_torrent", "seedbox", seeding, "--book", other.pk)
    assert Import.objects.filter(download=told["download"]).count() == 2
    assert run_json("adopt_torrent", "seedbox", "a" * 40, "--book", make_book("Emma").pk)[0] == 1


def test_an_adopted_torrent_is_not_taken_out_when_its_book_is_dropped(
    library: Library, client_row: Client, book: Book, seeding: str
) -> None:
    done("adopt_torrent", "seedbox", seeding, "--book", book.pk)
    browser().post(button_of(Import.objects.get(), "drop"))
    assert Download.objects.get().client_wish == ""
    assert open_client(client_row).find([seeding])


def test_what_came_from_a_folder_leaves_the_shelf_again(
    library: Library, incoming: Path, book: Book
) -> None:
    done("import_folder", incoming)
    before = trace(incoming)
    row = Import.objects.get()
    assert browser().get(page_of(row)).status_code == 200
    assert browser().get(page_of(book)).status_code == 200
    asked = browser().post(button_of(row, "undo")).content.decode()
    assert "Take off the shelf" in asked
    browser().post(button_of(row, "undo"), {"confirmed": "1", "then": "park"})
    undo_due()
    assert now(row).state == ImportState.UNDONE
    assert trace(incoming) == before
    assert not Book.objects.get().on_shelf
    assert done("import_folder", incoming)["import"]["state"] == ImportState.SHELVED
