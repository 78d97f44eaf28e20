"""The XML of a Torznab indexer, as Jackett writes it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from email.utils import format_datetime
from urllib.parse import urlencode
from xml.etree import ElementTree as Xml

from demo.catalogue import AUDIOBOOK, EBOOK, Release

INDEXER = "publicdomain"
TITLE = "Public Domain"
TORZNAB = "http://torznab.com/schemas/2015/feed"
CATEGORIES = {3000: ("Audio", AUDIOBOOK, "Audio/Audiobook"), 7000: ("Books", EBOOK, "Books/EBook")}
SEARCHES = ("search", "tv-search", "movie-search", "music-search", "audio-search", "book-search")
AVAILABLE = ("search", "book-search")

Xml.register_namespace("torznab", TORZNAB)


def capabilities() -> bytes:
    root = Xml.Element("caps")
    Xml.SubElement(root, "server", title="TAME demo")
    Xml.SubElement(root, "limits", default="100", max="100")
    searching = Xml.SubElement(root, "searching")
    for name in SEARCHES:
        available = "yes" if name in AVAILABLE else "no"
        Xml.SubElement(searching, name, available=available, supportedParams="q")
    categories = Xml.SubElement(root, "categories")
    for parent, (name, child, child_name) in CATEGORIES.items():
        category = Xml.SubElement(categories, "category", id=str(parent), name=name)
        Xml.SubElement(category, "subcat", id=str(child), name=child_name)
    return _document(root)


def error(code: int, description: str) -> bytes:
    return _document(Xml.Element("error", code=str(code), description=description))


def results(found: Iterable[Release], origin: str, key: str) -> bytes:
    """`origin`: what the search was sent to; the links lead there and hold the key."""
    root = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(root, "channel")
    Xml.SubElement(channel, "title").text = TITLE
    Xml.SubElement(channel, "description").text = "Public-domain books, read by a machine"
    Xml.SubElement(channel, "link").text = f"{origin}/"
    for release in found:
        channel.append(_entry(release, origin, key))
    return _document(root)


def _entry(release: Release, origin: str, key: str) -> Xml.Element:
    entry = Xml.Element("item")
    details, link = f"{origin}/details/{release.number}", _link(release, origin, key)
    Xml.SubElement(entry, "title").text = release.title
    Xml.SubElement(entry, "guid").text = details
    Xml.SubElement(entry, "jackettindexer", id=INDEXER).text = TITLE
    Xml.SubElement(entry, "type").text = "public"
    Xml.SubElement(entry, "comments").text = details
    Xml.SubElement(entry, "pubDate").text = format_datetime(release.posted)
    Xml.SubElement(entry, "size").text = str(release.size)
    Xml.SubElement(entry, "files").text = str(release.files)
    Xml.SubElement(entry, "grabs").text = str(10 * release.seeders)
    Xml.SubElement(entry, "description")
    Xml.SubElement(entry, "link").text = link
    Xml.SubElement(entry, "category").text = str(release.category)
    Xml.SubElement(
        entry, "enclosure", url=link, length=str(release.size), type="application/x-bittorrent"
    )
    for name, value in _attributes(release).items():
        Xml.SubElement(entry, f"{{{TORZNAB}}}attr", name=name, value=value)
    return entry


def _attributes(release: Release) -> dict[str, str]:
    shown = {
        "category": str(release.category),
        "seeders": str(release.seeders),
        "peers": str(release.seeders + 2),
        "downloadvolumefactor": "0",
        "uploadvolumefactor": "1",
    }
    if release.torrent and release.shows_hash:
        shown["infohash"] = release.torrent.info_hash
    return shown


def _link(release: Release, origin: str, key: str) -> str:
    values = {"jackett_apikey": key, "path": path_of(release), "file": release.title}
    return f"{origin}/dl/{INDEXER}/?{urlencode(values)}"


def path_of(release: Release) -> str:
    """The word by which a link names a release; opaque, as Jackett's is."""
    return base64.urlsafe_b64encode(f"release {release.number}".encode()).decode().rstrip("=")


def _document(root: Xml.Element) -> bytes:
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))
