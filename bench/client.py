"""A fake qBittorrent in a process of its own, whose list is ready before it is asked.

Run as `python -m bench.client N`: prints its address, and answers until its input ends.
"""

from __future__ import annotations

import json
import sys

from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.torrents import make_torrent


def info_hash(number: int) -> str:
    return f"{number:040x}"


def fill(fake: FakeQBittorrent, count: int) -> None:
    """One real entry, repeated under other hashes; progress moves at every second answer."""
    payload = make_torrent({"Cranford/01.mp3": b"a" * 9000, "Cranford/02.mp3": b"b" * 9000})
    fake.api.add({"category": "tame"}, {"a.torrent": payload})
    entry = next(iter(fake.torrents.values())).info()
    answers = [as_bytes(entry, count, progress) for progress in (0.25, 0.5)]
    turn = iter(range(10**9))
    kind = type(fake.api.info({}, {}))
    fake.api._endpoints["torrents/info"] = lambda *_: kind(
        answers[next(turn) // 2 % 2], headers={"Content-Type": "application/json"}
    )


def as_bytes(entry: dict[str, object], count: int, progress: float) -> str:
    listed = [
        entry
        | {
            "hash": info_hash(number),
            "infohash_v1": info_hash(number),
            "state": "downloading",
            "progress": progress,
            "downloaded": int(18_000 * progress),
            "amount_left": 18_000 - int(18_000 * progress),
        }
        for number in range(count)
    ]
    return json.dumps(listed)


def main() -> None:
    with FakeQBittorrent() as fake:
        fill(fake, int(sys.argv[1]))
        said = {"url": fake.url, "username": fake.username, "password": fake.password}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
