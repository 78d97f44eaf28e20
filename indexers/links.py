"""Links of releases: kept without the indexer's key, and read as to whose they are."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus, unquote

KEY = "{key}"
AUTHORITY = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\]*")
CODED = re.compile("%[0-9A-F]{2}")
JACKETT = re.compile(r"/(?:api/v2\.0/indexers|torznab)/([^/?#]+)(?=[/?#]|$)")
PROWLARR = re.compile(r"/(\d+)/(?:api|newznab)/?(?=[?#]|$)")
JACKETT_DOWNLOAD = re.compile(r"/dl/([^/?#]+)/?$")
PROWLARR_DOWNLOAD = re.compile(r"/(\d+)/download/?$")
ONE = re.compile(r"(?!all$)[\w.-]+")  # one indexer, not `all` or a filter such as `type:private`
CODINGS = 4  # a link within a link within a link


def is_magnet(link: str) -> bool:
    return link.lstrip()[:7].lower() == "magnet:"


def hide_key(link: str, key: str) -> str:
    """The link with `{key}` wherever the key was, plain or percent-encoded, as it may be stored."""
    if not key:
        return link
    authority = AUTHORITY.match(link)
    start = authority.end() if authority else 0
    forms = sorted(_forms(key), key=len, reverse=True)
    return link[:start] + re.sub("|".join(map(re.escape, forms)), KEY, link[start:])


def fill_key(link: str, key: str) -> str:
    return link.replace(KEY, quote(key, safe=""))


def holds_key(link: str, key: str) -> bool:
    """Whether the link would give the key away, however often it was encoded."""
    if KEY in link:
        return True
    for _ in range(CODINGS + 1):
        if key and key in link:
            return True
        link = unquote(link)
    return False


def _forms(key: str) -> set[str]:
    coded = {quote(key, safe=""), quote_plus(key)}
    return {key} | coded | {CODED.sub(lambda found: found[0].lower(), form) for form in coded}


def is_own_download(link: str, indexer: str) -> bool:
    """Whether the link has the path under which this indexer (its Torznab address) hands out
    torrents, whatever host it names: the indexer builds links from the name it was called by."""
    path = AUTHORITY.sub("", re.split("[?#]", link, maxsplit=1)[0])
    for address, download in ((JACKETT, JACKETT_DOWNLOAD), (PROWLARR, PROWLARR_DOWNLOAD)):
        ours, theirs = address.search(indexer), download.search(path)
        if ours and theirs:
            same = unquote(ours[1]).lower() == unquote(theirs[1]).lower()
            return same or not ONE.fullmatch(ours[1])
    return False


def moved(link: str, origin: str) -> str:
    """The link at another origin, its path and query untouched."""
    return AUTHORITY.sub(origin, link, count=1)
