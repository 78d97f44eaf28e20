"""Lines of JSON as wanted books and offers: the judge's interface to files of labelled pairs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

from indexers.wanted import Offer, Place, Wanted
from tame.lib.errors import BadInputError

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


def answers_of(lines: Iterable[bytes], name: str, answer: Answer) -> list[dict[str, Any]]:
    """Of a file with one object to a line; empty lines are passed over.

    Raises BadInputError that names the first line which cannot be used.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(answer(object_in(line)))
            except BadInputError as error:
                raise BadInputError(f"Line {number} of {name} {error}") from error
    return found


def object_in(line: bytes) -> dict[str, Any]:
    """`NaN` and the like, which are no JSON, say nothing, as null does."""
    try:
        row = json.loads(line, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise BadInputError("is no JSON.") from error
    if not isinstance(row, dict):
        raise BadInputError("is no JSON object.")
    return row


def read_wanted(row: Mapping[str, Any]) -> Wanted:
    series = text_of(row, "series")
    place = Place(series, number_of(row.get("series_position")))
    return Wanted(
        title=text_of(row, "title"),
        authors=tuple(part for part in several(row, "author") if part),
        places=(place,) if series else (),
        narrators=tuple(part for part in several(row, "narrator") if part),
        language=text_of(row, "language"),
        expected_seconds=whole(row.get("expected_seconds")),
        other_names=tuple(part for part in several(row, "other_names") if part),
    )


def read_offer(row: Mapping[str, Any]) -> Offer:
    given = row.get("category")
    categories = [whole(one) for one in (given if isinstance(given, list) else [given])]
    return Offer(
        title=text_of(row, "release_title"),
        size=whole(row.get("size")),
        categories=tuple(one for one in categories if one is not None),
        seeders=whole(row.get("seeders")),
        announced_author=text_of(row, "announced_author"),
        announced_title=text_of(row, "announced_title"),
        announced_language=text_of(row, "announced_language"),
    )


def text_of(row: Mapping[str, Any], name: str) -> str:
    return as_text(row.get(name), name)


def as_text(value: object, name: str) -> str:
    """A title may be a number: 1984. Of what is neither nothing sensible can be said."""
    if isinstance(value, list | dict | bool):
        raise BadInputError(f"has something else than a text as `{name}`.")
    return "" if value is None else str(value)


def several(row: Mapping[str, Any], name: str) -> list[str]:
    """A list, or one text in which a semicolon, an ampersand or a comma parts the names."""
    value = row.get(name)
    if isinstance(value, list):
        return [as_text(part, name).strip() for part in value]
    text = as_text(value, name).replace("&", ";")
    if " " in text.partition(",")[0].strip():  # else it is `Last, First`
        text = text.replace(",", ";")
    return [part.strip() for part in text.split(";")]


def number_of(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if isfinite(number) else None


def whole(value: object) -> int | None:
    """None where nothing is known, which a number below zero says, too."""
    number = number_of(value)
    return int(number) if number is not None and 0 <= number < 2**63 else None
