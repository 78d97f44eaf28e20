"""Judge release names from a file, without any row of the database."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from indexers.decisions import OFFER, REJECT, TAKE, Judgement, best_first, judge
from indexers.wanted import Wanted
from indexers.wanted_lines import answers_of, read_offer, read_wanted, text_of
from tame.lib import commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError
from tame.lib.redact import redact


class Command(commands.Command):
    help = (
        "Judge releases of a file of JSON lines, without the database: for each line one line of "
        "JSON, in the same order. A line has author, title, release_title and, where known, "
        "series, series_position, narrator, language, expected_seconds, size (bytes), category, "
        "seeders, other_names (of the author), announced_author, announced_title and "
        "announced_language (what the indexer says beside the name) and an id, which comes back. "
        "The answer has decision (take, offer or reject), score and rejections."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The lines; - reads them from standard input.")
        parser.add_argument(
            "--lists",
            action="store_true",
            help="Each line is a wanted book with its releases (each with id, release_title, size, "
            "category, seeders). The answer has taken (an id or null), offered and order (ids).",
        )

    def run(self, options: Options) -> Result:
        """All lines are answered before the first is said: bad input gives no half answer."""
        name, answer = options["file"], judged_list if options["lists"] else judged
        called = "the input" if name == "-" else redact(name)
        answers = answers_of(content_of(name).splitlines(), called, answer)
        return Result("\n".join(said(row) for row in answers), lines=answers)


def content_of(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInputError(f"{redact(name)} cannot be read: {error.strerror}.") from error


def judged(row: Mapping[str, Any]) -> dict[str, Any]:
    found = judge(read_offer(row), read_wanted(row), now=timezone.now())
    return with_id(row) | {
        "decision": found.outcome,
        "score": found.score,
        "rejections": [
            {"rule": said.rule, "sentence": said.sentence, "lasts": said.lasts}
            for said in found.objections
        ],
        "release_title": text_of(row, "release_title"),
    }


def judged_list(row: Mapping[str, Any]) -> dict[str, Any]:
    wanted, releases = read_wanted(row), row.get("releases")
    if not isinstance(releases, list) or not all(isinstance(r, dict) for r in releases):
        raise BadInputError("needs `releases`, a list of objects, for --lists.")
    if any(release.get("id") is None for release in releases):
        raise BadInputError("has a release without `id`, by which the answer would name it.")
    ordered = best_first(judged_releases(wanted, in_order(releases)))
    named = [(release.get("id"), found) for release, found in ordered]
    taken = next((pk for pk, found in named if found.outcome == TAKE), None)
    return with_id(row) | {
        "taken": taken,
        "offered": [pk for pk, found in named if found.outcome in (TAKE, OFFER)],
        "order": [pk for pk, _ in named],
    }


def in_order(releases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """So that equal ones do not depend on their place in the file."""
    return sorted(releases, key=lambda r: (-(read_offer(r).seeders or 0), str(r.get("id"))))


def judged_releases(
    wanted: Wanted, releases: Iterable[dict[str, Any]]
) -> list[tuple[dict[str, Any], Judgement]]:
    now = timezone.now()
    return [(release, judge(read_offer(release), wanted, now=now)) for release in releases]


def with_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"]} if "id" in row else {}


def said(answer: Mapping[str, Any]) -> str:
    if "decision" not in answer:
        return f"{answer.get('id', '')}: taken {answer['taken']}, offered {answer['offered']}"
    reasons = " ".join(rejection["sentence"] for rejection in answer["rejections"])
    why = f" {reasons}" if answer["decision"] in (OFFER, REJECT) else ""
    return f"{answer['decision']:6} {answer['score']:6.1f}  {answer['release_title']}{why}"
