"""An Audiobookshelf on loopback that reads a real folder and has the quirks that were measured.

A scan answers at once, is done later, and is dropped while another runs; a filter it does not know
lists everything; authors as plain texts wipe all authors; a 401 is plain text; what it says of a
person holds a token that never expires.
"""

from __future__ import annotations

import json
import traceback
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.audiobookshelf_api import PLAIN, Answer, Asked, State, answer
from tests.fakes.audiobookshelf_shelf import Kept, Shelf
from tests.fakes.loopback import Loopback

PREFIX = "/audiobookshelf"  # works with and without it


class FakeAudiobookshelf(State, Loopback):
    """A context manager. `asked` is every request."""

    def __init__(self, folder: Path | None = None, *, name: str = "Audiobooks") -> None:
        State.__init__(self)
        if folder is not None:
            self.add_library(folder, name)
        Loopback.__init__(self, _page(self))

    @property
    def shelf(self) -> Shelf:
        return self.shelves.libraries[0]

    @property
    def books(self) -> list[Kept]:
        with self.lock:
            self.shelves.settle()
            return list(self.shelves.books.values())

    def add_library(self, folder: Path, name: str, **how: Any) -> Shelf:
        shelf = Shelf(name, folder, **how)
        self.shelves.libraries.append(shelf)
        return shelf

    def scan(self, *, force: bool = False) -> None:
        """As its own button does, and wait for the end."""
        with self.lock:
            self.shelves.begin(self.shelf, force=force)
            for scan in self.shelves.scans:
                scan.ends = 0
            self.shelves.settle()

    def calls(self, method: str, path: str = "") -> list[Asked]:
        return [one for one in self.asked if one.method == method and path in one.path]

    @property
    def writes(self) -> list[Asked]:
        """Whatever may have changed something, scans besides."""
        harmless = ("/scan", "/authorize", "/pathexists")
        changing = [one for one in self.asked if one.method != "GET"]
        return [one for one in changing if not one.path.endswith(harmless)]


# --- HTTP -----------------------------------------------------------------------------------------


def _page(fake: FakeAudiobookshelf) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.read()
            with fake.lock:
                fake.asked.append(asked)
                try:
                    said = answer(fake, asked)
                except Exception:
                    fake.faults.append(traceback.format_exc())
                    said = Answer(500, "Internal Server Error", kind=PLAIN)
            self.send(said)

        do_POST = do_PATCH = do_DELETE = do_GET

        def read(self) -> Asked:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_json = "json" in self.headers.get("Content-Type", "")
            return Asked(
                self.command,
                parts.path.removeprefix(PREFIX),
                dict(parse_qsl(parts.query)),
                json.loads(sent) if sent and is_json else sent,
                dict(self.headers.items()),
            )

        def send(self, said: Answer) -> None:
            if said.hang_up:
                self.close_connection = True
                self.connection.close()
                return
            is_text = isinstance(said.body, str | bytes)
            text = said.body if is_text else json.dumps(said.body)
            body = text if isinstance(text, bytes) else text.encode()
            kind = said.kind or (PLAIN if is_text else "application/json; charset=utf-8")
            self.send_response(said.status)
            for name, value in {"Content-Type": kind, **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: tests read `asked`."""

    return Page
