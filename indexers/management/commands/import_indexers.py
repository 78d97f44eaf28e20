"""Connect every indexer of a Jackett or Prowlarr."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from indexers.addresses import key_in
from indexers.capabilities import Listed
from indexers.connect import add_listed, list_indexers
from indexers.models import Indexer
from tame.lib import arguments, commands
from tame.lib.commands import Options, Result
from tame.lib.errors import BadInputError
from tame.lib.numbers import counted


class Command(commands.Command):
    help = "Connect the indexers that a Jackett or Prowlarr has set up. Known ones get the key."
    changes = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="Of the Jackett or Prowlarr, for example of its page.")
        parser.add_argument(
            "--only",
            action="append",
            default=[],
            metavar="INDEXER",
            help="Only this one, by its id or name there; may be given several times.",
        )
        arguments.add_secret(parser, "key", "the API key")

    def run(self, options: Options) -> Result:
        key = key_of(options)
        listed = chosen(options, key)
        known = urls_known(listed)
        add_listed(listed, key)
        return told(listed, known)

    def look(self, options: Options) -> Result:
        listed = chosen(options, key_of(options))
        return told(listed, urls_known(listed))


def key_of(options: Options) -> str:
    given = key_in(options["address"])
    return arguments.secret(options, "key", "" if given else "API key: ") or given


def chosen(options: Options, key: str) -> list[Listed]:
    """Those that are switched on there, or those that were named."""
    listed, names = list_indexers(options["address"], key), options["only"]
    if not names:
        return [one for one in listed if one.enabled]
    unknown = [name for name in names if not any(name in (one.id, one.name) for one in listed)]
    if unknown:
        there = ", ".join(one.id for one in listed) or "none"
        raise BadInputError(f"It has no indexer “{'”, “'.join(unknown)}”. It has: {there}.")
    return [one for one in listed if one.id in names or one.name in names]


def urls_known(listed: list[Listed]) -> set[str]:
    rows = Indexer.objects.filter(address__in=[one.url for one in listed])
    return set(rows.values_list("address", flat=True))


def told(listed: list[Listed], known: set[str]) -> Result:
    rows: list[dict[str, Any]] = [
        {"name": one.name, "address": one.url, "new": one.url not in known} for one in listed
    ]
    new = sum(row["new"] for row in rows)
    text = f"{counted(new, 'indexer')} added, {len(rows) - new} known already."
    return Result(text, {"added": new, "known": len(rows) - new, "indexers": rows})
