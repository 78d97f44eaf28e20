"""The XML and JSON of a fake Jackett or Prowlarr."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = "http://torznab.com/schemas/2015/feed"
CATEGORIES = {
    3000: "Audio",
    3030: "Audio/Audiobook",
    7000: "Books",
    7020: "Books/EBook",
    100013: "AudioBooks",
}
TORRENT = "application/x-bittorrent"  # also for a magnet
TRACKER = "http://tracker.example"


@dataclass(frozen=True)
class Offer:
    """A release of the fake's. Without `torrent` one is made up from the title.

    `magnet`: the tracker gives a magnet instead of a torrent; with `is_hidden` behind a link that
    redirects to it, as AudioBookBay's. `raw`: the whole entry as the test writes it.
    """

    title: str = "Cranford by Elizabeth Gaskell [ENG / M4B]"
    size: int | None = 300_000_000
    seeders: int | None = 12
    leechers: int = 3
    grabs: int = 40
    torrent: bytes = field(default=b"", repr=False)
    magnet: str = ""
    is_hidden: bool = False
    info_hash: str = ""
    guid: str = ""
    link: str = ""
    categories: tuple[int, ...] = (3030, 100013)
    kind: str = "public"
    author: str = ""
    book_title: str = ""
    published: datetime = datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC)
    attributes: Mapping[str, str] = field(default_factory=dict)
    raw: str = ""

    @property
    def name(self) -> str:
        """What stands in the links for this release."""
        return hashlib.sha1((self.guid or self.title).encode()).hexdigest()[:12]

    @property
    def shown_guid(self) -> str:
        if self.magnet and not self.is_hidden:
            return self.guid or self.magnet
        return self.guid or f"{TRACKER}/t/{self.name}.torrent"


@dataclass(frozen=True)
class Member:
    """An indexer of the fake server, as it is listed for import."""

    id: str
    name: str
    kind: str = "public"
    language: str = "en-US"
    enabled: bool = True
    protocol: str = "torrent"
    priority: int = 25
    can_search: bool = True


def feed(entries: Iterable[str], version: str = "2.0") -> bytes:
    return (
        f'{HEAD}<rss version="{version}" xmlns:torznab="{NAMESPACE}"><channel><title>Gutenberg'
        f"</title><link>{TRACKER}/</link>{''.join(entries)}</channel></rss>"
    ).encode()


def jackett_entry(offer: Offer, link: str, indexer: str) -> str:
    size = None if offer.size is None else rounded(offer.size)
    attributes = {"files": "1", "grabs": str(offer.grabs)}
    elements = [f"<{name}>{text}</{name}>" for name, text in attributes.items()]
    source = f'<jackettindexer id="{indexer}">Gutenberg</jackettindexer><type>{offer.kind}</type>'
    more = {"magneturl": offer.magnet} if offer.magnet and not offer.is_hidden else {}
    return offer.raw or _entry(offer, link, size, source + "".join(elements), more)


def prowlarr_entry(offer: Offer, link: str, indexer: str) -> str:
    kind = {"semi-private": "semiPrivate"}.get(offer.kind, offer.kind)
    source = f'<prowlarrindexer id="{indexer}" type="{kind}">Gutenberg</prowlarrindexer>'
    more = {"files": "1", "grabs": str(offer.grabs)}
    return offer.raw or _entry(offer, link, offer.size, source, more)


def _entry(offer: Offer, link: str, size: int | None, source: str, more: Mapping[str, str]) -> str:
    named = [("category", str(number)) for number in offer.categories]
    named += [(name, text) for name, text in _known(offer).items() if text]
    named += [*more.items(), *offer.attributes.items()]
    return (
        f"<item><title>{escape(offer.title)}</title><guid>{escape(offer.shown_guid)}</guid>{source}"
        f"<comments>{TRACKER}/d/{offer.name}</comments>"
        f"<pubDate>{format_datetime(offer.published)}</pubDate>"
        + (f"<size>{size}</size>" if size is not None else "")
        + f"<description /><link>{escape(link)}</link>"
        + "".join(f"<category>{number}</category>" for number in offer.categories)
        + f'<enclosure url={quoteattr(link)} length="{size or 0}" type="{TORRENT}" />'
        + "".join(f'<torznab:attr name="{n}" value={quoteattr(text)} />' for n, text in named)
        + "</item>"
    )


def _known(offer: Offer) -> dict[str, str]:
    seeders = {} if offer.seeders is None else {"seeders": str(offer.seeders)}
    peers = {} if offer.seeders is None else {"peers": str(offer.seeders + offer.leechers)}
    texts = {"infohash": offer.info_hash, "author": offer.author, "booktitle": offer.book_title}
    return seeders | peers | texts | {"downloadvolumefactor": "1", "uploadvolumefactor": "1"}


def rounded(size: int) -> int:
    """As Jackett's floats round it: 412345678 becomes 412345664."""
    return int(struct.unpack("f", struct.pack("f", size))[0])


def caps(categories: Mapping[int, str], book_params: str, server: str) -> str:
    tags = '<tags><tag name="freeleech" description="Freeleech" /></tags>'
    searches = {"search": "q", "tv-search": "", "audio-search": "", "book-search": book_params}
    searching = "".join(
        f'<{name} available="{"yes" if params else "no"}" supportedParams="{params or "q"}" />'
        for name, params in searches.items()
    )
    parents = "".join(
        f'<category id="{number}" name={quoteattr(name)}>{_children(categories, number)}</category>'
        for number, name in categories.items()
        if number % 1000 == 0 or number >= 100_000
    )
    return (
        f'<caps><server title="{server}" /><limits default="100" max="100" />'
        f"<searching>{searching}</searching><categories>{parents}</categories>"
        f"{tags if server == 'Prowlarr' else ''}</caps>"
    )


def _children(categories: Mapping[int, str], parent: int) -> str:
    return "".join(
        f'<subcat id="{number}" name={quoteattr(name)} />'
        for number, name in categories.items()
        if parent < number < parent + 1000
    )


def jackett_list(members: Iterable[Member], caps_of_each: str) -> bytes:
    entries = (
        f'<indexer id="{m.id}" configured="true"><title>{escape(m.name)}</title>'
        f"<language>{m.language}</language><type>{m.kind}</type>{caps_of_each}</indexer>"
        for m in members
    )
    return f"{HEAD}<indexers>{''.join(entries)}</indexers>".encode()


def prowlarr_list(members: Iterable[Member], categories: Mapping[int, str]) -> bytes:
    able = [
        {
            "id": parent,
            "name": name,
            "subCategories": [
                {"id": number, "name": child, "subCategories": []}
                for number, child in categories.items()
                if parent < number < parent + 1000
            ],
        }
        for parent, name in categories.items()
        if parent % 1000 == 0
    ]
    return to_json(
        [
            {
                "id": int(m.id),
                "name": m.name,
                "enable": m.enabled,
                "protocol": m.protocol,
                "privacy": {"semi-private": "semiPrivate"}.get(m.kind, m.kind),
                "language": m.language,
                "priority": m.priority,
                "supportsSearch": m.can_search,
                "supportsRss": True,
                "fields": [{"name": "apiKey", "value": "********"}],
                "capabilities": {"limitsMax": 100, "limitsDefault": 100, "categories": able},
            }
            for m in members
        ]
    )


def error(code: int | str, description: str) -> bytes:
    return f'{HEAD}<error code="{code}" description={quoteattr(description)} />'.encode()


def to_json(value: object) -> bytes:
    return json.dumps(value).encode()


def link_of(offer: Offer, start: str, key: str, names: tuple[str, str]) -> str:
    """A link that holds the key, like both servers' own."""
    key_name, path_name = names
    return f"{start}?{urlencode({key_name: key, path_name: offer.name, 'file': offer.title})}"
