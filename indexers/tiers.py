"""The questions that find a book, the most certain first; the next only if one gave nothing."""

from __future__ import annotations

import re
import unicodedata
from textwrap import shorten

from books.models import Book
from tame.lib.words import main_title, normalise

MOST = 6
LONGEST = 250  # letters; the first words of a title of a hundred do
COMMON = frozenset(
    re.findall(
        r"\w+",
        "adventure adventures book books collected collection complete diary essays fables history "
        "house journal journey letters life love memoirs night novel novels poems return secret "
        "selected short stories story tales war woman women works world",
    )
)
DISTINCTIVE = 9  # letters in its longer words that are not common ones


def questions(book: Book) -> list[str]:
    """Different texts, at least one. A query for its people and one for its series, unless they
    were prefetched."""
    author = book.authors.split(",")[0]
    main = main_title(book.title)
    asked = [f"{book.title} {author}", f"{main} {author}"]
    if is_distinctive(main):
        asked.append(main)
    asked += in_series(book, author)
    asked += [plain(text) for text in asked[:2]]
    tidy = [shorten(text, LONGEST, placeholder="") or text.strip()[:LONGEST] for text in asked]
    return list(dict.fromkeys(text for text in tidy if text))[:MOST]


def in_series(book: Book, author: str) -> list[str]:
    """Series and position, with the author's last name: series have common names, too."""
    last = author.split()[-1] if author else ""
    return [
        f"{place.series} {place.position or f'{place.sort_number:g}'} {last}"
        for place in book.places.select_related("series")
        if place.sort_number is not None
    ]


def is_distinctive(title: str) -> bool:
    """Whether it finds the book without its author."""
    words = [word for word in normalise(title).split() if len(word) > 3 and word not in COMMON]
    return sum(len(word) for word in words) >= DISTINCTIVE


def plain(text: str) -> str:
    """Without accents, as many uploaders type it; other scripts stay."""
    split = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in split if not is_accent(c)))


def is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"
