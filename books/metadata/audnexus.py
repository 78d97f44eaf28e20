"""Audnexus, or an own server that speaks like it: Audible's data by ASIN."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from books.metadata import Proposal, Source
from books.metadata.asking import text
from books.metadata.cleaning import read_asin
from books.metadata.links import ASIN
from books.metadata.said import proposal

ADDRESS = "https://api.audnex.us"
REGIONS = {
    "com": "us", "co.uk": "uk", "ca": "ca", "com.au": "au", "fr": "fr", "de": "de", "co.jp": "jp",
    "it": "it", "in": "in", "es": "es",
}  # fmt: skip
SHOP = re.compile(r"(?i)(?:^|\.)(?:audible|amazon)\.([a-z.]{2,6})$")


class Audnexus(Source):
    kind: ClassVar[str] = "audnexus"

    def by_asin(self, asin: str) -> list[Proposal]:
        return self._ask(asin, "us")

    def by_link(self, link: str) -> list[Proposal]:
        """Of Audible or Amazon, in the shop's own country."""
        parts = urlsplit(link)
        shop, found = SHOP.search(parts.hostname or ""), ASIN.search(parts.path)
        return self._ask(found[1], REGIONS.get(shop[1].lower(), "us")) if shop and found else []

    def _ask(self, asin: str, region: str) -> list[Proposal]:
        book = self.ask(f"{self.address}/books/{asin}?region={region}")
        read = self._read(book) if isinstance(book, dict) else None
        return [read] if read and read.title and read.asin == asin else []

    def _read(self, book: dict[str, Any]) -> Proposal:
        asin, day = read_asin(text(book.get("asin"))), book.get("releaseDate")
        return proposal(
            self.kind,
            title=book.get("title"),
            subtitle=book.get("subtitle"),
            authors=book.get("authors"),
            narrators=book.get("narrators"),
            series=series_of(book),
            year=day,
            published_on=day,
            language=book.get("language"),
            asin=asin,
            isbn=book.get("isbn"),
            minutes=book.get("runtimeLengthMin"),
            publisher=book.get("publisherName"),
            description=book.get("summary") or book.get("description"),
            cover=book.get("image"),
            key=asin,
            link=f"https://www.audible.com/pd/{asin}" if asin else "",
        )


def series_of(book: dict[str, Any]) -> list[tuple[Any, Any]]:
    both = [book.get("seriesPrimary"), book.get("seriesSecondary")]
    return [(one.get("name"), one.get("position")) for one in both if isinstance(one, dict)]
