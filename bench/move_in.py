"""Moving in with 800 books that 800 torrents seed: how long, as a ratio to a bare walk through the
folders, with how many requests to qBittorrent, old and new, and that a second run changes nothing.

Half of the torrents are known by the files on the disk, half by the sizes of their files alone.
Then a table of 8,000 books of one author, as a ratio to one of 800: what is looked up among an
author's books must not take the longer for each book, the more there are.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha1
from itertools import islice, product
from pathlib import Path
from time import process_time
from typing import Any

from django.conf import settings
from django.core.management import call_command

from bench.ground import prepare

prepare()

from bench.sync import requests_sent, seconds  # noqa: E402
from books.models import Book, Library, MoveIn, ShelfCopy  # noqa: E402
from books.moving_in import reading, storing  # noqa: E402
from downloads.adopting import adopt_due  # noqa: E402
from downloads.models import Client, Download  # noqa: E402
from tests.books.moving_in.sources import SOUND, untagged  # noqa: E402
from tests.fakes.qbittorrent import FakeQBittorrent  # noqa: E402
from tests.fakes.qbittorrent_torrent import Part, Torrent  # noqa: E402

BOOKS, CHAPTERS = 800, 3
MOST_SECONDS = 60.0
MOST_REQUESTS = 6  # the login, the list, and the files of those that only sizes tell
FEW, MANY, MOST_TIMES = 800, 8000, 15.0
GENERATIONS = ("4.5", "5.3")
WORDS = ("sea", "night", "stone", "river", "golden", "house", "winter", "garden", "king", "tower")


def fill(root: Path, seeds: Path, fake: FakeQBittorrent) -> None:
    sound = untagged(SOUND["mp3"].read_bytes())
    for number in range(BOOKS):
        folder = root / f"Author {number % 90}" / f"Tale {number}"
        folder.mkdir(parents=True)
        for chapter in range(CHAPTERS):
            (folder / f"{chapter}.mp3").write_bytes(sound + bytes(number * CHAPTERS + chapter))
        seed(folder, seeds, fake, number)


def seed(folder: Path, seeds: Path, fake: FakeQBittorrent, number: int) -> None:
    name, is_here = f"Tale {number} [MP3]", number % 2 == 0
    parts = []
    for path in sorted(folder.iterdir()):
        parts.append(Part(f"{name}/{path.name}", path.stat().st_size, path.stat().st_size))
        if is_here:
            (seeds / name).mkdir(parents=True, exist_ok=True)
            os.link(path, seeds / name / path.name)
    v1 = sha1(name.encode(), usedforsecurity=False).hexdigest()
    fake.torrents[v1] = Torrent(
        fake.how, name, v1, "", seeds if is_here else Path("/far/away"), parts=parts,
        total_size=sum(part.size for part in parts), completion_on=1_700_000_000,
    )  # fmt: skip


def bare_walk(root: Path) -> Callable[[], object]:
    """The least any reader has to do: look into every folder, and at every file once."""

    def walk() -> None:
        for folder, _, names in os.walk(root):
            for name in names:
                (Path(folder) / name).stat()

    return walk


def move_in(root: Path) -> None:
    run = reading.begin_with_folder(str(root), by="bench")
    reading.read_due()
    if run.lines.exclude(action="skip").exists():
        storing.confirm(run, actor="bench")
        storing.store_due()
    adopt_due()


def nothing_is_here() -> None:
    call_command("flush", interactive=False, verbosity=0)


def table(count: int) -> bytes:
    """So many titles of one author, some of them all but alike."""
    titles = islice(product(WORDS, WORDS, WORDS, WORDS), count)
    return ("Title,Author\n" + "".join(f"{' '.join(t)},Jules Verne\n" for t in titles)).encode()


def one_author(count: int) -> float:
    nothing_is_here()
    content = io.BytesIO(table(count))

    def take_in() -> None:
        run = reading.begin_with_file("verne.csv", content, by="bench")
        run.lines.update(action="parked")
        storing.confirm(run, actor="bench")
        storing.store_due()

    before = process_time()  # of the processor: a busy machine makes no difference
    take_in()
    return process_time() - before


def rows() -> list[Any]:
    return [*Book.objects.values(), *ShelfCopy.objects.values(), *Download.objects.values()]


def measure(generation: str) -> dict[str, Any]:
    nothing_is_here()
    settings.CLIENT_WARM_SECONDS = 0
    with tempfile.TemporaryDirectory() as folder, FakeQBittorrent(generation) as fake:
        root, seeds = Path(folder) / "audiobooks", Path(folder) / "seeds"
        fill(root, seeds, fake)
        Library.objects.create(name="Audiobooks", root=str(root))
        Client.objects.create(
            name="seedbox", address=fake.url, username=fake.username, password=fake.password
        )
        bare = min(seconds(bare_walk(root)) for _ in range(3))
        with requests_sent() as sent:
            ours = seconds(lambda: move_in(root))
        found = {
            "books": Book.objects.filter(on_shelf=True).count(),
            "torrents": Download.objects.filter(adopted=True).count(),
        }
        before = rows()
        again = seconds(lambda: move_in(root))
        changed = rows() != before
        MoveIn.objects.all().delete()
    return {
        "bench": "move_in",
        "qbittorrent": generation,
        **found,
        "seconds": round(ours, 2),
        "bare_walk_seconds": round(bare, 4),
        "times_bare_walk": round(ours / bare, 1),
        "requests": len(sent),
        "second_run_seconds": round(again, 2),
        "second_run_changed": changed,
    }


def line(result: dict[str, Any]) -> str:
    return (
        "move_in: {books} books and {torrents} torrents of qBittorrent {qbittorrent} in {seconds} "
        "s with {requests} requests; a bare walk {bare_walk_seconds} s, {times_bare_walk} times "
        "that; again {second_run_seconds} s"
    ).format(**result)


def troubles_of(result: dict[str, Any]) -> dict[str, bool]:
    return {
        "not all moved in": (result["books"], result["torrents"]) != (BOOKS, BOOKS),
        f"it took more than {MOST_SECONDS} s": result["seconds"] > MOST_SECONDS,
        f"it asked more than {MOST_REQUESTS} times": result["requests"] > MOST_REQUESTS,
        "the second run changed something": result["second_run_changed"],
    }


def measure_author() -> dict[str, Any]:
    few, many = one_author(FEW), one_author(MANY)
    return {
        "bench": "move_in_author", "few_seconds": round(few, 2), "many_seconds": round(many, 2),
        "times": round(many / few, 1),
    }  # fmt: skip


def main() -> int:
    found = []
    for generation in GENERATIONS:
        result = measure(generation)
        sys.stdout.write(f"{line(result)}\n{json.dumps(result)}\n")
        found += [said for said, is_true in troubles_of(result).items() if is_true]
    author = measure_author()
    sys.stdout.write(
        "move_in: {many} books of one author in {many_seconds} s of the processor, "
        "{times} times {few} of them\n{document}\n".format(
            **author, few=FEW, many=MANY, document=json.dumps(author)
        )
    )
    if author["times"] > MOST_TIMES:
        found.append(f"{MANY} books of one author took more than {MOST_TIMES} times as long")
    for trouble in found:
        sys.stdout.write(f"move_in: {trouble}\n")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
