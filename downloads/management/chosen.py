"""Commands for several downloads at once, and the clients they are in."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from downloads.models import Client, Download
from downloads.states import State
from downloads.tidy import open_wishes, tidy_client
from tame.lib import arguments, commands
from tame.lib.backoff import hurried
from tame.lib.commands import Code, Options, Result
from tame.lib.each import each
from tame.lib.errors import (
    BadInputError,
    LoginRefusedError,
    ObstacleError,
    ServiceDownError,
    TameError,
)
from tame.lib.moments import moment
from tame.lib.named import named, numbered
from tame.lib.pages import add_states
from tame.runners import everything_is_paused

LOOK_SECONDS = 0.2


class ChosenCommand(commands.Command):
    """Subclasses say what becomes of one download."""

    changes = True
    is_noted = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "downloads",
            nargs="*",
            type=arguments.number,
            metavar="DOWNLOAD",
            help="Numbers, as list_downloads shows them.",
        )
        add_states(parser, State.values)

    def act(self, download: Download, options: Options) -> str:
        raise NotImplementedError

    def more(self, download: Download) -> Mapping[str, Any]:
        """What the document tells of a download that went well."""
        return {"state": download.state}

    def run(self, options: Options) -> Result:
        rows = chosen(options)

        def act(row: Download) -> tuple[str, Mapping[str, Any]]:
            return self.act(row, options), self.more(row)

        result = each("download", rows, act, self.progress(len(rows)), service=client_of)
        return result if rows else Result("No download is in that state.", result.data)


class AskingCommand(ChosenCommand):
    """What the client itself is asked to do: a dry run asks it nothing."""

    what: str

    def look(self, options: Options) -> Result:
        rows = chosen(options)
        lines = [f"{row.client} would {self.what} “{row}”." for row in rows]
        told = [{"id": row.pk, "ok": True, "state": row.state} for row in rows]
        return Result("\n".join(lines) or "No download is in that state.", {"downloads": told})


class WishCommand(ChosenCommand):
    """A wish of the torrent, which the next tidy carries out, or with `--wait` this command."""

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument(
            "--wait", action="store_true", help="Have the client do it now, and read it back."
        )

    def run(self, options: Options) -> Result:
        result = super().run(options)
        if not options["wait"] or options["dry_run"]:
            return result
        numbers = [row["id"] for row in result.data["downloads"] if row["ok"]]
        return come_true(numbers, result)


def client_of(download: Download) -> int:
    return download.client_id


def chosen(options: Options) -> list[Download]:
    """By number, or all in a state; both at once would be a guess."""
    numbers, states = options["downloads"], options["state"]
    if bool(numbers) == bool(states):
        raise BadInputError(
            "Name downloads by their numbers (list_downloads shows them), or all that are in a "
            "state with --state; not both."
        )
    rows = Download.objects.select_related("client", "indexer", "release")
    if numbers:
        return numbered(rows, numbers, "download")
    return list(rows.filter(state__in=states).order_by("added_at", "pk"))


# --- Wishes ---------------------------------------------------------------------------------------


def come_true(numbers: list[int], result: Result) -> Result:
    """`result` with what became of the wishes."""
    trouble, code = result.trouble, result.code
    try:
        waiting = wait_for_wishes(numbers)
    except TameError as error:
        return Result(result.text, result.data, commands.code_of(error), str(error))
    if waiting:
        clients = ", ".join(sorted({str(row.client) for row in waiting}))
        left = ", ".join(str(row.pk) for row in waiting)
        trouble = f"{clients} did not do it in time for download {left}; it is tried again soon."
        code = Code.FAILED
    return Result(result.text, result.data, code, trouble)


def wait_for_wishes(numbers: list[int]) -> list[Download]:
    """Tidy until the clients agree; those whose client does not within the time."""
    ends = monotonic() + hurried(settings.LISTED_WITHIN_SECONDS).total_seconds()
    rows = still_open(numbers)
    while rows and monotonic() < ends:
        for client in {row.client for row in rows}:
            refuse_unusable(client)
            tidy_client(client)
        if rows := still_open(numbers):
            sleep(LOOK_SECONDS)
    return rows


def still_open(numbers: list[int]) -> list[Download]:
    rows = Download.objects.filter(pk__in=numbers).select_related("client")
    wished = {row.pk for client in {r.client for r in rows} for row in open_wishes(client)}
    return [row for row in rows if row.pk in wished]


# --- Clients --------------------------------------------------------------------------------------


def refuse_unusable(client: Client) -> None:
    """Raises the sentence why it cannot be asked right now."""
    if not client.enabled:
        raise ObstacleError(f"{client} is switched off.")
    if client.refused_credentials:
        raise LoginRefusedError(client.last_error)
    if client.is_off and client.off_until:
        raise ServiceDownError(
            f"{client} is left alone until {moment(client.off_until)}: {client.last_error} "
            "The command test_clients asks it at once."
        )


def refuse_while_paused() -> None:
    """What TAME does by itself stands still; what a person names goes on."""
    if everything_is_paused():
        raise ObstacleError("Everything is paused. The command resume_everything ends that.")


def clients_named(texts: list[str]) -> list[Client]:
    """By name or number; without any, all that are switched on."""
    if texts:
        return [named(Client.objects.all(), text, "client") for text in texts]
    clients = list(Client.objects.filter(enabled=True))
    if not clients:
        raise ObstacleError("There is no qBittorrent to ask. The command add_client connects one.")
    return clients


class ClientsCommand(commands.Command):
    """Subclasses say what becomes of one client, which is asked."""

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "clients",
            nargs="*",
            metavar="CLIENT",
            help="Names or numbers; without any: all that are switched on.",
        )

    def act(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        raise NotImplementedError

    def run(self, options: Options) -> Result:
        rows = clients_named(options["clients"])
        progress = self.progress(len(rows))
        return each("client", rows, self.act, progress, service=lambda client: client.pk)


class StepCommand(ClientsCommand):
    """A step that TAME takes by itself, taken now: not while everything is paused, nor at a client
    that cannot be asked. Subclasses say what it does at one client, and what it would do."""

    changes = True
    nothing_to_do = "Nothing is to be done."

    def step(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        """What was done, as a sentence and for the document."""
        raise NotImplementedError

    def would(self, client: Client) -> tuple[list[str], Mapping[str, Any]]:
        """What would be done, as lines and for the document."""
        raise NotImplementedError

    def act(self, client: Client) -> tuple[str, Mapping[str, Any]]:
        refuse_unusable(client)
        said, told = self.step(client)
        return said, {"name": client.name, **told}

    def run(self, options: Options) -> Result:
        refuse_while_paused()
        return super().run(options)

    def look(self, options: Options) -> Result:
        lines, rows = list[str](), []
        for client in clients_named(options["clients"]):
            said, told = self.would(client)
            lines += said
            rows.append({"id": client.pk, "name": client.name, "ok": True, **told})
        return Result("\n".join(lines) or self.nothing_to_do, {"clients": rows})
