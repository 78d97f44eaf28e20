"""A web seed (BEP 19): the files of torrents over plain HTTP with ranges."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from urllib.parse import unquote, urlsplit

from tests.fakes.loopback import Loopback

RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class WebSeed(Loopback):
    """Serves `/<path>` for each of the files; `hold()` makes every download stand still."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files: dict[str, bytes] = dict(files or {})
        self.requests: list[str] = []
        self._open = threading.Event()
        self._open.set()
        super().__init__(_page(self))

    def put(self, files: Mapping[str, bytes]) -> None:
        self.files.update(files)

    def hold(self) -> None:
        """Answer nothing until `release()`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def wait_open(self) -> None:
        self._open.wait(30)


def _page(seed: WebSeed) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            seed.requests.append(path)
            seed.wait_open()
            data = seed.files.get(path)
            if data is None:
                self._answer(404, b"", {})
                return
            wanted = RANGE.fullmatch(self.headers.get("Range", ""))
            if wanted is None:
                self._answer(200, data, {})
                return
            first = int(wanted[1])
            last = min(int(wanted[2] or len(data) - 1), len(data) - 1)
            shown = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            self._answer(206, data[first : last + 1], shown)

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: tests read `requests`."""

    return Page
