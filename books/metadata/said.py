"""One book as a source said it, whatever its texts look like, as the values that they mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from books.languages import code_of
from books.metadata import Proposal
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


def proposal(
    source: str, *, series: Iterable[tuple[Any, Any]] = (), minutes: Any = None, **said: Any
) -> Proposal:
    """`said`: by the names of a proposal's fields; a year may be a date."""
    titled, lasts = read_title(text(said.get("title"))), whole(minutes)
    places = [(text(name), text(place)) for name, place in series]
    return Proposal(
        source,
        title=titled.title,
        subtitle=text(said.get("subtitle")) or titled.subtitle,
        authors=read_names(texts(said.get("authors"))),
        narrators=read_names(texts(said.get("narrators"))),
        series=tuple((series_name(name), position_of(place)) for name, place in places if name)
        or titled.series,
        year=read_year(text(said.get("year"))),
        published_on=read_date(text(said.get("published_on"))),
        language=code_of(text(said.get("language"))),
        asin=read_asin(text(said.get("asin"))),
        isbn=read_isbn(text(said.get("isbn"))),
        seconds=lasts * 60 if lasts else None,
        publisher=text(said.get("publisher")),
        description=read_description(said.get("description")),
        cover=web(said.get("cover")),
        key=text(said.get("key")),
        link=web(said.get("link")),
    )
