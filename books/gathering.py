"""What the sources and its own files say of a book; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from books.asking import Outcome, ask_each
from books.filling import value_of
from books.metadata import Proposal, Source
from books.metadata.files import of_folder
from books.models import Book, ShelfCopy
from books.origins import LINK, source_of
from books.profiles import Profile
from books.sources import Kind
from books.values import Known, accept

GUESSES = {Kind.LIBRIVOX, Kind.AUDIOBOOKSHELF}


@dataclass(frozen=True)
class Asked:
    exact: Sequence[Proposal]
    found: Sequence[Proposal]
    outcomes: Sequence[Outcome]


def gather(book: Book, sources: Iterable[Source]) -> Asked:
    """By the book's own numbers and link first; by title and author else."""
    sources, known = list(sources), known_of(book)
    exact = ask_each(sources, lambda source: by_number(source, book))
    told = {outcome.kind for outcome in exact if outcome.proposals}
    others = [source for source in sources if source.kind not in told]
    author = known.authors[0] if known.authors else ""
    is_findable = bool(author) and not known.is_loose
    found = ask_each(others, lambda s: by_name(s, known, author)) if is_findable else []
    outcomes = [outcome for outcome in exact if outcome.kind in told or outcome.error]
    outcomes += [one for one in found if one.kind not in {outcome.kind for outcome in outcomes}]
    files = [tags] if (tags := of_copies(book)) else []
    return Asked(
        [proposal for outcome in exact for proposal in outcome.proposals],
        [*files, *(proposal for outcome in found for proposal in outcome.proposals)],
        outcomes,
    )


def by_number(source: Source, book: Book) -> list[Proposal]:
    found = source.by_link(book.link) if book.link else []
    if not found and book.asin:
        found = source.by_asin(book.asin)
    if not found and book.isbn:
        found = source.by_isbn(book.isbn)
    return [source.more(one) for one in found[:1]] if len(found) == 1 else found


def by_name(source: Source, known: Known, author: str) -> list[Proposal]:
    """The first that is the book is asked for in full."""
    found = source.find(known.title, author)
    first = next((at for at, one in enumerate(found) if accept(known, one)), None)
    if first is not None:
        found[first] = source.more(found[first])
    return found


def of_copies(book: Book) -> Proposal | None:
    """What the files of its copy say, where this host has them."""
    for copy in ShelfCopy.on_shelf(book).select_related("library").order_by("pk"):
        root = Path(copy.library.root)
        if (root / copy.folder).is_dir():
            return of_folder(root / copy.folder, root)
    return None


def known_of(book: Book) -> Known:
    copies = ShelfCopy.on_shelf(book).filter(seconds__gt=0)
    is_guess = source_of(book, "narrators") in GUESSES  # who was only found proves no edition
    return Known(
        book.title,
        book.subtitle,
        value_of(book, "authors"),
        () if is_guess else value_of(book, "narrators"),
        frozenset([book.language] if book.language else languages_of(book)),
        copies.values_list("seconds", flat=True).first(),
        book.asin,
        book.isbn,
        source_of(book, "title") == LINK,
    )


def languages_of(book: Book) -> Sequence[str]:
    return [str(code) for code in (book.chosen_profile() or Profile.usual()).languages]
