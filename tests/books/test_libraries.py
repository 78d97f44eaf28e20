"""A library is a folder that is tried before it is trusted, and shows where books would go."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from books.libraries import check_library
from books.models import Book, Library
from books.placing import HIDDEN
from books.profiles import Profile
from downloads.models import Client, Download, Import
from downloads.states import ImportState, State
from downloads.trying import try_library
from tame.lib.checked import Checked
from tame.lib.errors import BadInputError
from tame.next_step import what_is_to_be_imported
from tests.commanding import done, run, run_json
from tests.disks import become_nobody, mounted, open_to_all, said_by_a_child
from tests.factory import make_book, make_client, make_download, make_indexer
from tests.people import bob, browser, button_of, messages, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "audiobooks"
    folder.mkdir()
    return folder


@pytest.fixture
def library(root: Path) -> Library:
    return Library.objects.create(name="Audiobooks", root=str(root))


def add(**data: str) -> Any:
    sent = {"name": "Audiobooks", "template": "{author}/{title}", "may_copy": "on"}
    sent |= {"folder_mode": "775", "file_mode": "664", "trash_days": "30"} | data
    return browser().post(reverse("admin:books_library_add"), sent, follow=True)


def test_a_folder_that_is_there_is_added(root: Path) -> None:
    assert "was added" in messages(add(root=str(root)))[0]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("root", "audiobooks", "Give the whole path"),
        ("root", "/no/such/folder", "TAME sees no folder /no/such/folder."),
        ("template", "{author}/{name}", "There is no field {name}."),
        ("template", "{author}", "The title has to be in it"),
    ],
)
def test_what_cannot_work_is_said_beside_the_field(
    root: Path, field: str, value: str, sentence: str
) -> None:
    answer = add(**{"root": str(root), field: value})
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert not Library.objects.exists()


def test_the_page_shows_where_books_go(library: Library) -> None:
    make_book(year=1853)
    assert "Elizabeth Gaskell/1853 - Cranford" in browser().get(page_of(library)).content.decode()


NAMES = "admin:books_library_names"
LIST_QUERIES = 5


def test_where_books_would_go_is_shown_while_it_is_typed(library: Library) -> None:
    make_book(year=1853)
    page = browser().get(reverse("admin:books_library_add")).content.decode()
    assert reverse(NAMES) in page
    assert "tame/names.js" in page
    told = browser().get(reverse(NAMES), {"template": "{title}< ({year})>"}).json()
    assert told == {"names": [["Cranford", "Elizabeth Gaskell/Cranford (1853)"]]}
    wrong = browser().get(reverse(NAMES), {"template": "{colour}"}).json()
    assert wrong["error"].startswith("There is no field {colour}.")
    assert browser(bob()).get(reverse(NAMES), {"template": "{title}"}).status_code == 403


def test_where_many_books_would_go_costs_the_same(
    library: Library, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        make_book(f"Part {number}")
    page = browser()
    with django_assert_num_queries(5):
        assert len(page.get(reverse(NAMES), {"template": "{title}"}).json()["names"]) == 8


@pytest.mark.parametrize("libraries", [1, 30])
def test_the_list_costs_the_same(
    libraries: int, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    for number in range(libraries):
        Library.objects.create(name=f"Library {number}", root=str(tmp_path / str(number)))
    page = browser()
    with django_assert_num_queries(LIST_QUERIES):
        assert page.get(reverse("admin:books_library_changelist")).status_code == 200


def test_test_tries_and_leaves_nothing(library: Library, root: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    make_client(save_path=str(saved))
    said = messages(browser().post(button_of(library, "test"), follow=True))
    assert any("TAME can write into" in sentence for sentence in said)
    assert any(sentence.startswith(f"From {saved} books come by ") for sentence in said)
    assert "A better copy takes a book's place in one step." in said
    assert "Its disk says when a book is safely written." in said
    assert list(saved.iterdir()) == []
    assert list((root / HIDDEN).iterdir()) == []


def test_a_client_whose_folder_is_not_seen_is_named(library: Library, tmp_path: Path) -> None:
    make_client(save_path="/nowhere/at/all")
    make_client(name="new one", address="http://127.0.0.1:2")
    code, told = run_json("test_libraries")
    said = [check["sentence"] for check in told["libraries"][0]["checks"] if not check["ok"]]
    assert code == 1
    assert said[0] == (
        "Where new one saves to is not known yet: test it, then the library once more."
    )
    assert said[1].startswith("seedbox calls it /nowhere/at/all and no mapping fits.")
    assert run("test_libraries", "Audio")[0] == 2


def test_a_client_that_saves_into_the_library_is_not_well(library: Library, root: Path) -> None:
    make_client(save_path=str(root / "torrents"))
    [check] = [one for one in try_library(library) if not one.is_well]
    assert check.sentence == (
        f"seedbox saves to {root / 'torrents'}, in the library itself: no book can be imported "
        "from there. Let it save to a folder outside."
    )


def test_links_are_tried_from_where_the_last_download_stands(
    library: Library, tmp_path: Path
) -> None:
    """A category may have a folder of its own."""
    saved, books = tmp_path / "saved", tmp_path / "books"
    saved.mkdir()
    books.mkdir()
    (books / "1.mp3").write_text("theirs")
    before = (books / "1.mp3").stat()
    download = make_download(client=make_client(save_path=str(saved)), save_path=str(books))
    assert download.client.save_path
    lines = [check["sentence"] for check in done("test_libraries")["libraries"][0]["checks"]]
    assert [line.split(" books come")[0] for line in lines if line.startswith("From ")] == [
        f"From {saved}", f"From {books}",
    ]  # fmt: skip
    after = (books / "1.mp3").stat()
    assert (after.st_ino, after.st_nlink, after.st_mtime_ns) == (
        before.st_ino, 1, before.st_mtime_ns,
    )  # fmt: skip


def test_another_file_system_and_never_copy_is_not_well(library: Library, tmp_path: Path) -> None:
    with mounted(tmp_path / "other", "size=1m") as other:
        [link] = [one for one in check_library(library, [other]) if str(other) in one.sentence]
        assert link.is_well
        assert link.sentence == (
            f"From {other} books have to be copied. They are on two file systems, or on two mounts "
            "of one: mount one folder that holds both."
        )
        library.may_copy = False
        [link] = [one for one in check_library(library, [other]) if str(other) in one.sentence]
        assert not link.is_well
        assert "no book comes: this library never copies. They are on two" in link.sentence


def test_another_user_s_files_that_cannot_be_linked_are_told() -> None:
    """TAME's own probe could be: so a file of the client itself is tried."""
    if Path("/proc/sys/fs/protected_hardlinks").read_text().strip() != "1" or os.getuid():
        pytest.skip("here anybody's files can be linked, or only root can give some away")
    with open_to_all() as folder:
        saved, root = folder / "saved", folder / "library"
        for path in (saved, root):
            path.mkdir()
            path.chmod(0o777)
        (saved / "1.mp3").write_text("theirs")
        (saved / "1.mp3").chmod(0o644)
        said = said_by_a_child(
            lambda: raise_all(check_library(Library(name="A", root=str(root)), [saved])),
            become_nobody,
        )
        assert (
            f"From {saved} books have to be copied. It belongs to user 0, and TAME, user 65534, "
            "may not write to it: then the system allows no hard link. Run TAME and qBittorrent as "
            "one user, or in one group that may write."
        ) in said
        assert list(saved.iterdir()) == [saved / "1.mp3"]


def raise_all(checks: list[Checked]) -> None:
    raise BadInputError(" ".join(one.sentence for one in checks))


def test_what_the_file_system_cannot_do_is_said(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("books.libraries.swap", lambda *_: False)
    monkeypatch.setattr(os, "fsync", refuse)
    said = [one.sentence for one in check_library(library)]
    assert any("in two steps: for a moment its folder is missing" in one for one in said)
    assert "Its disk does not say when a book is safely written: Invalid argument." in said


def test_a_folder_that_has_gone_is_told(library: Library, root: Path) -> None:
    root.rmdir()
    root.write_text("no folder")
    [check] = check_library(library)
    assert not check.is_well
    assert check.sentence == f"{root} is not there. Is its disk mounted?"


def test_a_disk_that_is_not_mounted_is_not_written_to(library: Library, root: Path) -> None:
    """Its folder made on the disk below, every later import would go there."""
    root.rmdir()
    [check] = check_library(library)
    assert check.sentence == f"{root} is not there. Is its disk mounted?"
    assert not root.exists()


# --- Commands -------------------------------------------------------------------------------------


def test_a_library_is_added_by_a_command(root: Path) -> None:
    assert done("add_library", root, "--never-copy")["library"]["root"] == str(root)
    assert not Library.objects.get().may_copy
    assert run_json("add_library", root)[1]["error"] == f"{root} is a library already."
    assert run("add_library", "/no/such/folder")[0] == 2


def test_names_are_shown_before_anything_is_placed(library: Library) -> None:
    book = make_book(year=1853)
    told = done("preview_names", book.pk, "--template", "{title}< ({year})>")
    assert told["books"][0]["folder"] == "Elizabeth Gaskell/Cranford (1853)"
    assert done("preview_names", book.pk, "--dry-run")["books"]
    assert run("preview_names", 99)[0] == 2
    assert run("preview_names", "--template", "{colour}")[0] == 2


def test_without_a_library_the_command_says_what_to_do() -> None:
    code, document = run_json("import_downloads")
    assert code == 4
    assert "add_library does it, too" in document["error"]


# --- A person decides -----------------------------------------------------------------------------


@pytest.fixture
def stuck(library: Library) -> Import:
    download = make_download(book=make_book(), state=State.COMPLETED)
    download.imports.update(state=ImportState.REVIEW, last_error="It lasts 1 h 00 min.")
    return download.imports.get()


def test_the_first_page_says_what_waits(stuck: Import) -> None:
    make_indexer(last_ok_at=timezone.now())
    Client.objects.update(last_ok_at=timezone.now())
    page = browser().get("/admin/").content.decode()
    assert "“Cranford” is complete, but: It lasts 1 h 00 min." in page
    assert page_of(stuck) in page
    assert "is complete, but" in browser().get(page_of(Download.objects.get())).content.decode()


def test_it_is_tried_again_or_dropped(stuck: Import) -> None:
    browser().post(button_of(stuck, "again"))
    stuck.refresh_from_db()
    assert stuck.state == ImportState.PENDING
    browser().post(button_of(stuck, "drop"))
    stuck.refresh_from_db()
    assert stuck.state == ImportState.DROPPED
    assert not Book.objects.get().coming


def test_a_complete_download_without_a_library_leads_to_one() -> None:
    make_download(book=make_book(), state=State.COMPLETED)
    step = what_is_to_be_imported()
    assert step
    assert "Say where your audiobooks stand" in step.sentence


# --- Several libraries ----------------------------------------------------------------------------


@pytest.fixture
def children(tmp_path: Path) -> Library:
    folder = tmp_path / "children"
    folder.mkdir()
    return Library.objects.create(name="Children", root=str(folder))


def test_the_first_one_is_the_default_one(root: Path, tmp_path: Path) -> None:
    add(root=str(root))
    second = tmp_path / "second"
    second.mkdir()
    add(root=str(second), name="Second")
    assert list(Library.objects.filter(default=True).values_list("root", flat=True)) == [str(root)]


def test_only_one_is_the_default_one(library: Library, children: Library) -> None:
    library.make_default()
    browser().post(button_of(children, "make_default"))
    assert Library.objects.get(default=True) == children
    with pytest.raises(IntegrityError):
        Library.objects.update(default=True)


def test_a_book_goes_to_its_own_library_its_profile_s_or_the_default_one(
    library: Library, children: Library
) -> None:
    children.make_default()
    book = make_book()
    assert book.chosen_library() == children
    profile = Profile.usual()
    profile.library = library
    profile.save()
    assert Book.objects.get().chosen_library() == library
    Book.objects.update(library=children)
    assert Book.objects.get().chosen_library() == children
    children.delete()
    assert Book.objects.get().chosen_library() == library


def test_without_a_default_one_it_is_the_first(library: Library, children: Library) -> None:
    assert make_book().chosen_library() == library


def test_where_a_book_goes_is_said_on_its_page(library: Library, children: Library) -> None:
    book = make_book()
    sent = {"title": "Cranford", "wish": "wanted", "priority": "0", "library": str(children.pk)}
    forms = {
        f"{name}-{field}": "0"
        for name in ("credits", "places")
        for field in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    browser().post(page_of(book), sent | forms)
    assert Book.objects.get().library == children
    assert "Only books go here that name it" in browser().get(page_of(children)).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("folder_mode", "rwx", "are no permissions"),
        ("folder_mode", "644", "TAME itself could not"),
        ("file_mode", "999", "are no permissions"),
        ("file_mode", "444", "TAME itself could not"),
    ],
)
def test_permissions_that_cannot_work_are_refused(
    root: Path, field: str, value: str, sentence: str
) -> None:
    assert sentence in add(root=str(root), **{field: value}).content.decode()
    assert not Library.objects.exists()


def test_the_command_takes_permissions_and_a_default(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    done("add_library", folder, "--folder-mode", "0770", "--file-mode", "660", "--default")
    row = Library.objects.get(default=True)
    assert (row.root, row.folder_mode, row.file_mode) == (str(folder), "770", "660")
    assert run("add_library", folder.parent, "--file-mode", "none")[0] == 2
