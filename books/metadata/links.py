"""What a pasted link says by itself, without asking anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from books.metadata.cleaning import of_cased, read_asin, read_isbn, read_title
from tame.lib.errors import BadInputError
from tame.lib.words import normalise

ASIN = re.compile(r"(?<![A-Za-z0-9])(B0[A-Z0-9]{8})(?![A-Za-z0-9])")
ISBN = re.compile(r"(?<![\dA-Za-z])(97[89][\d-]{10,14}|\d{9}[\dX])(?![\dX])")
LINK = re.compile(r"(?i)(?:https?://|www\.)[^\s<>\"]+")
BARE_LINK = re.compile(r"(?i)(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}/\S*")  # without its https://
TELLING = {"id", "isbn", "asin", "ean", "bookid", "book_id"}  # of a query: which book it is
VERSION = re.compile(r"(?i)[-_ ]version[-_ ]\d+$")  # of several recordings of one book
WORDLESS = {
    "pd", "dp", "gp", "product", "book", "books", "show", "works", "work", "details", "ebooks",
    "audiobook", "audiobooks", "en", "de", "fr", "isbn", "item", "s", "title", "ref", "p", "b",
    "hoerbuch", "livre", "libro", "catalog", "edition", "editions", "about", "store", "us", "uk",
}  # fmt: skip
WORDLESS_HOSTS = ("gutenberg.org", "thestorygraph.com")  # whose addresses say no title
JUNK = re.compile(r"(?i)\b(?:audiobooks?|hoerbuch|librivox|ebook|unabridged)\b")
NO_WORDS = re.compile(r"^\d+[-.]|[-.]\d{4,}$|\.\w{2,4}$|[-_.+\s]+")
SOURCES = (  # of a link's host: who may fill it, and with what
    ("audible.", "audnexus"), ("amazon.", "audnexus"), ("openlibrary.org", "open_library"),
    ("librivox.org", "librivox"), ("goodreads.com", "open_library"),
    ("gutenberg.org", "open_library"), ("books.google.", "open_library"),
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


def link_in(text: str) -> str:
    """Of a text that somebody shared, too; empty where there is none."""
    found = LINK.search(text) or BARE_LINK.fullmatch(text.strip())
    return found[0].rstrip(".,;'") if found else ""


def is_link(text: str) -> bool:
    return bool(link_in(text))


def read_link(text: str) -> Pasted:
    """Raises BadInputError when it leads nowhere. Yields a title for every other."""
    given = link_in(text) or text.strip()
    link = given if "://" in given else f"https://{given}"
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError as error:
        raise BadInputError("This link cannot be read: copy it again from the browser.") from error
    if "." not in host:
        raise BadInputError("This link leads nowhere: copy it again from the browser.")
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() in TELLING]
    query = f"?{urlencode(asked)}" if asked else ""
    place = parts.netloc.rpartition("@")[2]
    link = f"https://{place}{parts.path}{query}"[:500]  # no login, no trackers
    path = unquote(parts.path)
    numbers = "/".join([path, *(value for _, value in asked)])
    asin, isbn = ASIN.search(numbers), ISBN.search(numbers)
    title, author = ("", "") if host.endswith(WORDLESS_HOSTS) else words_of(path)
    number = (asin or isbn) and (asin or isbn)[1]  # type: ignore[index]
    name = number or first_number(path) or last_of(numbers)
    return Pasted(
        link,
        host,
        title or " ".join(filter(None, ["Book", name, "of", host])),
        author,
        read_asin(asin[1]) if asin else "",
        read_isbn(isbn[1]) if isbn else "",
        bool(title),
    )


def words_of(path: str) -> tuple[str, str]:
    """Title and author: of `/pd/Cranford-Audiobook/B0…`, `/cranford-by-elizabeth-gaskell/`."""
    best = ""
    for part in path.split("/"):
        if is_opaque(part):
            continue
        bare = ASIN.sub(" ", ISBN.sub(" ", VERSION.sub("", part)))
        words = JUNK.sub(" ", NO_WORDS.sub(" ", bare)).split()
        is_wordless = not words or normalise(" ".join(words)) in WORDLESS or part.startswith("ref=")
        if not is_wordless and any(re.search(r"[^\W\d]{2}", word) for word in words):
            best = max(best, " ".join(words), key=len)
    if re.fullmatch(r"OL\d+[WMA]", best):
        return "", ""
    title, _, author = best.rpartition(" by ")
    title, author = (title, author) if title else (author, "")
    return read_title(of_cased(title)).title if title else "", of_cased(author).title()


def is_opaque(part: str) -> bool:
    """A number of the shop's own in letters: nZkNAAAAQAAJ, 3xYzAbC, id1440604932."""
    turns = len(re.findall("[a-z][A-Z]", part))
    is_mixed = re.search(r"\d[A-Za-z]", part) and re.search(r"[A-Za-z]\d", part)
    return (
        part.isascii()
        and part.isalnum()
        and (turns > 1 or bool(is_mixed) or bool(re.fullmatch(r"(?i)[a-z]{1,2}\d{5,}", part)))
    )


def first_number(path: str) -> str:
    found = re.search(r"/(\d{2,})(?=[/.-]|$)", path)
    return found[1] if found else ""


def last_of(path: str) -> str:
    return path.strip("/").rpartition("/")[2][:60]
