"""Every row of the table of `torrents/add`, in every generation: what it answers decides nothing.

What TAME hands over is bytes or a checked magnet, one torrent to a request; links are in
test_links.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import requests
from django.utils import timezone

from books.models import Book
from downloads.confirm import confirm_due
from downloads.grab import grab
from downloads.models import Client, Download
from downloads.next_best import next_best
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import Failure, State, Wish
from downloads.steer import cancel, pause, reannounce, recheck, resume, set_category
from downloads.sync import sync_due
from downloads.tidy import tidy_due
from indexers.models import Block, Indexer
from tame.lib.errors import BadInputError, ObstacleError
from tests.factory import make_book, make_indexer, make_release
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.torrents import hashes_of, magnet_of
from tests.matrix.conftest import (
    again,
    behind,
    client_of,
    given,
    grabbed,
    payload_of,
    through,
    waits,
)

PLAIN = "text/plain; charset=UTF-8"
PAYLOAD, HYBRID, V2 = payload_of(), payload_of(version="hybrid"), payload_of(version="v2")
V1_HASH = hashes_of(PAYLOAD)[0]
NO_MAGNET = "This magnet link cannot be used: it does not begin with magnet:"
NO_HASH = "it names no info hash that can be read. Copy it again"


def no(fake: FakeQBittorrent) -> tuple[str, int]:
    """How this generation refuses an add."""
    return ("Conflict", 409) if fake.how.json_adds else ("Fails.", 200)


def somebody_adds(
    fake: FakeQBittorrent, payload: bytes = b"", link: str = "", category: str = ""
) -> None:
    """A person, in qBittorrent itself."""
    base, data = f"{fake.url}/api/v2/", {"urls": link, "category": category}
    with requests.Session() as browser:
        login = {"username": fake.username, "password": fake.password}
        browser.post(f"{base}auth/login", data=login, timeout=5)
        files = {"torrents": ("a.torrent", payload)} if payload else None
        browser.post(f"{base}torrents/add", data=data, files=files, timeout=5)
    fake.requests.clear()


# --- It says yes ----------------------------------------------------------------------------------


def test_a_good_torrent_is_listed(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    download = through(given(book, PAYLOAD))
    assert (download.state, download.warning, download.last_error) == (State.DOWNLOADING, "", "")
    torrent = every.torrents[V1_HASH]
    assert torrent.tags == ["tame", download.tag]
    assert (torrent.category, torrent.save_path) == ("tame", every.downloads)


def test_one_torrent_to_a_request_and_nothing_that_is_not_ours(every: FakeQBittorrent) -> None:
    """Of good and bad ones in one request it would take some and say nothing of the others."""
    client_of(every, unfinished_limit=9)
    for number in range(3):
        given(make_book(f"Tale {number}"), payload_of(f"Tale {number}"))
    given(make_book("Tale 3"), magnet_of(payload_of("Tale 3")))
    push_due()
    adds = every.asked("torrents/add")
    assert [len(add.files) + len(add.form.get("urls", "").split()) for add in adds] == [1] * 4
    for add in adds:
        said = {name for name, text in add.form.items() if text.lower() not in ("", "false")}
        assert said <= {"category", "savepath", "tags", "urls"}
    assert not every.asked("app/setCookies")


@pytest.mark.parametrize("by_magnet", [False, True])
def test_yes_but_nothing(every: FakeQBittorrent, book: Book, by_magnet: bool) -> None:
    client_of(every)
    every.swallow_adds()
    every.log("an old warning")
    download = given(book, magnet_of(PAYLOAD) if by_magnet else PAYLOAD)
    push_due()
    if every.how.logs_failed_adds:
        every.log("Failed to add torrent. Reason: the moon is full")
    confirm_due()
    download = again(download)
    assert (download.state, download.failure) == (State.FAILED, Failure.NOT_LISTED)
    said = "seedbox accepted the torrent, but it does not appear in its list. Its log says"
    assert download.last_error.startswith(said)
    assert ("the moon is full" in download.last_error) is every.how.logs_failed_adds
    assert ("nothing of it" in download.last_error) is not every.how.logs_failed_adds
    assert "an old warning" not in download.last_error
    assert waits(download.retry_at, 60)
    assert not Block.objects.exists()


def test_yes_but_nothing_ends_with_a_person(
    every: FakeQBittorrent, book: Book, settings: Any
) -> None:
    settings.MAX_ATTEMPTS = 2
    client_of(every)
    every.swallow_adds()
    download = given(book, PAYLOAD)
    for _ in range(2):
        through(download)
        Download.objects.update(retry_at=timezone.now())
        retry_due()
    download = again(download)
    assert download.state == State.HELD
    assert "2 tries did not help" in download.history.all()[0].sentence
    assert len(every.asked("torrents/add")) == 2
    book.refresh_from_db()
    assert book.coming, "a person decides what becomes of it"


def test_what_is_listed_late_is_waited_for(
    every: FakeQBittorrent, book: Book, settings: Any
) -> None:
    settings.LISTED_WITHIN_SECONDS = 10
    client_of(every)
    every.list_late(0.3)
    download = given(book, PAYLOAD)
    push_due()
    assert confirm_due() == "0 confirmed, 1 not listed yet."
    assert again(download).state == State.PUSHED
    time.sleep(0.3)
    assert confirm_due() == "1 confirmed, 0 not listed yet."


@pytest.mark.parametrize("how", ["hangs", "hangs up"])
def test_an_add_without_an_answer_may_have_worked(
    how: str, every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    if how == "hangs":
        every.hang_next("torrents/add", 2)
    else:
        every.cut_next("torrents/add")
    download = through(given(book, PAYLOAD))
    assert (download.state, download.adopted) == (State.DOWNLOADING, False)
    assert len(every.asked("torrents/add")) == 1


def test_an_add_that_failed_inside_is_looked_for_before_it_is_sent_again(
    every: FakeQBittorrent, book: Book
) -> None:
    row = client_of(every)
    every.answer_next("torrents/add", "Internal error", 500, PLAIN)
    download = through(given(book, PAYLOAD))
    assert (download.state, download.attempts) == (State.QUEUED, 0)
    assert "did not carry the request out (500: Internal error)" in download.last_error
    assert again(row).is_off
    again(row).reset()
    assert through(download).state == State.DOWNLOADING
    paths = [asked.path for asked in every.requests if asked.path.startswith("torrents/")]
    last = max(n for n, path in enumerate(paths) if path == "torrents/add")
    assert "torrents/info" in paths[:last]


# --- It says no -----------------------------------------------------------------------------------


@pytest.mark.parametrize("by_magnet", [False, True])
def test_a_duplicate_is_taken_over(every: FakeQBittorrent, book: Book, by_magnet: bool) -> None:
    client_of(every)
    somebody_adds(every, PAYLOAD, category="mine")
    download = through(given(book, magnet_of(PAYLOAD) if by_magnet else PAYLOAD))
    assert (download.state, download.adopted) == (State.DOWNLOADING, True)
    assert (download.warning, download.last_error) == ("", "")
    assert not every.asked("torrents/add")
    torrent = every.torrents[V1_HASH]
    assert (torrent.category, torrent.tags) == ("mine", [])


@pytest.mark.parametrize("by_magnet", [False, True])
def test_a_duplicate_of_the_same_moment_is_taken_over(
    by_magnet: bool, every: FakeQBittorrent, book: Book
) -> None:
    """It was not listed when TAME looked; the add is answered no, and nobody says why."""
    row = client_of(every)
    every.list_late(60)
    somebody_adds(every, PAYLOAD, category="mine")
    download = given(book, magnet_of(PAYLOAD) if by_magnet else PAYLOAD)
    push_due()
    download = listed_now(every, download)
    assert (download.state, download.adopted, download.warning) == (State.DOWNLOADING, True, "")
    assert "Somebody else added it just before" in download.history.all()[0].sentence
    assert len(every.asked("torrents/add")) == 1
    assert every.torrents[V1_HASH].category == "mine"
    cancel(download, actor="ann", torrent=Wish.GONE_WITH_FILES)
    tidy_due()
    assert V1_HASH in every.torrents, "what TAME did not make it does not remove"
    assert again(row).problem == ""


def listed_now(fake: FakeQBittorrent, download: Download) -> Download:
    (torrent,) = fake.torrents.values()
    torrent.listed_from = 0
    confirm_due()
    found: Download = again(download)
    return found


@pytest.mark.parametrize("payload", [PAYLOAD, HYBRID], ids=["v1", "hybrid"])
def test_a_magnet_of_the_same_moment_gets_its_metadata(
    payload: bytes, every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    every.list_late(60)
    somebody_adds(every, link=magnet_of(payload, versions=["v1"]), category="mine")
    download = given(book, payload)
    push_due()
    download = listed_now(every, download)
    assert (download.state, download.adopted, download.warning) == (State.DOWNLOADING, True, "")
    assert "Somebody else added it just before" in download.history.all()[0].sentence
    assert len(every.asked("torrents/add")) == 1
    (torrent,) = every.torrents.values()
    assert torrent.parts is not None
    assert (torrent.category, torrent.tags) == ("mine", [])


@pytest.mark.parametrize("payload", [PAYLOAD, HYBRID, V2], ids=["v1", "hybrid", "v2"])
@pytest.mark.parametrize("stopped", [False, True])
def test_a_magnet_that_waits_for_metadata_is_given_it(
    stopped: bool, payload: bytes, every: FakeQBittorrent, book: Book
) -> None:
    """No again, and the metadata is taken over all the same."""
    client_of(every)
    v1, v2 = hashes_of(payload)
    somebody_adds(every, link=magnet_of(payload, versions=["v1" if v1 else "v2"]), category="mine")
    (waiting,) = every.torrents.values()
    waiting.tags, waiting.stopped = ["a shelf"], stopped
    download = through(given(book, payload))
    assert (download.state, download.adopted) == (State.DOWNLOADING, True)
    assert (download.warning, download.last_error) == ("", "")
    assert list(every.torrents) == [v2[:40] or v1]
    (torrent,) = every.torrents.values()
    assert torrent.parts is not None, "else it waits for ever"
    assert (torrent.category, torrent.tags, torrent.stopped) == ("mine", ["a shelf"], stopped)
    sync_due()
    assert again(download).missing_since is None


def test_a_magnet_of_ours_that_waits_for_metadata_is_given_it(
    every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    earlier = through(given(book, magnet_of(PAYLOAD)))
    cancel(earlier, actor="ann", torrent=Wish.NONE)
    download = through(given(book, PAYLOAD))
    assert (download.state, download.adopted) == (State.DOWNLOADING, False)
    assert every.torrents[V1_HASH].parts is not None
    assert download.tag in every.torrents[V1_HASH].tags


def test_a_magnet_gives_nothing_to_a_magnet(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    somebody_adds(every, link=magnet_of(PAYLOAD))
    assert through(given(book, magnet_of(PAYLOAD))).state == State.DOWNLOADING
    assert not every.asked("torrents/add")


def test_no_to_a_good_torrent_is_no_proof_against_it(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    every.answer_next("torrents/add", *no(every), kind=PLAIN)
    download = through(given(book, PAYLOAD))
    assert (download.state, download.failure) == (State.FAILED, Failure.NOT_LISTED)
    assert "does not appear in its list" in download.last_error
    assert waits(download.retry_at, 60)
    assert not Block.objects.exists()
    Download.objects.update(retry_at=timezone.now())
    retry_due()
    assert through(download).state == State.DOWNLOADING


def test_no_valid_torrent_is_proof_against_it(
    every: FakeQBittorrent, site: Site, indexer: Indexer, book: Book
) -> None:
    client_of(every)
    better = make_release(make_indexer("Archive", "http://h/2/api"), book, title="Cranford [MP3]")
    download = grabbed(indexer, book, behind(site, Page(body=PAYLOAD)), PAYLOAD)
    said = "Error: 'a.torrent' is not a valid torrent file."
    every.answer_next("torrents/add", said, 415, PLAIN)
    download = through(download)
    assert (download.state, download.failure) == (State.ABANDONED, Failure.REFUSED)
    assert "seedbox says that the file is no torrent" in download.last_error
    assert Block.objects.get().info_hash == V1_HASH
    assert next_best(download) == better


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("", NO_MAGNET),
        ("garbage", NO_MAGNET),
        ("/etc/hostname", NO_MAGNET),
        ("file:///etc/hostname", NO_MAGNET),
        ("ftp://tracker.example/a.torrent", NO_MAGNET),
        ("magnet:?dn=Cranford", NO_HASH),
        ("magnet:?xt=urn:btih:zzzz", NO_HASH),
        (f"magnet:?xt=urn:btih:{V1_HASH}\n/etc/hostname", "it has line breaks or control"),
        (b"", "it is empty"),
        (b"garbage", "it is something else than a torrent"),
        (b"<html>log in</html>", "it is a web page or a message, perhaps a login page"),
        (PAYLOAD[:-1], "it is cut short"),
    ],
    ids=range(12),
)
def test_what_it_would_misread_never_reaches_it(
    what: bytes | str, said: str, fake: FakeQBittorrent, book: Book
) -> None:
    client_of(fake)
    with pytest.raises(BadInputError, match=said):
        given(book, what)
    assert not Download.objects.exists()
    push_due()
    assert not fake.requests


def test_a_release_without_a_link_is_not_taken(indexer: Indexer, book: Book) -> None:
    with pytest.raises(BadInputError, match="has no link to a torrent: Gutenberg Tracker gave"):
        grabbed(indexer, book, "")


def test_a_release_with_a_bad_magnet_fails_before_it_is_asked(
    fake: FakeQBittorrent, indexer: Indexer, book: Book
) -> None:
    client_of(fake)
    release = make_release(indexer, book, link="", magnet="magnet:?dn=Cranford")
    download = through(grab(book, release, actor="ann"))
    assert (download.state, download.failure) == (State.FAILED, Failure.NOT_FETCHED)
    assert "names no info hash" in download.last_error
    assert waits(download.retry_at, 60)
    assert not Block.objects.exists()
    assert not fake.requests


# --- Hashes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payload", "write"),
    [
        (PAYLOAD, lambda p: p),
        (V2, lambda p: p),
        (HYBRID, lambda p: p),
        (PAYLOAD, magnet_of),
        (PAYLOAD, lambda p: magnet_of(p, base32=True)),
        (PAYLOAD, lambda p: magnet_of(p).replace(V1_HASH, V1_HASH.upper())),
        (PAYLOAD, lambda p: hashes_of(p)[0]),
        (PAYLOAD, lambda p: hashes_of(p)[0].upper()),
        (V2, magnet_of),
        (HYBRID, lambda p: magnet_of(p, versions=["v1", "v2"])),
    ],
    ids=["v1", "v2", "hybrid", "magnet", "base32", "capitals", "bare", "bare capitals",
         "v2 magnet", "hybrid magnet"],
)  # fmt: skip
def test_every_hash_is_found(
    payload: bytes, write: Callable[[bytes], Any], every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    v1, v2 = hashes_of(payload)
    download = through(given(book, write(payload)))
    assert (download.state, download.last_error) == (State.DOWNLOADING, "")
    assert download.client_hash == (v2[:40] or v1)
    assert download.client_hash in every.torrents
    sync_due()
    assert again(download).missing_since is None


def test_a_hybrid_that_changes_its_hash_stays_found(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    v1, v2 = hashes_of(HYBRID)
    download = through(given(book, magnet_of(HYBRID, versions=["v1"])))
    assert download.client_hash == v1
    every.give_metadata(v1, HYBRID)
    sync_due()
    download = again(download)
    assert (download.state, download.client_hash) == (State.DOWNLOADING, v2[:40])
    assert download.missing_since is None


# --- Categories, tags, paths ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["audiobooks", "audio/books", "Hörbücher & more"])
def test_an_unknown_category_is_made_first(name: str, every: FakeQBittorrent, book: Book) -> None:
    client_of(every, category=name)
    download = through(given(book, PAYLOAD))
    assert every.torrents[V1_HASH].category == name
    assert name in every.categories
    assert ("audio" in every.categories) is (name == "audio/books" and every.generation == "5.3")
    assert not download.warning
    paths = [asked.path for asked in every.requests]
    assert paths.index("torrents/createCategory") < paths.index("torrents/add")


def test_a_category_that_somebody_makes_at_the_same_moment(
    every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    every.categories["tame"] = ""
    every.answer_next("torrents/categories", "{}", kind="application/json")
    assert through(given(book, PAYLOAD)).state == State.DOWNLOADING
    assert len(every.asked("torrents/createCategory")) == 1


@pytest.mark.parametrize("name", ["a//b", "/a", "a/", "a\\b", " a", ""])
def test_a_category_that_would_be_dropped_is_said(
    name: str, every: FakeQBittorrent, book: Book
) -> None:
    client_of(every, category=name)
    download = through(given(book, PAYLOAD))
    assert (download.state, download.failure) == (State.FAILED, Failure.LOCAL)
    assert f'seedbox cannot have a category "{name}"' in download.last_error
    assert waits(download.retry_at, 60)
    assert not every.asked("torrents/createCategory")
    assert not every.asked("torrents/add")
    assert not Block.objects.exists()


def test_a_category_that_it_does_not_make_is_said(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    every.answer_next("torrents/createCategory", "Incorrect category name", 409, PLAIN)
    download = through(given(book, PAYLOAD))
    assert (download.state, download.failure) == (State.FAILED, Failure.LOCAL)
    assert 'seedbox did not make the category "tame": choose another name' in download.last_error
    assert waits(download.retry_at, 60)
    assert not every.asked("torrents/add")
    assert not Block.objects.exists()


def test_a_category_that_was_dropped_is_a_warning(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    download = given(book, PAYLOAD)
    push_due()
    every.torrents[V1_HASH].category = ""
    confirm_due()
    download = again(download)
    assert download.state == State.DOWNLOADING
    assert "Its category in seedbox is none, not “tame”" in download.warning


def test_a_category_is_made_before_it_is_set(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    download = through(given(book, PAYLOAD))
    set_category(download, "spoken", actor="ann")
    assert every.torrents[V1_HASH].category == "spoken"
    with pytest.raises(BadInputError, match="seedbox cannot have a category"):
        set_category(again(download), "a//b", actor="ann")
    assert again(download).category == "spoken"


def test_a_category_that_goes_at_the_same_moment_is_said(
    every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    download = through(given(book, PAYLOAD))
    every.answer_next("torrents/setCategory", "Incorrect category name", 409, PLAIN)
    with pytest.raises(BadInputError, match="seedbox has no category"):
        set_category(download, "spoken", actor="ann")
    assert again(download).category == "tame"


def test_a_category_that_was_not_set_is_said(every: FakeQBittorrent, book: Book) -> None:
    """Setting it is answered 200, whatever became of it."""
    client_of(every)
    download = through(given(book, PAYLOAD))
    every.answer_next("torrents/setCategory", "", kind=PLAIN)
    with pytest.raises(ObstacleError, match="seedbox did not give it the category “spoken”"):
        set_category(download, "spoken", actor="ann")
    assert again(download).category == "tame"


def test_a_categorys_relative_path_is_below_the_clients_own(
    every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    every.categories["tame"] = "spoken"
    download = through(given(book, PAYLOAD))
    assert (download.state, download.warning) == (State.DOWNLOADING, "")
    assert download.save_path == str(every.downloads / "spoken")


def test_a_categorys_own_path_is_used(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    every.categories["tame"] = str(every.downloads / "spoken")
    every.preferences["auto_tmm_enabled"] = True  # 4.5 would then ignore a path that was given
    download = through(given(book, PAYLOAD))
    assert (download.state, download.warning) == (State.DOWNLOADING, "")
    assert download.save_path == str(every.downloads / "spoken")
    assert every.torrents[V1_HASH].save_path == every.downloads / "spoken"


# --- It has it, and cannot go on ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("error", "file_open (/books/01.mp3) error: Read-only file system"),
        ("error", "file_write (/books/01.mp3) error: No space left on device"),
        ("missingFiles", ""),
    ],
    ids=["impossible path", "full disk", "checking skipped"],
)
def test_a_torrent_that_cannot_be_written(
    state: str, reason: str, every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    download = through(given(book, PAYLOAD))
    every.set_state(V1_HASH, state, progress=0.19, amount_left=5)
    if reason:
        every.log(f'File error alert. Torrent: "Cranford". File: "01.mp3". Reason: "{reason}"')
    sync_due()
    download = again(download)
    assert (download.state, download.failure) == (State.FAILED, Failure.LOCAL)
    assert f"seedbox cannot go on with this torrent ({state})" in download.last_error
    assert reason in download.last_error
    assert waits(download.retry_at, 60)
    assert not Block.objects.exists()
    every.set_state(V1_HASH, "")
    Download.objects.update(retry_at=timezone.now())
    retry_due()
    assert through(download).state == State.DOWNLOADING
    assert len(every.asked("torrents/add")) == 1


# --- Stopped and started, gone and gone already ---------------------------------------------------


def test_stop_and_start_by_every_generations_words(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    download = through(given(book, PAYLOAD))
    assert not every.torrents[V1_HASH].stopped, "5.x starts what was added as paused"
    pause(download, actor="ann")
    tidy_due()
    sync_due()
    stop, start = every.how.stop_words
    assert every.asked(f"torrents/{stop}")
    assert again(download).client_state == f"{every.how.stopped_state}DL"
    assert again(download).is_paused
    resume(again(download), actor="ann")
    tidy_due()
    assert every.asked(f"torrents/{start}")
    assert not every.torrents[V1_HASH].stopped


def test_what_is_gone_already_is_gone(every: FakeQBittorrent, book: Book) -> None:
    """Deleting an unknown hash is answered 200 as well."""
    client_of(every)
    download = through(given(book, PAYLOAD))
    every.vanish(V1_HASH)
    cancel(download, actor="ann", torrent=Wish.GONE_WITH_FILES)
    tidy_due()
    assert again(download).client_agrees_at
    assert not every.asked("torrents/delete"), "nothing of that hash is there to be removed"


@pytest.mark.parametrize(
    "verb",
    [recheck, reannounce, partial(set_category, category="spoken")],
    ids=["recheck", "reannounce", "set category"],
)
def test_nothing_is_done_to_what_is_gone(
    verb: Callable[..., str], every: FakeQBittorrent, book: Book
) -> None:
    """Each of the three is answered 200 for an unknown hash."""
    client_of(every)
    download = through(given(book, PAYLOAD))
    every.vanish(V1_HASH)
    before = download.history.count()
    with pytest.raises(ObstacleError, match="seedbox does not list this torrent"):
        verb(download, actor="ann")
    download = again(download)
    assert (download.category, download.history.count()) == ("tame", before)
    assert not every.asked("torrents/createCategory")[1:]


def test_a_hybrid_with_a_new_hash_is_rechecked(every: FakeQBittorrent, book: Book) -> None:
    client_of(every)
    v1, v2 = hashes_of(HYBRID)
    download = through(given(book, magnet_of(HYBRID, versions=["v1"])))
    every.give_metadata(v1, HYBRID)
    recheck(download, actor="ann")
    assert [asked.form["hashes"] for asked in every.asked("torrents/recheck")] == [v2[:40]]


def test_a_filter_that_is_not_known_would_list_everything(
    every: FakeQBittorrent, book: Book
) -> None:
    client_of(every)
    through(given(book, PAYLOAD))
    sync_due()
    assert not any("filter" in asked.form for asked in every.asked("torrents/info"))
    assert Client.objects.get().last_error == ""
