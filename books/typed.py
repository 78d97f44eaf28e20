"""What a person typed about a book, read or refused: each says in a sentence what is wrong with it.

What sources write is read by `books.metadata.cleaning`, which refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from books.metadata.cleaning import read_isbn
from books.people import LONGEST_NAME
from tame.lib.errors import BadInputError
from tame.lib.words import normalise

LONGEST_TITLE = 500


def title(text: str) -> str:
    plain = " ".join(text.split())
    if not normalise(plain):
        raise BadInputError("A book needs a title.")
    if len(plain) > LONGEST_TITLE:
        raise BadInputError(f"A title has at most {LONGEST_TITLE} letters, not {len(plain)}.")
    return plain


def names(texts: Iterable[str]) -> list[str]:
    """Of authors; what is no name is left out."""
    return [name(text) for text in texts if normalise(text)]


def name(text: str) -> str:
    plain = " ".join(text.split())
    longest = max(len(plain), len(normalise(plain)))  # a ligature is compared as two letters
    if longest > LONGEST_NAME:
        raise BadInputError(f"An author's name has at most {LONGEST_NAME} letters, not {longest}.")
    return plain


def asin(text: str) -> str:
    plain = text.strip().upper()
    if plain and not re.fullmatch("[A-Z0-9]{10}", plain):
        raise BadInputError(f"“{text}” is no ASIN: ten letters and digits.")
    return plain


def isbn(text: str) -> str:
    plain = re.sub(r"[\s\u2010-\u2015-]", "", text).upper()
    if plain and not re.fullmatch("[0-9]{9}[0-9X]|[0-9]{13}", plain):
        raise BadInputError(f"“{text}” is no ISBN: 10 or 13 digits.")
    read = read_isbn(plain)
    if plain and not read:
        raise BadInputError(
            f"“{text}” is no ISBN: its last digit does not fit the others. Compare it with the "
            "book, or leave it empty."
        )
    return read
