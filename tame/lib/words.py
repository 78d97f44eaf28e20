"""Comparing names and titles as people write them."""

from __future__ import annotations

import re
import unicodedata

GAP = re.compile(r"[^\w]+|_+", re.UNICODE)


def normalise(text: str) -> str:
    """Lower case, without diacritics and punctuation, single spaces: a key for comparing.

    An apostrophe joins (Scarlet's, scarlets); every other mark separates.
    """
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub("['\u2019\u02bc`]", "", text).replace("&", " and ")
    return GAP.sub(" ", text).strip()


def last_name_first(name: str) -> str:
    """How shelves are sorted: Jules Verne becomes `Verne, Jules`."""
    if "," in name or " " not in name.strip():
        return name.strip()
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}"
