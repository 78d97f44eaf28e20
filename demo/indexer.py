"""A Torznab indexer and web seed of public-domain books, on loopback only.

`python -m demo.indexer` prints one JSON line with its address and key, then serves until ended.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from demo import feed
from demo.catalogue import Release, books, matching, releases
from demo.seed import Throttle, byte_range

LOOPBACK = "127.0.0.1"
RESULTS = f"/api/v2.0/indexers/{feed.INDEXER}/results/torznab"
DOWNLOADS = f"/dl/{feed.INDEXER}/"
SEED = "/seed/"
XML = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    status: int = 200
    kind: str = "text/plain; charset=utf-8"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Indexer(ThreadingHTTPServer):
    """Serves from the moment `serve_forever` is called; `port` 0 takes a free one."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0, key: str = "", speed: int = 0) -> None:
        """`speed`: bytes per second of the web seed, 0 for as fast as it goes."""
        super().__init__((LOOPBACK, port), Page)
        self.key = key or secrets.token_hex(16)
        self.origin = f"http://{LOOPBACK}:{self.server_port}"
        self.throttle = Throttle(speed)
        shelf = books()
        self.releases = releases(shelf, self.origin + SEED)
        self.seeded = {f"{path.parent.name}/{path.name}": path for b in shelf for path in b.files}

    @property
    def torznab(self) -> str:
        return f"{self.origin}{RESULTS}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # clients hang up when they like
            super().handle_error(request, client_address)

    def search(self, query: dict[str, str], origin: str) -> Answer:
        if self.key not in (query.get("apikey"), query.get("passkey")):
            return Answer(kind=XML, body=feed.error(100, "Invalid API Key"))
        match query.get("t", "search"):
            case "caps":
                return Answer(kind=XML, body=feed.capabilities())
            case "search" | "book":
                return self._found(query, origin)
        return Answer(kind=XML, body=feed.error(201, "This search is not in the capabilities."))

    def _found(self, query: dict[str, str], origin: str) -> Answer:
        try:
            categories = [int(number) for number in query.get("cat", "").split(",") if number]
            offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
        except ValueError:
            return _broken("Input string was not in a correct format.")
        found = matching(self.releases, query.get("q", ""), categories)
        page = [] if offset else found[:limit]
        return Answer(kind=XML, body=feed.results(page, origin, self.key))

    def download(self, query: dict[str, str]) -> Answer:
        if query.get("jackett_apikey") != self.key:
            return Answer(401)
        if "path" not in query:
            return _broken("Object reference not set to an instance of an object.")
        torrent = next((r.torrent for r in self.releases if feed.path_of(r) == query["path"]), None)
        if torrent is None or "file" not in query:
            return Answer(404)
        return Answer(kind="application/x-bittorrent", body=torrent.payload)

    def seed(self, name: str, asked: str) -> Answer:
        if name not in self.seeded:
            return Answer(404)
        data = self.seeded[name].read_bytes()
        try:
            part = byte_range(asked, len(data))
        except ValueError:
            return Answer(416, headers={"Content-Range": f"bytes */{len(data)}"})
        headers = {"Accept-Ranges": "bytes"}
        if part is None:
            return Answer(kind="application/octet-stream", body=data, headers=headers)
        start, end = part
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
        return Answer(206, "application/octet-stream", data[start:end], headers)

    def details(self, number: str) -> Answer:
        release = next((r for r in self.releases if str(r.number) == number), None)
        return Answer(body=_page(release).encode()) if release else Answer(404)


def _page(release: Release) -> str:
    hint = "" if release.torrent else "Its link is dead: it is here to be told from the book.\n"
    return f"{release.title}\n{release.size} bytes in {release.files} files\n{hint}"


def _broken(message: str) -> Answer:
    """Jackett's answer to what it did not expect."""
    body = json.dumps({"result": "error", "error": message, "stacktrace": ""}).encode()
    return Answer(500, "application/json; charset=utf-8", body)


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        answer = self._answer(address.path, dict(parse_qsl(address.query)))
        self._send(answer, slowly=address.path.startswith(SEED))

    def do_HEAD(self) -> None:
        self._send(Answer(405, headers={"Allow": "GET"}))

    def _answer(self, path: str, query: dict[str, str]) -> Answer:
        indexer = cast("Indexer", self.server)
        if path == RESULTS or path.startswith(f"{RESULTS}/"):
            host = self.headers.get("Host")
            return indexer.search(query, f"http://{host}" if host else indexer.origin)
        if path == DOWNLOADS:
            return indexer.download(query)
        if path.startswith(SEED):
            return indexer.seed(unquote(path.removeprefix(SEED)), self.headers.get("Range", ""))
        return indexer.details(path.removeprefix("/details/"))

    def _send(self, answer: Answer, *, slowly: bool = False) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if slowly:
            cast("Indexer", self.server).throttle.send(answer.body, cast("BinaryIO", self.wfile))
        else:
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Silent: the line would hold the key."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.indexer", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", default="", help="the API key; without it a new one is made")
    parser.add_argument("--speed", type=int, default=0, help="of the web seed, bytes per second")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl+C does
    with Indexer(chosen.port, chosen.key, chosen.speed) as indexer:
        ready = {"torznab": indexer.torznab, "key": indexer.key}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            indexer.serve_forever()


if __name__ == "__main__":
    main()
