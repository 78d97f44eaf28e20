"""Open Library: works, free to use (CC0). No narrators, no durations, no audio editions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from books.languages import code_of
from books.metadata import Proposal, Source
from books.metadata.asking import mappings, text, texts, whole
from books.metadata.cleaning import read_description, read_names, read_title

ADDRESS = "https://openlibrary.org"
COVERS = "https://covers.openlibrary.org"
FIELDS = "key,title,subtitle,author_name,first_publish_year,cover_i,language"
MOST, MOST_WORKS = 10, 100
KEY = re.compile(r"/(works|books)/(OL\d+[WM])\b")
FOREIGN = (  # whose number of a book Open Library knows, and under which name
    (re.compile(r"(?i)(?:^|\.)goodreads\.com$"), re.compile(r"/book/show/(\d+)"), "id_goodreads"),
    (re.compile(r"(?i)(?:^|\.)gutenberg\.org$"),
     re.compile(r"/(?:ebooks|etext|files|cache/epub)/(\d+)"), "id_project_gutenberg"),
    (re.compile(r"(?i)(?:^|\.)google\.[a-z.]{2,6}$"),
     re.compile(r"(?:/books/edition/[^/]+/|\?id=)([\w-]{8,})"), "id_google"),
)  # fmt: skip


class OpenLibrary(Source):
    kind: ClassVar[str] = "open_library"

    def find(self, title: str, author: str = "") -> list[Proposal]:
        asked = {"title": title} | ({"author": author} if author else {})
        return self._search(asked)

    def words(self, words: str) -> list[Proposal]:
        return self._search({"q": words})

    def by_author(self, author: str) -> list[Proposal]:
        return self._search({"author": author}, most=MOST_WORKS)

    def by_isbn(self, isbn: str) -> list[Proposal]:
        return [replace(one, isbn=isbn) for one in self._search({"isbn": isbn})]

    def by_link(self, link: str) -> list[Proposal]:
        parts = urlsplit(link)
        host, asked = parts.hostname or "", f"{parts.path}?{parts.query}"
        if host.endswith("openlibrary.org") and (found := KEY.search(parts.path)):
            if found[1] == "works":
                return self._search({"q": f"key:/works/{found[2]}"})
            return self._search({"q": f"edition_key:{found[2]}"})
        for hosts, path, name in FOREIGN:
            if hosts.search(host) and (found := path.search(asked)):
                return self._search({"q": f"{name}:{found[1]}"})
        return []

    def more(self, proposal: Proposal) -> Proposal:
        """The work's description, a string or {type, value}."""
        if proposal.description or not re.fullmatch(r"/works/OL\d+W", proposal.key):
            return proposal
        work = self.ask(f"{self.address}{proposal.key}.json")
        said = work.get("description") if isinstance(work, dict) else ""
        said = said.get("value") if isinstance(said, dict) else said
        return replace(proposal, description=read_description(said))

    def _search(self, asked: dict[str, str], most: int = MOST) -> list[Proposal]:
        query = urlencode(asked | {"fields": FIELDS, "limit": str(most)})
        found = self.ask(f"{self.address}/search.json?{query}")
        docs = mappings(found.get("docs")) if isinstance(found, dict) else []
        return [one for doc in docs if (one := self._read(doc)).title]

    def _cover_of(self, number: int) -> str:
        """Its covers have an address of their own; another server that speaks like it has not."""
        return f"{COVERS if self.address == ADDRESS else self.address}/b/id/{number}-L.jpg"

    def _read(self, doc: dict[str, Any]) -> Proposal:
        titled = read_title(text(doc.get("title")))
        languages = {code_of(one) for one in texts(doc.get("language"))}
        cover, key = whole(doc.get("cover_i")), text(doc.get("key"))
        return Proposal(
            self.kind,
            title=titled.title,
            subtitle=text(doc.get("subtitle")) or titled.subtitle,
            authors=read_names(texts(doc.get("author_name"))),
            series=titled.series,
            year=whole(doc.get("first_publish_year")),
            # Those of all editions: one alone is the work's own.
            language=languages.pop() if len(languages) == 1 else "",
            cover=self._cover_of(cover) if cover else "",
            key=key,
            link=f"{ADDRESS}{key}" if key else "",
        )
