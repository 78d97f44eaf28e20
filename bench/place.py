"""A book of 218 files on 24 discs into a library by hard link, beside a bare loop of links with the
same fsyncs; and a book of 10 GB, of which no byte is copied."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from books.placing import Root, Track, place

ROUNDS = 9
DISCS, FILES = 24, 218
LARGE = 10 * 10**9  # bytes
MOST_TIMES = 3  # of the bare loop
MOST_SECONDS = 1  # for 10 GB


def discs(seed: Path) -> list[Track]:
    tracks = []
    for number in range(FILES):
        path = seed / f"CD {number % DISCS + 1}" / f"{number:03}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a" * 1000)
        tracks.append(Track(path, f"{number:03} - chapter.mp3", 1000))
    return tracks


def bare(root: Path, tracks: list[Track]) -> None:
    """The least: stage, link, mark, rename; a mark and three folders are synced."""
    stage, final = root / ".stage", root / "A" / "B"
    stage.mkdir()
    for track in tracks:
        os.link(track.source, stage / track.name)
    with (stage / "mark").open("w") as file:
        file.write("1")
        file.flush()
        os.fsync(file.fileno())
    final.parent.mkdir()
    stage.rename(final)
    for folder in (final, final.parent, root):
        number = os.open(folder, os.O_RDONLY)
        os.fsync(number)
        os.close(number)


def clocked(work: Callable[[Path], object], home: Path) -> float:
    root = home / "library"
    root.mkdir()
    started = time.perf_counter()
    work(root)
    took = time.perf_counter() - started
    shutil.rmtree(root)
    return took


def large(home: Path) -> tuple[float, bool]:
    """Seconds, and whether it is the same file: a copy would have another inode and take blocks."""
    source, root = home / "large.m4b", home / "library"
    root.mkdir()
    with source.open("wb") as file:
        file.truncate(LARGE)
    started = time.perf_counter()
    ways = place(Root(root, may_copy=False), "A/B", "u1", [Track(source, "1.m4b", LARGE)])
    took = time.perf_counter() - started
    placed = (root / "A/B/1.m4b").stat()
    same = placed.st_ino == source.stat().st_ino or "reflink" in ways
    whole = placed.st_size == LARGE and placed.st_blocks * 512 < LARGE / 100
    shutil.rmtree(root)
    return took, same and whole


def measure() -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="tame-bench-") as name:
        home = Path(name)
        tracks = discs(home / "seed")

        def ours(root: Path) -> None:
            place(Root(root, may_copy=False), "A/B", "u1", tracks)

        rounds = [
            (clocked(ours, home), clocked(lambda root: bare(root, tracks), home))
            for _ in range(ROUNDS)
        ]
        seconds, is_uncopied = large(home)
    mine, floor = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
    return {
        "bench": "place",
        "files": FILES,
        "seconds": round(mine, 4),
        "bare_links_seconds": round(floor, 4),
        "times_bare_links": round(mine / floor, 2),
        "large_bytes": LARGE,
        "large_seconds": round(seconds, 4),
        "large_is_not_copied": is_uncopied,
    }


def line(result: dict[str, object]) -> str:
    return (
        "place: {files} files in {seconds} s; by bare links {bare_links_seconds} s; "
        "{times_bare_links} times that; 10 GB in {large_seconds} s, not copied: "
        "{large_is_not_copied}"
    ).format(**result)


def main() -> int:
    result = measure()
    sys.stdout.write(f"{line(result)}\n{json.dumps(result)}\n")
    is_slow = float(str(result["times_bare_links"])) > MOST_TIMES
    is_slow |= float(str(result["large_seconds"])) > MOST_SECONDS
    return int(is_slow or not result["large_is_not_copied"])


if __name__ == "__main__":
    sys.exit(main())
