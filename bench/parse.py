"""Reading a feed of 1,000 releases, beside expat's own pass over the same bytes."""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.parsers import expat

from demo.catalogue import AUDIOBOOK, Release
from demo.feed import results
from demo.torrent import Torrent
from indexers.feed import read_feed

RELEASES = 1_000
ROUNDS = 15
BOOKS = (
    ("Jane Austen", "Persuasion"),
    ("Elizabeth Gaskell", "North & South"),
    ("Jules Verne", "Vingt mille lieues sous les mers"),
    ("Émile Zola", "Thérèse Raquin"),
    ("Anthony Hope", "The Prisoner of Zenda"),
)
FIRST_POST = datetime(2020, 1, 1, tzinfo=UTC)


def feed() -> bytes:
    """The same bytes at every run, with escapes, accents and hashes as real feeds have them."""
    return results(map(_release, range(RELEASES)), "http://127.0.0.1:9117", "k" * 32)


def _release(number: int) -> Release:
    author, title = BOOKS[number % len(BOOKS)]
    info_hash = hashlib.sha1(b"%d" % number, usedforsecurity=False).hexdigest()
    return Release(
        number,
        f"{author} - {title} (part {number}) [MP3 64kbps]",
        AUDIOBOOK,
        size=100_000_000 + number,
        files=number % 40 + 1,
        seeders=number % 90,
        posted=FIRST_POST + timedelta(hours=number),
        torrent=Torrent(b"", info_hash),
        shows_hash=True,
    )


def bare_pass(body: bytes) -> None:
    """The least that any reader of this body has to do."""
    expat.ParserCreate().Parse(body, True)


def seconds(work: Callable[[bytes], object], body: bytes) -> float:
    gc.collect()
    started = time.perf_counter()
    work(body)
    return time.perf_counter() - started


def measure() -> dict[str, object]:
    body = feed()
    found = len(read_feed(body).releases)
    if found != RELEASES:
        raise SystemExit(f"read_feed gave {found} releases of {RELEASES}: nothing was measured.")
    rounds = [(seconds(read_feed, body), seconds(bare_pass, body)) for _ in range(ROUNDS)]
    ours, floor = (min(column) for column in zip(*rounds, strict=True))
    return {
        "bench": "parse",
        "releases": RELEASES,
        "bytes": len(body),
        "seconds": round(ours, 5),
        "expat_seconds": round(floor, 5),
        "times_expat": round(ours / floor, 2),
    }


def line(result: dict[str, object]) -> str:
    return (
        "parse: {releases} releases ({bytes} bytes) in {seconds} s; "
        "bare expat {expat_seconds} s; {times_expat} times expat"
    ).format(**result)


def main() -> None:
    result = measure()
    sys.stdout.write(f"{line(result)}\n{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
