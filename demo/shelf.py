"""The Audiobookshelf of the demo: a stand-in on loopback, or a real one that was given.

A person looks there whether the book has arrived: what is said here is the server's own answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from demo.browser import TIMEOUT, DemoError
from demo.catalogue import Book

URL, KEY, FOLDER = "TAME_DEMO_ABS_URL", "TAME_DEMO_ABS_KEY", "TAME_DEMO_ABS_FOLDER"
CLOSE = 2.0  # seconds between two ways of measuring a book


@dataclass(frozen=True)
class Shelf:
    """`folder`: its library's, as this machine sees it."""

    address: str
    key: str
    folder: Path
    is_stand_in: bool = True

    @property
    def name(self) -> str:
        return "Audiobookshelf stand-in" if self.is_stand_in else "Audiobookshelf"


@dataclass(frozen=True)
class Shown:
    """What it answers for one book."""

    title: str
    authors: tuple[str, ...]
    series: tuple[str, ...]
    narrators: tuple[str, ...]
    tracks: tuple[str, ...]
    seconds: float
    path: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def in_lines(self) -> list[str]:
        length = f"{len(self.tracks)}, {self.seconds:.0f} seconds in all"
        return [
            f"    title     {self.title}",
            f"    author    {', '.join(self.authors)}",
            f"    series    {', '.join(self.series)}",
            f"    narrator  {', '.join(self.narrators)}",
            f"    tracks    {length}",
            f"    path      {self.path}",
        ]


def given(environment: Mapping[str, str]) -> Shelf | None:
    """A real one; all three variables or none. Raises DemoError."""
    values = {name: environment.get(name, "").strip() for name in (URL, KEY, FOLDER)}
    if not any(values.values()):
        return None
    if lacking := [name for name, value in values.items() if not value]:
        raise DemoError(
            f"{', '.join(lacking)} must be set, too: the address of an Audiobookshelf, an API key "
            "of one of its admins, and the folder of its first library as this machine sees it."
        )
    folder = Path(values[FOLDER]).expanduser().absolute()
    if not folder.is_dir():
        raise DemoError(f"{FOLDER}: there is no folder {folder} here.")
    return Shelf(values[URL].rstrip("/"), values[KEY], folder, is_stand_in=False)


def ask(shelf: Shelf, number: str) -> Shown:
    """What the server answers for the book of that number. Raises DemoError."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(
            f"{shelf.address}/api/items/{quote(number, safe='')}?expanded=1",
            headers={"Authorization": f"Bearer {shelf.key}"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    if answer.status_code != 200:
        raise DemoError(f"{shelf.name} answered {answer.status_code} for the book.")
    try:
        return read(answer.json())
    except (ValueError, KeyError, TypeError) as error:
        raise DemoError(f"{shelf.name} answered something else than a book.") from error


def read(book: Mapping[str, Any]) -> Shown:
    media = book["media"]
    known = media["metadata"]
    series = [(one["name"], one.get("sequence")) for one in known["series"]]
    return Shown(
        known["title"],
        tuple(one["name"] for one in known["authors"]),
        tuple(f"{name} #{place}" if place else name for name, place in series),
        tuple(known["narrators"]),
        tuple(Path(track["metadata"]["relPath"]).name for track in media["tracks"]),
        round(sum(track["duration"] for track in media["tracks"]), 1),
        book["path"],
    )


def differs(shown: Shown, book: Book) -> str:
    """What it shows that the committed book is not, as a sentence; empty when it is that book."""
    series = (" #".join(book.place),) if book.place else ()
    wanted: dict[str, tuple[object, object]] = {
        "title": (shown.title, book.title),
        "author": (shown.authors, (book.author,)),
        "series": (shown.series, series),
        "number of tracks": (len(shown.tracks), len(book.files)),
    }
    wrong = [f"the {name} {seen} for {due}" for name, (seen, due) in wanted.items() if seen != due]
    if abs(shown.seconds - book.seconds) > CLOSE:
        wrong.append(f"{shown.seconds} seconds for {book.seconds}")
    return f"The shelf shows {'; '.join(wrong)}." if wrong else ""
