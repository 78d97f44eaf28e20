"""Sync of 500 and of 5,000 downloads, beside one bare request for the same list."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from bench.ground import prepare

prepare()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from requests import PreparedRequest, Response  # noqa: E402
from requests.adapters import HTTPAdapter  # noqa: E402

from bench.client import info_hash  # noqa: E402
from downloads.clients import open_client  # noqa: E402
from downloads.models import Client, Download  # noqa: E402
from downloads.states import State  # noqa: E402
from downloads.sync import sync_due  # noqa: E402

ROUNDS = 7
COUNTS = (500, 5_000)
MOST = {500: 0.150}  # seconds; more is a failure


@contextmanager
def client(count: int) -> Iterator[Client]:
    command = [sys.executable, "-m", "bench.client", str(count)]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        where = json.loads(process.stdout.readline())
        yield Client.objects.create(
            name=f"fake {count}", address=where["url"], username=where["username"],
            password=where["password"],
        )  # fmt: skip
        process.terminate()


def fill(row: Client, count: int) -> None:
    Download.objects.bulk_create(
        Download(client=row, title=f"Tale {n}", state=State.DOWNLOADING, hash_v1=info_hash(n))
        for n in range(count)
    )


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def requests_sent() -> Iterator[list[str]]:
    sent: list[str] = []
    send = HTTPAdapter.send

    def note(adapter: HTTPAdapter, request: PreparedRequest, **how: Any) -> Response:
        sent.append(f"{request.method} {request.path_url}")
        return send(adapter, request, **how)

    with patch.object(HTTPAdapter, "send", note):
        yield sent


def bare_request(row: Client, count: int) -> Callable[[], object]:
    """The least any sync has to do: ask for these torrents and read the answer."""
    session = open_client(row)
    hashes = "|".join(info_hash(n) for n in range(count))
    with session._speaking() as speaking:
        return lambda: speaking.torrents_info(torrent_hashes=hashes, SIMPLE_RESPONSES=True)


def measure(count: int) -> dict[str, Any]:
    with client(count) as row:
        fill(row, count)
        sync_due()
        bare = bare_request(row, count)
        bare()
        rounds = [(seconds(sync_due), seconds(bare)) for _ in range(ROUNDS)]
        settings.DEBUG = True
        with CaptureQueriesContext(connection) as queries, requests_sent() as sent:
            sync_due()
        Download.objects.all().delete()
        row.delete()
    ours, floor = (min(column) for column in zip(*rounds, strict=True))
    return {
        "bench": "sync",
        "downloads": count,
        "seconds": round(ours, 4),
        "bare_request_seconds": round(floor, 4),
        "times_bare_request": round(ours / floor, 2),
        "queries": len(queries),
        "requests": len(sent),
    }


def line(result: dict[str, Any]) -> str:
    return (
        "sync: {downloads} downloads in {seconds} s with {queries} queries and {requests} "
        "requests; one bare request {bare_request_seconds} s; {times_bare_request} times that"
    ).format(**result)


def main() -> int:
    results = [measure(count) for count in COUNTS]
    for result in results:
        sys.stdout.write(f"{line(result)}\n{json.dumps(result)}\n")
    slow = [r for r in results if r["seconds"] > MOST.get(r["downloads"], r["seconds"])]
    for result in slow:
        most = MOST[result["downloads"]]
        sys.stdout.write(f"sync: {result['downloads']} downloads took more than {most} s\n")
    return len(slow)


if __name__ == "__main__":
    sys.exit(main())
