"""A Jackett or Prowlarr on loopback with one indexer, "gutenberg", that can misbehave.

with FakeIndexer() as fake:
    fake.releases = [Offer("Cranford by Elizabeth Gaskell [ENG / M4B]")]
    search(Endpoint("Gutenberg", fake.url, fake.key), "cranford", timeout=(1, 5))
    fake.fail("tracker-down")
    assert fake.searches == ["cranford"]
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from requests.structures import CaseInsensitiveDict

from tests.fakes import torznab_documents as documents
from tests.fakes.loopback import Loopback
from tests.fakes.torrents import make_torrent
from tests.fakes.torznab_documents import Member, Offer
from tests.fakes.torznab_failures import ANYBODY, DOWNLOADS, JACKETT, JSON, PROWLARR, Reply

__all__ = ["FakeIndexer", "Member", "Offer"]

KEY = "0f1e2d3c+harmless/fake=key"  # with letters that an address must encode
TORRENT = {"Content-Type": "application/x-bittorrent"}
SWALLOWED = {"tracker-down", "tracker-login", "tracker-hangs"}  # Prowlarr hides these
TEST_RELEASE = Offer("Test Release", categories=(2000,))


@dataclass(frozen=True)
class Asked:
    """One request. `at`: seconds of the monotonic clock."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


class FakeIndexer(Loopback):
    """`kind`: jackett or prowlarr. `base_path`: where the server lives, "/prowlarr".

    `delay`: seconds before each answer. `all_delay`: the same for Jackett's `all`, whose failures
    are silent. `books_by`: the parameters of its book search. `members`: what an import lists.
    `requests`: all that came in; `searches`: the terms of the searches among them.
    """

    def __init__(
        self, kind: str = "jackett", *, key: str = KEY, base_path: str = "", port: int = 0
    ) -> None:
        self.kind = kind
        self.key = key
        self.base_path = base_path
        self.releases: list[Offer] = []
        self.requests: list[Asked] = []
        self.searches: list[str] = []
        self.categories = dict(documents.CATEGORIES)
        self.books_by = "q"
        self.delay = 0.0
        self.all_delay = 0.0
        self.id = "gutenberg" if kind == "jackett" else "1"
        self.members = [Member(self.id, "Gutenberg")]
        self._known: dict[str, Offer] = {}
        self._failure, self._left, self._wait = "", 0, 120
        self._is_blocked = False
        self._download_failure = ""
        self._closing = threading.Event()
        super().__init__(_page(self), port)

    @property
    def server(self) -> str:
        """The address of the Jackett or Prowlarr itself."""
        return f"http://127.0.0.1:{self.port}{self.base_path}"

    @property
    def url(self) -> str:
        """The Torznab address of its indexer."""
        if self.kind == "jackett":
            return f"{self.server}/api/v2.0/indexers/{self.id}/results/torznab/api"
        return f"{self.server}/{self.id}/api"

    @property
    def downloads(self) -> list[Asked]:
        return [asked for asked in self.requests if re.search("/dl/|/download$", asked.path)]

    def fail(self, name: str, *, times: int = 0, wait: int = 120) -> None:
        """Fail like this, for as many requests (0: until `recover`); see torznab_failures.

        `wait`: what it asks for in Retry-After, if it does.
        """
        if name not in ANYBODY | self._own_failures and name not in SWALLOWED:
            raise KeyError(name)
        self._failure, self._left, self._wait = name, times, wait
        self._is_blocked = False

    def fail_downloads(self, name: str) -> None:
        """Fail like this at the links, "" no more; searches go on."""
        if name and name not in DOWNLOADS:
            raise KeyError(name)
        self._download_failure = name

    def recover(self) -> None:
        self._failure = self._download_failure = ""

    def down(self) -> None:
        self._closing.set()
        super().down()

    def up(self) -> None:
        self._closing.clear()
        super().up()

    def linger(self, seconds: float) -> None:
        self._closing.wait(seconds)

    # --- What it answers --------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "HEAD":
            return Reply(405, b"", {"Allow": "GET"})
        path = asked.path.removeprefix(self.base_path)
        if not asked.path.startswith(self.base_path + "/"):
            return self._outside(asked)
        reply = (
            self._jackett(path, asked) if self.kind == "jackett" else self._prowlarr(path, asked)
        )
        return reply.filled(self.key, str(self._wait))

    def _outside(self, asked: Asked) -> Reply:
        if self.kind == "jackett":
            return Reply(404, b"", {})
        query = "&".join(f"{name}={text}" for name, text in asked.query.items())
        return Reply(307, b"", {"Location": f"{self.base_path}{asked.path}?{query}"})

    def _jackett(self, path: str, asked: Asked) -> Reply:
        if found := re.match(
            r"/(?:api/v2\.0/indexers/([^/]+)/results/)?torznab(?:/|$)([^/]*)", path
        ):
            return self._torznab(found[1] or found[2], asked)
        if path.startswith("/dl/"):
            return self._download(asked, "jackett_apikey", "path", 302)
        if path == "/health":
            return Reply(200, b'{"status":"OK"}', JSON)
        if path == "/":
            return Reply(301, b"", {"Location": f"{self.base_path}/UI/Dashboard"})
        if path.startswith("/api/v2.0/indexers"):  # its own list needs a cookie
            return ANYBODY["login-redirect"]
        return Reply(404, b"", {})

    def _torznab(self, indexer: str, asked: Asked) -> Reply:
        if self.key not in (asked.query.get("apikey"), asked.query.get("passkey")):
            return JACKETT["bad-key"]
        self._note(asked)
        if indexer == "all":
            return self._all(asked)
        if failure := self._next_failure():
            return failure
        if indexer != self.id:
            return JACKETT["unknown-indexer"]
        return self._results(asked)

    def _note(self, asked: Asked) -> None:
        if asked.query.get("t", "search") in ("search", "book"):
            self.searches.append(asked.query.get("q", ""))

    def _all(self, asked: Asked) -> Reply:
        if asked.query.get("t") == "indexers":
            return Reply(200, documents.jackett_list(self.members, self._caps()))
        self.linger(self.all_delay)
        if self._next_failure() or int(asked.query.get("offset", 0)):
            return Reply(200, documents.feed([]))
        return self._results(asked)

    def _prowlarr(self, path: str, asked: Asked) -> Reply:
        if path == "/ping":
            return Reply(200, b'{"status":"OK"}', JSON)
        headers = {asked.headers.get("X-Api-Key"), asked.headers.get("Authorization")}
        if not {self.key, f"Bearer {self.key}"} & {asked.query.get("apikey"), *headers}:
            return PROWLARR["bad-key"]
        if path == "/api/v1/indexer":
            return Reply(200, documents.prowlarr_list(self.members, self.categories), JSON)
        if path == "/api/v1/indexerstatus":
            return Reply(200, self._blocked(), JSON)
        if path == "/0/api":
            return Reply(200, documents.feed([documents.prowlarr_entry(TEST_RELEASE, "", "0")]))
        if path in (f"/{self.id}/api", f"/api/v1/indexer/{self.id}/newznab"):
            self._note(asked)
            return self._next_failure() or self._results(asked)
        if path == f"/{self.id}/download":
            return self._download(asked, "apikey", "link", 301)
        return PROWLARR["unknown-indexer"]

    def _blocked(self) -> bytes:
        if self._failure not in SWALLOWED:
            return b"[]"
        now = datetime.now(UTC)
        failed = {"mostRecentFailure": now.isoformat(), "initialFailure": now.isoformat()}
        until = (now + timedelta(seconds=self._wait)).isoformat()
        status = {"id": 1, "indexerId": int(self.id), "disabledTill": until}
        return documents.to_json([status | failed])

    @property
    def _own_failures(self) -> dict[str, Reply]:
        return JACKETT if self.kind == "jackett" else PROWLARR

    def _next_failure(self) -> Reply | None:
        name = self._failure
        if not name:
            return None
        if self._left:
            self._left -= 1
            self._failure = name if self._left else ""
        own = ANYBODY | self._own_failures
        if name in own:
            return own[name]
        if self._is_blocked:  # Prowlarr has noticed
            return PROWLARR["tracker-limit"]
        self._is_blocked = True
        return Reply(200, documents.feed([], "1.0"))

    def _caps(self) -> str:
        return documents.caps(self.categories, self.books_by, self.kind.title())

    def _results(self, asked: Asked) -> Reply:
        function = asked.query.get("t", "search" if self.kind == "jackett" else "")
        if not function:
            return PROWLARR["no-function"]
        if function == "caps":
            return Reply(200, self._caps().encode())
        if function not in ("search", "book"):
            return self._own_failures["unsupported"]
        numbers = [text for text in asked.query.get("cat", "").split(",") if text]
        if not all(text.isdigit() for text in numbers):
            return self._own_failures["broken-request"]
        found = self._found(asked.query, {int(text) for text in numbers})
        host = asked.headers.get("Host", "")
        entries = [self._entry(offer, f"http://{host}{self.base_path}") for offer in found]
        return Reply(200, documents.feed(entries, "2.0" if self.kind == "jackett" else "1.0"))

    def _found(self, query: Mapping[str, str], categories: set[int]) -> list[Offer]:
        """Everything, when there is no term: author and title count only where caps list them."""
        by_name = {"author", "title"} & query.keys()
        if by_name and "author" not in self.books_by and self.kind == "prowlarr":
            return []
        told = [query.get("q", "")]
        if "author" in self.books_by:
            told += [query[name] for name in sorted(by_name)]
        words = re.findall(r"\w+", " ".join(told).lower())
        found = [
            offer
            for offer in self.releases
            if all(word in re.findall(r"\w+", offer.title.lower()) for word in words)
            and (not categories or _is_among(offer, categories))
        ]
        if int(query.get("offset", 0)):
            return []
        return found[: int(query["limit"])] if "limit" in query else found

    def _entry(self, offer: Offer, origin: str) -> str:
        self._known[offer.name] = offer
        if self.kind == "jackett":
            start, names = f"{origin}/dl/{self.id}/", ("jackett_apikey", "path")
            write = documents.jackett_entry
        else:
            start, names = f"{origin}/{self.id}/download", ("apikey", "link")
            write = documents.prowlarr_entry
        link = offer.link or documents.link_of(offer, start, self.key, names)
        if offer.magnet and not offer.is_hidden and self.kind == "jackett":
            link = offer.magnet  # Prowlarr hides every magnet behind a link
        return write(offer, link, self.id)

    def _download(self, asked: Asked, key_name: str, path_name: str, redirect: int) -> Reply:
        if asked.query.get(key_name) != self.key:
            return Reply(401, b"", {})
        if path_name not in asked.query:
            return self._own_failures["broken-request"]
        if self._download_failure:
            return DOWNLOADS[self._download_failure]
        offer = self._known.get(asked.query[path_name])
        if offer is None and self.kind == "prowlarr":  # it cannot decode it
            return PROWLARR["broken-request"]
        if offer is None or "file" not in asked.query:
            return DOWNLOADS["404"]
        if offer.magnet:
            return Reply(redirect, b"", {"Location": offer.magnet})
        body = offer.torrent or make_torrent({f"{offer.title}.m4b": offer.title.encode()})
        return Reply(200, body, TORRENT)


def _is_among(offer: Offer, categories: set[int]) -> bool:
    """A parent stands for its children."""
    wider = {number // 1000 * 1000 for number in offer.categories if number < 100_000}
    return bool(categories & (wider | set(offer.categories)))


def _page(fake: FakeIndexer) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = CaseInsensitiveDict(self.headers.items())
            asked = Asked(time.monotonic(), self.command, parts.path, query, headers)
            fake.requests.append(asked)
            fake.linger(fake.delay)
            reply = fake.answer(asked)
            if reply.hang:
                fake.linger(30)
            else:
                self._send(reply)

        do_HEAD = do_GET

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body) + 1000 * reply.cut))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: tests read `requests`."""

    return Page
