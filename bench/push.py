"""Push to confirm: one torrent from queued to listed, beside the same add by bare requests.

And what a person waits for: from the click on *Push to qBittorrent* to the confirmation, with a
task cluster of its own, in no hurry.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from bench.ground import prepare

prepare()

import requests  # noqa: E402 - after django.setup()
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from books.want import want  # noqa: E402
from downloads.confirm import confirm_due  # noqa: E402
from downloads.grab import add_torrent  # noqa: E402
from downloads.models import Client, Download  # noqa: E402
from downloads.push import push_due  # noqa: E402
from downloads.states import State  # noqa: E402
from tame import schedules  # noqa: E402
from tests.cluster.conftest import Clusters  # noqa: E402
from tests.fakes.qbittorrent import FakeQBittorrent  # noqa: E402
from tests.fakes.torrents import hashes_of, make_torrent  # noqa: E402
from tests.people import browser, button_of  # noqa: E402

ROUNDS = 15
CLICKS = 5
PATIENCE = 20  # seconds


def torrent(name: str) -> bytes:
    return make_torrent({f"{name}/01.mp3": b"a" * 9000, f"{name}/02.mp3": b"b" * 9000})


def queued(number: int) -> Download:
    book, _ = want(f"Tale {number}", ["Elizabeth Gaskell"])
    return add_torrent(book, torrent(f"Tale {number}"), actor="bench")


def ours(number: int) -> float:
    download = queued(number)
    started = time.perf_counter()
    push_due()
    while Download.objects.get(pk=download.pk).state != State.DOWNLOADING:
        confirm_due()
    return time.perf_counter() - started


def bare(fake: FakeQBittorrent, session: requests.Session, number: int) -> float:
    """The least: look, add, look."""
    payload = torrent(f"Bare tale {number}")
    asked = {"hashes": hashes_of(payload)[0]}
    base, started = f"{fake.url}/api/v2/torrents", time.perf_counter()
    session.post(f"{base}/info", data=asked, timeout=5)
    session.post(f"{base}/add", files={"torrents": ("a.torrent", payload)}, timeout=5)
    while not session.post(f"{base}/info", data=asked, timeout=5).json():
        pass
    return time.perf_counter() - started


def clicked(number: int) -> float:
    """Seconds from the click to `confirmed_at`, of a download that was queued without a bell."""
    settings.BELLS = False
    download, page = queued(number), browser(SERVER_NAME="localhost")
    settings.BELLS = True
    clicked_at = timezone.now()
    page.post(button_of(download, "push"))
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        confirmed_at = Download.objects.get(pk=download.pk).confirmed_at
        if confirmed_at is not None:
            return (confirmed_at - clicked_at).total_seconds()
        time.sleep(0.02)
    raise SystemExit(f"Nothing was confirmed within {PATIENCE} s of the click.")


def clicks() -> list[float]:
    settings.HURRY = 1
    schedules.sync()
    with tempfile.TemporaryDirectory() as folder:
        clusters = Clusters(Path(folder))
        clusters.queue |= {"poll": settings.Q_CLUSTER["poll"]}  # as slow as a real one
        try:
            clusters.start()
            return sorted(clicked(ROUNDS + n) for n in range(CLICKS))
        finally:
            for cluster in clusters.all:
                cluster.kill()


def measure() -> dict[str, object]:
    with FakeQBittorrent() as fake, requests.Session() as session:
        login = {"username": fake.username, "password": fake.password}
        session.post(f"{fake.url}/api/v2/auth/login", data=login, timeout=5)
        Client.objects.create(name="fake", address=fake.url, unfinished_limit=99, **login)
        rounds = [(ours(n), bare(fake, session, n)) for n in range(ROUNDS)]
        waited = clicks()
    mine, floor = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
    return {
        "bench": "push",
        "seconds": round(mine, 4),
        "bare_requests_seconds": round(floor, 4),
        "times_bare_requests": round(mine / floor, 2),
        "click_to_confirmed_seconds": round(waited[CLICKS // 2], 3),
    }


def line(result: dict[str, object]) -> str:
    return (
        "push: queued to listed in {seconds} s; by bare requests {bare_requests_seconds} s; "
        "{times_bare_requests} times that; click to confirmed in {click_to_confirmed_seconds} s"
    ).format(**result)


def main() -> None:
    result = measure()
    sys.stdout.write(f"{line(result)}\n{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
