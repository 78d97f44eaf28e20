"""Lists of rows for commands: a page of them as a table for a person and as data for a program."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from tame.lib.arguments import LARGEST, one_of, whole_number
from tame.lib.commands import Result

MOST, USUAL = 500, 100
M = TypeVar("M", bound=Model)


def add_page(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        type=whole_number(1, MOST),
        default=USUAL,
        help=f"How many at most, 1 to {MOST}; {USUAL} if not given.",
    )
    parser.add_argument(
        "--offset", type=whole_number(0, LARGEST), default=0, help="How many to leave out first."
    )


def add_states(parser: ArgumentParser, states: Iterable[str]) -> None:
    known = list(states)
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        type=one_of(known, "state"),
        metavar="STATE",
        help=f"Only these; may be given several times: {', '.join(known)}.",
    )


def page(
    noun: str,
    rows: QuerySet[M],
    options: Mapping[str, Any],
    *,
    as_json: Callable[[M], dict[str, Any]],
    columns: Sequence[str],
    plural: str = "",
) -> Result:
    """One page of `rows`. `columns` are the keys that a person sees."""
    total, first = rows.count(), options["offset"]
    asked = rows[first : first + options["limit"]] if first < total else ()
    shown = [as_json(row) for row in asked]
    return told(noun, shown, first, total, columns, plural=plural)


def told(
    noun: str,
    shown: Sequence[Mapping[str, Any]],
    first: int,
    total: int,
    columns: Sequence[str],
    *,
    plural: str = "",
) -> Result:
    plural = plural or f"{noun}s"
    data = {"total": total, "has_more": first + len(shown) < total, plural: shown}
    if not shown:
        return Result(f"No {plural}." if not total else f"No {plural} from {first} on.", data)
    lines = table(columns, shown)
    if len(shown) < total:
        lines.append(f"{first + 1} to {first + len(shown)} of {total}.")
    return Result("\n".join(lines), data)


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Aligned lines with a heading; the last column is as long as it is."""
    cells = [list(columns), *([cell(row[name]) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    widths[-1] = 0
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]


def cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(map(cell, value))
    if isinstance(value, Mapping):
        return str(value.get("title") or value.get("name") or "")
    return "" if value is None else " ".join(str(value).split())
