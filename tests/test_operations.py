"""Every operation that TAME grew from, run by its command; docs/operations.md is written from it.

TAME_WRITE=1 writes the page anew.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from downloads.actions import CLIENTS, DOWNLOADS
from downloads.models import Client, Download
from downloads.states import State
from indexers.models import Indexer, Release
from tests.commanding import done, run
from tests.factory import make_book, make_client, make_download, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, magnet_of, make_torrent
from tests.written import assert_written

pytestmark = pytest.mark.django_db
LABELS = {verb.name: verb.label for verb in (*DOWNLOADS, *CLIENTS)}
PAYLOAD = make_torrent({"Cranford/01.mp3": b"\xff\xfb" * 9000, "Cranford/02.mp3": b"\xff\xfb" * 80})


@dataclass(frozen=True)
class Operation:
    asked: str
    admin: str
    commands: tuple[str, ...]
    test: str


CLIENT: list[Operation] = []
DOWNLOAD: list[Operation] = []
Test = Callable[..., None]


def operation(
    group: list[Operation], asked: str, admin: str, *commands: str
) -> Callable[[Test], Test]:
    def note(test: Test) -> Test:
        group.append(Operation(asked, admin, commands, test.__name__))
        return test

    return note


def action(name: str, of: str = "Downloads") -> str:
    """As the admin calls it; a KeyError when it has no such action."""
    return f"{of}, *{LABELS[name]}*"


def tab(state: State) -> str:
    return f"*{state.label.capitalize()}*"


Perform = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def perform(request: pytest.FixtureRequest) -> Perform:
    """Runs the commands of the test's own row: words in capitals are filled in."""
    row = next(row for row in CLIENT + DOWNLOAD if row.test == request.node.originalname)

    def run_all(**words: object) -> list[dict[str, Any]]:
        filled = [
            [str(words.get(word, word)) for word in shlex.split(line)] for line in row.commands
        ]
        assert not [word for line in filled for word in line if word.isupper()]
        return [done(*line) for line in filled]

    return run_all


# --- Things ---------------------------------------------------------------------------------------


@pytest.fixture
def fake() -> Iterator[FakeQBittorrent]:
    with FakeQBittorrent() as server:
        yield server


@pytest.fixture
def client_row(fake: FakeQBittorrent) -> Client:
    return make_client(address=fake.url, username=fake.username, password=fake.password)


@pytest.fixture
def book() -> Book:
    return make_book()


@pytest.fixture
def release(book: Book) -> Iterator[Release]:
    with Site() as site:
        indexer = make_indexer(address=f"{site.url}/api/v2.0/indexers/pd/results/torznab/")
        link = site.put("/dl/pd/", Page(body=PAYLOAD))
        yield make_release(indexer, book, link=link, info_hash=hashes_of(PAYLOAD)[0])


@pytest.fixture
def download(book: Book, client_row: Client, release: Release) -> Download:
    """In the client, and confirmed."""
    done("grab", book.pk, release.pk)
    done("push_downloads", "--confirm")
    return Download.objects.get()


def again(download: Download) -> Download:
    return Download.objects.get(pk=download.pk)


def numbers(document: dict[str, Any]) -> list[int]:
    return [row["id"] for row in document["downloads"]]


# --- The client's eight ---------------------------------------------------------------------------


@operation(
    CLIENT,
    "`add_torrent(magnet, category, save_path)`, returning the hash",
    f"A book's page, *Give a torrent by hand*; {action('push')}",
    "add_torrent BOOK MAGNET",
    "push_downloads --confirm",
)
def test_add_torrent(
    perform: Perform, fake: FakeQBittorrent, client_row: Client, book: Book
) -> None:
    Client.objects.update(category="audiobooks")
    fake.categories["audiobooks"] = str(fake.downloads / "audio")
    queued, pushed = perform(BOOK=book.pk, MAGNET=magnet_of(PAYLOAD))
    info_hash = queued["download"]["hash_v1"]
    assert info_hash == hashes_of(PAYLOAD)[0]
    assert pushed["downloads"][0]["state"] == "downloading"
    torrent = fake.torrents[info_hash]
    assert (torrent.category, torrent.save_path) == ("audiobooks", fake.downloads / "audio")


@operation(
    CLIENT,
    "`get_torrent_status(hash)`",
    "A download's page",
    "sync_downloads",
    "show_download DOWNLOAD",
)
def test_get_torrent_status(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    fake.set_state(download.client_hash, "downloading", progress=0.5, size=1000, dlspeed=7)
    _, shown = perform(DOWNLOAD=download.pk)
    row = shown["download"]
    assert (row["hash"], row["client_state"]) == (download.client_hash, "downloading")
    assert (row["progress"], row["size"], row["speed"]) == (0.5, 1000, 7)


@operation(
    CLIENT,
    "`get_all_torrents(filter)`",
    "none: the list of downloads shows those that TAME follows",
    "client_torrents CLIENT --filter stopped",
)
def test_get_all_torrents(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    fake.torrents[download.client_hash].stopped = True
    [document] = perform(CLIENT="seedbox")
    assert [row["hash"] for row in document["torrents"]] == [download.client_hash]
    fake.torrents[download.client_hash].stopped = False
    assert perform(CLIENT="seedbox")[0]["torrents"] == []


@operation(CLIENT, "`pause_torrent(hash)`", action("pause"), "pause DOWNLOAD --wait")
def test_pause_torrent(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    perform(DOWNLOAD=download.pk)
    assert fake.torrents[download.client_hash].stopped


@operation(CLIENT, "`resume_torrent(hash)`", action("resume"), "resume DOWNLOAD --wait")
def test_resume_torrent(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    fake.torrents[download.client_hash].stopped = True
    perform(DOWNLOAD=download.pk)
    assert not fake.torrents[download.client_hash].stopped


@operation(
    CLIENT,
    "`delete_torrent(hash, delete_files)`",
    action("cancel"),
    "cancel DOWNLOAD --torrent remove-with-files --wait",
)
def test_delete_torrent(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    perform(DOWNLOAD=download.pk)
    assert not fake.torrents
    assert fake.asked("torrents/delete")[0].form["deleteFiles"].lower() == "true"


@operation(CLIENT, "`get_download_path()`", action("test", "Clients"), "client_state CLIENT")
def test_get_download_path(perform: Perform, fake: FakeQBittorrent, client_row: Client) -> None:
    [document] = perform(CLIENT=client_row.pk)
    assert document["clients"][0]["save_path"] == str(fake.downloads)


@operation(CLIENT, "`get_server_state()`", action("test", "Clients"), "client_state")
def test_get_server_state(perform: Perform, fake: FakeQBittorrent, client_row: Client) -> None:
    state = perform()[0]["clients"][0]
    assert state["version"] == "v5.1.0"
    assert {"free", "connection_status", "download_speed", "upload_speed", "torrents"} <= set(state)


# --- The downloads' eleven ------------------------------------------------------------------------


@operation(
    DOWNLOAD,
    "list: status filter, limit 1 to 500 (100), offset; newest first; total and has more",
    "Downloads: tabs, filters, search, pages",
    "list_downloads --state downloading --limit 2 --offset 1",
)
def test_list(perform: Perform) -> None:
    client = make_client()
    rows = [make_download(client, state=State.DOWNLOADING) for _ in range(4)]
    make_download(client)
    [document] = perform()
    assert numbers(document) == [rows[2].pk, rows[1].pk]
    assert (document["total"], document["has_more"]) == (4, True)
    assert run("list_downloads", "--limit", 501)[0] == 2


@operation(DOWNLOAD, "show one: all fields", "A download's page", "show_download DOWNLOAD")
def test_show_one(perform: Perform, download: Download) -> None:
    [document] = perform(DOWNLOAD=download.pk)
    row = document["download"]
    assert (row["id"], row["state"], row["books"][0]["title"]) == (
        download.pk, "downloading", "Cranford",
    )  # fmt: skip
    assert [move["to"] for move in row["history"]] == ["downloading", "pushed", "queued"]


@operation(
    DOWNLOAD,
    "create: title, source, author; magnet or torrent URL required",
    "A book's page, *Grab* beside a release",
    "grab BOOK RELEASE",
)
def test_create(perform: Perform, book: Book, release: Release, client_row: Client) -> None:
    [document] = perform(BOOK=book.pk, RELEASE=release.pk)
    row = document["download"]
    assert (row["state"], row["release_id"], row["title"]) == ("queued", release.pk, release.title)
    bare = make_release(Indexer.objects.get(), book, title="Bare", link="")
    assert run("grab", make_book("Ruth").pk, bare.pk)[0] == 2


@operation(
    DOWNLOAD,
    "set status: only along the table of allowed moves",
    f"{action('push')}; the rest by itself",
    "push_downloads",
    "sync_downloads",
)
def test_set_status(
    perform: Perform, book: Book, release: Release, client_row: Client, fake: FakeQBittorrent
) -> None:
    done("grab", book.pk, release.pk)
    pushed, synced = perform()
    assert pushed["downloads"][0]["state"] == "pushed"
    assert synced["clients"][0]["confirmed"] == 1
    row = Download.objects.get()
    assert (row.state, row.client_hash) == (State.DOWNLOADING, hashes_of(PAYLOAD)[0])


@operation(
    DOWNLOAD,
    "mark complete, with the status of its import",
    "by itself; a download's page shows it",
    "sync_downloads",
    "show_download DOWNLOAD",
)
def test_mark_complete(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    fake.set_state(download.client_hash, "stalledUP")
    _, shown = perform(DOWNLOAD=download.pk)
    assert shown["download"]["state"] == "completed"
    assert shown["download"]["completed_at"]
    assert shown["download"]["imports"][0]["state"] == "pending"


@operation(
    DOWNLOAD,
    "mark failed: message; given up after the last attempt",
    action("failed_because"),
    'fail_downloads DOWNLOAD --because "Only noise."',
    "retry_downloads --due",
)
def test_mark_failed(perform: Perform, download: Download, settings: Any) -> None:
    Download.objects.update(attempts=settings.MAX_ATTEMPTS)
    failed, _ = perform(DOWNLOAD=download.pk)
    assert failed["downloads"][0]["state"] == "failed"
    row = again(download)
    assert row.state == State.HELD  # the release is not to blame: it waits for a person
    assert "Only noise." in row.last_error


@operation(
    DOWNLOAD,
    "schedule a retry: in 1 to 30 days",
    f"{action('retry')}; {action('retry_on')}",
    "retry_downloads DOWNLOAD --in-days 3",
)
def test_schedule_a_retry(perform: Perform) -> None:
    download = make_download(state=State.FAILED)
    perform(DOWNLOAD=download.pk)
    retry_at = again(download).retry_at
    assert retry_at
    assert retry_at.date() == (timezone.now() + timedelta(days=3)).date()
    for days in (0, 31):
        assert run("retry_downloads", download.pk, "--in-days", days)[0] == 2


@operation(
    DOWNLOAD, "list pending", f"Downloads, tab {tab(State.QUEUED)}", "list_downloads --state queued"
)
def test_list_pending(perform: Perform) -> None:
    queued = make_download()
    make_download(state=State.FAILED)
    assert numbers(perform()[0]) == [queued.pk]


@operation(
    DOWNLOAD,
    "list failed: failed and abandoned",
    f"Downloads, tabs {tab(State.FAILED)} and {tab(State.ABANDONED)}",
    "list_downloads --state failed --state abandoned",
)
def test_list_failed(perform: Perform) -> None:
    make_download()
    failed, abandoned = make_download(state=State.FAILED), make_download(state=State.ABANDONED)
    assert numbers(perform()[0]) == [abandoned.pk, failed.pk]


@operation(
    DOWNLOAD,
    "list due for retry",
    "Downloads, filter *retry: is due*",
    "list_downloads --retry-due",
)
def test_list_due_for_retry(perform: Perform) -> None:
    due = make_download(state=State.FAILED, retry_at=timezone.now())
    make_download(state=State.FAILED, retry_at=timezone.now() + timedelta(hours=1))
    assert numbers(perform()[0]) == [due.pk]


@operation(
    DOWNLOAD,
    "delete: the torrent stays untouched",
    action("cancel"),
    "cancel DOWNLOAD --torrent keep --wait",
)
def test_delete(perform: Perform, fake: FakeQBittorrent, download: Download) -> None:
    [document] = perform(DOWNLOAD=download.pk)
    assert document["downloads"][0]["state"] == "cancelled"
    assert download.client_hash in fake.torrents
    assert not fake.asked("torrents/delete")


# --- The page -------------------------------------------------------------------------------------

INTRODUCTION = """# Operations

The systems that TAME grew from asked for eight operations of a client and eleven of downloads.
This page says how each is done in TAME: in the admin, and by a command, which does the same. Every
row is run by the test that it names, in `tests/test_operations.py`, against a fake qBittorrent;
that file writes this page.

`docs/commands.md` has all commands, their exit codes and what their JSON holds.
"""
REMARKS = """
Two were changed on purpose:

* No command sets a state by hand: a state is what TAME has read back from the client.
* Nothing deletes a row: what is cancelled keeps its history.
"""


def rows_of(group: list[Operation]) -> str:
    lines = ["| # | asked for | in the admin | command | test |", "|---|---|---|---|---|"]
    for number, row in enumerate(group, 1):
        commands = ", then ".join(f"`{command}`" for command in row.commands)
        lines.append(f"| {number} | {row.asked} | {row.admin} | {commands} | `{row.test}` |")
    return "\n".join(lines)


def test_the_page_is_what_the_tests_ran() -> None:
    assert (len(CLIENT), len(DOWNLOAD)) == (8, 11)
    text = (
        f"{INTRODUCTION}\n## Of the client\n\n{rows_of(CLIENT)}\n\n"
        f"## Of downloads\n\n{rows_of(DOWNLOAD)}\n{REMARKS}"
    )
    assert_written("operations.md", text)
