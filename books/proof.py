"""Whether an entry of Audiobookshelf is what TAME placed: all its files, and in their order."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from books.audiobookshelf_answers import ListedBook, ShelfBook

Files = Sequence[tuple[str, int]]  # names in the book's folder and sizes, in their order


@dataclass(frozen=True)
class Proof:
    """`trouble`: why it is not proved, as a sentence. `order`: its files' numbers as they should
    be played, when nothing but their order is wrong."""

    trouble: str = ""
    order: tuple[str, ...] = ()

    @property
    def is_proved(self) -> bool:
        return not (self.trouble or self.order)


def compare(seen: ShelfBook, wanted: Files, name: str) -> Proof:
    """`name`: of the server, for the sentence."""
    tracks = {nfc(track.name): track for track in seen.tracks}
    sizes = {nfc(file): size for file, size in wanted}
    if missing := [file for file in sizes if file not in tracks]:
        return Proof(about_missing(seen, missing, name))
    if extra := [file for file in tracks if file not in sizes]:
        return Proof(
            f"{name} plays {len(extra)} more than was imported, such as {extra[0]}: something was "
            "put into the folder. Take it out, or take the book in as it is; then try again."
        )
    if changed := [file for file, size in sizes.items() if tracks[file].size != size]:
        return Proof(
            f"{name} sees {changed[0]} with {tracks[changed[0]].size} bytes; TAME placed "
            f"{sizes[changed[0]]}. The file was changed since."
        )
    if seen.is_invalid:
        return Proof(f"{name} says that it cannot play the book. Look at its log.")
    if [nfc(track.name) for track in seen.tracks] != list(sizes):
        return Proof(order=tuple(tracks[file].number for file in sizes))
    return Proof()


def about_missing(seen: ShelfBook, missing: Sequence[str], name: str) -> str:
    files = {nfc(file.name) for file in seen.files}
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    if missing[0] in files:
        return (
            f"{name} sees {missing[0]}{more} and cannot play it: it is damaged, or of a kind that "
            "it does not know. Listen to it; a damaged book is replaced by *Wrong book*."
        )
    return (
        f"{name} does not see {missing[0]}{more}, which stands in the book's folder. Its user may "
        "lack the right to read it."
    )


def nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def is_curated(younger: ListedBook, older: ListedBook) -> bool:
    """Of two entries of one folder: whether somebody has done something to the younger one."""

    def says(book: ListedBook) -> tuple[object, ...]:
        return (
            book.title,
            book.authors,
            book.narrators,
            book.series,
            book.year,
            book.asin,
            book.isbn,
            sorted(book.tags),
        )

    return says(younger) != says(older)
