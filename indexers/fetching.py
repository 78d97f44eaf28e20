"""Fetch a release's torrent from where its link leads, and believe nothing that comes back."""

from __future__ import annotations

import re
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin

from urllib3.util import make_headers, parse_url

from indexers.links import fill_key, holds_key, is_magnet, is_own_download, moved
from indexers.places import Place
from indexers.torrents import Magnet, Torrent, read_magnet, read_torrent
from indexers.torznab import Endpoint
from tame.lib.allowed import Allowed, origin_of
from tame.lib.call_errors import CallError
from tame.lib.errors import BadInputError, LocalError
from tame.lib.http import Answer, get

CAP = 10 * 1024 * 1024
MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
GZIP = b"\x1f\x8b"
TEXT = 128 * 1024  # no magnet is longer
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}):")


@dataclass(frozen=True)
class Fetched:
    """Either `data` with its `torrent`, or a `magnet`."""

    data: bytes | None = field(default=None, repr=False)
    torrent: Torrent | None = None
    magnet: Magnet | None = None


def fetch(link: str, source: Endpoint, *, timeout: tuple[float, float], cap: int = CAP) -> Fetched:
    """The torrent or magnet behind a link, in which `{key}` stands for the indexer's key.

    Raises NotFetchedError; where it is the indexer itself that fails, ServiceDownError or
    LoginRefusedError; LocalError when the indexer's address is none.
    """
    return _Walk(source, timeout, cap).follow(link.strip())


class _Walk:
    """One fetch over all its redirects, under one deadline."""

    def __init__(self, source: Endpoint, timeout: tuple[float, float], cap: int) -> None:
        self.source = source
        self.timeout = timeout
        self.cap = cap
        self.home = _home(source)
        self.allowed = Allowed(self.home, source.also_allowed)
        self.deadline = time.monotonic() + 2 * sum(timeout)

    def follow(self, link: str) -> Fetched:
        if is_magnet(link):
            return _magnet(link, Place(self.source))
        url = self.first(link)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self.ask(url)
            if answer.status not in REDIRECTS:
                return _read(answer, self.place(url), self.cap)
            target = _target(answer, self.place(url))
            if is_magnet(target):
                return _magnet(target, self.place(url))
            url = self.next(target, self.place(url))
        clause = f"it redirected more than {MAX_REDIRECTS} times"
        raise self.place(url).no_torrent("redirect-loop", clause)

    def place(self, url: str) -> Place:
        host = origin_of(url).partition("://")[2]
        return Place(self.source, re.sub(":(80|443)$", "", host), origin_of(url) == self.home)

    def first(self, link: str) -> str:
        """Where the link leads, with the key if that is the indexer."""
        try:
            url = self.put_right(link)
        except CallError as error:
            raise Place(self.source).no_torrent("bad-url", error.reason) from error
        place = self.place(url)
        if place.is_home:
            return fill_key(url, self.source.key)
        if holds_key(url, self.source.key):
            clause = "the link would carry the indexer's API key to it, a foreign address"
            raise place.no_torrent("not-allowed", clause, "Correct the address of the indexer.")
        return url

    def next(self, target: str, place: Place) -> str:
        """Where a redirect leads; never with the key to anybody but the indexer."""
        try:
            url = self.put_right(target)
        except CallError as error:
            clause = "it redirects to an address that cannot be read"
            raise place.no_torrent("bad-redirect", clause) from error
        there = self.place(url)
        if not there.is_home and holds_key(url, self.source.key):
            clause = f"it redirects with your API key to {there.host}, which is not its address"
            remedy = "If the indexer moved there, correct its address in TAME."
            raise place.no_torrent("bad-redirect", clause, remedy)
        return url

    def put_right(self, link: str) -> str:
        """The indexer names itself by the name it was called by: that name may lead nowhere."""
        origin = origin_of(link)
        if self.home and origin != self.home and is_own_download(link, self.source.url):
            return moved(link, self.home)
        return link

    def ask(self, url: str) -> Answer:
        place = self.place(url)
        try:
            return get(
                url,
                allowed=self.allowed,
                timeout=self.timeout,
                cap=self.cap,
                headers=_login(self.source) if place.is_home else None,
                total=max(self.deadline - time.monotonic(), 0.1),
            )
        except CallError as error:
            raise place.failed(error) from error


def _home(source: Endpoint) -> str:
    if not source.url:
        return ""
    try:
        return origin_of(source.url)
    except CallError as error:
        raise LocalError(
            f"The address of {source.name or 'the indexer'} cannot be used: {error.reason}. "
            "Correct it in the indexer."
        ) from error


def _login(source: Endpoint) -> dict[str, str]:
    """The login for a proxy before the indexer, if its address has one: http://user:word@host."""
    login = parse_url(source.url).auth
    return dict(make_headers(basic_auth=unquote(login))) if login else {}


def _target(answer: Answer, place: Place) -> str:
    location = answer.headers.get("Location", "").strip()
    with suppress(UnicodeError):  # headers come as Latin-1, whatever was sent
        location = location.encode("latin-1").decode()
    if not location:
        clause = f"it answered {answer.status} without saying where to go"
        raise place.no_torrent("bad-redirect", clause)
    try:
        target = urljoin(answer.url, location)
    except ValueError as error:
        clause = "it redirects to an address that cannot be read"
        raise place.no_torrent("bad-redirect", clause) from error
    scheme = SCHEME.match(target)
    if scheme is None or scheme[1].lower() not in ("http", "https", "magnet"):
        kind = f"{scheme[1].lower()}:" if scheme else "foreign"
        clause = f"it redirects to a {kind} address, which TAME does not open"
        raise place.no_torrent("bad-redirect", clause)
    return target


def _read(answer: Answer, place: Place, cap: int) -> Fetched:
    if answer.status != 200:
        raise place.refused(answer)
    data = _unpacked(answer.body, place, cap)
    text = data[:TEXT].decode(errors="replace").lstrip()
    if is_magnet(text):
        return _magnet(text.splitlines()[0], place)
    if data[:1] != b"d":
        raise place.not_a_torrent(answer)
    try:
        return Fetched(data=data, torrent=read_torrent(data))
    except BadInputError as error:
        raise place.no_use("not-a-torrent", error) from error


def _unpacked(body: bytes, place: Place, cap: int) -> bytes:
    """The body, unpacked if it was packed without saying so in a header."""
    if not body.startswith(GZIP):
        return body
    box = zlib.decompressobj(wbits=31)
    try:
        data = box.decompress(body, cap + 1)
    except zlib.error as error:
        raise place.no_torrent("not-a-torrent", "its packed answer is damaged") from error
    if len(data) > cap:
        raise place.no_torrent("too-big", f"its answer is larger than {cap / 1_048_576:.3g} MiB")
    if not box.eof:
        raise place.no_torrent("not-a-torrent", "its packed answer is not complete")
    return data


def _magnet(link: str, place: Place) -> Fetched:
    try:
        return Fetched(magnet=read_magnet(link.strip()))
    except BadInputError as error:
        raise place.no_use("bad-magnet", error) from error
