"""An Audiobookshelf is connected, tested, and chosen for a library by name."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from books.libraries import check_library
from books.models import Library, ShelfServer
from books.placing import HIDDEN
from books.shelf_servers import check_server, read_shelf_address, talking_to
from demo.audiobookshelf.state import API_KEY, UNAUTHORIZED
from tame import environment
from tame.lib.errors import BadInputError, ServiceDownError
from tests.commanding import done, run, run_json
from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.people import bob, browser, button_of, filled_in, list_of, messages, page_of
from tests.shelves import connected, shown_library

pytestmark = pytest.mark.django_db
ADD = "/admin/books/shelfserver/add/"


@pytest.fixture
def row(abs_fake: FakeAudiobookshelf) -> ShelfServer:
    return connected(abs_fake)


@pytest.fixture
def library(abs_fake: FakeAudiobookshelf, row: ShelfServer) -> Library:
    return shown_library(abs_fake, row)


def again(row: ShelfServer) -> ShelfServer:
    return ShelfServer.objects.get(pk=row.pk)


# --- Connecting -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("http://nas:13378/", "http://nas:13378"),
        ("nas:13378", "http://nas:13378"),
        ("https://books.example/audiobookshelf/login", "https://books.example/audiobookshelf"),
        (
            "http://nas:13378/audiobookshelf/library/ab-1/bookshelf",
            "http://nas:13378/audiobookshelf",
        ),
        ("http://nas:13378/api", "http://nas:13378"),
        ("http://nas:13378/config/api-keys?x=1", "http://nas:13378"),
    ],
)
def test_the_address_may_be_pasted_from_any_of_its_pages(pasted: str, address: str) -> None:
    assert read_shelf_address(pasted) == address


@pytest.mark.parametrize("pasted", ["", "ftp://nas", "http://ann:pw@nas", "http://", "http://a b"])
def test_what_is_no_address_is_refused(pasted: str) -> None:
    with pytest.raises(BadInputError, match="Give the address of Audiobookshelf") as refused:
        read_shelf_address(pasted)
    assert "pw" not in str(refused.value)


def test_a_server_is_added_and_tested(abs_fake: FakeAudiobookshelf) -> None:
    page = browser()
    sent = {"address": f"{abs_fake.url}/audiobookshelf/login", "new_key": API_KEY, "name": ""}
    added = page.post(ADD, sent, follow=True)
    row = ShelfServer.objects.get()
    assert added.redirect_chain[-1][0] == page_of(row)
    assert (row.name, row.address) == ("Audiobookshelf", f"{abs_fake.url}/audiobookshelf")
    assert not abs_fake.asked
    said = " ".join(messages(page.post(button_of(row, "test"), follow=True)))
    assert "Audiobookshelf 2.36.0, asked as its user “tame”" in said
    assert "“tame” may do all that TAME needs." in said
    assert "Its library “Audiobooks” is in" in said
    row = again(row)
    assert row.last_ok_at
    assert [one["name"] for one in row.libraries] == ["Audiobooks"]


def test_the_key_is_sealed_and_never_shown(row: ShelfServer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM books_shelfserver")
        assert API_KEY not in str(cursor.fetchall())
    assert API_KEY not in browser().get(page_of(row)).content.decode()
    answer = browser().post(page_of(row), filled_in(browser().get(page_of(row)), name="Loft"))
    assert answer.status_code == 302
    assert (again(row).name, again(row).key) == ("Loft", API_KEY)


def test_a_new_key_ends_a_refusal(row: ShelfServer) -> None:
    ShelfServer.objects.update(failures=3, last_error="Refused.")
    assert again(row).key_was_refused
    sent = filled_in(browser().get(page_of(row)), new_key="another-harmless-key")
    browser().post(page_of(row), sent)
    assert again(row).is_usable
    assert again(row).key == "another-harmless-key"


def test_the_list_costs_the_same_for_thirty(row: ShelfServer) -> None:
    page = browser()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page.get(list_of(row))
        return len(seen)

    few = queries()
    for number in range(29):
        ShelfServer.objects.create(name=f"S{number}", address=f"http://s{number}.example")
    assert queries() == few


def test_only_who_may_test_it_does(row: ShelfServer, abs_fake: FakeAudiobookshelf) -> None:
    page = browser(bob("books.view_shelfserver"))
    assert page.post(button_of(row, "test")).status_code == 403
    assert not abs_fake.asked


# --- Test -----------------------------------------------------------------------------------------


def unwell(row: ShelfServer) -> str:
    return " ".join(check.sentence for check in check_server(row) if not check.is_well)


@pytest.mark.parametrize(
    ("permission", "cost"),
    [
        ("update", "may not update: TAME cannot correct metadata"),
        ("upload", "may not upload: TAME cannot test whether both see"),
        ("delete", "may not delete: TAME cannot take a book off the shelf"),
    ],
)
def test_what_lacks_is_said_with_its_cost(
    row: ShelfServer, abs_fake: FakeAudiobookshelf, permission: str, cost: str
) -> None:
    abs_fake.me.permissions[permission] = False
    assert cost in unwell(row)


def test_a_user_who_is_no_admin_cannot_scan(row: ShelfServer, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.me.type = "user"
    assert "is no admin: TAME cannot ask for a scan" in unwell(row)


def test_an_old_version_is_said(row: ShelfServer, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.version = "2.19.5"
    assert "too old for TAME, which needs 2.21 or newer" in unwell(row)


def test_a_server_without_books_is_said(row: ShelfServer, abs_fake: FakeAudiobookshelf) -> None:
    abs_fake.shelf.kind = "podcast"
    assert "It has no library of books." in unwell(row)


def test_a_refused_key_stops_it_until_there_is_another(
    row: ShelfServer, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.trouble = UNAUTHORIZED
    assert "refused TAME's API key" in unwell(row)
    row = again(row)
    assert row.key_was_refused
    asked = len(abs_fake.asked)
    with pytest.raises(ServiceDownError, match="refused TAME's API key"), talking_to(row):
        pass
    assert len(abs_fake.asked) == asked


def test_a_server_that_is_down_backs_off_and_comes_back(
    row: ShelfServer, abs_fake: FakeAudiobookshelf
) -> None:
    with pytest.raises(ServiceDownError), talking_to(row):
        raise ServiceDownError("Attic gave no answer.")
    assert again(row).is_off
    assert not unwell(row)
    assert again(row).is_usable


# --- Of a library ---------------------------------------------------------------------------------


def test_a_library_is_chosen_by_its_name(row: ShelfServer, shelf_root: Path) -> None:
    check_server(row)
    page = browser()
    shown = page.get("/admin/books/library/add/").content.decode()
    assert "Attic: Audiobooks" in shown
    choice = f"{row.pk}:{again(row).libraries[0]['id']}"
    form = filled_in(page.get("/admin/books/library/add/"))
    page.post("/admin/books/library/add/", form | {
        "name": "Home", "root": str(shelf_root), "shelf": choice, "shelf_prefix": "",
    })  # fmt: skip
    library = Library.objects.get()
    assert (library.server, library.shelf_prefix) == (row, str(shelf_root))
    assert "Attic: Audiobooks" in page.get(page_of(library)).content.decode()


def test_another_is_chosen_and_none_again(library: Library, row: ShelfServer) -> None:
    check_server(row)
    page = browser()
    page.post(page_of(library), filled_in(page.get(page_of(library)), shelf="", shelf_prefix=""))
    library.refresh_from_db()
    assert (library.server, library.shelf_library_id, library.shelf_prefix) == (None, "", "")


def test_a_folder_that_its_library_has_not_is_refused(library: Library, row: ShelfServer) -> None:
    check_server(row)
    sent = filled_in(browser().get(page_of(library)), shelf_prefix="/elsewhere")
    answer = browser().post(page_of(library), sent)
    assert "Say which of them is this folder" in answer.content.decode()


def test_the_test_of_a_library_asks_whether_both_see_the_same(
    library: Library, shelf_root: Path
) -> None:
    said = messages(browser().post(button_of(library, "test"), follow=True))
    assert said[-1] == f"Attic sees this folder, as {shelf_root}."
    assert list((shelf_root / HIDDEN).iterdir()) == []


def test_what_the_test_of_its_server_says_is_not_said_twice(
    library: Library, row: ShelfServer, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.shelf.watches = True
    by_server = {check.sentence for check in check_server(row)}
    assert not by_server & {check.sentence for check in check_library(library)}


def test_another_folder_is_told_apart(
    library: Library, abs_fake: FakeAudiobookshelf, tmp_path: Path
) -> None:
    abs_fake.shelf.seen_as = str(library.root)
    abs_fake.shelf.folder = tmp_path / "elsewhere"
    [check] = [c for c in check_library(library) if "does not see" in c.sentence]
    assert not check.is_well
    assert "Mount one folder into both" in check.sentence


def test_a_folder_below_its_own_is_seen(
    library: Library, abs_fake: FakeAudiobookshelf, shelf_root: Path
) -> None:
    below = shelf_root / "family"
    below.mkdir()
    abs_fake.shelf.seen_as = "/books"
    library.root, library.shelf_prefix = str(below), "/books/family"
    assert "Attic sees this folder, as /books/family." in [
        check.sentence for check in check_library(library)
    ]


def test_a_watcher_costs_and_the_remedy_is_said(
    library: Library, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.shelf.watches = True
    [check] = [c for c in check_library(library) if "watcher is on" in c.sentence]
    assert not check.is_well
    assert "makes two of one book" in check.sentence
    assert "Disable folder watcher" in check.sentence
    assert not abs_fake.writes  # it is recommended, not done


def test_a_server_that_is_down_spoils_only_its_part(
    library: Library, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.down()
    checks = check_library(library)
    assert checks[0].is_well
    assert "gave no answer" in checks[-1].sentence


# --- Commands and environment ---------------------------------------------------------------------


def test_commands_connect_test_and_choose(
    abs_fake: FakeAudiobookshelf, shelf_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(API_KEY + "\n"))
    told = done("add_shelf_server", abs_fake.url, "--key-stdin")
    assert told["new"]
    assert "key" not in told["server"]
    assert "may do all that TAME needs" in str(done("test_shelf_servers"))
    assert done("list_shelf_servers")["shelf_servers"][0]["libraries"][0]["name"] == "Audiobooks"
    done("add_library", shelf_root, "--shelf", "Audiobooks")
    assert Library.objects.get().shelf_library_id == abs_fake.shelf.id
    done("switch_shelf_servers", "off", "Audiobookshelf")
    assert not ShelfServer.objects.get().enabled


def test_a_server_that_is_not_well_has_the_exit_code_of_an_outage(
    row: ShelfServer, abs_fake: FakeAudiobookshelf
) -> None:
    abs_fake.down()
    code, document = run_json("test_shelf_servers", "Attic")
    assert code == 3
    assert "gave no answer" in str(document)


def test_a_library_that_is_not_listed_is_no_choice(shelf_root: Path) -> None:
    code, _, err = run("add_library", shelf_root, "--shelf", "Audiobooks")
    assert code == 2
    assert "No libraries of Audiobookshelf servers are called “Audiobooks”" in err


def test_the_environment_declares_one(settings: Any, abs_fake: FakeAudiobookshelf) -> None:
    settings.ABS_URL, settings.ABS_KEY = f"{abs_fake.url}/login", API_KEY
    assert "comes from the environment" in environment.declare()[0]
    assert environment.declare() == []
    row = ShelfServer.objects.get()
    assert (row.address, row.key, row.from_environment) == (abs_fake.url, "", True)
    assert not unwell(row)
    assert "ABS_URL and ABS_KEY in the environment own" in (
        browser().get(page_of(row)).content.decode()
    )
    settings.ABS_URL = ""
    assert "ABS_URL" in environment.declare()[0]
    assert not again(row).enabled
