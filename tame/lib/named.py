"""Find the rows that a command names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet

from tame.lib.errors import BadInputError

M = TypeVar("M", bound=Model)


def numbered(
    rows: QuerySet[M], numbers: Sequence[int], noun: str, plural: str = "", *, shown: str = ""
) -> list[M]:
    """In the order given, each once. Raises BadInputError when one is not there. `shown`: what
    shows all of them, where no command does."""
    known = rows.in_bulk(list(numbers))
    missing = [str(number) for number in dict.fromkeys(numbers) if number not in known]
    if missing:
        shown = shown or f"The command list_{plural or f'{noun}s'}"
        raise BadInputError(
            f"There is no {noun} {', '.join(missing)}, so nothing was done. {shown} shows all."
        )
    return [known[number] for number in dict.fromkeys(numbers)]


def named(rows: QuerySet[M], text: str, noun: str, plural: str = "", *, shown: str = "") -> M:
    """By its name, else by its number; `shown` as above."""
    plural = plural or f"{noun}s"
    found = list(rows.filter(name=text)[:2])
    if not found and text.isascii() and text.isdecimal() and len(text) < 19:
        found = list(rows.filter(pk=int(text)))
    if not found:
        shown = shown or f"The command list_{plural.replace(' ', '_')}"
        raise BadInputError(f"There is no {noun} “{text}”. {shown} shows all.")
    if len(found) > 1:
        raise BadInputError(f"Several {plural} are called “{text}”: give the number of one.")
    return found[0]
