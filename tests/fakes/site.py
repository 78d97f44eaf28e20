"""A web site on loopback whose pages are set by the test, and which may misbehave."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from requests.structures import CaseInsensitiveDict

from tests.fakes.loopback import Loopback

GIVE_UP = 5.0  # seconds after which a hanging page lets go, so that no thread stays behind


@dataclass(frozen=True)
class Asked:
    """One request as it came in; `path` with its query; `headers` know no case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Page:
    """`drip`: seconds between two bytes, of the head too if `slow_head`. `cut`: hang up early."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0
    slow_head: bool = False
    hang: bool = False
    cut: bool = False
    chunked: bool = False


class Site(Loopback):
    """Answers 404 wherever no page was put. `asked` keeps every request, also of unknown pages."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        super().__init__(_answers(self))

    @property
    def url(self) -> str:
        return super().url.replace("http:", "https:" if self.tls else "http:")

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def put(self, path: str, page: Page) -> str:
        """Serve the page at the path, whatever the query; its address."""
        self.pages[path] = page
        return self.url + path

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        return self.put(path, Page(status, headers={"Location": location}))

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def _answers(site: Site) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            if site.tls:
                self.request = site.tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            if site.tls:  # the server closes only the plain socket, which TLS took over
                self.request.close()

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            site.asked.append(
                Asked(self.command, self.path, CaseInsensitiveDict(self.headers.items()), body)
            )
            self.close_connection = True
            page = site.pages.get(urlsplit(self.path).path, Page(404))
            if page.hang:
                self._wait_until_gone()
            else:
                self._send(page)

        do_POST = do_GET
        do_HEAD = do_GET

        def _wait_until_gone(self) -> None:
            self.connection.settimeout(GIVE_UP)
            with contextlib.suppress(OSError):
                self.connection.recv(1)

        def _send(self, page: Page) -> None:
            head, body = _head(page), _chunk(page.body) if page.chunked else page.body
            if page.drip and page.slow_head:
                head, body = b"", head + body
            self.wfile.write(head)
            if not page.drip:
                self.wfile.write(body)
            for byte in body if page.drip else b"":
                self.wfile.write(bytes([byte]))
                time.sleep(page.drip)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: tests read `asked`."""

    return Answers


def _head(page: Page) -> bytes:
    headers = {"Connection": "close"} | dict(page.headers)
    if page.chunked:
        headers["Transfer-Encoding"] = "chunked"
    else:
        headers["Content-Length"] = str(len(page.body) + 1_000 * page.cut)
    lines = [f"HTTP/1.1 {page.status} -", *(f"{name}: {text}" for name, text in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
