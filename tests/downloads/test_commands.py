"""Downloads steered on the command line, against a fake qBittorrent."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from downloads.models import Client, Download, DownloadHistory, Import
from downloads.states import ImportState, State, Wish
from indexers.models import Block
from tame.models import Switch
from tests.commanding import done, run, run_json
from tests.downloads.conftest import Shop, again
from tests.factory import make_book, make_client, make_download
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torrents import hashes_of, magnet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def grabbed(shop: Shop, book: Book, client_row: Client) -> Download:
    release = shop.release(book, shop.torrent())
    return Download.objects.get(pk=done("grab", book.pk, release.pk)["download"]["id"])


@pytest.fixture
def download(grabbed: Download) -> Download:
    """In the client, and confirmed."""
    done("push_downloads", grabbed.pk, "--confirm")
    return again(grabbed)


def told(document: dict[str, Any]) -> dict[str, Any]:
    """What is told of the one download."""
    [row] = document["downloads"]
    only: dict[str, Any] = row
    return only


# --- Grabbing -------------------------------------------------------------------------------------


def test_a_release_is_grabbed_by_number(shop: Shop, book: Book, client_row: Client) -> None:
    release = shop.release(book, shop.torrent())
    looked = done("grab", book.pk, release.pk, "--dry-run")
    assert looked["download"]["state"] == "queued"
    assert not Download.objects.exists()
    document = done("grab", book.pk, release.pk, "--by", "ann")
    row = Download.objects.get()
    assert document["download"]["id"] == row.pk
    assert document["download"]["books"] == [{"id": book.pk, "title": "Cranford"}]
    assert row.asked_by == "ann"
    assert shop.site.url not in json.dumps(document)


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        (lambda book: make_download(book=book), 4, "is already coming"),
        (lambda book: Block.objects.create(info_hash="f" * 40, reason="No audio."), 0, ""),
        (lambda book: Client.objects.all().delete(), 2, "There is no qBittorrent"),
        (lambda book: Book.objects.filter(pk=book.pk).delete(), 2, "There is no book"),
    ],
)
def test_what_stands_in_the_way_of_a_grab_is_said(
    shop: Shop, book: Book, client_row: Client, change: Any, code: int, sentence: str
) -> None:
    number, release = book.pk, shop.release(book, shop.torrent())
    change(book)
    before = Download.objects.count()
    ended, document = run_json("grab", number, release.pk)
    assert ended == code
    assert sentence in document.get("error", "")
    assert Download.objects.count() == before + (code == 0)


def test_a_grab_goes_to_the_client_that_is_named(
    shop: Shop, book: Book, client_row: Client
) -> None:
    other = make_client("attic")
    release = shop.release(book, shop.torrent())
    assert run("grab", book.pk, release.pk, "--client", "cellar")[0] == 2
    document = done("grab", book.pk, release.pk, "--client", "attic")
    assert document["download"]["client_id"] == other.pk


# --- By hand --------------------------------------------------------------------------------------


def test_a_torrent_is_given_in_many_forms(
    shop: Shop, client_row: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = shop.torrent()
    file = tmp_path / "cranford.torrent"
    file.write_bytes(payload)
    link = tmp_path / "link.txt"
    link.write_text(magnet_of(shop.torrent("Ruth"), trackers=["http://t.example/k-pass/announce"]))
    forms = {
        str(file): hashes_of(payload)[0],
        str(link): hashes_of(shop.torrent("Ruth"))[0],
        magnet_of(shop.torrent("Emma")): hashes_of(shop.torrent("Emma"))[0],
        "d" * 40: "d" * 40,
        shop.put(shop.torrent("Persuasion")): "",
    }
    for given, known in forms.items():
        document = done("add_torrent", make_book(given[-20:]).pk, given)
        assert (document["download"]["hash_v1"], document["download"]["state"]) == (known, "queued")
        assert "k-pass" not in json.dumps(document)
        assert "magnet" not in json.dumps(document)


def test_a_torrent_comes_by_stdin(
    shop: Shop, client_row: Client, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(shop.torrent())))
    row = done("add_torrent", book.pk, "-")["download"]
    assert row["hash_v1"] == hashes_of(shop.torrent())[0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("magnet:?dn=Cranford", "names no info hash"),
        ("no-such-file.torrent", "cannot be read as a file: No such file or directory"),
        ("/", "cannot be read as a file: Is a directory"),
        (__file__, "cannot be used"),
        ("", "cannot be read as a file"),
    ],
)
def test_what_is_no_torrent_is_refused(
    client_row: Client, book: Book, given: str, sentence: str
) -> None:
    code, out, err = run("add_torrent", book.pk, given)
    assert (code, out) == (2, "")
    assert sentence in err
    assert not Download.objects.exists()


def test_a_file_that_is_too_large_is_not_read_whole(
    client_row: Client, book: Book, tmp_path: Path
) -> None:
    (tmp_path / "film").write_bytes(b"d" * (10 * 2**20 + 1))
    code, _, err = run("add_torrent", book.pk, tmp_path / "film")
    assert (code, err) == (2, "This is larger than 10 MiB, so it is no .torrent.\n")


# --- Pushing --------------------------------------------------------------------------------------


def test_a_push_waits_until_the_client_lists_it(grabbed: Download, fake: FakeQBittorrent) -> None:
    fake.list_late(0.3)
    row = told(done("push_downloads", grabbed.pk, "--confirm"))
    assert (row["ok"], row["state"]) == (True, "downloading")
    assert again(grabbed).client_hash in fake.torrents
    twice = told(done("push_downloads", grabbed.pk, "--confirm"))
    assert twice["state"] == "downloading"
    assert len(fake.asked("torrents/add")) == 1


def test_a_push_alone_believes_nothing(grabbed: Download, fake: FakeQBittorrent) -> None:
    assert told(done("push_downloads"))["state"] == "pushed"
    assert told(done("push_downloads", grabbed.pk, "--confirm"))["state"] == "downloading"


def test_a_torrent_that_is_never_listed_ends_as_failed(
    grabbed: Download, fake: FakeQBittorrent
) -> None:
    fake.swallow_adds()
    code, document = run_json("push_downloads", grabbed.pk, "--confirm")
    assert code == 1
    assert "does not appear in its list" in document["error"]
    assert again(grabbed).state == State.FAILED


def test_a_dry_push_asks_nobody(grabbed: Download, fake: FakeQBittorrent, shop: Shop) -> None:
    before = len(shop.site.asked)
    assert told(done("push_downloads", "--dry-run"))["state"] == "queued"
    assert not fake.requests
    assert len(shop.site.asked) == before
    assert again(grabbed).attempts == 0


def test_a_client_that_is_down_is_told_and_nothing_is_lost(
    grabbed: Download, fake: FakeQBittorrent
) -> None:
    fake.down()
    code, document = run_json("push_downloads", grabbed.pk)
    assert code == 3
    assert "seedbox" in document["error"]
    code, document = run_json("push_downloads")
    assert code == 3
    assert "left alone until" in document["error"]
    assert (again(grabbed).state, again(grabbed).attempts) == (State.QUEUED, 0)


def test_one_client_that_is_down_keeps_no_other_from_its_turn(
    grabbed: Download, shop: Shop
) -> None:
    make_client("attic")
    for title, letter in (("Ruth", "e"), ("Emma", "f")):
        book = make_book(title, priority=9)
        done("add_torrent", book.pk, letter * 40, "--client", "attic")
    code, document = run_json("push_downloads")
    assert code == 1
    ends = {row["id"]: row for row in document["downloads"]}
    assert ends[grabbed.pk]["ok"]
    assert sum(not row["ok"] for row in ends.values()) == 2
    assert sum("Not tried" in row.get("error", "") for row in ends.values()) == 1


def test_a_failed_download_is_pushed_again_by_name(
    grabbed: Download, fake: FakeQBittorrent
) -> None:
    Download.objects.filter(pk=grabbed.pk).update(state=State.FAILED, attempts=3)
    assert run("push_downloads")[1] == "Nothing waits to be pushed.\n"
    assert told(done("push_downloads", grabbed.pk))["state"] == "pushed"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"client_wish": Wish.STOPPED}, "is paused: resume it first."),
        ({"leased_by": "other", "leased_until": timezone.now() + timedelta(days=1)}, "another"),
    ],
)
def test_what_has_to_wait_is_an_obstacle_to_who_named_it(
    grabbed: Download, change: dict[str, Any], sentence: str
) -> None:
    Download.objects.filter(pk=grabbed.pk).update(**change)
    code, document = run_json("push_downloads", grabbed.pk)
    assert code == 4
    assert sentence in document["error"]


def test_a_full_client_leaves_the_rest_in_the_queue(grabbed: Download, client_row: Client) -> None:
    Client.objects.update(unfinished_limit=1)
    make_download(client_row, state=State.DOWNLOADING)
    code, document = run_json("push_downloads", grabbed.pk)
    assert code == 4
    assert "has its 1 unfinished downloads" in document["error"]
    assert "stays queued" in told(done("push_downloads"))["sentence"]


def test_a_link_that_gives_no_torrent_is_told(grabbed: Download, shop: Shop) -> None:
    shop.site.pages.clear()
    code, document = run_json("push_downloads")
    assert code == 1
    assert "404" in document["error"]
    assert again(grabbed).state == State.FAILED


@pytest.mark.parametrize("command", ["push_downloads", "sync_downloads", "tidy_downloads"])
def test_what_runs_by_itself_stands_still_while_paused(grabbed: Download, command: str) -> None:
    Switch.objects.create(pk=1, everything_paused=True)
    code, out, err = run(command)
    assert (code, out) == (4, "")
    assert err.startswith("Everything is paused.")
    assert run("push_downloads", grabbed.pk)[0] == 0


# --- Steering -------------------------------------------------------------------------------------


def test_pause_and_resume_wait_until_the_client_did_it(
    download: Download, fake: FakeQBittorrent
) -> None:
    done("pause", download.pk, "--dry-run")
    assert again(download).client_wish == Wish.NONE
    done("pause", download.pk, "--wait")
    assert fake.torrents[download.client_hash].stopped
    assert again(download).client_agrees_at
    done("resume", download.pk)
    assert fake.torrents[download.client_hash].stopped
    done("tidy_downloads")
    assert not fake.torrents[download.client_hash].stopped


@pytest.mark.parametrize(
    ("torrent", "is_listed", "files_stay"),
    [("keep", True, True), ("remove", False, True), ("remove-with-files", False, False)],
)
def test_a_cancelled_torrent_stays_or_goes_as_was_said(
    download: Download, fake: FakeQBittorrent, torrent: str, is_listed: bool, files_stay: bool
) -> None:
    chapter = fake.downloads / "Cranford" / "01.mp3"
    chapter.parent.mkdir(parents=True, exist_ok=True)
    chapter.write_bytes(b"\xff\xfb")
    row = told(done("cancel", download.pk, "--torrent", torrent, "--wait"))
    assert row["state"] == "cancelled"
    assert (download.client_hash in fake.torrents) == is_listed
    assert chapter.exists() == files_stay


def test_a_torrent_from_before_tame_is_never_removed(
    download: Download, fake: FakeQBittorrent
) -> None:
    Download.objects.update(adopted=True)
    done("cancel", download.pk, "--torrent", "remove-with-files", "--wait")
    assert download.client_hash in fake.torrents


def test_a_wish_that_the_client_cannot_hear_is_kept(
    download: Download, fake: FakeQBittorrent
) -> None:
    fake.down()
    code, document = run_json("pause", download.pk, "--wait")
    assert code == 3
    assert told(document)["ok"]
    assert "refused the connection" in document["error"]
    assert again(download).client_wish == Wish.STOPPED


def test_recheck_reannounce_and_category_reach_the_client(
    download: Download, fake: FakeQBittorrent
) -> None:
    for command in (["recheck"], ["reannounce"], ["set_category", "victorian"]):
        before = len(fake.requests)
        done(*command, download.pk, "--dry-run")
        assert len(fake.requests) == before
        done(*command, download.pk)
    assert fake.asked("torrents/recheck")
    assert fake.asked("torrents/reannounce")
    assert fake.torrents[download.client_hash].category == "victorian"
    assert again(download).category == "victorian"


@pytest.mark.parametrize("category", ["/", "a//b", "back\\slash"])
def test_a_category_that_the_client_would_drop_is_refused_before_the_push(
    grabbed: Download, category: str
) -> None:
    assert run("set_category", category, grabbed.pk)[0] == 2
    assert again(grabbed).category == "tame"


def test_the_more_urgent_is_pushed_first(grabbed: Download, fake: FakeQBittorrent) -> None:
    other = done("add_torrent", make_book("Ruth").pk, "e" * 40)["download"]
    done("set_priority", 5, other["id"])
    rows = done("push_downloads", "--confirm")["downloads"]
    assert [row["id"] for row in rows] == [other["id"], grabbed.pk]
    code, document = run_json("set_priority", 1, grabbed.pk)
    assert (code, "its turn has come already" in document["error"]) == (2, True)


def test_a_failed_download_is_retried_now_or_later(grabbed: Download) -> None:
    Download.objects.update(state=State.FAILED, attempts=5)
    done("retry_downloads", grabbed.pk, "--on", "2099-12-01T08:00Z")
    assert str(again(grabbed).retry_at) == "2099-12-01 08:00:00+00:00"
    done("retry_downloads", "--state", "failed", "--in-days", 3)
    retry_at = again(grabbed).retry_at
    assert retry_at
    assert timedelta(days=2.9) < retry_at - timezone.now() < timedelta(days=3)
    done("retry_downloads", grabbed.pk, "--dry-run")
    assert again(grabbed).state == State.FAILED
    assert told(done("retry_downloads", grabbed.pk))["state"] == "queued"
    assert run("retry_downloads", grabbed.pk, "--on", "2020-01-01")[0] == 2


def test_due_retries_are_queued_as_the_schedule_does(grabbed: Download) -> None:
    Download.objects.update(state=State.FAILED, retry_at=timezone.now())
    done("retry_downloads", "--due", "--dry-run")
    assert again(grabbed).state == State.FAILED
    told = done("retry_downloads", "--due")["downloads"]
    assert [(row["id"], row["ok"], row["state"]) for row in told] == [(grabbed.pk, True, "queued")]
    assert told[0]["sentence"].startswith(f"“{grabbed}” is queued: Try 1 of")
    assert again(grabbed).state == State.QUEUED


def test_a_person_says_that_it_failed(grabbed: Download, download: Download) -> None:
    assert run("fail_downloads", grabbed.pk)[0] == 2
    row = told(done("fail_downloads", grabbed.pk, "--because", "Only noise.", "--block"))
    assert row["state"] == "abandoned"
    assert Block.objects.get().reason == "Only noise."


def test_the_next_best_is_taken_instead(grabbed: Download, shop: Shop, book: Book) -> None:
    assert run("next_best", grabbed.pk)[0] == 4
    better = shop.release(
        book, shop.torrent("Cranford again"), "/dl/pd/2", title="Cranford - Elizabeth Gaskell [MP3]"
    )
    done("next_best", grabbed.pk, "--dry-run")
    assert Download.objects.get() == grabbed
    row = told(done("next_best", grabbed.pk))
    assert row["state"] == "abandoned"
    assert Download.objects.get(pk=row["instead"]).release == better


def test_a_complete_download_that_cannot_be_replaced_stays(
    download: Download, shop: Shop, book: Book
) -> None:
    Download.objects.update(state=State.COMPLETED)
    shop.release(
        book, shop.torrent("Cranford again"), "/dl/pd/2", title="Cranford - Elizabeth Gaskell [MP3]"
    )
    code, document = run_json("next_best", download.pk)
    assert code == 4
    assert "is already coming" in document["error"]
    assert again(download).client_wish == Wish.NONE


def test_the_next_best_is_for_the_book_it_was_found_for(
    grabbed: Download, shop: Shop, book: Book
) -> None:
    second = make_book("Ruth")
    Import.objects.create(download=grabbed, book=second)
    shop.release(second, shop.torrent("Ruth"), "/dl/pd/2", title="Ruth")
    done("next_best", grabbed.pk)
    delivery = Import.objects.get(state=ImportState.PENDING)
    assert delivery.book == second


def test_downloads_are_named_by_number_or_state(client_row: Client) -> None:
    rows = [make_download(client_row, hash_v1=letter * 40) for letter in "abc"]
    code, _, err = run("pause", rows[0].pk, 9999, 8888)
    assert code == 2
    assert "There is no download 9999, 8888, so nothing was done." in err
    assert not DownloadHistory.objects.exists()
    assert run("pause")[0] == run("pause", rows[0].pk, "--state", "queued")[0] == 2
    assert run("pause", "--state", "held")[1] == "No download is in that state.\n"
    document = done("pause", "--state", "queued")
    assert [row["id"] for row in document["downloads"]] == [row.pk for row in rows]
    assert run_json("cancel", rows[0].pk, rows[0].pk)[1]["downloads"][0]["state"] == "cancelled"
    code, document = run_json("cancel", rows[0].pk, rows[1].pk)
    assert code == 1
    assert (
        document["error"] == f"Download {rows[0].pk}: “{rows[0]}” is cancelled: nothing to cancel."
    )


# --- Following ------------------------------------------------------------------------------------


def test_a_sync_stores_what_the_client_says(download: Download, fake: FakeQBittorrent) -> None:
    fake.set_state(download.client_hash, "uploading", size=1000)
    before = len(fake.requests)
    assert done("sync_downloads", "--dry-run")["clients"][0]["asked"] == 1
    assert len(fake.requests) == before
    client = done("sync_downloads", "seedbox")["clients"][0]
    assert (client["name"], client["confirmed"], client["seen"]) == ("seedbox", 0, 1)
    assert again(download).state == State.COMPLETED


def test_a_sync_confirms_what_was_pushed(grabbed: Download) -> None:
    done("push_downloads")
    assert done("sync_downloads")["clients"][0]["confirmed"] == 1


def test_everything_of_a_download_is_shown(download: Download) -> None:
    document = done("show_download", download.pk)
    row = document["download"]
    assert row["hash"] == download.client_hash
    assert row["imports"][0]["state"] == "pending"
    assert [move["to"] for move in row["history"]][:2] == ["downloading", "pushed"]
    assert row["decision"]["indexer"] == "Gutenberg Tracker"
    assert run("show_download", 9999)[0] == 2
    code, out, _ = run("show_download", download.pk)
    assert code == 0
    assert "state             downloading" in out
    assert "seedbox lists it under" in out


def test_open_wishes_are_listed_before_they_are_carried_out(download: Download) -> None:
    done("pause", download.pk)
    wishes = done("tidy_downloads", "--dry-run")["clients"][0]["wishes"]
    assert [(wish["download"], wish["wish"]) for wish in wishes] == [(download.pk, "stopped")]
    client = done("tidy_downloads")["clients"][0]
    assert (client["came_true"], client["open"]) == (1, 0)
