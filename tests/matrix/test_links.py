"""Links that a client would fetch in silence: TAME fetches them, and each failure is said.

The rows of the table of `torrents/add` that begin with a URL. No client is ever given one.
"""

from __future__ import annotations

import gzip
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from books.models import Book
from downloads.grab import grab
from downloads.models import Download
from downloads.next_best import next_best
from downloads.push import push_due
from downloads.retry import retry_due
from downloads.states import Failure, State
from indexers.models import Block, Indexer, Verdict
from tests.factory import make_book, make_indexer, make_release
from tests.fakes.loopback import free_port
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

HTML = {"Content-Type": "text/html"}
PAYLOAD = payload_of()
LOGIN_PAGE = Page(body=b"<html><title>Log in</title></html>", headers=HTML)
ERROR = b'<?xml version="1.0"?><error code="%d" description="%s"/>'


@dataclass(frozen=True)
class Row:
    """`home`: what is said when the indexer itself answers so, None: as for somebody else.
    `key`: it is about our key, which ends the pause only when it changes."""

    name: str
    page: Page
    said: str
    home: str | None = None
    key: bool = False
    wait: int = 60
    setup: dict[str, Any] = field(default_factory=dict)


ROWS = [
    Row("401", Page(401), "it answered 401", "refuses TAME: it answered 401. Enter", key=True),
    Row("403", Page(403), "it answered 403", "refuses TAME: it answered 403. Enter", key=True),
    Row("403 of a proxy", Page(403, b"<html>No</html>", HTML), "it answered 403",
        "gives no torrents now: it answered 403"),
    Row("404", Page(404), "it answered 404. Choose another release, or test the indexer."),
    Row("410", Page(410), "it answered 410"),
    Row("429", Page(429, headers={"Retry-After": "900"}), "asks to wait 900 s",
        "it answered 429, and asks to wait 900 s", wait=900),
    Row("500", Page(500), "it answered 500", "gives no torrents now: it answered 500"),
    Row("500 with a reason", Page(500, b'{"error": "Value cannot be null"}'),
        'it answered 500 and says "Value cannot be null"'),
    Row("503", Page(503), "it answered 503", "gives no torrents now: it answered 503"),
    Row("redirect loop", Page(302, headers={"Location": "?"}), "redirected more than 5 times"),
    Row("hangs", Page(hang=True), "it did not answer in time", "gave no answer: it did not answer"),
    Row("hangs up", Page(body=PAYLOAD, cut=True), "it broke the connection off",
        "gave no answer: it broke the connection off"),
    Row("HTML", LOGIN_PAGE, "it sent text/html instead. A login page? Check the cookie or API key"),
    Row("JSON", Page(body=b'{"ok": 0}', headers={"Content-Type": "application/json"}),
        "it sent application/json instead. A login page?"),
    Row("empty", Page(), "its answer was empty"),
    Row("truncated", Page(body=PAYLOAD[:-30]), "gave no usable torrent"),
    Row("half a gzip", Page(body=gzip.compress(PAYLOAD)[:-20]), "packed answer is not complete"),
    Row("too large", Page(body=b"d" + bytes(11 * 2**20)), "larger than 10 MiB"),
    Row("error document", Page(body=ERROR % (900, b"No link found")), "says “No link found”"),
    Row("key refused", Page(body=ERROR % (100, b"Invalid API Key")), "says",
        "refuses TAME: it answered 200 and says", key=True),
    Row("limit reached", Page(body=ERROR % (501, b"Download limit")), "says",
        "gives no torrents now: it answered 200 and says"),
    Row("to a bad magnet", Page(302, headers={"Location": "magnet:?dn=Cranford"}),
        "gave no usable torrent. This magnet link cannot be used: it names no info hash"),
    Row("to a file", Page(302, headers={"Location": "file:///etc/hostname"}),
        "it redirects to a file: address, which TAME does not open"),
    Row("to ftp", Page(302, headers={"Location": "ftp://tracker.example/a"}),
        "it redirects to a ftp: address"),
    Row("to nowhere", Page(302), "it answered 302 without saying where to go"),
]  # fmt: skip
AT_HOME = [row for row in ROWS if row.home]
ABOUT_THE_LINK = [row for row in ROWS if not row.home]
names = [row.name for row in ROWS]


def is_passed_over(download: Download) -> bool:
    until = Verdict.objects.get(release=download.release).passed_over_until
    return until is not None and until > timezone.now() + timedelta(days=6)


def failed_for_the_link(download: Download, said: str) -> None:
    """The release is passed over, not blamed; it is tried again, and another one may be taken."""
    assert (download.state, download.failure) == (State.FAILED, Failure.NOT_FETCHED)
    assert said.replace("“", '"').replace("”", '"') in download.last_error
    assert waits(download.retry_at, 60)
    assert download.attempts == 1
    assert is_passed_over(download)
    assert not Block.objects.exists()


@pytest.mark.parametrize("row", ROWS, ids=names)
def test_a_link_to_somebody_else(
    row: Row, fake: FakeQBittorrent, tracker: Site, indexer: Indexer, book: Book
) -> None:
    client_of(fake)
    download = through(grabbed(indexer, book, behind(tracker, row.page, "/get")))
    failed_for_the_link(download, row.said)
    assert download.last_error.startswith(tracker.host)
    assert not again(indexer).off_until
    assert not fake.requests, "the client was not even asked"


@pytest.mark.parametrize("row", ABOUT_THE_LINK, ids=[row.name for row in ABOUT_THE_LINK])
def test_a_link_of_the_indexer_that_gives_no_torrent(
    row: Row, fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book
) -> None:
    client_of(fake)
    better = make_release(make_indexer("Archive", "http://h/2/api"), book, title="Cranford [MP3]")
    download = through(grabbed(indexer, book, behind(site, row.page)))
    failed_for_the_link(download, row.said)
    assert download.last_error.startswith("Gutenberg Tracker")
    assert again(indexer).failed_fetches == 1
    assert next_best(download) == better
    assert not fake.requests


@pytest.mark.parametrize("row", AT_HOME, ids=[row.name for row in AT_HOME])
def test_a_link_of_an_indexer_that_is_down(
    row: Row, fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book
) -> None:
    """Nothing is known about the release: the row stays, the indexer is left alone."""
    client_of(fake)
    download = through(grabbed(indexer, book, behind(site, row.page)))
    assert (download.state, download.attempts, download.failure) == (State.QUEUED, 0, "")
    assert row.home is not None
    assert row.home in download.last_error
    assert not Verdict.objects.filter(passed_over_until__isnull=False).exists()
    indexer = again(indexer)
    assert indexer.last_error == download.last_error
    if row.key:
        assert indexer.key_was_refused
    else:
        assert waits(indexer.off_until, row.wait)
    asked = len(site.asked)
    push_due()
    assert len(site.asked) == asked, "left alone"
    behind(site, Page(body=PAYLOAD))
    if row.key:
        indexer.reset()  # a new key was saved
    else:
        Indexer.objects.update(off_until=timezone.now())
    assert through(download).state == State.DOWNLOADING
    assert again(indexer).last_error == ""


def test_an_indexer_that_refuses_the_connection(
    fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book
) -> None:
    client_of(fake)
    download = grabbed(indexer, book, behind(site, Page(body=PAYLOAD)))
    site.down()
    assert "gave no answer: the connection was refused" in through(download).last_error
    assert again(indexer).is_off
    site.up()
    indexer.reset()
    assert through(download).state == State.DOWNLOADING


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1:{port}", "the connection was refused"),
        ("nobody.invalid", "could not be resolved"),
    ],
)
def test_somebody_else_who_is_not_there(
    host: str, said: str, fake: FakeQBittorrent, indexer: Indexer, book: Book,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    client_of(fake)
    if host.endswith("invalid"):
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    indexer.also_allow = "127.0.0.1\nnobody.invalid"
    indexer.save(update_fields=["also_allow"])
    download = grabbed(indexer, book, f"http://{host.format(port=free_port())}/emma")
    push_due()
    failed_for_the_link(again(download), said)


@pytest.mark.parametrize("link", ["ftp://t.example/a", "/etc/hostname", "file:///etc/hostname"])
def test_a_link_that_the_client_would_open_as_a_file(
    link: str, fake: FakeQBittorrent, indexer: Indexer, book: Book
) -> None:
    """From the feed itself: `urls=/etc/hostname` reads a file of the client's machine."""
    client_of(fake)
    download = through(grabbed(indexer, book, link))
    failed_for_the_link(download, "it is not an http or https address")
    assert not fake.requests


def test_a_link_of_a_person_leads_nowhere_private(
    fake: FakeQBittorrent, tracker: Site, book: Book
) -> None:
    client_of(fake)
    download = through(given(book, behind(tracker, Page(body=PAYLOAD), "/get")))
    assert download.state == State.FAILED
    assert "it leads to 127.0.0.1, which TAME may not call" in download.last_error
    assert not tracker.asked


def test_a_link_that_stays_dead_is_given_up_and_not_blocked(
    fake: FakeQBittorrent, site: Site, indexer: Indexer, book: Book, settings: Any
) -> None:
    settings.MAX_ATTEMPTS = 2
    client_of(fake)
    download = grabbed(indexer, book, behind(site, Page(404)))
    for _ in range(2):
        push_due()
        Download.objects.update(retry_at=timezone.now())
        retry_due()
    download = again(download)
    assert (download.state, download.failure) == (State.ABANDONED, Failure.NOT_FETCHED)
    assert "2 tries did not help. The last one: Gutenberg Tracker" in download.last_error
    assert not Block.objects.exists()
    book.refresh_from_db()
    assert not book.coming, "another release may be taken"


# --- Links that work ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        Page(body=PAYLOAD),
        Page(body=gzip.compress(PAYLOAD), headers={"Content-Encoding": "gzip"}),
        Page(body=gzip.compress(PAYLOAD)),
        Page(body=PAYLOAD, headers={"Content-Type": "text/html"}),
        Page(302, headers={"Location": "{tracker}/other"}),
        Page(302, headers={"Location": magnet_of(PAYLOAD)}),
        Page(301, headers={"Location": magnet_of(PAYLOAD, base32=True)}),
    ],
    ids=["plain", "gzip", "raw gzip", "mistyped", "redirect", "302 to magnet", "301 to base32"],
)
def test_a_link_that_works(
    page: Page, every: FakeQBittorrent, site: Site, tracker: Site, indexer: Indexer, book: Book
) -> None:
    client_of(every)
    headers = {name: text.format(tracker=tracker.url) for name, text in page.headers.items()}
    tracker.put("/other", Page(body=PAYLOAD))
    link = behind(site, Page(page.status, page.body, headers))
    download = through(grabbed(indexer, book, link, PAYLOAD))
    assert (download.state, download.last_error) == (State.DOWNLOADING, "")
    assert download.client_hash == hashes_of(PAYLOAD)[0]
    (add,) = every.asked("torrents/add")
    assert bool(add.files) != bool(add.form.get("urls"))
    assert not add.form.get("urls", "magnet:").startswith("http")


def test_the_same_link_twice_is_one_torrent(
    every: FakeQBittorrent, site: Site, indexer: Indexer, book: Book
) -> None:
    client_of(every)
    link = behind(site, Page(body=PAYLOAD))
    first = grabbed(indexer, book, link)
    other = make_book("Ruth")
    release = make_release(indexer, other, link=f"{link}?again=1")
    second = through(grab(other, release, actor="ann"))
    assert again(first).state == State.DOWNLOADING
    assert second.state == State.CANCELLED
    assert f"the same torrent as download {first.pk}" in second.history.all()[0].sentence
    assert len(every.torrents) == 1
