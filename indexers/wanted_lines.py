"""Lines of JSON as wanted books and offers: the judge's interface to files of labelled pairs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

from indexers.wanted import Offer, Place, Wanted
from tame.lib.errors import BadInputError


def lines_of(text: Iterable[str], name: str) -> Iterator[dict[str, Any]]:
    """The objects of a file with one to a line; empty lines are passed over.

    Raises BadInputError that names the first line which is none.
    """
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadInputError(f"Line {number} of {name} is no JSON.") from error
        if not isinstance(row, dict):
            raise BadInputError(f"Line {number} of {name} is no JSON object.")
        yield row


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
    )


def text_of(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def several(row: Mapping[str, Any], name: str) -> list[str]:
    """A list, or one text in which a semicolon, an ampersand or a comma parts the names."""
    value = row.get(name)
    if isinstance(value, list):
        return [str(part).strip() for part in value]
    text = text_of(row, name).replace("&", ";")
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
