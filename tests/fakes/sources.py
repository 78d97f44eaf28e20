"""Open Library, LibriVox and Audnexus in one server on loopback, with what each does oddly."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from tests.fakes.loopback import Loopback

HTML = b"<!DOCTYPE html><title>Just a moment...</title>"
TROUBLES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "too many": (429, {"Retry-After": "120"}, b"slow down"),
    "too many without a time": (429, {}, b""),
    "failed": (500, {}, HTML),
    "not ready": (503, {"Retry-After": "30"}, b""),
    "refused": (403, {}, HTML),
    "page": (200, {"Content-Type": "text/html"}, HTML),
    "half": (200, {}, b'{"docs": [{"title": "Cran'),
    "empty": (200, {}, b""),
    "deep": (200, {}, b"[" * 100_000),
    "elsewhere": (302, {"Location": "http://127.0.0.1:1/"}, b""),
}
ODD: list[Any] = [
    [], {}, None, 1, "text", {"docs": None}, {"docs": [None, 1, "x"]}, {"docs": [{"title": None}]},
    {"docs": [{"title": {"value": "X"}, "author_name": "one"}]}, {"books": "none"},
    {"books": [{"title": 3, "authors": {"0": None}, "sections": [None]}]}, {"title": [], "asin": 5},
]  # fmt: skip


@dataclass
class FakeSources(Loopback):
    """`trouble`, `instead`: what every answer is instead, one of `TROUBLES` or any other. `odd`: a
    document for everything. `paths`: what was asked. `as_dict`: LibriVox writes its list as an
    object. `wait`: seconds before each answer."""

    works: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    recordings: list[dict[str, Any]] = field(default_factory=list)
    editions: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes | str] = field(default_factory=dict)
    trouble: str = ""
    instead: tuple[int, dict[str, str], bytes] | None = None
    odd: Any = ...
    as_dict: bool = False
    wait: float = 0
    paths: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(_answers(self))

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        self.paths.append(path)
        sleep(self.wait)
        if self.instead:
            return self.instead
        if path in self.pictures:
            return picture(self.pictures[path])
        if self.trouble:
            return TROUBLES[self.trouble]
        status, document = (200, self.odd) if self.odd is not ... else self.look(path)
        return status, {"Content-Type": "application/json"}, json.dumps(document).encode()

    def look(self, path: str) -> tuple[int, Any]:
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/search.json":
            docs = [work for work in self.works if is_asked_for(work, asked)]
            return 200, {"numFound": len(docs), "start": 0, "docs": docs}
        if parts.path == "/api/feed/audiobooks":
            return self.look_for_recordings(asked)
        if parts.path.startswith("/works/"):
            work = self.details.get(parts.path.removesuffix(".json"))
            return (200, work) if work else (404, {"error": "notfound"})
        edition = self.editions.get(parts.path.removeprefix("/books/"))
        return (
            (200, edition) if edition else (404, {"error": "Item not available", "statusCode": 404})
        )

    def look_for_recordings(self, asked: dict[str, str]) -> tuple[int, Any]:
        found = [one for one in self.recordings if is_recording(one, asked)]
        if not found:
            return 404, {"error": "Audiobooks could not be found"}
        books: Any = {str(at): one for at, one in enumerate(found)} if self.as_dict else found
        return 200, {"books": books}


def picture(held: bytes | str) -> tuple[int, dict[str, str], bytes]:
    """A text is where it has moved to. The type lies, as many do."""
    if isinstance(held, str):
        return 302, {"Location": held}, b""
    return 200, {"Content-Type": "text/html"}, held


def is_asked_for(work: dict[str, Any], asked: dict[str, str]) -> bool:
    """`isbn` and the foreign numbers are looked up in what the work keeps beside its fields."""
    if "q" in asked:
        name, colon, value = asked["q"].partition(":")
        if not colon:
            said = f"{work.get('title')} {' '.join(work.get('author_name', []))}".lower()
            return all(word in said for word in asked["q"].lower().split())
        return value in [str(work.get(name))] + [str(one) for one in work.get(f"_{name}", [])]
    if "isbn" in asked:
        return asked["isbn"] in work.get("_isbn", [])
    words = set(asked.get("title", "").lower().split())
    named = " ".join(work.get("author_name", [])).lower()
    is_title = words <= set(str(work.get("title", "")).lower().replace(":", " ").split())
    return is_title and all(word in named for word in asked.get("author", "").lower().split())


def is_recording(book: dict[str, Any], asked: dict[str, str]) -> bool:
    """A title is exact unless it begins with ^; an author is an exact last name."""
    title, name = asked.get("title", ""), asked.get("author", "").lower()
    given = str(book["title"]).lower()
    starts = title.startswith("^") and given.startswith(title[1:].lower())
    if title and not starts and given != title.lower():
        return False
    return not name or any(one["last_name"].lower() == name for one in book["authors"])


def _answers(fake: FakeSources) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fake.agents.append(self.headers.get("User-Agent", ""))
            status, headers, body = fake.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: tests read `paths`."""

    return Answers


# --- What they have -------------------------------------------------------------------------------


def work(title: str, author: str, year: int = 1853, **more: Any) -> dict[str, Any]:
    key = more.pop("key", f"/works/OL{crc32(f'{title} {author}'.encode()) % 10**7}W")
    plain = {"key": key, "title": title, "author_name": [author], "first_publish_year": year}
    return plain | {"language": ["eng"], "cover_i": 12345} | more


def recording(title: str, first: str, last: str, **more: Any) -> dict[str, Any]:
    """As LibriVox lists it: without the article, its language a name, its numbers strings."""
    readers = more.pop("readers", ["Clare Wille"])
    number = str(more.pop("number", 1))
    slug = more.pop("slug", f"{title}-by-{first}-{last}".lower().replace(" ", "-"))
    plain = {
        "id": number, "title": title, "description": "<p>A <i>town</i> of ladies.</p>",
        "url_text_source": "", "language": "English", "copyright_year": "1853",
        "coverart_jpg": "http://127.0.0.1:1/cover.jpg",
        "num_sections": str(len(readers)), "url_librivox": f"https://librivox.org/{slug}/",
        "totaltime": "7:02:03", "totaltimesecs": 25323,
        "authors": [{"id": "9", "first_name": first, "last_name": last, "dob": "1810", "dod": ""}],
        "sections": [
            {"section_number": str(at), "title": f"Chapter {at}", "playtime": "600",
             "readers": [{"reader_id": str(at), "display_name": reader}]}
            for at, reader in enumerate(readers, 1)
        ],
    }  # fmt: skip
    return plain | more


def edition(asin: str, title: str, author: str, **more: Any) -> dict[str, Any]:
    plain = {
        "asin": asin, "title": title, "authors": [{"asin": "B000000001", "name": author}],
        "narrators": [{"name": "Prunella Scales"}], "runtimeLengthMin": 420,
        "releaseDate": "2012-03-04T00:00:00.000Z", "publisherName": "Public Domain Audio",
        "language": "english", "formatType": "unabridged", "summary": "<p>Ladies &amp; cows.</p>",
        "image": "http://127.0.0.1:1/cranford.jpg",
    }  # fmt: skip
    return plain | more
