"""Defects that both origins had, each under the name by which it is remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from books.models import Book
from downloads import tasks
from downloads.confirm import confirm_due
from downloads.diagnose import check_client
from downloads.grab import add_torrent, grab
from downloads.models import Client, Download, DownloadHistory, Payload
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import State
from downloads.sync import sync_due
from indexers.models import Block
from tame.prune import prune
from tame.runners import Runner, note_beat
from tests.downloads.conftest import Shop, again
from tests.factory import make_book, make_client, make_download
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site

pytestmark = pytest.mark.django_db
WHOLE = {"progress": 1.0, "amount_left": 0, "completion_on": 1_700_000_000}


# --- States, retry, queue -------------------------------------------------------------------------


def link_is_dead(download: Download, site: Site, fake: FakeQBittorrent) -> None:
    site.put("/dl/pd/", Page(status=404))
    push_due()


def never_listed(download: Download, site: Site, fake: FakeQBittorrent) -> None:
    fake.swallow_adds()
    push_due()
    confirm_due()
    fake.swallow_adds(False)


def disk_is_full(download: Download, site: Site, fake: FakeQBittorrent) -> None:
    push_due()
    confirm_due()
    fake.set_state(again(download).client_hash, "error", progress=0.1, amount_left=9)
    sync_due()
    fake.set_state(again(download).client_hash, "")


@pytest.mark.parametrize("stage", [link_is_dead, never_listed, disk_is_full])
def test_retry_executes_for_every_failing_stage(
    stage: Callable[..., None], shop: Shop, book: Book, client_row: Client, site: Site,
    fake: FakeQBittorrent, settings: Any,
) -> None:  # fmt: skip
    settings.LISTED_WITHIN_SECONDS = 0
    payload = shop.torrent()
    download = grab(book, shop.release(book, payload), actor="ann")
    stage(download, site, fake)
    assert again(download).state == State.FAILED
    shop.put(payload)
    assert retry_due() == "0 queued again.", "its time has not come"
    Download.objects.update(retry_at=timezone.now())
    retry_due()
    push_due()
    confirm_due()
    assert again(download).state == State.DOWNLOADING
    assert len(fake.torrents) == 1


@pytest.mark.parametrize(
    ("name", "value", "state"),
    [
        ("MAX_ATTEMPTS", 1, State.HELD),
        ("MAX_ATTEMPTS", 9, State.FAILED),
        ("LISTED_WITHIN_SECONDS", 3600, State.PUSHED),
    ],
)
def test_settings_take_effect(
    name: str, value: int, state: State, shop: Shop, book: Book, client_row: Client,
    fake: FakeQBittorrent, settings: Any,
) -> None:  # fmt: skip
    settings.LISTED_WITHIN_SECONDS, settings.HURRY = 0, 1
    setattr(settings, name, value)
    fake.swallow_adds()
    download = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    retry_due()
    assert again(download).state == state


def test_history_survives(client_row: Client, book: Book) -> None:
    row = make_download(client_row, book)
    row.move_to(State.CANCELLED, "No longer wanted.", actor="ann")
    long_ago = timezone.now() - timedelta(days=400)
    Download.objects.update(state_since=long_ago)
    DownloadHistory.objects.update(at=long_ago)
    prune()
    assert not Payload.objects.exists()
    assert [h.sentence for h in again(row).history.all()] == ["No longer wanted."]


@pytest.mark.parametrize("runner", ["search", "push", "files"])
def test_slow_step_does_not_stop_the_sync(
    runner: str, shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    assert Runner(runner).take(), "a long step is at it"
    fake.set_state(again(download).client_hash, "stalledUP", **WHOLE)
    tasks.sync()
    assert again(download).state == State.COMPLETED


def test_nothing_queued_is_lost(shop: Shop, client_row: Client, fake: FakeQBittorrent) -> None:
    Client.objects.update(unfinished_limit=99)
    fake.down()
    rows = [
        add_torrent(make_book(f"Tale {n}"), shop.torrent(f"Tale {n}"), actor="ann")
        for n in range(6)
    ]
    push_due()
    assert {again(row).state for row in rows} == {State.QUEUED}
    fake.up()
    Client.objects.get().reset()
    push_due()
    confirm_due()
    assert {again(row).state for row in rows} == {State.DOWNLOADING}
    assert len(fake.torrents) == 6


# --- Submission -----------------------------------------------------------------------------------


def pushed(page: Page, shop: Shop, book: Book) -> Download:
    release = shop.release(book, shop.torrent())
    shop.site.put("/dl/pd/", page)
    download = grab(book, release, actor="ann")
    push_due()
    return again(download)


def refused(download: Download, fake: FakeQBittorrent, words: str) -> None:
    assert download.state == State.FAILED
    assert words in download.last_error
    assert download.retry_at
    assert not fake.asked("torrents/add")
    assert not Block.objects.exists()


def test_html_login_page(shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent) -> None:
    page = Page(body=b"<html>Log in</html>", headers={"Content-Type": "text/html"})
    refused(pushed(page, shop, book), fake, "login page")


def test_empty_body(shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent) -> None:
    refused(pushed(Page(body=b""), shop, book), fake, "empty")


def test_oversize_body(shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent) -> None:
    page = Page(body=b"d" + b"0" * (11 * 1024 * 1024))
    refused(pushed(page, shop, book), fake, "10 MiB")


def test_not_bencoded(shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent) -> None:
    refused(pushed(Page(body=b"dsomething else"), shop, book), fake, "torrent")


def test_category_is_ensured(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    Client.objects.update(category="spoken")
    add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    assert "spoken" in fake.categories
    paths = [asked.path for asked in fake.requests]
    assert paths.index("torrents/createCategory") < paths.index("torrents/add")


def test_no_trackers_added_to_private_torrents(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload = shop.torrent(private=True, trackers=["http://tracker.example:1/k3y/announce"])
    add_torrent(book, payload, actor="ann")
    push_due()
    (torrent,) = fake.torrents.values()
    assert torrent.trackers == ["http://tracker.example:1/k3y/announce"]
    assert "trackers" not in fake.asked("torrents/add")[0].form


# --- Client contract ------------------------------------------------------------------------------


def whole_way(generation: str, shop: Shop, book: Book) -> None:
    with FakeQBittorrent(generation) as fake:
        make_client(address=fake.url, username=fake.username, password=fake.password)
        download = add_torrent(book, shop.torrent(), actor="ann")
        assert push_due() == "1 pushed."
        confirm_due()
        fake.set_state(again(download).client_hash, "stalledUP", **WHOLE)
        sync_due()
        assert again(download).state == State.COMPLETED


@pytest.mark.parametrize("generation", ["4.5", "4.6"])
def test_contract_4(generation: str, shop: Shop, book: Book) -> None:
    whole_way(generation, shop, book)


@pytest.mark.parametrize("generation", ["5.0", "5.1"])
def test_contract_5_0(generation: str, shop: Shop, book: Book) -> None:
    whole_way(generation, shop, book)


@pytest.mark.parametrize("generation", ["5.2", "5.3"])
def test_contract_5_2(generation: str, shop: Shop, book: Book) -> None:
    whole_way(generation, shop, book)


@pytest.mark.parametrize("generation", ["4.5", "5.1", "5.3"])
def test_bad_password(generation: str) -> None:
    with FakeQBittorrent(generation) as fake:
        row = make_client(address=fake.url, username=fake.username, password="wrong")
        for _ in range(3):
            sync_due()
            push_due()
        for _ in range(3):
            (check,) = check_client(row)
            assert not check.is_well
            assert "password" in check.sentence
        make_download(row, state=State.DOWNLOADING)
        for _ in range(5):
            sync_due()
        assert len(fake.asked("auth/login")) == 1


def test_banned_403(client_row: Client, fake: FakeQBittorrent) -> None:
    fake.ban()
    make_download(client_row, state=State.DOWNLOADING)
    for _ in range(4):
        said = sync_due()
    client_row.refresh_from_db()
    assert client_row.is_off
    assert "has locked this address out for an hour" in client_row.last_error
    assert len(fake.asked("auth/login")) == 1
    assert said == "0 seen."


def test_one_new_login_then_stop(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    fake.expire_sessions()
    sync_due()
    assert len(fake.asked("auth/login")) == 2
    fake.password = "changed meanwhile"
    fake.expire_sessions()
    for _ in range(4):
        sync_due()
    assert len(fake.asked("auth/login")) == 3


EVERY_STATE = {
    **dict.fromkeys(["downloading", "forcedDL", "stalledDL", "queuedDL", "metaDL", "forcedMetaDL",
                     "stoppedDL", "pausedDL", "checkingDL", "checkingUP", "checkingResumeData",
                     "moving", "allocating", "unknown", "a word of tomorrow"], State.DOWNLOADING),
    **dict.fromkeys(["uploading", "forcedUP", "stalledUP", "queuedUP", "stoppedUP", "pausedUP"],
                    State.COMPLETED),
    **dict.fromkeys(["error", "missingFiles"], State.FAILED),
}  # fmt: skip


@pytest.mark.parametrize(("word", "state"), EVERY_STATE.items())
def test_every_client_state_is_mapped(
    word: str, state: State, shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    fields = WHOLE if state == State.COMPLETED else {"progress": 0.5, "amount_left": 5}
    fake.set_state(again(download).client_hash, word, **fields)
    sync_due()
    assert again(download).state == state


@pytest.mark.parametrize("trouble", ["error", "missingFiles", "vanished"])
def test_errored_missing_vanished(
    trouble: str, shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    """Each is seen within one sync."""
    download = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    download = again(download)
    if trouble == "vanished":
        fake.vanish(download.client_hash)
    else:
        fake.set_state(download.client_hash, trouble, progress=0.5, amount_left=5)
    sync_due()
    download = again(download)
    assert download.missing_since or download.state == State.FAILED


def test_fakes_speak_the_wire(client_row: Client, fake: FakeQBittorrent) -> None:
    """The real library logs in and asks over HTTP."""
    assert all(check.is_well for check in check_client(client_row))
    asked = {request.path for request in fake.requests}
    assert {"auth/login", "app/version", "app/defaultSavePath", "transfer/info"} <= asked


# --- Health ---------------------------------------------------------------------------------------


def test_health_tells_outage_from_normal(
    client_row: Client, fake: FakeQBittorrent, admin_client: Visitor
) -> None:
    make_download(client_row, state=State.DOWNLOADING)
    sync_due()
    first_page = reverse("admin:index")
    note_beat()
    page = admin_client.get(first_page).content.decode()
    assert "Needs attention" not in page
    fake.down()
    sync_due()
    client_row.refresh_from_db()
    assert client_row.last_error
    page = admin_client.get(first_page).content.decode()
    assert "seedbox" in page
    assert "Needs attention" in page
    assert admin_client.get("/healthz").json() == {"status": "ok"}


def test_a_new_password_of_the_environment_ends_the_refusal(
    fake: FakeQBittorrent, client_row: Client, settings: Any
) -> None:
    Client.objects.update(from_environment=True)
    settings.QB_PASSWORD = "wrong"
    assert not check_client(client_row)[0].is_well
    settings.QB_PASSWORD = fake.password
    assert check_client(client_row)[0].is_well
    assert Client.usable().exists()
