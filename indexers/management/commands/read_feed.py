"""What TAME understands of an indexer's answer that was saved to a file."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from indexers.feed import Feed, read_feed
from indexers.found import FoundRelease
from indexers.markup import SIZE_LIMIT
from tame.lib import commands
from tame.lib.commands import Code, Options, Result
from tame.lib.errors import BadInputError, ServiceDownError
from tame.lib.numbers import counted
from tame.lib.redact import redact
from tame.lib.sizes import readable

SECRET_FIELDS = ("guid", "link", "magnet")


class Command(commands.Command):
    help = "Show what is understood of an indexer's saved answer."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The saved answer; - reads it from standard input.")

    def run(self, options: Options) -> Result:
        try:
            body = _body(options["file"])
        except BadInputError as error:
            if options["json"]:  # a program that reads the answer shows a person the rest
                self.stderr.write(str(error))
            raise
        try:
            feed = read_feed(body)
        except ServiceDownError as error:
            nothing = {"error": str(error), "releases": [], "skipped": 0}
            return Result(data=nothing, code=Code.FAILED, trouble=str(error))
        releases = [_shown(release) for release in feed.releases]
        data = {"error": None, "releases": releases, "skipped": feed.skipped}
        return Result(_table(feed), data)


def _body(name: str) -> bytes:
    """At most one byte more than may be read."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        with Path(name).open("rb") as saved:
            return saved.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no file name"
        raise BadInputError(f"{redact(name)} cannot be read: {why}.") from error


def _shown(release: FoundRelease) -> dict[str, Any]:
    fields = asdict(release)
    for name in SECRET_FIELDS:
        fields[name] = redact(fields[name])
    published = release.published
    return fields | {"published": published.isoformat() if published else None}


def _table(feed: Feed) -> str:
    lines = [f"{'size':>12}  {'seeders':>7}  {'published':10}  title"]
    lines += [_line(release) for release in feed.releases]
    understood = counted(len(feed.releases), "release")
    lines.append(f"{understood} understood, {counted(feed.skipped, 'entry', 'entries')} left out.")
    return "\n".join(lines)


def _line(release: FoundRelease) -> str:
    size = "?" if release.size is None else readable(release.size)
    seeders = "?" if release.seeders is None else str(release.seeders)
    day = "?" if release.published is None else f"{release.published:%Y-%m-%d}"
    return f"{size:>12}  {seeders:>7}  {day:10}  {release.title}"
