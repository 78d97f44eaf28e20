"""The ways in which a fake Jackett or Prowlarr fails, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.fakes.torznab_documents import error, to_json

XML = {"Content-Type": "application/rss+xml; charset=utf-8"}
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}
TRACE = (
    "\n   at Jackett.Common.Indexers.Definitions.CardigannIndexer.PerformQuery(TorznabQuery query)"
    "\n   at Jackett.Server.Controllers.ResultsController.Torznab(TorznabRequest request)"
)
TRACKER = "http://tracker.example/api/search?passkey={key}&q=cranford"


@dataclass(frozen=True)
class Reply:
    """`{key}` and `{wait}` in the body and the headers are filled in when it is sent.

    `hang`: send nothing at all. `cut`: hang up before the end.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: XML)
    hang: bool = False
    cut: bool = False

    def filled(self, key: str, wait: str) -> Reply:
        if b"{" not in self.body and not any("{" in text for text in self.headers.values()):
            return self
        body = self.body.replace(b"{key}", key.encode()).replace(b"{wait}", wait.encode())
        headers = {
            name: text.replace("{key}", key).replace("{wait}", wait)
            for name, text in self.headers.items()
        }
        return replace(self, body=body, headers=headers)


def jackett_says(cause: str) -> Reply:
    """A tracker's failure, as Jackett passes it on."""
    text = f"Jackett.Common.IndexerException: Exception (gutenberg): {cause}\n ---> {cause}{TRACE}"
    return Reply(400, error(900, text))


ANYBODY = {
    "suspended": Reply(body=error(101, "Account of apikey={key} suspended")),
    "request-limit": Reply(body=error(500, "Request limit reached for {key}")),
    "download-limit": Reply(body=error(501, "Download limit reached")),
    "limit-code": Reply(body=error(429, "Slow down, {key}")),
    "429": Reply(429, b"", {"Retry-After": "{wait}"}),
    "401": Reply(401),
    "403": Reply(403),
    "404": Reply(404),
    "502": Reply(502, b"<html><head><title>502 Bad Gateway</title></head></html>", HTML),
    "503": Reply(503, b"", {"Retry-After": "{wait}"}),
    "proxy-login": Reply(401, b"", {"WWW-Authenticate": 'Basic realm="home"'}),
    "login-page": Reply(
        200,
        b'<!DOCTYPE html><html><form action="/in?rd={key}"><input type="password"></form></html>',
        HTML,
    ),
    "login-redirect": Reply(302, b"", {"Location": "/UI/Login?ReturnUrl=%2Fapi%3Fapikey%3D{key}"}),
    "anti-bot": Reply(
        403, b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", HTML
    ),
    "web-page": Reply(200, b"<html><body>Welcome, {key}</body></html>", HTML),
    "moved": Reply(301, b"", {"Location": "http://new.example:9117/torznab/{key}?apikey={key}"}),
    "lost": Reply(302, b"", {}),
    "empty-body": Reply(200, b""),
    "other-json": Reply(200, b'{"Results": [], "Indexers": []}', JSON),
    "text": Reply(200, b"OK {key}", {"Content-Type": "text/plain"}),
    "other-xml": Reply(200, b"<caps><server /></caps>"),
    "cut-off-xml": Reply(200, b"<rss><channel><item><title>Cranf"),
    "hostile-xml": Reply(
        200, b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel/></rss>'
    ),
    "deep-xml": Reply(200, b"<rss>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</rss>"),
    "too-big": Reply(200, b"<rss><channel>" + b" " * (9 * 1024 * 1024) + b"</channel></rss>"),
    "teapot": Reply(418, b""),
    "hang": Reply(hang=True),
    "closed": Reply(200, b"<rss>", cut=True),
}
JACKETT = {
    "bad-key": Reply(body=error(100, "Invalid API Key")),
    "unsupported": Reply(
        body=error(201, "gutenberg does not support the requested query. {key} {wait}")
    ),
    "not-configured": Reply(body=error(201, "Indexer is not configured")),
    "unknown-indexer": Reply(
        500,
        to_json({"result": "error", "error": "Unknown indexer: gone", "stacktrace": TRACE}),
        JSON,
    ),
    "broken-request": Reply(
        500,
        to_json({"result": "error", "error": "Input 'abc', apikey={key}", "stacktrace": TRACE}),
        JSON,
    ),
    "tracker-down": jackett_says(f"Request to {TRACKER} failed (Error BadGateway) - It is down."),
    "tracker-login": jackett_says("Unexpected character encountered while parsing value: <. {key}"),
    "tracker-limit": jackett_says("Error Parsing Json Response: Status=TooManyRequests {key}"),
    "tracker-hangs": jackett_says(
        "Operation canceled\n ---> System.Threading.Tasks.TaskCanceledException: 100 seconds"
    ),
    "tracker-anti-bot": jackett_says("Challenge detected but FlareSolverr is not configured"),
}
PROWLARR = {
    "bad-key": Reply(401, b"", {}),
    "unsupported": Reply(400, error(202, "No such function ({key})")),
    "no-function": Reply(400, error(200, "Missing parameter: t ({key})")),
    "unknown-indexer": Reply(404, to_json({"message": "NotFound", "content": "{key}"}), JSON),
    "disabled": Reply(410, error(410, "Indexer is disabled")),
    "tracker-limit": Reply(
        429, error(429, "Indexer is disabled till 11/20/2026"), XML | {"Retry-After": "{wait}"}
    ),
    "broken-request": Reply(
        500, to_json({"message": "Object of {key}", "description": TRACE}), JSON
    ),
}
DOWNLOADS = {
    "404": Reply(404, b"", {}),  # Jackett's answer whatever the reason
    "401": Reply(401, b"", {}),
    "410": Reply(410, error(410, "Release not found")),
    "429": Reply(429, error(429, "Grab limit reached"), XML | {"Retry-After": "{wait}"}),
    "500": Reply(500, error(500, "Failed to download")),
    "page": Reply(200, b"<!DOCTYPE html><html>Not found</html>", HTML),
    "empty": Reply(200, b"", {"Content-Type": "application/x-bittorrent"}),
    "error-document": Reply(200, error(501, "Download limit reached")),
    "hang": Reply(hang=True),
    "closed": Reply(200, b"d8:announce", cut=True),
}
