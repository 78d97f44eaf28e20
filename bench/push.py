"""Push to confirm: one torrent from queued to listed, beside the same add by bare requests."""

from __future__ import annotations

import json
import sys
import time

from bench.ground import prepare

prepare()

import requests  # noqa: E402 - after django.setup()

from books.want import want  # noqa: E402
from downloads.confirm import confirm_due  # noqa: E402
from downloads.grab import add_torrent  # noqa: E402
from downloads.models import Client, Download  # noqa: E402
from downloads.push import push_due  # noqa: E402
from downloads.states import State  # noqa: E402
from tests.fakes.qbittorrent import FakeQBittorrent  # noqa: E402
from tests.fakes.torrents import hashes_of, make_torrent  # noqa: E402

ROUNDS = 15


def torrent(name: str) -> bytes:
    return make_torrent({f"{name}/01.mp3": b"a" * 9000, f"{name}/02.mp3": b"b" * 9000})


def ours(number: int) -> float:
    book, _ = want(f"Tale {number}", ["Elizabeth Gaskell"])
    download = add_torrent(book, torrent(f"Tale {number}"), actor="bench")
    started = time.perf_counter()
    push_due()
    while Download.objects.get(pk=download.pk).state != State.DOWNLOADING:
        confirm_due()
    return time.perf_counter() - started


def bare(fake: FakeQBittorrent, browser: requests.Session, number: int) -> float:
    """The least: look, add, look."""
    payload = torrent(f"Bare tale {number}")
    asked = {"hashes": hashes_of(payload)[0]}
    base, started = f"{fake.url}/api/v2/torrents", time.perf_counter()
    browser.post(f"{base}/info", data=asked, timeout=5)
    browser.post(f"{base}/add", files={"torrents": ("a.torrent", payload)}, timeout=5)
    while not browser.post(f"{base}/info", data=asked, timeout=5).json():
        pass
    return time.perf_counter() - started


def measure() -> dict[str, object]:
    with FakeQBittorrent() as fake, requests.Session() as browser:
        login = {"username": fake.username, "password": fake.password}
        browser.post(f"{fake.url}/api/v2/auth/login", data=login, timeout=5)
        Client.objects.create(name="fake", address=fake.url, unfinished_limit=99, **login)
        rounds = [(ours(n), bare(fake, browser, n)) for n in range(ROUNDS)]
    mine, floor = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
    return {
        "bench": "push",
        "seconds": round(mine, 4),
        "bare_requests_seconds": round(floor, 4),
        "times_bare_requests": round(mine / floor, 2),
    }


def main() -> None:
    result = measure()
    sys.stdout.write(
        "push: queued to listed in {seconds} s; by bare requests {bare_requests_seconds} s; "
        "{times_bare_requests} times that\n".format(**result)
    )
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
