"""Services that put secrets wherever real ones do: links, errors, redirects, pages, logs."""

from __future__ import annotations

import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fakes.audiobookshelf import FakeAudiobookshelf
from tests.fakes.qbittorrent import FakeQBittorrent
from tests.fakes.site import Page, Site
from tests.fakes.sources import FakeSources, recording, work
from tests.fakes.torrents import hashes_of, magnet_of, make_torrent
from tests.fakes.torznab import FakeIndexer, Offer
from tests.fakes.torznab_documents import error, to_json
from tests.security.markers import Secrets

TRACKER = "http://tracker.example"
XML, HTML, JSON = "application/rss+xml", "text/html; charset=utf-8", "application/json"


def said_by_indexers(s: Secrets) -> dict[str, str]:
    """What they write into their errors."""
    return {
        "address": f"Request to {TRACKER}/api/search?passkey={s.said}&q=emma failed",
        "path": f"Exception (gutenberg): GET {TRACKER}/rss/{s.said_path}/feed.xml failed",
        "words": f"Login failed with passkey {s.said} for user ann",
        "equation": f"Bad request: authkey={s.said}, torrent_pass: {s.said_path}",
        "cookie": f"Tracker refused Cookie: uid=17; pass={s.cookie}",
        "encoded": f"No answer from /UI/Login?ReturnUrl=%2Fapi%3Fpasskey%3D{s.said}%26q%3Demma",
        "magnet": f"Cannot read magnet:?xt=urn:btih:{'a' * 40}&tr={TRACKER}/{s.magnet}/announce",
        "json": f'Tracker said {{"apiKey": "{s.said}", "path":"/rss/{s.said_path}"}}',
        "key": f"Wrong key {s.key} in apikey={s.other_key}",
    }


def trace(s: Secrets) -> str:
    return (
        f"\n ---> System.Net.WebException: GET {TRACKER}/{s.said_path}/rss?passkey={s.said} failed"
        "\n   at Jackett.Common.Indexers.Definitions.CardigannIndexer.PerformQuery(TorznabQuery q)"
        f"\n   Cookie: uid=17; pass={s.cookie}"
    )


def log_lines(s: Secrets, name: str) -> list[str]:
    """Warnings in a client's log that speak of the torrent of that name."""
    return [
        f'Failed to add torrent. Source: "http://jackett:9117/dl/pd/?jackett_apikey={s.log}&path='
        f'Q2ZE&file={name}". Reason: "Unknown error"',
        f'Failed to load {name}. Source: "{TRACKER}/download/17/{s.log_path}.torrent?{s.log}"',
        f'Tracker error. Torrent: "{name}". URL: "{TRACKER}:443/{s.log_path}/announce". Message: '
        f'"passkey {s.log} is not known"',
        f'File error alert. Torrent: "{name}". File: "/downloads/{name}". Reason: "No space left", '
        f"authkey={s.log}",
        f'WebAPI login failure for "{name}". Password {s.password}, key {s.api_key}',
        f'Web seed of "{name}": {TRACKER}/seed/{s.web_seed}/01.mp3 refused. Cookie: {s.cookie}',
    ]


def tracker_says(s: Secrets) -> str:
    secret = s.tracker_message
    see = f"{TRACKER}/{secret}/help?uid={secret}"
    return f"Torrent not registered: passkey {secret} unknown, see {see}"


# --- What sites answer ----------------------------------------------------------------------------


def page(s: Secrets, status: int, body: str | bytes, kind: str = XML, **headers: str) -> Page:
    """With a session's cookie, like every page of a tracker."""
    data = body.encode() if isinstance(body, str) else body
    shown = {name.replace("_", "-"): text for name, text in headers.items()}
    cookie = {"Set-Cookie": f"session={s.cookie}; HttpOnly; path=/"}
    return Page(status, data, {"Content-Type": kind} | cookie | shown)


def bad_pages(s: Secrets) -> dict[str, Page]:
    """Whatever may come in the place of a feed or of a torrent, by name."""
    return errors(s) | strange_pages(s) | redirects(s)


def errors(s: Secrets) -> dict[str, Page]:
    found = {}
    for name, text in said_by_indexers(s).items():
        found[f"error-900-{name}"] = page(s, 400, error(900, text + trace(s)))
        body = {"error": text, "message": text, "stacktrace": trace(s)}
        found[f"json-{name}"] = page(s, 500, to_json(body), JSON)
    words = said_by_indexers(s)["words"]
    return found | {
        "error-201": page(s, 200, error(201, words)),
        "json-404": page(s, 404, to_json({"message": words}), JSON),
        "error-100": page(s, 200, error(100, words)),
        "error-501": page(s, 200, error(501, words)),
        "401": page(s, 401, words, "text/plain"),
        "429": page(s, 429, words, "text/plain", Retry_After="60"),
        "500": page(s, 500, words, "text/plain"),
    }


def strange_pages(s: Secrets) -> dict[str, Page]:
    form = f"<form action='/in?rd={s.page}'><input type='password' name='{s.page}'></form>"
    half = torrent(s, "Half")[:400]
    return {
        "login-page": page(s, 200, f"<html><title>Log in</title>{form}</html>", HTML),
        "web-page": page(s, 200, f"<html>Your passkey is {s.page}</html>", HTML),
        "text": page(s, 200, f"passkey={s.page}", "text/plain"),
        "half-a-torrent": page(s, 200, half, "application/x-bittorrent"),
        "half-a-feed": page(s, 200, f"<rss><channel><item><link>{TRACKER}/{s.page}/<"),
    }


def redirects(s: Secrets) -> dict[str, Page]:
    path, query = s.location_path, s.location
    locations = {
        "login": f"/UI/Login?ReturnUrl=%2Fapi%3Fapikey%3D{query}",
        "host": f"http://cdn.example:1/{path}/f?token={query}",
        "here": f"/get/{path}/x?passkey={query}",
        "user": f"http://ann:{query}@cdn.example/{path}",
        "file": f"file:///home/ann/{path}?{query}",
        "ftp": f"ftp://ann:{query}@cdn.example/{path}",
        "nowhere": f"http://[{query}/{path}",
        "bad-magnet": f"magnet:?dn=Emma&tr={TRACKER}/{s.magnet}/announce",
        "magnet": magnet(s, torrent(s, "Shirley")),
    }
    return {f"to-{name}": page(s, 302, b"", HTML, Location=to) for name, to in locations.items()}


# --- Torrents and feeds ---------------------------------------------------------------------------


def torrent(s: Secrets, name: str) -> bytes:
    files = {f"{name}/01.mp3": name.encode() * 999, f"{name}/02.mp3": name.encode() * 99}
    trackers = (
        f"{TRACKER}:8080/{s.announce_path}/announce",
        f"udp://tracker.example:80/announce?passkey={s.announce_query}",
    )
    return make_torrent(
        files, trackers=trackers, web_seed=f"{TRACKER}/seed/{s.web_seed}", private=True
    )


def magnet(s: Secrets, payload: bytes) -> str:
    trackers = [f"{TRACKER}/{s.magnet}/announce", f"udp://t.example/?uid={s.magnet}"]
    return magnet_of(payload, trackers=trackers) + f"&ws={TRACKER}/{s.web_seed}/"


def entry(s: Secrets, title: str, link: str) -> str:
    """As trackers list one: account's keys in the guid, on the page of details, on the cover."""
    link = link.replace("&", "&amp;")
    return (
        f"<item><title>{title}</title><guid>{TRACKER}/torrent/17/{s.guid}</guid>"
        f"<link>{link}</link><comments>{TRACKER}/details/{s.details}/17?id=17&amp;"
        f"passkey={s.details}&amp;u={s.key}</comments><description>{s.guid}</description>"
        f'<enclosure url="{link}" length="300000000" type="application/x-bittorrent"/>'
        f'<torznab:attr name="seeders" value="7"/>'
        f'<torznab:attr name="coverurl" value="{TRACKER}/cover?passkey={s.guid}"/></item>'
    )


def feed(s: Secrets, *entries: str) -> Page:
    space = 'xmlns:torznab="http://torznab.com/schemas/2015/feed"'
    channel = f"<channel><link>{TRACKER}/?passkey={s.guid}</link>{''.join(entries)}</channel>"
    return page(s, 200, f'<rss version="2.0" {space}>{channel}</rss>')


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def echo(s: Secrets) -> dict[str, Any]:
    """What an Audiobookshelf found with its sources, and how it was asked."""
    said = f"Asked with Bearer {s.shelf_key}"
    return {
        "title": "Cranford", "author": "Elizabeth Gaskell", "description": said,
        "cover": f"http://attic.example/cover?token={s.shelf_key}",
    }  # fmt: skip


class World:
    """A Jackett, a Prowlarr, a tracker's site, qBittorrents old and new, an Audiobookshelf, sources
    of metadata, and what the environment declares."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self._open = ExitStack()
        self.jackett = self._open.enter_context(FakeIndexer(key=secrets.key))
        self.prowlarr = self._open.enter_context(FakeIndexer("prowlarr", key=secrets.other_key))
        self.declared = self._open.enter_context(FakeIndexer(key=secrets.environment_key))
        self.site = self._open.enter_context(Site())
        self.old = self._open.enter_context(FakeQBittorrent("4.5"))
        self.new = self._open.enter_context(FakeQBittorrent("5.3"))
        self.own = self._open.enter_context(FakeQBittorrent("5.1"))
        self.old.password = self.new.password = secrets.password
        self.own.password = secrets.environment_password
        self.new.api_key = secrets.api_key
        self.clients = (self.old, self.new, self.own)
        root = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        self.shelf = self._open.enter_context(FakeAudiobookshelf(root))
        self.shelf.keys = {secrets.shelf_key, secrets.shelf_token}
        self.declared_shelf = self._open.enter_context(FakeAudiobookshelf(root))
        self.declared_shelf.keys = {secrets.shelf_environment_key}
        for shelf in (self.shelf, self.declared_shelf):
            shelf.me.token = secrets.shelf_forever
            shelf.online = [echo(secrets)]
        self.sources = self._open.enter_context(FakeSources())
        self.sources.works = [work("Cranford", "Elizabeth Gaskell")]
        self.sources.recordings = [recording("Cranford", "Elizabeth", "Gaskell")]
        self.cookies: set[str] = set()
        self.bad_pages = bad_pages(secrets)
        for name, bad in self.bad_pages.items():
            self.site.put(f"/{slug(name)}/api", bad)
            self.site.put(f"/{slug(name)}/dl", bad)

    def offer(self, *titles: str) -> None:
        """What both indexers list: a torrent, a magnet, and a magnet behind a link."""
        for fake in (self.jackett, self.prowlarr, self.declared):
            fake.releases = [
                Offer(f"{title} by Elizabeth Gaskell {fake.kind} {kind}", **more)
                for title in titles
                for kind, more in self._kinds(f"{title} {fake.kind}").items()
            ]

    def _kinds(self, name: str) -> dict[str, dict[str, Any]]:
        payload = torrent(self.secrets, name)
        others = [magnet(self.secrets, torrent(self.secrets, f"{name} {n}")) for n in (1, 2)]
        return {
            "torrent": {"torrent": payload, "info_hash": hashes_of(payload)[0]},
            "magnet": {"magnet": others[0]},
            "hidden": {"magnet": others[1], "is_hidden": True},
        }

    def note_cookies(self) -> None:
        """The clients' own session cookies: secrets that they make up themselves."""
        for client in self.clients:
            self.cookies |= set(client._sessions)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)
