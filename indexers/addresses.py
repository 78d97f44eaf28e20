"""Read the address of an indexer in any form that people paste."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from tame.lib.errors import BadInputError

HOW = (
    'In Jackett press "Copy Torznab Feed" beside the indexer; in Prowlarr click the indexer and '
    "copy its Torznab URL. Paste that here."
)
KEYS = ("apikey", "passkey", "jackett_apikey", "api_key")
ID = r"(?P<id>[^/]+)"
JACKETT = (
    re.compile(rf"(?P<base>.*?)/api/v2\.0/indexers/{ID}(?:/.*)?", re.IGNORECASE),
    re.compile(rf"(?P<base>.*?)/dl/{ID}(?:/.*)?", re.IGNORECASE),
    re.compile(rf"(?P<base>.*?)/torznab/(?!api(?:/|$)){ID}(?:/api)?/?", re.IGNORECASE),
)
PROWLARR = (
    re.compile(r"(?P<base>.*?)/api/v1/indexer/(?P<id>\d+)(?:/.*)?", re.IGNORECASE),
    re.compile(r"(?P<base>.*?)/(?P<id>\d+)/(?:api|download)/?", re.IGNORECASE),
    re.compile(r"(?P<base>(?:/[^/]+)?)/(?P<id>\d+)/?"),
)
PAGES = re.compile(
    r"(?i).*/(?:ui(?:/.*)?|login|indexers|settings(?:/.*)?|system(?:/.*)?|history|search|index\.html)/?"
)
AGGREGATE = re.compile(r"all|.*[:!+,].*", re.IGNORECASE)
FRAGMENT = re.compile(r"(?:^|&)(?:tracker|configure)=([\w.-]+)")


@dataclass(frozen=True)
class Address:
    """`url`: the Torznab address without key and query. `kind`: jackett, prowlarr or torznab.

    `server`: the address of the Jackett or Prowlarr itself. `is_aggregate`: it stands for several
    indexers at once, where failures are silent.
    """

    url: str
    key: str = field(repr=False)
    kind: str
    server: str
    is_aggregate: bool = False


def read_address(pasted: str) -> Address:
    """Raises `BadInputError` with what to paste instead."""
    parts = _parts(pasted)
    key = _key(parts)
    path = unquote(parts.path)
    for form in JACKETT:
        if found := form.fullmatch(path):
            return _jackett(parts, found["base"], found["id"], key)
    for form in PROWLARR:
        if found := form.fullmatch(path):
            return _prowlarr(parts, found["base"], found["id"], key)
    if PAGES.fullmatch(path):
        return _page(parts, path, key)
    if not path.strip("/"):
        raise BadInputError(f"That is the address of a server, not of one of its indexers. {HOW}")
    origin = _origin(parts)
    return Address(origin + quote(path.rstrip("/"), safe="/:@!+,~"), key, "torznab", origin)


def read_server(pasted: str) -> str:
    """The address of a Jackett or Prowlarr, from its own or that of any of its pages."""
    parts = _parts(pasted)
    path = unquote(parts.path)
    for form in (*JACKETT, *PROWLARR):
        if found := form.fullmatch(path):
            return _origin(parts) + quote(found["base"])
    base = re.sub(
        r"(?i)/(?:ui|login|indexers|settings|system|history|search|api)(?:/.*)?$", "", path
    )
    return _origin(parts) + quote(base.rstrip("/"))


def key_in(pasted: str) -> str:
    """The API key that was pasted with an address, if any."""
    try:
        return _key(_parts(pasted))
    except BadInputError:
        return ""


def _parts(pasted: str) -> SplitResult:
    text = pasted.strip().strip("<>\"'`").strip().replace("&amp;", "&")
    if not text:
        raise BadInputError(f"The address is empty. {HOW}")
    if "://" not in text.partition("?")[0] and not text.lower().startswith("magnet:"):
        text = "http://" + text.lstrip("/")
    if re.search(r"\s", text):
        raise BadInputError(f"The address has a space in it. {HOW}")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadInputError(f"That is not a web address. {HOW}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise BadInputError(f"The address must begin with http:// or https://. {HOW}")
    if not parts.hostname or port == 0:
        raise BadInputError(f"The address names no host. {HOW}")
    if parts.username is not None:
        raise BadInputError("Leave the user name and the password out of the address.")
    return parts


def _origin(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme.lower()]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme.lower()}://{shown}{port}"


def _key(parts: SplitResult) -> str:
    given = dict(reversed(parse_qsl(parts.query)))
    return next((given[name].strip() for name in KEYS if given.get(name)), "")


def _jackett(parts: SplitResult, base: str, name: str, key: str) -> Address:
    server = _origin(parts) + quote(base)
    url = f"{server}/api/v2.0/indexers/{quote(name, safe=':!+,')}/results/torznab/api"
    return Address(url, key, "jackett", server, AGGREGATE.fullmatch(name) is not None)


def _prowlarr(parts: SplitResult, base: str, number: str, key: str) -> Address:
    if int(number) == 0:
        raise BadInputError(f"Prowlarr's indexer 0 is only a test that lists nothing real. {HOW}")
    server = _origin(parts) + quote(base)
    return Address(f"{server}/{int(number)}/api", key, "prowlarr", server)


def _page(parts: SplitResult, path: str, key: str) -> Address:
    """Jackett's search page names its tracker behind the #; other pages name no indexer."""
    named = FRAGMENT.search(parts.fragment)
    at = re.search(r"(?i)/ui(?:/|$)", path)
    if named is None or at is None:
        raise BadInputError(f"That is a page of Jackett or Prowlarr, not an indexer. {HOW}")
    return _jackett(parts, path[: at.start()], named[1], key)
