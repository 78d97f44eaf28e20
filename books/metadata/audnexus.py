"""Audnexus, or an own server that speaks like it: Audible's data by ASIN."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from books.languages import code_of
from books.metadata import Proposal, Source
from books.metadata.asking import text, texts, web, whole
from books.metadata.cleaning import (
    position_of,
    read_asin,
    read_date,
    read_description,
    read_isbn,
    read_names,
    read_title,
    read_year,
    series_name,
)

ADDRESS = "https://api.audnex.us"
REGIONS = {
    "com": "us", "co.uk": "uk", "ca": "ca", "com.au": "au", "fr": "fr", "de": "de", "co.jp": "jp",
    "it": "it", "in": "in", "es": "es",
}  # fmt: skip
ASIN = re.compile(r"(?<![A-Za-z0-9])(B0[A-Z0-9]{8})(?![A-Za-z0-9])")
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
        titled = read_title(text(book.get("title")))
        minutes, asin = whole(book.get("runtimeLengthMin")), read_asin(text(book.get("asin")))
        said = book.get("summary") or book.get("description")
        return Proposal(
            self.kind,
            title=titled.title,
            subtitle=text(book.get("subtitle")) or titled.subtitle,
            authors=read_names(texts(book.get("authors"))),
            narrators=read_names(texts(book.get("narrators"))),
            series=series_of(book) or titled.series,
            year=read_year(text(book.get("releaseDate"))),
            published_on=read_date(text(book.get("releaseDate"))),
            language=code_of(text(book.get("language"))),
            asin=asin,
            isbn=read_isbn(text(book.get("isbn"))),
            seconds=minutes * 60 if minutes else None,
            publisher=text(book.get("publisherName")),
            description=read_description(said if isinstance(said, str) else ""),
            cover=web(book.get("image")),
            key=asin,
            link=f"https://www.audible.com/pd/{asin}" if asin else "",
        )


def series_of(book: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    both = [book.get("seriesPrimary"), book.get("seriesSecondary")]
    named = [one for one in both if isinstance(one, dict) and text(one.get("name"))]
    return tuple(
        (series_name(text(one.get("name"))), position_of(text(one.get("position"))))
        for one in named
    )
