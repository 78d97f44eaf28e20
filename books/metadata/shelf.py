"""What the person's own Audiobookshelf finds with one of the services it uses.

It answers with an empty list also when that service is down, so an empty list proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from books.languages import code_of
from books.metadata import Proposal, Source
from books.metadata.asking import mappings, text, web, whole
from books.metadata.cleaning import (
    position_of,
    read_asin,
    read_description,
    read_isbn,
    read_names,
    read_title,
    read_year,
    series_name,
)

PROVIDER = "google"  # Audiobookshelf's own default


@dataclass(frozen=True)
class Shelf(Source):
    """`provider`: the service that it asks, as its library has it chosen."""

    kind: ClassVar[str] = "audiobookshelf"
    provider: str = PROVIDER

    def find(self, title: str, author: str = "") -> list[Proposal]:
        query = urlencode({"title": title, "author": author, "provider": self.provider})
        found = self.ask(f"{self.address}/api/search/books?{query}")
        return [one for book in mappings(found) if (one := self._read(book)).title]

    def _read(self, book: dict[str, Any]) -> Proposal:
        titled = read_title(text(book.get("title")))
        minutes, said = whole(book.get("duration")), book.get("description")
        return Proposal(
            self.kind,
            title=titled.title,
            subtitle=text(book.get("subtitle")) or titled.subtitle,
            authors=read_names(text(book.get("author"))),
            narrators=read_names(text(book.get("narrator"))),
            series=series_of(book) or titled.series,
            year=read_year(text(book.get("publishedYear"))),
            language=code_of(text(book.get("language"))),
            asin=read_asin(text(book.get("asin"))),
            isbn=read_isbn(text(book.get("isbn"))),
            seconds=minutes * 60 if minutes else None,
            publisher=text(book.get("publisher")),
            description=read_description(said if isinstance(said, str) else ""),
            cover=web(book.get("cover")),
        )


def series_of(book: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (series_name(text(one.get("series"))), position_of(text(one.get("sequence"))))
        for one in mappings(book.get("series"))
        if text(one.get("series"))
    )
