"""A release as an indexer lists it: from what is written to what is known."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from indexers import figures
from indexers.capabilities import privacy_of
from indexers.torrents import hash_from_text, read_magnet
from tame.lib.errors import BadInputError
from tame.lib.redact import QUERY, is_unreadable

TITLE_LIMIT = 1000
NAME_LIMIT = 300
GUID_LIMIT = 2000
LINK_LIMIT = 8000
MAGNET_LIMIT = 16_000
MANY = 50  # categories or tags: more than this is noise
LEAST_ENCLOSURE = 1024 * 1024  # a smaller length is that of the .torrent, not of the audiobook
CATEGORY_LIMIT = 2**31 - 1
LANGUAGE_NUMBERS = {"1": "English"}  # Newznab's; no other number means the same everywhere
WEB = ("http://", "https://")
ESCAPED = re.compile(r"&(?:amp|quot|apos|lt|gt|#\d{2,5});")
ACCOUNT = re.compile(
    r"(?i)(?<=[?&;])(?:jackett_apikey|apikey|api_key|passkey|authkey|torrent_pass|rsskey)=[^&;#]*"
)


@dataclass(frozen=True)
class FoundRelease:
    """One release of a feed. None and "" mean unknown, which is not zero.

    `identity`: the info hash, else the SHA-256 of the guid without secrets; stable per indexer.
    `size`: bytes, as the indexer rounds them. `info_hash`: v1 (40 hex digits), or v2 (64).
    `link`: where the .torrent is fetched; it, `guid` and `magnet` may hold keys.
    `kind`: "public", "private", "semi-private" or "".
    """

    title: str
    guid: str = field(repr=False)
    identity: str
    size: int | None = None
    seeders: int | None = None
    peers: int | None = None
    grabs: int | None = None
    files: int | None = None
    info_hash: str = ""
    link: str = field(default="", repr=False)
    magnet: str = field(default="", repr=False)
    details: str = ""
    published: datetime | None = None
    categories: tuple[int, ...] = ()
    author: str = ""
    book_title: str = ""
    language: str = ""
    year: int | None = None
    download_factor: float | None = None
    upload_factor: float | None = None
    minimum_ratio: float | None = None
    minimum_seed_seconds: int | None = None
    tags: tuple[str, ...] = ()
    kind: str = ""


class Lines:
    """What a feed says of one release, as it is written there."""

    __slots__ = ("attributes", "categories", "enclosures", "source", "texts")

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}  # elements; the first of a name
        self.categories: list[str] = []  # these too are elements
        self.attributes: list[dict[str, str]] = []  # Torznab's and Newznab's
        self.enclosures: list[dict[str, str]] = []
        self.source: dict[str, str] = {}  # the indexer, where several stand behind one address


class Addresses:
    """The places where a link may stand."""

    __slots__ = ("comments", "enclosed", "guid", "is_usenet", "link", "magneturl")

    def __init__(self, lines: Lines, magneturl: str) -> None:
        text, enclosures = lines.texts.get, lines.enclosures
        self.enclosed = [e.get("url", "") for e in enclosures if "nzb" not in e.get("type", "")]
        self.is_usenet = not self.enclosed and bool(enclosures)
        self.link = text("link", "")
        self.guid = text("guid", "")
        self.comments = text("comments", "")
        self.magneturl = magneturl


def release_of(lines: Lines, now: datetime, secrets: Sequence[str] = ()) -> FoundRelease | None:
    """The release, or None when it has no title or nothing that a torrent client could fetch.

    `secrets`: every form of the key that a guid may hold.
    """
    named, repeated = _named(lines.attributes)
    at = Addresses(lines, named.get("magneturl", ""))
    title = _line(lines.texts.get("title", ""), TITLE_LIMIT)
    magnet, info_hash = _magnet(at)
    link = _link(at, has_magnet=bool(magnet))
    if not title or at.is_usenet or not (link or magnet):
        return None
    announced = hash_from_text(named.get("infohash", ""))
    if magnet and announced and len(announced) == len(info_hash) and announced != info_hash:
        link = ""  # they contradict each other: only the magnet agrees with its own hash
    info_hash = info_hash or announced
    details = _details(at, link)
    release = object.__new__(FoundRelease)
    # Not by its constructor, which makes one more call for each field that it freezes.
    vars(release).update(
        title=title,
        guid=at.guid[:GUID_LIMIT],
        identity=info_hash or _identity(at.guid or details or title, secrets),
        info_hash=info_hash,
        link=link,
        magnet=magnet,
        details=details,
        **_in_figures(lines, named, now),
        **_in_words(lines, named, repeated),
    )
    return release


def _in_figures(lines: Lines, named: dict[str, str], now: datetime) -> dict[str, object]:
    texts, seeders = lines.texts, figures.count(named.get("seeders"))
    size = figures.size(named.get("size")) or figures.size(texts.get("size"))
    return {
        "size": size or _length(lines),
        "seeders": seeders,
        "peers": _peers(named, seeders),
        "grabs": figures.count(texts.get("grabs") or named.get("grabs") or named.get("snatches")),
        "files": figures.count(texts.get("files") or named.get("files")) or None,
        "published": figures.moment(texts.get("pubDate") or named.get("usenetdate"), now),
        "year": figures.year(named.get("year")),
        "download_factor": figures.factor(named.get("downloadvolumefactor")),
        "upload_factor": figures.factor(named.get("uploadvolumefactor")),
        "minimum_ratio": figures.factor(named.get("minimumratio")),
        "minimum_seed_seconds": figures.count(named.get("minimumseedtime")),
    }


def _in_words(
    lines: Lines, named: dict[str, str], repeated: dict[str, list[str]]
) -> dict[str, object]:
    return {
        "categories": _categories((*lines.categories, *repeated["category"])),
        "author": _line(named.get("author", ""), NAME_LIMIT),
        "book_title": _line(named.get("booktitle", ""), NAME_LIMIT),
        "language": _language(repeated["language"] or [named.get("lang_code", "")]),
        "tags": _tags(repeated["tag"]),
        "kind": privacy_of(lines.texts.get("type") or lines.source.get("type")),
    }


def _named(attributes: Iterable[dict[str, str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The attributes by name, and those that may come several times."""
    named: dict[str, str] = {}
    repeated: dict[str, list[str]] = {"category": [], "tag": [], "language": []}
    for each in attributes:
        name, value = each.get("name", "").lower(), each.get("value", "")
        if name in repeated:
            repeated[name].append(value)
        elif value and named.get(name, "0") == "0":  # of two namespaces one may know nothing
            named[name] = value
    return named, repeated


def _line(text: str, limit: int) -> str:
    """Text on one line, without what no eye can see; some servers escape it twice."""
    if not text:
        return ""
    if "&" in text and ESCAPED.search(text):
        text = html.unescape(text)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())[:limit] if "  " in text else text.strip()[:limit]


def _magnet(at: Addresses) -> tuple[str, str]:
    """The magnet link and its hash: it may stand in the place of any link."""
    for address in (at.magneturl, *at.enclosed, at.link, at.guid):
        if address[:7].lower() == "magnet:" and len(address) <= MAGNET_LIMIT:
            with suppress(BadInputError):
                magnet = read_magnet(address)
                return address.replace("&amp;", "&"), magnet.hash_v1 or magnet.hash_v2
    return "", ""


def _link(at: Addresses, *, has_magnet: bool) -> str:
    """The link to the .torrent. The page about the release is the last resort."""
    likely = (*at.enclosed, at.link)
    for address in likely:
        if _is_web(address) and address != at.comments:
            return address.replace("&amp;", "&")
    if _is_web(at.guid) and at.guid.partition("?")[0].endswith(".torrent"):
        return at.guid.replace("&amp;", "&")
    return "" if has_magnet else next(filter(_is_web, likely), "")


def _details(at: Addresses, link: str) -> str:
    for address in (at.comments, at.link, at.guid):
        is_page = _is_web(address) and address != link and not address.endswith(".torrent")
        if is_page and "apikey=" not in address and len(address) <= TITLE_LIMIT:
            path, _, query = address.partition("?")
            if any(map(is_unreadable, path.split("/"))):
                return ""  # a passkey stands in its path
            return QUERY.sub(r"\1…", address) if query else address
    return ""


def _is_web(address: str) -> bool:
    return address[:8].lower().startswith(WEB) and len(address) <= LINK_LIMIT


def _identity(guid: str, secrets: Sequence[str]) -> str:
    # Only the values that name an account are left out: without its `path` or `id` a link would
    # name another release.
    if "?" in guid:
        guid = ACCOUNT.sub("", guid)
    for secret in secrets:
        guid = guid.replace(secret, "")
    return hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()


def _length(lines: Lines) -> int | None:
    lengths = (figures.size(enclosure.get("length")) or 0 for enclosure in lines.enclosures)
    return next((length for length in lengths if length >= LEAST_ENCLOSURE), None)


def _peers(named: dict[str, str], seeders: int | None) -> int | None:
    peers, leechers = figures.count(named.get("peers")), figures.count(named.get("leechers"))
    if peers is None and seeders is not None and leechers is not None:
        return seeders + leechers
    return peers


@lru_cache(maxsize=256)  # a feed has few combinations
def _categories(written: tuple[str, ...]) -> tuple[int, ...]:
    numbers = [
        int(text) for text in written if len(text) < 11 and text.isascii() and text.isdigit()
    ]
    return tuple(dict.fromkeys(n for n in numbers if 0 < n <= CATEGORY_LIMIT))[:MANY]


def _language(written: list[str]) -> str:
    if not any(written):
        return ""
    names = [text if not text.isdigit() else LANGUAGE_NUMBERS.get(text, "") for text in written]
    return _line(", ".join(dict.fromkeys(filter(None, names))), NAME_LIMIT)


def _tags(written: list[str]) -> tuple[str, ...]:
    if not written:
        return ()
    names = (_line(text, NAME_LIMIT).lower() for text in written[:MANY])
    return tuple(dict.fromkeys(filter(None, names)))
