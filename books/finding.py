"""Find a book at the sources by what a person types into one box, and want one of what was found.

The box takes words, an ASIN, an ISBN or a pasted link. A link always yields a book: what its
address says is enough to begin with, and a source fills it as soon as one answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.dateparse import parse_date

from books import typed
from books.asking import FRESH, Outcome, ask_each, open_sources, patience
from books.gathering import Asked
from books.metadata import Proposal, Source
from books.metadata.asking import LATER
from books.metadata.cleaning import read_asin, read_isbn
from books.metadata.links import Pasted, link_in, read_link
from books.models import Book
from books.origins import LINK, note
from books.sources import MetadataSource
from books.taking_over import take_over
from books.want import add, by_number, find, want, want_this
from tame.lib.errors import BadInputError

LONGEST = 500  # letters in the box
HELD_BACK = timedelta(days=1)  # before a book is searched of which only an address is known
LABEL = re.compile(r"(?i)^(?:urn:)?(?:isbn(?:-1[03])?|asin)\s*:?\s*")
LIKE_ISBN = re.compile(r"(?i)97[89]\d{10}|\d{9}[\dx]")
LOOK_AGAIN = "Look again later."  # of what a person asks nothing is asked again by itself
BY_NAME = "Correct title and author on the book's page: then it is looked up by these."
SALT = "books.finding"
AUDIBLE, ISBN_PAGE = "https://www.audible.com/pd/", "https://openlibrary.org/isbn/"


class Way(StrEnum):
    WORDS = "words"
    ASIN = "ASIN"
    ISBN = "ISBN"
    LINK = "link"


@dataclass(frozen=True)
class Box:
    """What was typed, and as what it is understood."""

    way: Way
    text: str
    pasted: Pasted | None = None

    @property
    def named(self) -> tuple[str, str]:
        """Title and author of “Cranford by Elizabeth Gaskell”; without an author all is title."""
        title, by, author = self.text.rpartition(" by ")
        return (title, author) if by else (self.text, "")


def read_box(text: str) -> Box:
    """Raises BadInputError when there is nothing to look for, and for an ISBN with a slip in it."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise BadInputError("Give words of the title, an ASIN, an ISBN or a link to the book.")
    if link := link_in(text):
        return Box(Way.LINK, link, read_link(link))
    number = LABEL.sub("", text)
    if asin := read_asin(number):
        return Box(Way.ASIN, asin, read_link(AUDIBLE + asin))
    if isbn := read_isbn(number):
        return Box(Way.ISBN, isbn, read_link(ISBN_PAGE + isbn))
    if LIKE_ISBN.fullmatch(number.replace("-", "").replace(" ", "")):
        raise BadInputError(
            f"“{number}” is no ISBN: its last digit does not fit the others. Compare it with the "
            "one of the book, or give words of the title."
        )
    return Box(Way.WORDS, text)


def ask_sources(box: Box, *, fresh: timedelta = FRESH) -> list[Outcome]:
    """What each source has, side by side; one that is down or too slow says so."""
    sources = open_sources(fresh=fresh)
    outcomes = ask_each(sources, lambda source: by_box(source, box), patience())
    return [replace(one, error=one.error.replace(LATER, LOOK_AGAIN)) for one in outcomes]


def by_box(source: Source, box: Box) -> Sequence[Proposal]:
    pasted = box.pasted
    if pasted is None:
        title, author = box.named
        return source.find(title, author) if author else source.words(box.text)
    found = source.by_link(pasted.link)
    if not found and pasted.asin:
        found = source.by_asin(pasted.asin)
    if not found and pasted.isbn:
        found = source.by_isbn(pasted.isbn)
    if not found and pasted.is_named:
        found = source.find(pasted.title, pasted.author)
    return found


# --- Want one -------------------------------------------------------------------------------------


def sealed(proposal: Proposal) -> str:
    """For a button: what the person saw is what is wanted, whatever a source says by then."""
    said = {**asdict(proposal), "published_on": str(proposal.published_on or "")}
    return signing.dumps(said, salt=SALT)


def unsealed(text: str) -> Proposal:
    try:
        said: dict[str, Any] = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise BadInputError("This button is of another page: look for the book again.") from error
    for name in ("authors", "narrators"):
        said[name] = tuple(said[name])
    said["series"] = tuple(tuple(one) for one in said["series"])
    said["published_on"] = parse_date(said["published_on"]) if said["published_on"] else None
    return Proposal(**said)


def want_found(proposal: Proposal, *, actor: str) -> tuple[Book, bool]:
    """The wanted book, and whether it is new; with all that the source knows of it."""
    known = by_number(proposal.asin, proposal.isbn)
    if known is not None:
        want_this(known, actor=actor)
        return known, False
    title, authors = proposal.title, list(proposal.authors)
    book, is_new = want(title, authors, actor=actor, asin=proposal.asin, isbn=proposal.isbn)
    if is_new:
        Book.objects.filter(pk=book.pk).update(link=proposal.link[:500])
        take_over(book, Asked([proposal], [], []))
    return book, is_new


def want_link(pasted: Pasted, *, actor: str) -> tuple[Book, bool]:
    """A book of what the address says; it is looked up by itself."""
    title, authors = typed.title(pasted.title), typed.names([pasted.author])
    known = by_number(pasted.asin, pasted.isbn, pasted.link) or find(title, authors)
    if known is not None:
        want_this(known, actor=actor)
        return known, False
    book = Book(
        title=title, asin=pasted.asin, isbn=pasted.isbn, link=pasted.link,
        next_search_at=timezone.now() if authors else timezone.now() + HELD_BACK,
    )  # fmt: skip
    for name in ("title", "authors") if authors else ("title",):
        note(book, name, LINK)
    return add(book, authors, actor=actor), True


def filler(pasted: Pasted, outcomes: Iterable[Outcome] = ()) -> str:
    """Which source would fill the book, and what keeps it from it. `outcomes`: what they said."""
    row = MetadataSource.objects.filter(kind=pasted.filler).first()
    if row is None:
        return f"No source reads pages of {pasted.host}. {BY_NAME}"
    if any(one.kind == row.kind and not (one.proposals or one.error) for one in outcomes):
        return f"{row} knows nothing of it. {BY_NAME}"
    if not row.answered:
        return f"{row} would fill it, but nobody has said yet whether it may be asked."
    if not row.enabled:
        return f"{row} would fill it: switch it on under Metadata sources."
    if row.is_off:
        return f"{row} fills it as soon as it answers again. {row.last_error}"
    return f"{row} fills it by itself."


def numbered(outcomes: Iterable[Outcome]) -> list[Proposal]:
    """All that was found, in the order shown."""
    return [proposal for outcome in outcomes for proposal in outcome.proposals]
