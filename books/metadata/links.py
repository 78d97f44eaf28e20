"""What a pasted link says by itself, without asking anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from books.metadata.cleaning import of_cased, read_asin, read_isbn, read_title
from tame.lib.errors import BadInputError
from tame.lib.words import normalise

ASIN = re.compile(r"(?<![A-Za-z0-9])(B0[A-Z0-9]{8})(?![A-Za-z0-9])")
ISBN = re.compile(r"(?<![\dX])(97[89][\d-]{10,14}|\d{9}[\dX])(?![\dX])")
WORDLESS = {
    "pd", "dp", "gp", "product", "book", "books", "show", "works", "work", "details", "ebooks",
    "audiobook", "audiobooks", "en", "de", "fr", "isbn", "item", "s", "title", "ref", "p", "b",
    "hoerbuch", "livre", "libro", "catalog",
}  # fmt: skip
JUNK = re.compile(r"(?i)\b(?:audiobooks?|hoerbuch|librivox|ebook|unabridged)\b")
NO_WORDS = re.compile(r"^\d+[-.]|[-.]\d{4,}$|\.\w{2,4}$|[-_.+\s]+")
SOURCES = (  # of a link's host: who may fill it, and with what
    ("audible.", "audnexus"), ("amazon.", "audnexus"), ("openlibrary.org", "open_library"),
    ("librivox.org", "librivox"), ("goodreads.com", "open_library"),
    ("gutenberg.org", "open_library"),
)  # fmt: skip


@dataclass(frozen=True)
class Pasted:
    """`title`: the address's own words, else where it leads; `is_named`: whether it had words."""

    link: str
    host: str
    title: str
    author: str = ""
    asin: str = ""
    isbn: str = ""
    is_named: bool = True

    @property
    def filler(self) -> str:
        """The kind of source that would fill it; those that search by title, where empty."""
        named = next((kind for part, kind in SOURCES if part in f"{self.host}."), "")
        if named == "audnexus" and not self.asin:
            return "open_library" if self.isbn else ""
        return named or ("open_library" if self.isbn else "")


def is_link(text: str) -> bool:
    return bool(re.match(r"(?i)(?:https?://|www\.)\S+$", text.strip()))


def read_link(text: str) -> Pasted:
    """Raises BadInputError when it leads nowhere. Yields a title for every other."""
    given = text.strip()
    link = given if "://" in given else f"https://{given}"
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError as error:
        raise BadInputError("This link cannot be read: copy it again from the browser.") from error
    if "." not in host:
        raise BadInputError("This link leads nowhere: copy it again from the browser.")
    link = f"https://{parts.netloc.rpartition('@')[2]}{parts.path}"[:500]  # no login, no trackers
    path = unquote(parts.path)
    asin, isbn = ASIN.search(path), ISBN.search(path)
    title, author = words_of(path)
    number = (asin or isbn) and (asin or isbn)[1]  # type: ignore[index]
    return Pasted(
        link,
        host,
        title or " ".join(filter(None, ["Book", number or last_of(path), "of", host])),
        author,
        read_asin(asin[1]) if asin else "",
        read_isbn(isbn[1]) if isbn else "",
        bool(title),
    )


def words_of(path: str) -> tuple[str, str]:
    """Title and author: of `/pd/Cranford-Audiobook/B0…`, `/cranford-by-elizabeth-gaskell/`."""
    best = ""
    for part in path.split("/"):
        bare = ASIN.sub(" ", ISBN.sub(" ", part))
        words = JUNK.sub(" ", NO_WORDS.sub(" ", bare)).split()
        is_wordless = not words or normalise(" ".join(words)) in WORDLESS or part.startswith("ref=")
        if not is_wordless and any(re.search(r"[^\W\d]{2}", word) for word in words):
            best = max(best, " ".join(words), key=len)
    if re.fullmatch(r"OL\d+[WMA]", best):
        return "", ""
    title, _, author = best.rpartition(" by ")
    title, author = (title, author) if title else (author, "")
    return read_title(of_cased(title)).title if title else "", of_cased(author).title()


def last_of(path: str) -> str:
    return path.strip("/").rpartition("/")[2][:60]
