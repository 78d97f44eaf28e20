"""From queued to downloading: what the client says proves nothing, what it lists does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import requests
from django.utils import timezone

from books.models import Book
from downloads.confirm import confirm_due
from downloads.grab import add_torrent, grab
from downloads.models import Client, Download, Import
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import ImportState, State, Wish
from downloads.steer import cancel, pause, resume
from downloads.tidy import tidy_due
from indexers.models import Block, Indexer, Verdict
from tame.lib.errors import BadInputError, ObstacleError
from tests.downloads.conftest import Shop, again
from tests.factory import make_book, make_download, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, magnet_of

pytestmark = pytest.mark.django_db


def test_a_grab_travels_to_downloading(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload = shop.torrent()
    download = grab(book, shop.release(book, payload), actor="ann")
    assert push_due() == "1 pushed."
    assert again(download).state == State.PUSHED
    assert confirm_due().startswith("1 confirmed")
    download = again(download)
    assert download.state == State.DOWNLOADING
    assert download.client_hash == hashes_of(payload)[0]
    assert not download.warning
    torrent = fake.torrents[download.client_hash]
    assert torrent.category == "tame"
    assert {"tame", download.tag} <= set(torrent.tags)
    book.refresh_from_db()
    assert book.coming
    assert [h.to_state for h in reversed(download.history.all())] == [
        "queued", "pushed", "downloading",
    ]  # fmt: skip


def test_ok_but_nothing(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, settings: Any
) -> None:
    fake.swallow_adds()
    fake.log("before the add")
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    fake.log("Failed to add torrent: the moon is full")
    assert confirm_due() == "0 confirmed, 1 not listed yet."
    settings.LISTED_WITHIN_SECONDS = 0
    confirm_due()
    download = again(download)
    assert download.state == State.FAILED
    assert "accepted the torrent, but it does not appear in its list" in download.last_error
    assert "the moon is full" in download.last_error
    assert "before the add" not in download.last_error
    assert download.retry_at is not None


def test_tries_used_up_end_with_a_person(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, settings: Any
) -> None:
    settings.LISTED_WITHIN_SECONDS, settings.MAX_ATTEMPTS, settings.HURRY = 0, 3, 1e9
    fake.swallow_adds()
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    for _ in range(3):
        push_due()
        confirm_due()
        time.sleep(0.01)
        retry_due()
    download = again(download)
    assert download.state == State.HELD
    assert "3 tries did not help" in download.history.all()[0].sentence
    assert not Block.objects.exists()


def test_localhost_link_is_fetched_by_us(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, site: Site
) -> None:
    release = shop.release(book, shop.torrent())
    release.link = release.link.replace("127.0.0.1", "localhost")
    release.save()
    grab(book, release, actor="ann")
    push_due()
    assert site.paths == ["/dl/pd/"]
    assert all("urls" not in asked.form for asked in fake.asked("torrents/add"))
    assert len(fake.torrents) == 1


def test_never_hands_over_a_proxy_url(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, site: Site
) -> None:
    release = shop.release(book, shop.torrent())
    site.put("/dl/pd/", Page(status=404))
    download = grab(book, release, actor="ann")
    push_due()
    download = again(download)
    assert download.state == State.FAILED
    assert not fake.asked("torrents/add")
    assert not Block.objects.exists()
    verdict = Verdict.objects.get(book=book)
    assert verdict.passed_over_until


def test_magneturl_is_used(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    magnet = magnet_of(shop.torrent())
    release = make_release(shop.indexer, book, link="", magnet=magnet)
    download = grab(book, release, actor="ann")
    push_due()
    confirm_due()
    assert again(download).state == State.DOWNLOADING
    assert fake.asked("torrents/add")[0].form["urls"] == magnet


def test_another_hash_than_announced_is_proof(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    release = shop.release(book, shop.torrent(), info_hash="b" * 40)
    download = grab(book, release, actor="ann")
    push_due()
    download = again(download)
    assert download.state == State.ABANDONED
    assert "another torrent than the one you chose" in download.last_error
    assert Block.objects.get().info_hash == "b" * 40
    assert not fake.asked("torrents/add")
    book.refresh_from_db()
    assert not book.coming


def test_duplicate_is_adopted(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload = shop.torrent()
    put_in_client(fake, payload, category="mine")
    download = grab(book, shop.release(book, payload), actor="ann")
    push_due()
    confirm_due()
    download = again(download)
    assert download.state == State.DOWNLOADING
    assert download.adopted
    assert not download.warning
    assert len(fake.asked("torrents/add")) == 1  # the person's own
    torrent = fake.torrents[download.client_hash]
    assert (torrent.category, list(torrent.tags)) == ("mine", [])


def put_in_client(fake: FakeQBittorrent, payload: bytes, category: str = "") -> None:
    """A person adds a torrent in qBittorrent itself."""
    base = f"{fake.url}/api/v2/"
    with requests.Session() as browser:
        login = {"username": fake.username, "password": fake.password}
        browser.post(base + "auth/login", data=login, timeout=5)
        browser.post(
            base + "torrents/add",
            files={"torrents": ("a.torrent", payload)},
            data={"category": category},
            timeout=5,
        )


def test_concurrent_unrelated_torrent(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, settings: Any
) -> None:
    fake.swallow_adds()
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    fake.swallow_adds(False)
    put_in_client(fake, shop.torrent("Cranford by somebody else"))
    settings.LISTED_WITHIN_SECONDS = 0
    confirm_due()
    assert again(download).state == State.FAILED


@pytest.mark.parametrize("version", ["v1", "v2", "hybrid", "base32"])
def test_hashes_v1_v2_hybrid_base32(
    version: str, shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload = shop.torrent(version="v1" if version == "base32" else version)
    v1, v2 = hashes_of(payload)
    given = magnet_of(payload, base32=True) if version == "base32" else payload
    download = add_torrent(book, given, actor="ann")
    push_due()
    confirm_due()
    download = again(download)
    assert download.state == State.DOWNLOADING
    assert (download.hash_v1, download.hash_v2) == (v1, v2)
    assert download.client_hash == (v2[:40] or v1)


def test_a_hybrid_that_changes_its_hash_is_found_by_its_tag(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload = shop.torrent(version="hybrid")
    v1, v2 = hashes_of(payload)
    magnet = f"magnet:?xt=urn:btih:{v1}"
    download = add_torrent(book, magnet, actor="ann")
    push_due()
    fake.give_metadata(v1, payload)
    confirm_due()
    download = again(download)
    assert download.state == State.DOWNLOADING
    assert (download.client_hash, download.hash_v2) == (v2[:40], v2)


def test_two_books_of_one_torrent_make_one_download(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload, other = shop.torrent(), make_book("Ruth")
    first = grab(book, shop.release(book, payload, info_hash=""), actor="ann")
    second = grab(other, shop.release(other, payload, "/dl/2/", info_hash=""), actor="ann")
    push_due()
    assert again(first).state == State.PUSHED
    second = again(second)
    assert second.state == State.CANCELLED
    assert f"the same torrent as download {first.pk}" in second.history.all()[0].sentence
    assert set(Import.objects.filter(download=first).values_list("book__title", flat=True)) == {
        "Cranford", "Ruth",
    }  # fmt: skip
    assert len(fake.torrents) == 1
    other.refresh_from_db()
    assert other.coming


def test_a_known_hash_joins_the_live_download(shop: Shop, book: Book, client_row: Client) -> None:
    payload, other = shop.torrent(), make_book("Ruth")
    first = grab(book, shop.release(book, payload), actor="ann")
    assert grab(other, shop.release(other, payload, "/dl/2/"), actor="ann").pk == first.pk


def test_a_category_s_folder_may_be_relative(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    fake.categories[client_row.category] = "books/spoken"
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    confirm_due()
    (torrent,) = fake.torrents.values()
    assert torrent.save_path == fake.downloads / "books/spoken"
    assert (again(download).state, again(download).warning) == (State.DOWNLOADING, "")


def test_category_path_conflict_is_reported(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    torrent = next(iter(fake.torrents.values()))
    torrent.category, torrent.save_path = "", Path("/elsewhere")
    confirm_due()
    assert "category in seedbox is none" in again(download).warning
    assert "/elsewhere" in again(download).warning


def test_a_tag_that_was_dropped_is_reported(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    next(iter(fake.torrents.values())).tags.remove(download.tag)
    confirm_due()
    assert again(download).warning == f"seedbox did not keep TAME's tag {download.tag}."


def test_a_client_that_is_down_costs_no_try(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    fake.down()
    said = push_due()
    download = again(download)
    assert (download.state, download.attempts) == (State.QUEUED, 0)
    assert "seedbox" in said
    assert download.last_error in said
    client_row.refresh_from_db()
    assert client_row.is_off
    fake.up()
    client_row.reset()
    assert push_due() == "1 pushed."


def test_an_add_that_timed_out_may_have_worked(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent, settings: Any
) -> None:
    settings.CLIENT_TIMEOUT = (1, 0.5)
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    fake.hang_next("torrents/add", 1.5)
    push_due()
    assert len(fake.asked("torrents/add")) == 1
    time.sleep(1.5)
    confirm_due()
    assert again(download).state == State.DOWNLOADING


def test_a_wrong_password_is_tried_once(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    fake.password = "changed meanwhile"
    grab(book, shop.release(book, shop.torrent()), actor="ann")
    for _ in range(3):
        push_due()
        client_row.reset()
    assert len(fake.asked("auth/login")) == 1


def test_priority_orders_the_queue(shop: Shop, client_row: Client, fake: FakeQBittorrent) -> None:
    Client.objects.update(unfinished_limit=2)
    names = ["Ruth", "Sylvia's Lovers", "Cousin Phillis"]
    for number, name in enumerate(names):
        wanted = make_book(name, priority=5 if name == "Cousin Phillis" else 0)
        payload = shop.torrent(name)
        grab(wanted, shop.release(wanted, payload, f"/dl/{number}/", title=name), actor="ann")
    push_due()
    pushed = Download.objects.filter(state=State.PUSHED).values_list("title", flat=True)
    assert set(pushed) == {"Cousin Phillis", "Ruth"}
    assert Download.objects.filter(state=State.QUEUED).count() == 1


def test_a_paused_queue_entry_waits(shop: Shop, book: Book, client_row: Client) -> None:
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    pause(download, actor="ann")
    assert push_due() == "0 pushed."
    resume(again(download), actor="ann")
    assert push_due() == "1 pushed."


def test_the_book_that_is_coming_is_not_grabbed_again(
    shop: Shop, book: Book, client_row: Client
) -> None:
    release = shop.release(book, shop.torrent())
    grab(book, release, actor="ann")
    with pytest.raises(ObstacleError, match="already coming"):
        grab(book, release, actor="ann")


def test_a_blocked_release_is_not_grabbed(shop: Shop, book: Book, client_row: Client) -> None:
    release = shop.release(book, shop.torrent())
    Block.objects.create(info_hash=release.info_hash, reason="Another book.", blocked_by="ann")
    with pytest.raises(ObstacleError, match="blocklist: Another book"):
        grab(book, release, actor="ann")


def test_a_failed_release_is_not_grabbed_again_from_another_indexer(
    shop: Shop, book: Book, client_row: Client
) -> None:
    payload = shop.torrent()
    Block.objects.create(info_hash=hashes_of(payload)[0], reason="Damaged.", blocked_by="ann")
    release = shop.release(book, payload, info_hash="")
    download = grab(book, release, actor="ann")
    push_due()
    assert again(download).state == State.ABANDONED


def test_what_is_blocked_for_one_book_is_not_blocked_for_all_by_trying_it(
    shop: Shop, book: Book, client_row: Client
) -> None:
    payload = shop.torrent()
    known = {"reason": "Damaged.", "blocked_by": "ann", "book": book}
    Block.objects.create(info_hash=hashes_of(payload)[0], **known)
    release = shop.release(book, payload, info_hash="")
    grab(book, release, actor="ann")
    push_due()
    assert set(Block.objects.values_list("book", "reason")) == {(book.pk, "Damaged.")}
    with pytest.raises(ObstacleError, match="blocklist: Damaged"):
        grab(book, release, actor="ann")
    assert Block.on("", release, make_book("Emma")) is None


def test_without_a_client_the_sentence_says_what_to_do(shop: Shop, book: Book) -> None:
    with pytest.raises(BadInputError, match="Connect one first"):
        grab(book, shop.release(book, shop.torrent()), actor="ann")


@pytest.mark.parametrize(
    "given", [b"<html>log in", b"", "no magnet", "magnet:?dn=x", "ftp://a/b.torrent"]
)
def test_what_a_person_gives_is_read_first(given: Any, book: Book, client_row: Client) -> None:
    with pytest.raises(BadInputError):
        add_torrent(book, given, actor="ann")
    assert not Download.objects.exists()


def test_a_torrent_by_hand_travels_too(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = add_torrent(book, shop.torrent(), actor="ann")
    push_due()
    confirm_due()
    assert again(download).state == State.DOWNLOADING


# --- Races ----------------------------------------------------------------------------------------


def test_a_cancel_between_add_and_confirm_leaves_nothing(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    cancel(again(download), actor="ann", torrent=Wish.GONE_WITH_FILES)
    tidy_due()
    assert not fake.torrents
    assert again(download).client_agrees_at
    assert not Import.objects.exclude(state=ImportState.DROPPED).exists()


def test_an_expired_lease_is_taken_over_without_a_second_torrent(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    """As after kill -9 between the add and its answer."""
    download = grab(book, shop.release(book, shop.torrent()), actor="ann")
    push_due()
    Download.objects.filter(pk=download.pk).update(state=State.QUEUED, leased_by="dead")
    push_due()
    confirm_due()
    download = again(download)
    assert download.state == State.DOWNLOADING
    assert not download.adopted
    assert len(fake.asked("torrents/add")) == 1


def test_a_magnet_whose_hash_has_changed_since_the_last_try_is_not_added_twice(
    shop: Shop, book: Book, client_row: Client, fake: FakeQBittorrent
) -> None:
    payload = shop.torrent(version="hybrid")
    v1, v2 = hashes_of(payload)
    download = add_torrent(book, f"magnet:?xt=urn:btih:{v1}", actor="ann")
    push_due()
    assert fake.give_metadata(v1, payload) == v2[:40]
    Download.objects.update(state=State.QUEUED, leased_by="dead")
    push_due()
    assert again(download).state == State.PUSHED
    assert len(fake.asked("torrents/add")) == 1


def test_no_guessing_by_name_or_time(
    book: Book, client_row: Client, fake: FakeQBittorrent, shop: Shop, settings: Any
) -> None:
    settings.LISTED_WITHIN_SECONDS = 0
    put_in_client(fake, shop.torrent("Cranford by Elizabeth Gaskell"))
    download = make_download(
        client_row, book, title="Cranford by Elizabeth Gaskell", state=State.PUSHED,
        hash_v1="c" * 40,
    )  # fmt: skip
    confirm_due()
    assert again(download).state == State.FAILED


# --- The indexer's fault --------------------------------------------------------------------------


def test_expired_tracker_login(
    shop: Shop, client_row: Client, site: Site, indexer: Indexer, settings: Any, time_machine: Any
) -> None:
    """Twenty wanted books, one indexer whose links all turn 404 for six hours."""
    settings.HURRY = 1
    time_machine.move_to(timezone.now())
    Client.objects.update(unfinished_limit=30)
    pages, downloads = {}, []
    for number in range(20):
        wanted, path = make_book(f"Household Words {number}"), f"/dl/{number}/"
        payload = shop.torrent(f"Household Words {number}")
        downloads.append(grab(wanted, shop.release(wanted, payload, path), actor="ann"))
        pages[path] = site.pages.pop(path)
    for minute in range(0, 12 * 60, 5):
        time_machine.shift(5 * 60)
        if minute == 6 * 60:
            site.pages |= pages
        retry_due()
        push_due()
        confirm_due()
    assert not Block.objects.exists()
    assert {again(d).state for d in downloads} == {State.DOWNLOADING}
    assert not Verdict.objects.filter(passed_over_until__isnull=False).exists()
    assert len(site.asked) < 20 + 60
