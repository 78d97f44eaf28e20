"""Feeds with one release, as odd as a test needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from indexers.feed import Feed, read_feed
from indexers.found import FoundRelease

ANSWERS = Path(__file__).parent / "answers"
LINK = "http://jackett:9117/dl/gutenberg/?jackett_apikey=KEY&amp;path=Q2Z&amp;file=Cranford"
ENCLOSURE = f'<enclosure url="{LINK}" length="300000000" type="application/x-bittorrent" />'
MAGNET = "magnet:?xt=urn:btih:870bf4f47e072fa65472dd8f60b5ebce95099818&amp;dn=Cranford"
HASH = "870bf4f47e072fa65472dd8f60b5ebce95099818"


def answer(name: str) -> bytes:
    """What a Jackett once answered."""
    return (ANSWERS / name).read_bytes()


def manifest() -> list[dict[str, Any]]:
    """What is known of each answer that is kept here."""
    captures: list[dict[str, Any]] = json.loads(answer("manifest.json"))["captures"]
    return [capture for capture in captures if (ANSWERS / capture["file"]).exists()]


def entry(
    more: str = "",
    *,
    title: str = "Cranford by Elizabeth Gaskell [ENG / M4B]",
    guid: str = "http://tracker.example/t/1",
    enclosure: str = ENCLOSURE,
) -> str:
    return f"<item><title>{title}</title><guid>{guid}</guid>{more}{enclosure}</item>"


def attribute(name: str, value: str, prefix: str = "torznab") -> str:
    return f'<{prefix}:attr name="{name}" value="{value}" />'


def feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Gutenberg</title>'
        f"{''.join(entries)}</channel></rss>"
    ).encode()


def read(*entries: str) -> Feed:
    return read_feed(feed(*entries))


def one(more: str = "", **told: str) -> FoundRelease:
    """The release of a feed with this entry."""
    (release,) = read(entry(more, **told)).releases
    return release
