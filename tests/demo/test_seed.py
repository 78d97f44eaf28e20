"""The demo's web seed, asked over HTTP as qBittorrent asks it."""

from __future__ import annotations

import http.client
import threading
import time
from urllib.parse import quote

import pytest
import requests

from demo.catalogue import books
from demo.indexer import Indexer
from tests.demo.conftest import serving

SHELF = {book.title: book for book in books()}
CHAPTER = SHELF["Cranford"].files[0]
SIZE = CHAPTER.stat().st_size


def seed_address(indexer: Indexer) -> str:
    return f"{indexer.origin}/seed/{quote(f'{CHAPTER.parent.name}/{CHAPTER.name}')}"


@pytest.mark.parametrize("title", sorted(SHELF))
def test_whole_files_are_served_byte_for_byte(indexer: Indexer, title: str) -> None:
    for path in SHELF[title].files:
        address = f"{indexer.origin}/seed/{quote(path.parent.name)}/{quote(path.name)}"
        answer = requests.get(address, timeout=5)
        assert (answer.status_code, answer.content) == (200, path.read_bytes())


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=16384-32767", 16384, 32768),
        (f"bytes={SIZE - 10}-", SIZE - 10, SIZE),
        (f"bytes={SIZE - 10}-{SIZE + 50}", SIZE - 10, SIZE),
        ("bytes=-7", SIZE - 7, SIZE),
        (f"bytes=-{SIZE + 7}", 0, SIZE),
    ],
)
def test_a_range_gives_those_bytes(indexer: Indexer, asked: str, start: int, end: int) -> None:
    answer = requests.get(seed_address(indexer), headers={"Range": asked}, timeout=5)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.content == CHAPTER.read_bytes()[start:end]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", "bytes=9-3"])
def test_a_range_outside_the_file_is_refused(indexer: Indexer, asked: str) -> None:
    answer = requests.get(seed_address(indexer), headers={"Range": asked}, timeout=5)
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "lines=1-2"])
def test_a_range_it_does_not_know_gives_the_whole_file(indexer: Indexer, asked: str) -> None:
    answer = requests.get(seed_address(indexer), headers={"Range": asked}, timeout=5)
    assert (answer.status_code, len(answer.content)) == (200, SIZE)


@pytest.mark.parametrize("path", ["../indexer.py", "..%2Findexer.py", "nothing/here.mp3", ""])
def test_only_the_books_are_served(indexer: Indexer, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", indexer.server_port, timeout=5)
    connection.request("GET", f"/seed/{path}")  # requests would tidy the dots away
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (404, b"")
    connection.close()


def test_the_speed_holds_over_all_connections() -> None:
    with serving(speed=200_000) as slow:
        part = {"Range": "bytes=0-39999"}
        readers = [
            threading.Thread(
                target=requests.get, args=[seed_address(slow)], kwargs={"headers": part}
            )
            for _ in range(2)
        ]
        started = time.monotonic()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert 0.4 <= time.monotonic() - started < 4
