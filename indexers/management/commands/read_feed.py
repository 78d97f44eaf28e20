"""Show what TAME understands of an indexer's saved answer."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexers.markup import SIZE_LIMIT
from indexers.torznab import Feed, FoundRelease, read_feed
from tame.lib.errors import ServiceDownError
from tame.lib.redact import redact

SECRET_FIELDS = ("guid", "link", "magnet")


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []  # a file is read, nothing else

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The saved answer; - reads standard input.")
        parser.add_argument("--json", action="store_true", help="Everything, as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        body = _body(options["file"])
        try:
            feed = read_feed(body)
        except ServiceDownError as error:
            if not options["json"]:
                raise CommandError(str(error), returncode=1) from error
            self._say({"error": str(error), "releases": [], "skipped": 0})
            sys.exit(1)
        if options["json"]:
            releases = [_shown(release) for release in feed.releases]
            self._say({"error": None, "releases": releases, "skipped": feed.skipped})
        else:
            self.stdout.write(_table(feed))

    def _say(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, indent=2))


def _body(name: str) -> bytes:
    """At most one byte more than may be read."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        with Path(name).open("rb") as saved:
            return saved.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no file name"
        raise CommandError(f"{name} cannot be read: {why}.", returncode=2) from error


def _shown(release: FoundRelease) -> dict[str, Any]:
    fields = asdict(release)
    for name in SECRET_FIELDS:
        fields[name] = redact(fields[name])
    published = fields["published"]
    if isinstance(published, datetime):
        fields["published"] = published.isoformat()
    return fields


def _table(feed: Feed) -> str:
    lines = [f"{'size':>10}  {'seeders':>7}  {'published':10}  title"]
    lines += [_line(release) for release in feed.releases]
    lines.append(f"{len(feed.releases)} releases, {feed.skipped} entries left out.")
    return "\n".join(lines)


def _line(release: FoundRelease) -> str:
    size = "?" if release.size is None else f"{release.size / 1024**2:,.1f} MiB"
    seeders = "?" if release.seeders is None else str(release.seeders)
    day = "?" if release.published is None else f"{release.published:%Y-%m-%d}"
    return f"{size:>10}  {seeders:>7}  {day:10}  {release.title}"
