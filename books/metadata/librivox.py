"""LibriVox: free recordings of public-domain books, with narrators and durations."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from books.languages import code_of
from books.metadata import Proposal, Source
from books.metadata.asking import mappings, text, web
from books.metadata.cleaning import (
    read_description,
    read_names,
    read_seconds,
    read_title,
    read_year,
)
from books.metadata.links import VERSION
from tame.lib.names import same_person
from tame.lib.words import LEADING, normalise, same_title

ADDRESS = "https://librivox.org"
MOST, MOST_WORKS = 20, 200
MOST_READERS = 4  # with more it is a recording of many
VOLUNTEERS = ("LibriVox Volunteers",)


class LibriVox(Source):
    kind: ClassVar[str] = "librivox"

    def find(self, title: str, author: str = "") -> list[Proposal]:
        """It lists titles without their article, and finds by the beginning of a title only."""
        asked = {"title": f"^{without_article(title)}"}
        if author:
            asked["author"] = author.split()[-1]
        return self._search(asked)

    def by_author(self, author: str) -> list[Proposal]:
        """It knows authors by their last name."""
        words = author.split() or [""]
        asked = {"author": words[-1], "extended": "0"}  # without the readers of every chapter
        found = self._search(asked, most=MOST_WORKS) if author else []
        return [one for one in found if any(same_person(author, name) for name in one.authors)]

    def by_link(self, link: str) -> list[Proposal]:
        """By the words of its address, and then by the address itself."""
        parts = urlsplit(link)
        slug = parts.path.strip("/").rpartition("/")[2]
        if not (parts.hostname or "").endswith("librivox.org") or not slug:
            return []
        title, _, author = VERSION.sub("", slug).rpartition("-by-")
        found = self.find((title or slug).replace("-", " "), author.replace("-", " "))
        own = [one for one in found if slug_of(one.link) == slug]
        return own or [one for one in found if same_title(one.title, title.replace("-", " "))]

    def _search(self, asked: dict[str, str], most: int = MOST) -> list[Proposal]:
        more = {"coverart": asked.get("extended", "1"), "format": "json", "limit": str(most)}
        query = urlencode({"extended": "1", **asked, **more})
        found = self.ask(f"{self.address}/api/feed/audiobooks?{query}")
        books = mappings(found.get("books")) if isinstance(found, dict) else []
        return [one for book in books if (one := self._read(book)).title]

    def _read(self, book: dict[str, Any]) -> Proposal:
        link = web(book.get("url_librivox"))
        titled = read_title(with_article(text(book.get("title")), link))
        return Proposal(
            self.kind,
            title=titled.title,
            subtitle=titled.subtitle,
            authors=authors_of(book),
            narrators=readers_of(book),
            series=titled.series,
            year=read_year(text(book.get("copyright_year"))),
            language=code_of(text(book.get("language"))),
            seconds=read_seconds(text(book.get("totaltimesecs")))
            or read_seconds(text(book.get("totaltime"))),
            publisher="LibriVox",
            description=read_description(book.get("description")),
            cover=web(book.get("coverart_jpg")),
            key=text(book.get("id")),
            link=link,
        )


def without_article(title: str) -> str:
    first, space, rest = title.partition(" ")
    return rest if space and first.lower() in LEADING else title


def with_article(title: str, link: str) -> str:
    """The address of its page has the article that the title has lost."""
    first, _, rest = slug_of(link).partition("-")
    bare = normalise(title).replace(" ", "-")
    return f"{first.capitalize()} {title}" if first in LEADING and rest.startswith(bare) else title


def slug_of(link: str) -> str:
    return urlsplit(link).path.strip("/").rpartition("/")[2]


def authors_of(book: dict[str, Any]) -> tuple[str, ...]:
    names = [
        f"{text(one.get('first_name'))} {text(one.get('last_name'))}"
        for one in mappings(book.get("authors"))
    ]
    return read_names(re.sub(r"\s+", " ", name).strip() for name in names)


def readers_of(book: dict[str, Any]) -> tuple[str, ...]:
    """In the order of the sections."""
    names = [
        text(reader.get("display_name"))
        for section in mappings(book.get("sections"))
        for reader in mappings(section.get("readers"))
    ]
    readers = read_names(dict.fromkeys(names))
    return readers if len(readers) <= MOST_READERS else VOLUNTEERS
