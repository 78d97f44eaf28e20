"""What the gateway promises, kept by every real qBittorrent found and by the fakes alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from downloads.qbittorrent import Login, QBittorrent, Seen
from tame.lib.errors import (
    BadInputError,
    LoginRefusedError,
    NotListedError,
    RefusedError,
    ServiceDownError,
)
from tests.fakes.gate import FolderGate
from tests.fakes.torrents import magnet_of
from tests.live.conftest import Book, Server
from tests.live.servers import NEEDED, has_api_keys, missing_generations

UNKNOWN = "0123456789abcdef0123456789abcdef01234567"
SECRET_TRACKER = "http://127.0.0.1:1/announce?passkey=0f1e2d3c4b5a69788796a5b4c3d2e1f0"
Shelf = Callable[..., Book]
T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 10) -> T:
    """The first true answer."""
    give_up = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < give_up, "it did not come true"
        time.sleep(0.02)
    return found


def add(client: QBittorrent, server: Server, payload: bytes | str, **more: object) -> None:
    how = {"category": "", "save_path": str(server.downloads), "tags": ["tame"], "stopped": True}
    client.add(payload, **(how | more))  # type: ignore[arg-type]


def listed(client: QBittorrent, torrent: str) -> Seen:
    return until(lambda: client.find([torrent]))[0]


@pytest.mark.parametrize("generation", NEEDED)
def test_a_real_server_is_here(generation: str) -> None:
    if generation in missing_generations():
        sentence = f"no qbittorrent-nox {generation}"
        if os.environ.get("TAME_NEED_QBITTORRENT") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)


# --- Getting in ------------------------------------------------------------------------------


def test_the_version_is_told(client: QBittorrent, server: Server) -> None:
    assert client.version().startswith(f"v{server.generation}.")
    assert client.api_version().startswith("2.")


def test_a_wrong_password_is_tried_once(server: Server, tmp_path: Path) -> None:
    gate = FolderGate(tmp_path)
    client = QBittorrent(Login("Attic", server.url, server.username, "hunter2"), gate)
    for _ in range(3):
        with pytest.raises(LoginRefusedError, match="Attic refused the user name"):
            client.version()
    assert gate.entered == 1
    assert len(gate.refusals) == 1
    assert "hunter2" not in gate.refusals[0]


def test_five_wrong_passwords_lock_us_out(server: Server, tmp_path: Path) -> None:
    gate = FolderGate(tmp_path)
    for number in range(5):
        wrong = Login("Attic", server.url, server.username, f"wrong-{number}")
        with pytest.raises(ServiceDownError):
            QBittorrent(wrong, gate).version()
    right = Login("Attic", server.url, server.username, server.password)
    try:
        with pytest.raises(ServiceDownError, match="locked this address out") as caught:
            QBittorrent(right, gate).version()
        assert caught.value.retry_after == 3600
        assert not isinstance(caught.value, LoginRefusedError)
    finally:
        server.restart()


def test_an_api_key_opens(server: Server, api_key: str, tmp_path: Path) -> None:
    login = Login("Attic", server.url, api_key=api_key)
    assert QBittorrent(login, FolderGate(tmp_path)).version().startswith("v")


def test_a_wrong_api_key_is_refused(server: Server, tmp_path: Path) -> None:
    gate = FolderGate(tmp_path)
    client = QBittorrent(Login("Attic", server.url, api_key="qbt_" + "x" * 28), gate)
    for _ in range(2):
        with pytest.raises(LoginRefusedError, match="Attic refused the API key"):
            client.all()
    assert gate.entered == 1


def test_a_missing_login_is_asked_for(server: Server, tmp_path: Path) -> None:
    client = QBittorrent(Login("Attic", server.url), FolderGate(tmp_path))
    with pytest.raises(LoginRefusedError, match="wants a login"):
        client.version()


def test_an_ended_session_is_renewed_once(
    client: QBittorrent, server: Server, gate: FolderGate
) -> None:
    client.version()
    before = gate.entered
    server.restart()
    client.version()
    client.all()
    assert gate.entered == before + 1


# --- Adding and finding ----------------------------------------------------------------------


def test_bytes_are_added_as_asked(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    book = new_book()
    folder = str(server.downloads / "books")
    tags = ["tame", "tame:7f3a"]
    add(client, server, book.payload, category="audiobooks", save_path=folder, tags=tags)
    seen = listed(client, book.v1)
    assert (seen.hash, seen.hash_v1, seen.hash_v2) == (book.v1, book.v1, "")
    assert (seen.name, seen.category, seen.save_path) == (book.name, "audiobooks", folder)
    assert set(seen.tags) == set(tags)
    until(lambda: client.find([book.v1])[0].is_stopped)  # it may check what is there first
    assert not seen.auto_management
    assert (seen.size, seen.amount_left, seen.progress) == (250_000, 250_000, 0)
    assert seen.added_at is not None
    assert abs(seen.added_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert seen.completed_at is None


@pytest.mark.parametrize("base32", [False, True])
def test_magnet_links_are_added(
    client: QBittorrent, server: Server, new_book: Shelf, base32: bool
) -> None:
    book = new_book()
    add(client, server, magnet_of(book.payload, base32=base32, name=book.name), stopped=False)
    seen = listed(client, book.v1)
    assert seen.needs_metadata
    assert not seen.is_complete
    assert seen.name == book.name
    assert client.files(seen.hash) == ()


def test_a_duplicate_changes_nothing(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    book = new_book()
    add(client, server, book.payload, tags=["tame:first"])
    listed(client, book.v1)
    add(client, server, book.payload, tags=["tame:second"])
    add(client, server, magnet_of(book.payload), tags=["tame:third"])
    assert [seen.tags for seen in client.all()] == [("tame:first",)]


def test_bytes_that_are_no_torrent_are_refused(client: QBittorrent, server: Server) -> None:
    with pytest.raises(RefusedError, match="Attic says that the file is no torrent"):
        add(client, server, b"<html>Please log in</html>")
    assert client.all() == ()


def test_a_bad_magnet_link_is_no_verdict(client: QBittorrent, server: Server) -> None:
    add(client, server, "magnet:?xt=urn:btih:zzzz")
    assert client.all() == ()


def test_hybrids_are_found_by_their_second_hash(
    client: QBittorrent, server: Server, new_book: Shelf
) -> None:
    book = new_book("hybrid")
    add(client, server, book.payload)
    seen = listed(client, book.v2)
    assert (seen.hash, seen.hash_v1, seen.hash_v2) == (book.v2[:40], book.v1, book.v2)
    assert seen.size == 250_000
    assert client.find([book.v1]) == ()
    assert [one.hash for one in client.find([book.v1, book.v2[:40]])] == [seen.hash]


def test_torrents_of_the_second_version_are_found(
    client: QBittorrent, server: Server, new_book: Shelf
) -> None:
    book = new_book("v2")
    add(client, server, book.payload)
    seen = listed(client, book.v2)
    assert (seen.hash, seen.hash_v1, seen.hash_v2) == (book.v2[:40], "", book.v2)


def test_a_tag_finds_only_its_own(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    first, second = new_book(), new_book()
    add(client, server, first.payload, tags=["tame", "tame:1"])
    add(client, server, second.payload, tags=["tame", "tame:10"])
    until(lambda: len(client.all()) == 2)
    assert [seen.hash for seen in client.find_by_tag("tame:1")] == [first.v1]
    assert {seen.hash for seen in client.find_by_tag("tame")} == {first.v1, second.v1}
    assert client.find_by_tag("nobody's") == ()


def test_nothing_asked_is_nothing_found(
    client: QBittorrent, server: Server, new_book: Shelf
) -> None:
    book = new_book()
    add(client, server, book.payload)
    listed(client, book.v1)
    assert client.find([]) == ()
    client.delete([], with_files=True)
    assert client.find([book.v1])


# --- Changing --------------------------------------------------------------------------------


def test_stop_and_start(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    book = new_book()
    unseeded = magnet_of(book.payload)
    add(client, server, unseeded, stopped=True)
    assert until(lambda: client.find([book.v1]) and client.find([book.v1])[0].is_stopped)
    client.start([book.v1])
    until(lambda: not client.find([book.v1])[0].is_stopped)
    client.stop([book.v1])
    until(lambda: client.find([book.v1])[0].is_stopped)


def test_a_download_arrives_whole_and_survives_a_recheck(
    client: QBittorrent, server: Server, new_book: Shelf
) -> None:
    book = new_book()
    add(client, server, book.payload, stopped=False)
    seen = until(lambda: [one for one in client.find([book.v1]) if one.is_complete], 30)[0]
    assert {path: (server.downloads / path).read_bytes() for path in book.files} == book.files
    assert seen.completed_at is not None
    assert seen.content_path == str(server.downloads / book.name)
    assert [file.progress for file in client.files(book.v1)] == [1, 1]
    client.recheck([book.v1])
    until(lambda: client.find([book.v1])[0].is_checking)
    assert not client.find([book.v1])[0].is_complete
    until(lambda: client.find([book.v1])[0].is_complete)


def test_the_files_of_many_are_told_together(
    client: QBittorrent, server: Server, new_book: Shelf
) -> None:
    """From 5.2 on; before it none is."""
    first, second = new_book(), new_book(version="v2")
    for book in (first, second):
        add(client, server, book.payload)
        listed(client, book.id)
    files = client.files_in_list([first.id, second.id, UNKNOWN])
    told = {first.id: set(first.files), second.id: set(second.files)}
    assert {name: {file.name for file in listed_} for name, listed_ in files.items()} == (
        told if has_api_keys(server.generation) else {}  # both came with 5.2
    )
    assert client.files_in_list([]) == {}


@pytest.mark.parametrize("with_files", [False, True])
def test_delete(client: QBittorrent, server: Server, new_book: Shelf, with_files: bool) -> None:
    book = new_book()
    folder = server.downloads / f"delete-{with_files}"
    add(client, server, book.payload, stopped=False, save_path=str(folder))
    until(lambda: [one for one in client.find([book.v1]) if one.is_complete], 30)
    client.delete([book.v1], with_files=with_files)
    until(lambda: client.find([book.v1]) == ())
    until(lambda: any((folder / path).exists() for path in book.files) is not with_files)


def test_what_is_not_listed_is_no_error_to_change(client: QBittorrent) -> None:
    client.delete([UNKNOWN], with_files=True)
    client.start([UNKNOWN])
    client.stop([UNKNOWN])
    client.recheck([UNKNOWN])
    client.reannounce([UNKNOWN])
    client.add_tags([UNKNOWN], ["tame"])
    client.set_category([UNKNOWN], "")
    assert client.find([UNKNOWN]) == ()


def test_tags_are_added(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    book = new_book()
    add(client, server, book.payload)
    listed(client, book.v1)
    client.add_tags([book.v1], ["tame:7f3a", "imported"])
    assert set(client.find([book.v1])[0].tags) == {"tame", "tame:7f3a", "imported"}


def test_files_and_trackers_are_told(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    book = new_book(trackers=(SECRET_TRACKER,))
    add(client, server, book.payload)
    listed(client, book.v1)
    client.reannounce([book.v1])
    told = {file.name: file.size for file in client.files(book.v1)}
    assert told == {path: len(data) for path, data in book.files.items()}
    trackers = client.tracker_messages(book.v1)
    assert [(one.host, one.working) for one in trackers] == [("127.0.0.1", False)]
    assert "0f1e2d3c" not in repr((trackers, client.all()))


def test_files_of_what_is_not_listed(client: QBittorrent) -> None:
    with pytest.raises(NotListedError, match="Attic does not list"):
        client.files(UNKNOWN)
    with pytest.raises(NotListedError):
        client.tracker_messages(UNKNOWN)


# --- Categories ------------------------------------------------------------------------------


def test_a_category_is_made_and_never_changed(client: QBittorrent) -> None:
    assert client.ensure_category("shelf/gaskell", "/books/gaskell") == "/books/gaskell"
    assert client.ensure_category("shelf/gaskell", "/elsewhere") == "/books/gaskell"
    assert client.ensure_category("plain") == ""
    assert client.categories()["shelf/gaskell"] == "/books/gaskell"
    assert client.folder_of("shelf/gaskell") == "/books/gaskell"


def test_a_category_saves_where_it_says(client: QBittorrent, server: Server) -> None:
    """A folder that is not whole is below the default one."""
    assert client.ensure_category("near", "books/spoken") == "books/spoken"
    assert client.folder_of("near") == f"{server.downloads}/books/spoken"
    assert client.folder_of("anywhere") == str(server.downloads)


@pytest.mark.parametrize("name", ["", "a//b", "/a", "a/", "a\\b", " a"])
def test_bad_category_names_are_told_before(
    client: QBittorrent, server: Server, new_book: Shelf, name: str
) -> None:
    before = client.categories()
    with pytest.raises(BadInputError, match="Attic cannot have a category"):
        client.ensure_category(name)
    if name:
        with pytest.raises(BadInputError, match="Attic cannot have a category"):
            add(client, server, new_book().payload, category=name)
    assert client.categories() == before
    assert client.all() == ()


def test_a_torrent_changes_its_category(
    client: QBittorrent, server: Server, new_book: Shelf
) -> None:
    book = new_book()
    add(client, server, book.payload, category="audiobooks")
    listed(client, book.v1)
    client.ensure_category("read")
    client.set_category([book.v1], "read")
    assert client.find([book.v1])[0].category == "read"
    with pytest.raises(BadInputError, match='Attic has no category "nowhere"'):
        client.set_category([book.v1], "nowhere")


# --- The client itself -----------------------------------------------------------------------


def test_where_and_how_much_room(client: QBittorrent, server: Server) -> None:
    assert client.default_save_path() == str(server.downloads)
    room = client.free_space()
    assert room is not None
    assert room > 1_000_000
    assert client.free_space() is not None  # also when nothing changed since


def test_transfer_and_preferences(client: QBittorrent, server: Server) -> None:
    assert client.transfer().connection_status in {"connected", "firewalled", "disconnected"}
    assert client.transfer().dht_nodes == 0
    told = client.preferences()
    assert (told.save_path, told.temp_path) == (str(server.downloads), "")
    assert (told.auto_management, told.queueing, told.dht) == (False, False, False)
    assert not told.removes_finished


def test_the_log_tells_why(client: QBittorrent, server: Server, new_book: Shelf) -> None:
    book = new_book()
    (server.downloads / "a file").write_text("")
    _, mark = client.log_since(None)
    impossible = str(server.downloads / "a file" / "below")
    add(client, server, book.payload, stopped=False, save_path=impossible)
    until(lambda: [one for one in client.find([book.v1]) if one.is_errored])
    until(lambda: client.log_since(mark)[0])
    lines, new_mark = client.log_since(mark)
    assert any(book.name in line.text for line in lines)
    assert all(line.kind >= 4 and line.id > mark for line in lines)
    assert new_mark == max(line.id for line in lines)
    assert abs(lines[-1].at - datetime.now(UTC)) < timedelta(minutes=1)
    server.restart()
    assert client.log_since(new_mark + 10_000)[1] < new_mark + 10_000
